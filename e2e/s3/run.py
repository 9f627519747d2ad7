"""S3's clients against the bucket of the program: a table of clients by verbs, and
random keys against a model."""

import argparse
import html
import os
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError

import commands
import libraries
import models
from program import running

# Names that files can have, and that need care in an address, in XML or in a path.
STRANGE = [
    "plain.txt",
    "two  words.txt",
    "plus+percent%25%.txt",
    "ü&=;@,$!'()~.txt",
    "a..b/..c/...d/e.txt",
    "日本語/ключ.txt",
    '"quotes"<and>.txt',
    "n" * 200 + ".txt",
]
# Names of objects that no file can have.
ODD = ["/./dot", "/../dots", "/..", "//slashes", "/a/../../../../../../etc/passwd", "%2e%2e/%2f", "*?[a]{b}|c\\d"]
HEADER = (
    "id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider\n"
)
VERBS = "put get list pages sync move delete presign multipart odd_keys bucket refusals row".split()
CLIENTS = [
    commands.AwsCli,
    libraries.Boto3,
    commands.S3cmd,
    commands.Rclone,
    commands.S3fs,
    libraries.MinioPy,
    commands.JavaScript,
    commands.Curl,
]


class Trial:
    """One client and its keys, which no other has."""

    def __init__(self, program, client, folder):
        self.program, self.client, self.folder = program, client(program), folder
        self.prefix = f"trial/{client.__name__}/"
        self.contents = {name: f"the content of {name}\n".encode() for name in STRANGE}
        for name, content in self.contents.items():
            file = folder / "files" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def expect(self, kind, contents):
        prefix = self.prefix + kind
        found = self.program.objects(prefix)
        wanted = {prefix + name: content for name, content in contents.items()}
        assert found.keys() == wanted.keys(), f"keys {sorted(found.keys() ^ wanted.keys())}"
        assert found == wanted, "contents"

    def fill(self, kind):
        for name, content in self.contents.items():
            self.store(f"{self.prefix}{kind}{name}", content)

    def store(self, key, content):
        self.program.s3.put_object(Bucket=self.program.bucket, Key=key, Body=content)

    def got(self, key):
        file = self.folder / "got"
        self.client.get(key, file)
        content = file.read_bytes()
        file.unlink()
        return content

    def put(self):
        for name in STRANGE:
            self.client.put(self.folder / "files" / name, f"{self.prefix}put/{name}")
        self.expect("put/", self.contents)

    def get(self):
        self.fill("get/")
        for name, content in self.contents.items():
            assert self.got(f"{self.prefix}get/{name}") == content, name

    def list(self):
        self.fill("list/")
        found = self.client.list(f"{self.prefix}list/")
        assert found == {f"{self.prefix}list/{name}" for name in STRANGE}, sorted(found)

    def pages(self):
        keys = {f"pages/{number % 7}/{number} +%" for number in range(2_100)}
        if not self.program.objects("pages/0/"):
            with ThreadPoolExecutor(16) as pool:
                list(pool.map(lambda key: self.store(key, b"x"), keys))
        found = self.client.list("pages/")
        assert found == keys, f"{len(found)} keys, {sorted(found ^ keys)[:3]}"

    def sync(self):
        assert self.client.sync(self.folder / "files", f"{self.prefix}sync/"), "nothing was uploaded"
        self.expect("sync/", self.contents)
        again = self.client.sync(self.folder / "files", f"{self.prefix}sync/")
        assert not again, f"uploaded again: {again}"

    def move(self):
        self.fill("from/")
        for name in STRANGE:
            self.client.move(f"{self.prefix}from/{name}", f"{self.prefix}to/{name}")
        self.expect("to/", self.contents)
        self.expect("from/", {})

    def delete(self):
        self.fill("delete/")
        self.client.delete(f"{self.prefix}delete/", [f"{self.prefix}delete/{name}" for name in STRANGE])
        self.expect("delete/", {})

    def presign(self):
        self.fill("presign/")
        for name, content in self.contents.items():
            with urllib.request.urlopen(self.client.presign(f"{self.prefix}presign/{name}")) as answer:
                assert answer.read() == content, name

    def multipart(self):
        content = os.urandom(12 << 20)
        file = self.folder / "large"
        file.write_bytes(content)
        key = f"{self.prefix}multipart/large +%.bin"
        self.client.multipart(file, key)
        self.expect("multipart/", {"large +%.bin": content})
        assert self.got(key) == content

    def odd_keys(self):
        """Keys of every kind that the client can say, up to 1,024 bytes."""
        whole = 1_024 - len(f"{self.prefix}odd/".encode())
        names = ODD + ["ü" * (whole // 2) + "x" * (whole % 2)]
        cannot = getattr(self.client, "cannot_name", ())
        contents = {}
        for name in names:
            key = f"{self.prefix}odd/{name}"
            if any(part in f"{key}/" for part in cannot):
                continue
            file = self.folder / "file"
            contents[name] = file.write_text(name) and name.encode()
            self.client.put(file, key)
            assert self.got(key) == contents[name], key
        self.expect("odd/", contents)

    def bucket(self):
        assert self.client.make_bucket() == [self.program.bucket]

    def refusals(self):
        """Each is told in words, and leaves what was there."""
        file = self.folder / "files" / "plain.txt"
        key = f"{self.prefix}refused"
        self.store(key, b"as it was")
        wrong_token = type(self.client)(self.program.called_with(token="guessed"))
        told = getattr(self.client, "tells_refusal_as", "has to be the owner's token")
        self.refuses(lambda: wrong_token.put(file, key), told)
        foreign = type(self.client)(self.program.called_with(bucket="another"))
        told = getattr(self.client, "tells_foreign_bucket_as", "bucket does not exist")
        self.refuses(lambda: foreign.put(file, key), told)
        self.refuses(lambda: self.client.put(file, "elsewhere/lyon.csv"), "s3://job-offers/job_offers/<name>.csv")
        self.refuses(lambda: self.client.put(file, "job_offers"), "s3://job-offers/job_offers/<name>.csv")
        self.expect("refused", {"": b"as it was"})
        if hasattr(self.client, "presign_by_version_2"):
            try:
                urllib.request.urlopen(self.client.presign_by_version_2(key))
                raise AssertionError("signature version 2 is taken")
            except HTTPError as refusal:
                assert b"signature version 4" in refusal.read()

    def refuses(self, call, sentence):
        try:
            call()
        except Exception as error:
            said = html.unescape(" ".join(str(error).split()))
            assert sentence in said, f"not {sentence!r}: {said}"
        else:
            raise AssertionError(f"taken, though: {sentence}")

    def row(self):
        id = f"offer-{type(self.client).__name__}"
        file = self.folder / f"{id}.csv"
        file.write_text(f"{HEADER}{id},Lyon,NULL,Baker,NULL,CDI,NULL,NULL,NULL,NULL,NULL\n")
        self.client.put(file, f"job_offers/{id} é+%.csv")
        assert self.program.has_offer(id), "the row is not in /v1/jobs"

    def cell(self, verb):
        """What came of a verb, in a word, and the failure."""
        needed = {"pages": "list", "odd_keys": "get", "bucket": "make_bucket", "refusals": "put", "row": "put"}
        if not hasattr(self.client, needed.get(verb, verb)):
            return "–", None
        try:
            getattr(self, verb)()
            return "yes", None
        except Exception as error:
            return "NO", f"{self.client.name}, {verb}: {type(error).__name__}: {error}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--s3fs-python", required=True)
    parser.add_argument("--keys", type=int, default=500, help="random keys of the model")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("clients", nargs="*", help="names of classes in commands.py and libraries.py; all without")
    arguments = parser.parse_args()
    chosen = [client for client in CLIENTS if not arguments.clients or client.__name__ in arguments.clients]
    failures = []
    with tempfile.TemporaryDirectory() as folder, running(arguments.program, folder) as program:
        program.environ |= {"S3FS_PYTHON": arguments.s3fs_python, "HOME": folder}
        print("| client |", " | ".join(verb.replace("_", " ") for verb in VERBS), "|")
        print("| --- |", " | ".join("---" for _ in VERBS), "|", flush=True)
        for client in chosen:
            trial = Trial(program, client, Path(folder, client.__name__))
            cells = [trial.cell(verb) for verb in VERBS]
            print(f"| {client.name} |", " | ".join(word for word, _ in cells), "|", flush=True)
            failures += [failure for _, failure in cells if failure]
        failures += models.check(program, arguments.keys, arguments.seed, Path(folder))
    for failure in failures:
        print(failure)
    sys.exit(bool(failures))


main()
