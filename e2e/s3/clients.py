"""S3's clients, each by its own verbs. A verb that a client lacks is not defined."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import boto3
from boto3.s3.transfer import TransferConfig
from minio import Minio
from minio.commonconfig import CopySource
from minio.deleteobjects import DeleteObject

from program import BUCKET

HERE = Path(__file__).parent


class Command:
    """A client that is a command."""

    def __init__(self, program):
        self.program = program

    def run(self, *command, **options):
        done = subprocess.run(
            [str(word) for word in command],
            env=self.program.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            timeout=300,
            **options,
        )
        if done.returncode:
            raise AssertionError(f"{command[0]} {command[-2:]}: {done.stderr.decode()[-400:]}")
        return done.stdout.decode()


class AwsCli(Command):
    name = "aws CLI"

    def aws(self, *words):
        command = Path(sys.executable).with_name("aws")
        return self.run(command, "--endpoint-url", self.program.endpoint, *words)

    def put(self, file, key):
        self.aws("s3", "cp", file, f"s3://{BUCKET}/{key}")

    def list(self, prefix):
        lines = self.aws("s3", "ls", "--recursive", f"s3://{BUCKET}/{prefix}").splitlines()
        return {line.split(maxsplit=3)[3] for line in lines}

    def sync(self, folder, prefix):
        return self.aws("s3", "sync", folder, f"s3://{BUCKET}/{prefix}")

    def move(self, source, target):
        self.aws("s3", "mv", f"s3://{BUCKET}/{source}", f"s3://{BUCKET}/{target}")

    def delete(self, prefix, keys):
        self.aws("s3", "rm", "--recursive", f"s3://{BUCKET}/{prefix}")

    def presign(self, key):
        self.aws("configure", "set", "default.s3.signature_version", "s3v4")
        return self.aws("s3", "presign", f"s3://{BUCKET}/{key}").strip()

    multipart = put


class Boto3:
    name = "boto3"

    def __init__(self, program):
        self.s3 = program.s3
        self.bucket = boto3.resource(
            "s3",
            endpoint_url=program.endpoint,
            region_name="eu-west-1",
            aws_access_key_id="owner",
            aws_secret_access_key=program.environ["AWS_SECRET_ACCESS_KEY"],
        ).Bucket(BUCKET)

    def put(self, file, key):
        self.s3.upload_file(str(file), BUCKET, key)

    def list(self, prefix):
        return {entry.key for entry in self.bucket.objects.filter(Prefix=prefix)}

    def move(self, source, target):
        self.s3.copy({"Bucket": BUCKET, "Key": source}, BUCKET, target)
        self.s3.delete_object(Bucket=BUCKET, Key=source)

    def delete(self, prefix, keys):
        self.bucket.objects.filter(Prefix=prefix).delete()

    def presign(self, key):
        return self.s3.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": key})

    def multipart(self, file, key):
        parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
        self.s3.upload_file(str(file), BUCKET, key, Config=parts)


class S3cmd(Command):
    name = "s3cmd"

    def s3cmd(self, *words):
        host = self.program.endpoint.removeprefix("http://")
        command = [Path(sys.executable).with_name("s3cmd"), "--config=/dev/null", "--no-ssl", "--region=eu-west-1"]
        command += [f"--host={host}", f"--host-bucket={host}", "--access_key=owner"]
        command += [f"--secret_key={self.program.environ['AWS_SECRET_ACCESS_KEY']}", "--no-check-md5"]
        return self.run(*command, *words)

    def put(self, file, key):
        self.s3cmd("put", file, f"s3://{BUCKET}/{key}")

    def list(self, prefix):
        lines = self.s3cmd("ls", "--recursive", f"s3://{BUCKET}/{prefix}").splitlines()
        return {line.split(f"s3://{BUCKET}/", 1)[1] for line in lines}

    def sync(self, folder, prefix):
        uploads = self.s3cmd("sync", f"{folder}/", f"s3://{BUCKET}/{prefix}").splitlines()
        return "\n".join(line for line in uploads if line.startswith("upload:"))

    def move(self, source, target):
        self.s3cmd("mv", f"s3://{BUCKET}/{source}", f"s3://{BUCKET}/{target}")

    def delete(self, prefix, keys):
        self.s3cmd("rm", "--recursive", "--force", f"s3://{BUCKET}/{prefix}")

    def multipart(self, file, key):
        self.s3cmd("put", "--multipart-chunk-size-mb=5", file, f"s3://{BUCKET}/{key}")


class Rclone(Command):
    name = "rclone"

    def rclone(self, *words):
        remote = {
            "RCLONE_CONFIG": "/dev/null",
            "RCLONE_S3_PROVIDER": "Other",
            "RCLONE_S3_ENV_AUTH": "true",
            "RCLONE_S3_REGION": "eu-west-1",
            "RCLONE_S3_ENDPOINT": self.program.endpoint,
        }
        self.program.environ |= remote
        return self.run("rclone", "--s3-upload-cutoff=5Mi", "--s3-chunk-size=5Mi", *words)

    def put(self, file, key):
        self.rclone("copyto", file, f":s3:{BUCKET}/{key}")

    def list(self, prefix):
        names = self.rclone("lsf", "--recursive", "--files-only", f":s3:{BUCKET}/{prefix}").splitlines()
        return {prefix + name for name in names}

    def sync(self, folder, prefix):
        """Makes both the same, and says whether they were not."""
        try:
            self.rclone("check", "--one-way", folder, f":s3:{BUCKET}/{prefix}")
            return ""
        except AssertionError as difference:
            self.rclone("sync", folder, f":s3:{BUCKET}/{prefix}")
            return str(difference)

    def move(self, source, target):
        self.rclone("moveto", f":s3:{BUCKET}/{source}", f":s3:{BUCKET}/{target}")

    def delete(self, prefix, keys):
        self.rclone("delete", f":s3:{BUCKET}/{prefix}")

    def presign(self, key):
        return self.rclone("link", "--expire=1h", f":s3:{BUCKET}/{key}").strip()

    multipart = put


class MinioPy:
    name = "minio-py"

    def __init__(self, program):
        host = program.endpoint.removeprefix("http://")
        secret = program.environ["AWS_SECRET_ACCESS_KEY"]
        self.client = Minio(host, access_key="owner", secret_key=secret, secure=False, region="eu-west-1")

    def put(self, file, key):
        self.client.fput_object(BUCKET, key, str(file))

    def list(self, prefix):
        return {entry.object_name for entry in self.client.list_objects(BUCKET, prefix, recursive=True)}

    def move(self, source, target):
        self.client.copy_object(BUCKET, target, CopySource(BUCKET, source))
        self.client.remove_object(BUCKET, source)

    def delete(self, prefix, keys):
        errors = list(self.client.remove_objects(BUCKET, [DeleteObject(key) for key in keys]))
        assert not errors, errors

    def presign(self, key):
        return self.client.presigned_get_object(BUCKET, key)

    def multipart(self, file, key):
        self.client.fput_object(BUCKET, key, str(file), part_size=5 << 20)


class S3fs(Command):
    """In an environment of its own, since it pins the SDK."""

    name = "s3fs"

    def s3fs(self, verb, *words):
        python = self.program.environ["S3FS_PYTHON"]
        return self.run(python, HERE / "filesystem.py", verb, *words)

    def put(self, file, key):
        self.s3fs("put", file, f"{BUCKET}/{key}")

    def list(self, prefix):
        lines = self.s3fs("list", f"{BUCKET}/{prefix}").splitlines()
        return {line.removeprefix(f"{BUCKET}/") for line in lines}

    def move(self, source, target):
        self.s3fs("move", f"{BUCKET}/{source}", f"{BUCKET}/{target}")

    def delete(self, prefix, keys):
        self.s3fs("delete", f"{BUCKET}/{prefix}")

    def presign(self, key):
        return self.s3fs("presign", f"{BUCKET}/{key}").strip()

    multipart = put


class JavaScript(Command):
    name = "AWS SDK for JavaScript"

    def node(self, verb, *words):
        return self.run("node", HERE / "client.js", verb, *words)

    def put(self, file, key):
        self.node("put", file, key)

    def list(self, prefix):
        return set(self.node("list", prefix).splitlines())

    def move(self, source, target):
        self.node("move", source, target)

    def delete(self, prefix, keys):
        self.node("delete", *keys)

    def presign(self, key):
        return self.node("presign", key).strip()

    def multipart(self, file, key):
        self.node("multipart", file, key)


class Curl(Command):
    name = "curl --aws-sigv4"

    def curl(self, path, *words):
        secret = self.program.environ["AWS_SECRET_ACCESS_KEY"]
        command = ["curl", "--fail-with-body", "--silent", "--show-error", "--path-as-is"]
        command += ["--aws-sigv4", "aws:amz:eu-west-1:s3", "--user", f"owner:{secret}"]
        # S3 asks for this header, which curl does not send by itself.
        command += ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]
        return self.run(*command, *words, f"{self.program.endpoint}/{BUCKET}{path}")

    def put(self, file, key):
        self.curl(encoded(key), "--upload-file", file)

    def list(self, prefix):
        answer = ElementTree.fromstring(self.curl(f"?prefix={quote(prefix, safe='')}"))
        return {key.text for key in answer.iterfind("{*}Contents/{*}Key")}

    def move(self, source, target):
        source = encoded(source)
        self.curl(encoded(target), "--request", "PUT", "--header", f"x-amz-copy-source: {BUCKET}{source}")
        self.curl(source, "--request", "DELETE")

    def delete(self, prefix, keys):
        for key in keys:
            self.curl(encoded(key), "--request", "DELETE")


def encoded(key):
    """The path of a key; curl signs a path as it is sent."""
    return "/" + quote(key, safe="/-_.~")


ALL = [AwsCli, Boto3, S3cmd, Rclone, S3fs, MinioPy, JavaScript, Curl]
