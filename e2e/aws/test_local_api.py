"""What scripts/local-api puts together, without its containers: a store that others
may reach, the environment of each function, its program as it was built, the
interface emulator of AWS, and the events of this repository."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAM = Path(os.environ["SAM_PYTHON"])
TOKEN = "the-owner-of-these-events"
# The folder that sam builds into, and the program of the store.
BUILD, STORE = Path(os.environ["BUILD_DIR"]), os.environ["RESUME_COUNTER_BIN"]
# The function of each event, by how its name begins.
FUNCTIONS = {
    "counter": "CounterFunction",
    "visits": "VisitsFunction",
    "items": "ItemsFunction",
    "jobs-store": "JobsStoreFunction",
    "jobs": "JobsApiFunction",
}


def function_of(event):
    return next(function for start, function in FUNCTIONS.items() if event.name.startswith(start))


class LocalApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        listen = ["--listen", "127.0.0.1:0", "--s3-listen", "127.0.0.1:0", "--dynamodb-listen", "127.0.0.1:0"]
        store = subprocess.Popen(
            [STORE, "--in-memory", *listen], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder
        )
        cls.addClassCleanup(store.wait)
        cls.addClassCleanup(store.kill)
        cls.enterClassContext(store.stdout)
        line = next(line for line in store.stdout if line.startswith("dynamodb "))
        endpoint, key, secret = re.fullmatch(
            r"dynamodb (\S+), with AWS_ACCESS_KEY_ID=(\S+) AWS_SECRET_ACCESS_KEY=(\S+)\n", line
        ).groups()
        written = subprocess.check_output([SAM, ROOT / "scripts/local_env.py", endpoint, TOKEN])
        cls.environments = json.loads(written)
        cls.key = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "eu-west-1"}

    def invoke(self, function, event):
        environ = {"PATH": os.environ["PATH"], **self.key, **self.environments[function]}
        command = [SAM, ROOT / "scripts/interface_emulator.py", BUILD / function / "bootstrap", event]
        return json.loads(subprocess.check_output(command, env=environ, stderr=sys.stderr))

    def test_every_event_finds_its_function_its_table_and_its_token(self):
        events = [file for file in sorted((ROOT / "events").glob("*.json")) if not file.name.startswith("jobs-split")]
        self.assertGreater(len(events), 20)
        for event in events:
            with self.subTest(event.name):
                answer = self.invoke(function_of(event), event)
                self.assertNotIn("errorMessage", answer)
                if event.name.startswith("jobs-store"):
                    # Two of the four are no job offers; a table that is missing would fail all.
                    failed = 2 if "poison" in event.name else 0
                    self.assertEqual(len(answer["batchItemFailures"]), failed)
                else:
                    # By name, some ask for an offer before another makes it.
                    wanted = [400] if "without-path" in event.name else [200, 201, 204, 404]
                    self.assertIn(answer["statusCode"], wanted, answer.get("body"))

    def test_hits_are_kept_from_one_event_to_the_next(self):
        event = ROOT / "events/counter-get.json"
        first, second = (json.loads(self.invoke("CounterFunction", event)["body"])["count"] for _ in range(2))
        self.assertEqual(second, first + 1)

    def test_the_items_take_an_operation_without_http(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as event:
            event.write('{"operation": "echo", "payload": {"price": 78.89}}')
            event.flush()
            self.assertEqual(self.invoke("ItemsFunction", event.name), {"price": 78.89})
            event.seek(0)
            event.truncate()
            event.write('{"operation": "drop"}')
            event.flush()
            self.assertIn("unknown value `drop`", self.invoke("ItemsFunction", event.name)["errorMessage"])


if __name__ == "__main__":
    unittest.main()
