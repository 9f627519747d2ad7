"""S3's clients that are commands, each by its own verbs. A verb that a client lacks
is not defined."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

HERE = Path(__file__).parent


class Command:
    def __init__(self, program):
        self.program = program
        self.bucket = program.bucket

    def run(self, *command, **environ):
        done = subprocess.run(
            [str(word) for word in command],
            env=self.program.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )
        if done.returncode:
            said = (done.stderr + done.stdout).decode()
            raise AssertionError(f"{command[0]} {command[-2:]}: {said[-4000:]}")
        return done.stdout.decode()

    def at(self, key=""):
        return f"s3://{self.bucket}/{key}"


class AwsCli(Command):
    name = "aws CLI"

    def aws(self, *words):
        command = Path(sys.executable).with_name("aws")
        return self.run(command, "--endpoint-url", self.program.endpoint, *words)

    def put(self, file, key):
        self.aws("s3", "cp", file, self.at(key))

    def get(self, key, file):
        self.aws("s3", "cp", self.at(key), file)

    def list(self, prefix):
        lines = self.aws("s3", "ls", "--recursive", self.at(prefix)).splitlines()
        return {line.split(" ", 1)[0] and line[31:] for line in lines}

    def sync(self, folder, prefix):
        return self.aws("s3", "sync", folder, self.at(prefix))

    def move(self, source, target):
        self.aws("s3", "mv", self.at(source), self.at(target))

    def delete(self, prefix, keys):
        self.aws("s3", "rm", "--recursive", self.at(prefix))

    def presign(self, key):
        self.aws("configure", "set", "default.s3.signature_version", "s3v4")
        return self.aws("s3", "presign", self.at(key)).strip()

    multipart = put

    def make_bucket(self):
        self.aws("s3", "mb", self.at())
        self.aws("s3api", "head-bucket", "--bucket", self.bucket)
        return [line.split()[-1] for line in self.aws("s3", "ls").splitlines()]


class S3cmd(Command):
    name = "s3cmd"
    # It takes these for patterns.
    cannot_name = ("*", "?")

    def s3cmd(self, *words):
        host = self.program.endpoint.removeprefix("http://")
        command = [Path(sys.executable).with_name("s3cmd"), "--config=/dev/null", "--no-ssl", "--region=eu-west-1"]
        command += [f"--host={host}", f"--host-bucket={host}", "--access_key=owner"]
        command += [f"--secret_key={self.program.token}", "--no-check-md5"]
        return self.run(*command, *words)

    def put(self, file, key):
        self.s3cmd("put", file, self.at(key))

    def get(self, key, file):
        self.s3cmd("get", "--force", self.at(key), file)

    def list(self, prefix):
        lines = self.s3cmd("ls", "--recursive", self.at(prefix)).splitlines()
        return {line.split(self.at(), 1)[1] for line in lines}

    def sync(self, folder, prefix):
        uploads = self.s3cmd("sync", f"{folder}/", self.at(prefix)).splitlines()
        return "\n".join(line for line in uploads if line.startswith("upload:"))

    def move(self, source, target):
        self.s3cmd("mv", self.at(source), self.at(target))

    def delete(self, prefix, keys):
        self.s3cmd("rm", "--recursive", "--force", self.at(prefix))

    def presign_by_version_2(self, key):
        return self.s3cmd("signurl", self.at(key), "+60").strip()

    def multipart(self, file, key):
        self.s3cmd("put", "--multipart-chunk-size-mb=5", file, self.at(key))

    def make_bucket(self):
        self.s3cmd("mb", self.at())
        self.s3cmd("info", self.at())
        return [line.split("s3://")[1] for line in self.s3cmd("ls").splitlines()]


class Rclone(Command):
    name = "rclone"
    # It reads a path as a file system does.
    cannot_name = ("/./", "/../", "//")
    # It asks for the head of an object first, and the answer to that has no words.
    tells_refusal_as = "Forbidden"
    # A bucket that is not there it tries to make.
    tells_foreign_bucket_as = "the only one is job-offers"

    def rclone(self, *words):
        remote = {
            "RCLONE_CONFIG": "/dev/null",
            "RCLONE_S3_PROVIDER": "Other",
            "RCLONE_S3_ENV_AUTH": "true",
            "RCLONE_S3_REGION": "eu-west-1",
            "RCLONE_S3_ENDPOINT": self.program.endpoint,
        }
        # Names that differ in the form of their letters alone are two objects.
        options = ["--no-unicode-normalization", "--s3-upload-cutoff=5Mi", "--s3-chunk-size=5Mi"]
        return self.run("rclone", *options, *words, **remote)

    def at(self, key=""):
        return f":s3:{self.bucket}/{key}"

    def put(self, file, key):
        self.rclone("copyto", file, self.at(key))

    def get(self, key, file):
        self.rclone("copyto", self.at(key), file)

    def list(self, prefix):
        names = self.rclone("lsf", "--recursive", "--files-only", self.at(prefix)).splitlines()
        return {prefix + name for name in names}

    def sync(self, folder, prefix):
        """Makes both the same, and says whether they were not."""
        try:
            self.rclone("check", "--one-way", folder, self.at(prefix))
            return ""
        except AssertionError as difference:
            self.rclone("sync", folder, self.at(prefix))
            return str(difference)

    def move(self, source, target):
        self.rclone("moveto", self.at(source), self.at(target))

    def delete(self, prefix, keys):
        self.rclone("delete", self.at(prefix))

    def presign(self, key):
        return self.rclone("link", "--expire=1h", self.at(key)).strip()

    multipart = put

    def make_bucket(self):
        self.rclone("mkdir", self.at())
        return self.rclone("lsf", ":s3:").replace("/", "").split()


class S3fs(Command):
    """In an environment of its own, since it pins the SDK."""

    name = "s3fs"

    def s3fs(self, verb, *words):
        python = self.program.environ["S3FS_PYTHON"]
        return self.run(python, HERE / "filesystem.py", verb, *words)

    def at(self, key=""):
        return f"{self.bucket}/{key}"

    def put(self, file, key):
        self.s3fs("put", file, self.at(key))

    def get(self, key, file):
        self.s3fs("get", self.at(key), file)

    def list(self, prefix):
        lines = self.s3fs("list", self.at(prefix)).splitlines()
        return {line.removeprefix(self.at()) for line in lines}

    def move(self, source, target):
        self.s3fs("move", self.at(source), self.at(target))

    def delete(self, prefix, keys):
        self.s3fs("delete", self.at(prefix))

    def presign(self, key):
        return self.s3fs("presign", self.at(key)).strip()

    multipart = put

    def make_bucket(self):
        return self.s3fs("make_bucket", self.bucket).split()


class JavaScript(Command):
    name = "AWS SDK for JavaScript"

    def node(self, verb, *words):
        return self.run("node", HERE / "client.js", verb, *words, BUCKET=self.bucket)

    def put(self, file, key):
        self.node("put", file, key)

    def get(self, key, file):
        self.node("get", key, file)

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

    def make_bucket(self):
        return self.node("makeBucket").split()


class Curl(Command):
    name = "curl --aws-sigv4"

    def curl(self, path, *words):
        command = ["curl", "--fail-with-body", "--silent", "--show-error", "--path-as-is"]
        command += ["--aws-sigv4", "aws:amz:eu-west-1:s3", "--user", f"owner:{self.program.token}"]
        # S3 asks for this header, which curl does not send by itself.
        command += ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]
        return self.run(*command, *words, f"{self.program.endpoint}{path}")

    def at(self, key=""):
        """The path of a key; curl signs a path as it is sent."""
        return f"/{self.bucket}/" + quote(key, safe="/-_.~")

    def put(self, file, key):
        # It adds the file's name where it uploads to a path with dots at its end.
        content = ["--data-binary", f"@{file}", "--header", "Content-Type: application/octet-stream"]
        self.curl(self.at(key), "--request", "PUT", *content)

    def get(self, key, file):
        self.curl(self.at(key), "--output", file)

    def list(self, prefix):
        """By the first version of the list, whose marker is the last key."""
        keys, more = [], True
        while more:
            query = f"marker={quote(keys[-1] if keys else '', safe='')}&prefix={quote(prefix, safe='')}"
            answer = ElementTree.fromstring(self.curl(f"/{self.bucket}?{query}"))
            keys += [key.text for key in answer.iterfind("{*}Contents/{*}Key")]
            more = answer.findtext("{*}IsTruncated") == "true"
        return set(keys)

    def move(self, source, target):
        source = self.at(source)
        self.curl(self.at(target), "--request", "PUT", "--header", f"x-amz-copy-source: {source}")
        self.curl(source, "--request", "DELETE")

    def delete(self, prefix, keys):
        for key in keys:
            self.curl(self.at(key), "--request", "DELETE")

    def make_bucket(self):
        self.curl(f"/{self.bucket}", "--request", "PUT")
        self.curl(f"/{self.bucket}", "--head")
        answer = ElementTree.fromstring(self.curl("/"))
        return [name.text for name in answer.iterfind("{*}Buckets/{*}Bucket/{*}Name")]
