"""The stack with some of its systems: what is there answers and what is not does not,
and what is taken out stays with its data."""

import json
import os
import subprocess
import tempfile
import unittest
from hashlib import sha256
from pathlib import Path

from emulator import emulator
from run import completed
from stack import ROOT, Stack, StackTest

NAME = "resume-counter"
TOKEN = "the token of the owner, of this test"
STACK = json.loads((ROOT / "checks/stack.json").read_text())
ALL = ["visits,jobs,items", "visits,jobs", "visits,items", "jobs,items", "visits", "jobs", "items", ""]
# All eight take ten minutes: `make e2e ARGS=test_systems` with E2E_SYSTEMS=all.
CHOICES = ALL if os.environ.get("E2E_SYSTEMS") == "all" else ["", "visits", "jobs,items"]


class SystemsTest(unittest.TestCase):
    maxDiff = None

    def deploy(self, systems):
        """Deploys, which asks the site itself; gives what is said."""
        digest = sha256(TOKEN.encode()).hexdigest()
        command = ["deploy", "--yes", "--stack-name", NAME, *StackTest.options]
        command += [f"Systems={systems}", f"OwnerTokenSha256={digest}"]
        with completed(self.environ):
            ran = subprocess.run(
                [ROOT / "scripts" / command[0], *command[1:]],
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.stack.read()
        return ran.stdout

    def assert_there(self, systems):
        """By each route, at the API's own address, and by the tables."""
        wanted = {"counter", *filter(None, systems.split(","))}
        of_function = {one["function"]: system for system, one in STACK["systems"].items()}
        for route, function in STACK["routes"].items():
            if of_function[function] not in wanted and "OwnerApi" not in self.stack.resources:
                continue
            method, path = route.replace("{proxy+}", "some/id").split(" ")
            api = "CounterApi" if function == "counter" else "OwnerApi"
            answer = self.stack.ask(api, f"{method} {path}")
            unknown = answer.status == 404 and answer.json() == {"message": "Not Found"}
            self.assertEqual(unknown, of_function[function] not in wanted, (route, answer))
        self.assertEqual("OwnerApi" in self.stack.resources, len(wanted) > 1)
        made = {name for name in STACK["tables"] if name in self.stack.resources}
        self.assertEqual(made, {name for name, one in STACK["tables"].items() if one["system"] in wanted})
        page = self.stack.ask("SiteDistribution", "GET /").body.decode()
        self.assertEqual("<meta name=visits content=off>" in page, "visits" not in wanted)

    def test_each_choice_has_what_it_names_and_nothing_else(self):
        for systems in CHOICES:
            with self.subTest(systems), tempfile.TemporaryDirectory() as folder:
                with emulator(Path(folder) / "log") as self.environ:
                    self.stack = Stack(self.environ, NAME)
                    self.deploy(systems)
                    self.assert_there(systems)

    def test_a_system_that_is_taken_out_keeps_its_data(self):
        with tempfile.TemporaryDirectory() as folder, emulator(Path(folder) / "log") as self.environ:
            self.stack = Stack(self.environ, NAME)
            self.deploy("visits,jobs,items")
            bucket = self.stack.resources["JobsBucket"]
            owner = {"authorization": f"Bearer {TOKEN}"}
            ask = self.stack.ask
            self.assertEqual(ask("OwnerApi", "POST /visits", {"propertyId": "a", "place": "Lyon"}).status, 201)
            order = {"operation": "create", "payload": {"Item": {"id": "1"}}}
            self.assertEqual(ask("OwnerApi", "POST /order", order, **owner).status, 200)
            self.stack.client("s3").put_object(Bucket=bucket, Key="kept.txt", Body=b"kept")

            said = self.deploy("")
            for name in ("visits", "order-microservice-db", "anything", "job-offers", bucket):
                self.assertIn(name, said)
            self.assert_there("")
            tables = self.stack.client("dynamodb").list_tables()["TableNames"]
            self.assertLessEqual({"visits", "order-microservice-db", "anything", "job-offers"}, set(tables))

            # MiniStack sees no new resource in an import of what conditions had left out, so
            # here the deployment has to stop before it changes anything.
            with self.assertRaisesRegex(AssertionError, "nothing was changed"):
                self.deploy("visits,jobs,items")
            self.stack.read()
            self.assert_there("")
            dynamodb = self.stack.client("dynamodb")
            kept = dynamodb.get_item(TableName="order-microservice-db", Key={"id": {"S": "1"}})
            self.assertEqual(kept["Item"], {"id": {"S": "1"}})
            places = [one.get("place", {}).get("S") for one in dynamodb.scan(TableName="visits")["Items"]]
            self.assertIn("Lyon", places)
            kept = self.stack.client("s3").get_object(Bucket=bucket, Key="kept.txt")["Body"].read()
            self.assertEqual(kept, b"kept")


if __name__ == "__main__":
    unittest.main()
