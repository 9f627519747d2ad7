"""s3fs by its verbs: `filesystem.py <verb> <argument>…`."""

import os
import sys

from s3fs import S3FileSystem

BLOCK = 5 << 20

files = S3FileSystem(
    key=os.environ["AWS_ACCESS_KEY_ID"],
    secret=os.environ["AWS_SECRET_ACCESS_KEY"],
    client_kwargs={"endpoint_url": os.environ["ENDPOINT"], "region_name": "eu-west-1"},
    config_kwargs={"signature_version": "s3v4"},
)
verb, *words = sys.argv[1:]
match verb:
    case "put":
        files.put_file(*words, chunksize=BLOCK)
    case "list":
        print("\n".join(files.find(words[0])))
    case "move":
        files.mv(*words)
    case "delete":
        files.rm(words[0], recursive=True)
    case "presign":
        print(files.sign(words[0]))
    case _:
        sys.exit(f"unknown verb {verb}")
