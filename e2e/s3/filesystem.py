"""s3fs by its verbs: `filesystem.py <verb> <argument>…`."""

import os
import sys

from s3fs import S3FileSystem

BLOCK = 5 << 20

files = S3FileSystem(
    key=os.environ["AWS_ACCESS_KEY_ID"],
    secret=os.environ["AWS_SECRET_ACCESS_KEY"],
    client_kwargs={"endpoint_url": os.environ["ENDPOINT"], "region_name": "eu-west-1"},
    # It adds checksums to parts without announcing them, which S3 refuses.
    config_kwargs={"signature_version": "s3v4", "request_checksum_calculation": "when_required"},
)
verb, *words = sys.argv[1:]
match verb:
    case "put":
        files.put_file(*words, chunksize=BLOCK)
    case "get":
        files.get_file(*words)
    case "list":
        print("\n".join(files.find(words[0])))
    case "move":
        files.mv(*words)
    case "delete":
        files.rm(words[0], recursive=True)
    case "presign":
        print(files.sign(words[0]))
    case "make_bucket":
        files.makedirs(words[0], exist_ok=True)
        print("\n".join(files.ls("")))
    case _:
        sys.exit(f"unknown verb {verb}")
