"""The program on a folder of its own, and its bucket as boto3 sees it."""

import json
import os
import re
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import boto3

class Program:
    """A running program, and how one of its callers reaches the bucket."""

    def __init__(self, announced, token, bucket="job-offers"):
        self.announced, self.token, self.bucket = announced, token, bucket
        self.site = re.search(r"^listening on (\S+)$", announced, re.M)[1]
        self.endpoint = re.search(r"^bucket on (\S+)$", announced, re.M)[1]
        self.environ = {
            name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_"))
        } | {
            "AWS_ACCESS_KEY_ID": "owner",
            "AWS_SECRET_ACCESS_KEY": token,
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "ENDPOINT": self.endpoint,
        }
        self.boto3 = {
            "endpoint_url": self.endpoint,
            "region_name": "eu-west-1",
            "aws_access_key_id": "owner",
            "aws_secret_access_key": token,
        }
        config = boto3.session.Config(signature_version="s3v4", max_pool_connections=16)
        self.s3 = boto3.client("s3", **self.boto3, config=config)

    def called_with(self, **changes):
        """The same for a caller with another token or of another bucket."""
        other = Program(**{"announced": self.announced, "token": self.token, **changes})
        other.environ = self.environ | {"AWS_SECRET_ACCESS_KEY": other.token}
        return other

    def objects(self, prefix):
        """All objects whose keys start so: their keys and bytes."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return {key: self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys}

    def has_offer(self, id):
        """Whether the API has an offer, or gets it within half a minute."""
        for _ in range(300):
            with urllib.request.urlopen(f"{self.site}/v1/jobs?limit=1000") as answer:
                if any(offer["id"] == id for offer in json.load(answer)):
                    return True
            time.sleep(0.1)
        return False


@contextmanager
def running(program, folder):
    """Starts the program, and ends it."""
    data = Path(folder, "data")
    log = Path(folder, "log")
    options = ["--data-dir", data, "--listen", "127.0.0.1:0", "--s3-listen", "127.0.0.1:0"]
    with log.open("wb") as output:
        process = subprocess.Popen([program, *options], stdout=output, stderr=output)
    try:
        for _ in range(600):
            announced = log.read_text()
            if "bucket on " in announced:
                break
            if process.poll() is not None:
                raise SystemExit(f"{announced}error: the program has ended")
            time.sleep(0.05)
        token = subprocess.run([program, "token", "--data-dir", data], stdout=subprocess.PIPE, check=True)
        yield Program(announced, token.stdout.decode().strip())
    finally:
        process.terminate()
        process.wait()
