"""docs/deploy.md, followed to the letter: its commands, in their order, at a
terminal, on an empty emulator. A comment before a block says why it is left out.
"""

import json
import os
import pty
import re
import select
import shutil
import signal
import tempfile
import time
import unittest
from contextlib import contextmanager
from pathlib import Path

import boto3
from botocore.exceptions import ClientError
from emulator import emulator
from run import completed
from stack import ROOT, Stack, StackTest

BLOCK = re.compile(r"^(?:<!-- not run: [^\n]+ -->\n(?P<left_out>))?```sh\n(?P<commands>.*?)^```$", re.M | re.S)
# What is asked, and what someone says who wants it all, and no domain.
ANSWERS = {
    r"systems, with commas between \(visits\): $": "all",
    r"\(none: an address of CloudFront's\): $": "",
    r"\(none: neither\): $": "",
    r"Deploy it\? \[y/N\] $": "y",
    r"Type (?P<text>.+) to go on: $": None,
}
SECONDS = 600
OLD = "site-0123456789abcdef.js"
# The AWS CLI that the owner has, as far as the guide needs it: what it hands out has
# to be asked for again all the time, as it lasts a quarter of an hour of the emulator's.
OWNERS_CLI = """#!/bin/sh
here=$(dirname "$0")
case "$1 $2" in
    "login "*) touch "$here/signed-in" ;;
    "configure export-credentials")
        [ -f "$here/signed-in" ] || exit 1
        key=ASIA$(date +%s)
        echo $key >>"$here/keys"
        case " $* " in
            *" env "*) printf 'export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=test AWS_SESSION_TOKEN=test\\n' $key ;;
            *) printf '{"Version": 1, "AccessKeyId": "%s", "SecretAccessKey": "test", "SessionToken": "test", "Expiration": "%s"}' \\
                $key "$(date -u -d '+15 minutes' +%Y-%m-%dT%H:%M:%SZ)" ;;
        esac ;;
    *) exec __AWS__ "$@" ;;
esac
"""
VISIT = {
    "id": "019aa5c2-0000-7000-8000-000000000000",
    "propertyId": "cv.example/",
    "date": "2026-11-20T10:30:00Z",
    "place": "Lyon",
}


class GuideTest(unittest.TestCase):
    def test_its_commands_lead_to_a_site_and_out_again(self):
        checks = {
            "output SiteUrl": self.the_site_answers,
            "LogRetentionInDays=14": self.logs_are_kept_for_two_weeks,
            "import visits": self.the_numbers_are_there,
            "make destroy\n": self.only_data_is_left,
            "--with-data": self.nothing_is_left,
        }
        with clone() as folder, emulator(folder.with_suffix(".log")) as environ, completed(environ):
            self.folder = folder
            self.stack = Stack(environ, "resume-counter")
            # The machine that the numbers are on is another one.
            (folder / "counters.jsonl").write_text('{"path":"cv.example/","hits":1234}\n')
            (folder / "visits.jsonl").write_text(json.dumps(VISIT))
            program = Path(os.environ["RESUME_COUNTER_BIN"]).parent
            owners = folder.parent / "owners"
            self.keys = owners / "keys"
            install_cli(owners)
            at_terminal = {
                **environ,
                "PATH": f"{owners}:{program}:{environ['PATH']}",
                "AWS_CONFIG_FILE": str(owners / "config"),
            }
            # Only what the guide signs in for.
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CI"):
                at_terminal.pop(name, None)
            with terminal(folder, at_terminal) as self.run_at_terminal:
                # All is built already, for this machine's processor.
                options = " ".join(StackTest.options)
                self.run_at_terminal(
                    f'make() {{ local more=; [ $1 != deploy ] || more="{options}"; command make $1 ARGS="$more ${{2#ARGS=}}"; }}'
                )
                self.shown = ""
                for block in BLOCK.finditer((ROOT / "docs/deploy.md").read_text()):
                    if block["left_out"] is None:
                        self.shown += self.run_at_terminal(block["commands"])
                        for mark in [mark for mark in checks if mark in block["commands"]]:
                            checks.pop(mark)()
        self.assertEqual(checks, {})

    def the_site_answers(self):
        self.the_first_key_has_expired()
        self.stack.read()
        host = self.stack.host("SiteDistribution")
        self.assertIn(f"https://{host}/", self.shown)
        self.assertEqual(self.get("/counter?path=cv.example/&mode=read").json(), {"count": 0})
        # The token that was shown is the owner's.
        [self.token] = re.findall(r"^ {4}([0-9a-f]{64})\r$", self.shown, re.M)
        self.assertEqual(self.visits(self.token[::-1]).status, 401)
        self.assertEqual(self.visits(self.token).json()["visits"], [])
        self.stack.client("s3").put_object(Bucket=self.stack.resources["SiteBucket"], Key=OLD)

    def the_first_key_has_expired(self):
        """A deployment takes longer than a key lasts, so whoever keeps one fails."""
        first = self.keys.read_text().split()[0]
        session = boto3.Session(first, "test", "test", region_name=self.stack.environ["AWS_REGION"])
        client = session.client("sts", endpoint_url=self.stack.environ["AWS_ENDPOINT_URL"])
        with self.assertRaisesRegex(ClientError, "ExpiredToken"):
            client.get_caller_identity()

    def logs_are_kept_for_two_weeks(self):
        groups = self.stack.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/resume-counter-")
        self.assertEqual({group["retentionInDays"] for group in groups["logGroups"]}, {14})
        # What was not named is as it was, and what the site no longer has is gone.
        self.assertEqual(self.visits(self.token).status, 200)
        files = self.stack.client("s3").list_objects_v2(Bucket=self.stack.resources["SiteBucket"])["Contents"]
        self.assertIn("index.html", [file["Key"] for file in files])
        self.assertNotIn(OLD, [file["Key"] for file in files])

    def the_numbers_are_there(self):
        self.assertEqual(self.get("/counter?path=cv.example/").json(), {"count": 1235})
        self.assertEqual(self.visits(self.token).json()["visits"], [VISIT])

    def only_data_is_left(self):
        self.assertEqual(self.stacks(), [])
        self.assertEqual(len(self.tables()), 5)
        self.assertIn("1235", (self.folder / "counters.jsonl").read_text())
        self.assertIn(VISIT["id"], (self.folder / "visits.jsonl").read_text())

    def nothing_is_left(self):
        self.assertEqual(self.tables(), [])
        buckets = self.stack.client("s3").list_buckets()["Buckets"]
        self.assertEqual([bucket["Name"] for bucket in buckets if "resume-counter" in bucket["Name"]], [])
        self.assertEqual(self.stack.client("sqs").list_queues().get("QueueUrls", []), [])

    def get(self, path, **headers):
        return self.stack.ask("SiteDistribution", f"GET {path}", x_forwarded_proto="https", **headers)

    def visits(self, token):
        return self.get("/visits?propertyId=cv.example/", authorization=f"Bearer {token}")

    def tables(self):
        return self.stack.client("dynamodb").list_tables()["TableNames"]

    def stacks(self):
        names = [stack["StackName"] for stack in self.stack.client("cloudformation").describe_stacks()["Stacks"]]
        return [name for name in names if name == self.stack.name]


def install_cli(folder):
    """Puts the owner's AWS CLI into a folder."""
    folder.mkdir()
    program = folder / "aws"
    program.write_text(OWNERS_CLI.replace("__AWS__", shutil.which("aws") or str(Path(os.environ["SAM_PYTHON"]).parents[2] / "deploy/bin/aws")))
    program.chmod(0o755)


@contextmanager
def clone():
    """A copy of the sources and the built site, of which nothing else is used."""
    with tempfile.TemporaryDirectory(prefix="resume-counter-guide.") as folder:
        left_out = shutil.ignore_patterns(".git", ".aws-sam", "target", "node_modules")
        yield Path(shutil.copytree(ROOT, Path(folder) / "resume-counter", ignore=left_out))


@contextmanager
def terminal(folder, environ):
    """A shell at a terminal; gives what runs commands in it and returns what it shows."""
    shell = 'set -e; stty -echo; while read -r file; do . "$file"; echo "== $file is done"; done'
    child, screen = pty.fork()
    if not child:
        os.chdir(folder)
        os.execvpe("bash", ["bash", "-c", shell], environ)

    def run(commands):
        file = folder.parent / "commands.sh"
        file.write_text(commands)
        return converse(screen, f"{file}\n", f"== {file} is done")

    try:
        yield run
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(screen)


def converse(screen, line, end):
    """Types a line and answers what is asked until `end` is shown; gives all that was."""
    os.write(screen, line.encode())
    shown, unread, deadline = "", "", time.monotonic() + SECONDS
    while end not in shown:
        ready, _, _ = select.select([screen], [], [], max(0, deadline - time.monotonic()))
        try:
            text = os.read(screen, 65536).decode(errors="replace") if ready else ""
        except OSError:  # the shell has ended
            text = ""
        if not text:
            raise AssertionError(f"the commands did not end well:\n{shown}")
        shown, unread = shown + text, unread + text
        for asked, answer in ANSWERS.items():
            if match := re.search(asked, unread):
                os.write(screen, f"{match['text'] if answer is None else answer}\n".encode())
                unread = ""
    return shown
