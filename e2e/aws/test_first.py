"""A first deployment that AWS breaks off, the next one, and the same stack in another region."""

import subprocess
import tempfile
import unittest
from pathlib import Path
from urllib.request import urlopen

from emulator import emulator
from run import completed
from stack import ROOT, Stack, StackTest

NAME = "resume-counter"
MEND = "error: the stack is not as it should be: mend what its events name, and deploy again"
HIT = "GET /counter?path=cv.example%2F"


class FirstTest(unittest.TestCase):
    def test_a_deployment_that_was_broken_off_goes_on_and_stands_beside_that_of_another_region(self):
        with tempfile.TemporaryDirectory(prefix="resume-counter-first.") as folder:
            with emulator(Path(folder) / "log") as self.environ:
                # What new accounts are refused, after the tables and buckets are made.
                urlopen(f"{self.environ['AWS_ENDPOINT_URL']}/_refuse/AWS::CloudFront::Distribution").close()
                code, says = self.run_script("deploy", self.environ, *StackTest.options)
                self.assertEqual((code, says[-1]), (1, MEND))
                first = Stack(self.environ, NAME)
                [stack] = first.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"]
                self.assertEqual(stack["StackStatus"], "CREATE_FAILED")
                self.assertIn("CloudResumeCounterHits", first.client("dynamodb").list_tables()["TableNames"])
                self.deploy(self.environ)
                first.read()
                self.assertEqual(first.ask("CounterApi", HIT).json(), {"count": 1})

                elsewhere = {**self.environ, "AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "us-west-2"}
                self.deploy(elsewhere)
                second = Stack(elsewhere, NAME)
                second.read()
                self.assertEqual(second.ask("CounterApi", HIT).json(), {"count": 1})
                self.assertEqual(first.ask("CounterApi", HIT).json(), {"count": 2})
                code, says = self.run_script("destroy", elsewhere, "--with-data")
                self.assertEqual(code, 0, says)
                self.assertEqual(second.client("dynamodb").list_tables()["TableNames"], [])
                self.assertEqual(first.ask("CounterApi", HIT).json(), {"count": 3})
                self.assertEqual(first.ask("SiteDistribution", "GET /").status, 200)

    def deploy(self, environ):
        with completed(environ):
            code, says = self.run_script("deploy", environ, *StackTest.options)
        self.assertEqual(code, 0, says)

    def run_script(self, name, environ, *more):
        """Without a terminal; gives what it says, line by line."""
        ran = subprocess.run(
            [ROOT / "scripts" / name, "--yes", "--stack-name", NAME, *more],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return ran.returncode, ran.stdout.splitlines()
