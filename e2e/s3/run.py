"""S3's clients against the bucket of the program: a table of clients by verbs."""

import argparse
import os
import sys
import tempfile
import urllib.request
from pathlib import Path

from clients import ALL
from program import BUCKET, running

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
HEADER = (
    "id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider\n"
)
VERBS = ["put", "list", "sync", "move", "delete", "presign", "multipart", "row"]


class Trial:
    """One client and its keys, which no other has."""

    def __init__(self, program, client, folder):
        self.program, self.client, self.folder = program, client, folder
        self.prefix = f"trial/{type(client).__name__}/"
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
            self.program.s3.put_object(Bucket=BUCKET, Key=f"{self.prefix}{kind}{name}", Body=content)

    def put(self):
        for name in STRANGE:
            self.client.put(self.folder / "files" / name, f"{self.prefix}put/{name}")
        self.expect("put/", self.contents)

    def list(self):
        self.fill("list/")
        found = self.client.list(f"{self.prefix}list/")
        assert found == {f"{self.prefix}list/{name}" for name in STRANGE}, sorted(found)

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
        self.client.multipart(file, f"{self.prefix}multipart/large +%.bin")
        self.expect("multipart/", {"large +%.bin": content})

    def row(self):
        id = f"offer-{type(self.client).__name__}"
        file = self.folder / f"{id}.csv"
        file.write_text(f"{HEADER}{id},Lyon,NULL,Baker,NULL,CDI,NULL,NULL,NULL,NULL,NULL\n")
        self.client.put(file, f"job_offers/{id} é+%.csv")
        assert self.program.has_offer(id), "the row is not in /v1/jobs"

    def cell(self, verb):
        """What came of a verb, in a word, and the failure."""
        if verb != "row" and not hasattr(self.client, verb):
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
    parser.add_argument("clients", nargs="*", help="names of classes in clients.py; all without")
    arguments = parser.parse_args()
    chosen = [client for client in ALL if not arguments.clients or client.__name__ in arguments.clients]
    failures = []
    with tempfile.TemporaryDirectory() as folder, running(arguments.program, folder) as program:
        program.environ |= {"S3FS_PYTHON": arguments.s3fs_python, "HOME": folder}
        print("| client |", " | ".join(VERBS), "|")
        print("| --- |", " | ".join("---" for _ in VERBS), "|", flush=True)
        for client in chosen:
            trial = Trial(program, client(program), Path(folder, client.__name__))
            cells = [trial.cell(verb) for verb in VERBS]
            print(f"| {client.name} |", " | ".join(word for word, _ in cells), "|", flush=True)
            failures += [failure for _, failure in cells if failure]
    for failure in failures:
        print(failure)
    sys.exit(bool(failures))


main()
