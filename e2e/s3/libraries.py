"""S3's clients that are libraries of Python, each by its own verbs."""

import boto3
from boto3.s3.transfer import TransferConfig
from minio import Minio
from minio.commonconfig import CopySource
from minio.deleteobjects import DeleteObject


class Boto3:
    name = "boto3"

    def __init__(self, program):
        self.s3, self.bucket = program.s3, program.bucket
        self.objects = boto3.resource("s3", **program.boto3).Bucket(program.bucket).objects
        self.version_2 = boto3.client("s3", **program.boto3, config=boto3.session.Config(signature_version="s3"))

    def put(self, file, key):
        self.s3.upload_file(str(file), self.bucket, key)

    def get(self, key, file):
        self.s3.download_file(self.bucket, key, str(file))

    def list(self, prefix):
        return {entry.key for entry in self.objects.filter(Prefix=prefix)}

    def move(self, source, target):
        self.s3.copy({"Bucket": self.bucket, "Key": source}, self.bucket, target)
        self.s3.delete_object(Bucket=self.bucket, Key=source)

    def delete(self, prefix, keys):
        self.objects.filter(Prefix=prefix).delete()

    def presign(self, key):
        return self.s3.generate_presigned_url("get_object", {"Bucket": self.bucket, "Key": key})

    def presign_by_version_2(self, key):
        return self.version_2.generate_presigned_url("get_object", {"Bucket": self.bucket, "Key": key})

    def multipart(self, file, key):
        parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
        self.s3.upload_file(str(file), self.bucket, key, Config=parts)

    def make_bucket(self):
        self.s3.create_bucket(Bucket=self.bucket)
        self.s3.head_bucket(Bucket=self.bucket)
        self.s3.get_bucket_location(Bucket=self.bucket)
        return [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]


class MinioPy:
    name = "minio-py"
    # It refuses these by itself.
    cannot_name = ("/./", "/../")

    def __init__(self, program):
        self.bucket = program.bucket
        host = program.endpoint.removeprefix("http://")
        key = {"access_key": "owner", "secret_key": program.token}
        self.client = Minio(host, **key, secure=False, region="eu-west-1")

    def put(self, file, key):
        self.client.fput_object(self.bucket, key, str(file))

    def get(self, key, file):
        self.client.fget_object(self.bucket, key, str(file))

    def list(self, prefix):
        return {entry.object_name for entry in self.client.list_objects(self.bucket, prefix, recursive=True)}

    def move(self, source, target):
        self.client.copy_object(self.bucket, target, CopySource(self.bucket, source))
        self.client.remove_object(self.bucket, source)

    def delete(self, prefix, keys):
        errors = list(self.client.remove_objects(self.bucket, [DeleteObject(key) for key in keys]))
        assert not errors, errors

    def presign(self, key):
        return self.client.presigned_get_object(self.bucket, key)

    def multipart(self, file, key):
        self.client.fput_object(self.bucket, key, str(file), part_size=5 << 20)

    def make_bucket(self):
        self.client.make_bucket(self.bucket)
        assert self.client.bucket_exists(self.bucket)
        return [bucket.name for bucket in self.client.list_buckets()]
