"""Load on a deployed stack, tried on the program for one machine, which throttles and
answers as the stack does and which every client finds without a header of its own."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
TOKEN = "the-owner-of-these-items"


class Load(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        listen = ["--in-memory", "--listen", "127.0.0.1:0", "--s3-listen", "127.0.0.1:0"]
        program = subprocess.Popen(
            [os.environ["RESUME_COUNTER_BIN"], *listen],
            env={**os.environ, "RESUME_COUNTER_OWNER_TOKEN": TOKEN},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=folder,
        )
        cls.addClassCleanup(program.wait)
        cls.addClassCleanup(program.kill)
        cls.enterClassContext(program.stdout)
        cls.url = program.stdout.readline().removeprefix("listening on ").strip()

    def load(self, *more, token=TOKEN):
        """The script's exit status, what it says, and its figures by the kind of request."""
        command = [ROOT / "scripts/load", "--quick", "--url", f"{self.url}/order", "--token", token, *more]
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        rows = re.findall(r"^\| (`\w+`.*?) \| ([\d,]+) \|(?:.*?\|){5} (\d+) \| (\d+) \|$", ran.stdout, re.M)
        return ran.returncode, ran.stdout, {name: tuple(map(int, figures)) for name, *figures in rows}

    def items(self):
        """The ids of the items that are there."""
        body = b'{"operation": "list", "payload": {}}'
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
        with urlopen(Request(f"{self.url}/order", body, headers)) as answer:
            return [item["id"] for item in json.load(answer)["Items"]]

    def test_what_the_throttle_lets_through_is_answered_and_nothing_is_left(self):
        status, says, rows = self.load()
        self.assertEqual(status, 0, says)
        self.assertEqual(list(rows), ["`ping`", "`create`", "`read`", "`list`, 2 items"])
        for answered, limited, failed in rows.values():
            self.assertGreater(answered, 3, says)
            self.assertEqual((limited, failed), (0, 0), says)
        self.assertIn("\nthe items that were made are removed", says)
        self.assertEqual(self.items(), [])

    def test_what_is_throttled_is_told_apart(self):
        _, says, rows = self.load("--rate", "40")
        self.assertGreater(sum(limited for _, limited, _ in rows.values()), 0, says)
        self.assertEqual(sum(failed for *_, failed in rows.values()), 0, says)

    def test_a_wrong_token_is_said_before_anything_is_asked(self):
        status, says, rows = self.load(token="guessed")
        self.assertEqual((status, rows), (1, {}))
        self.assertIn("error: the stack answers 401: Only the owner may do this", says)


if __name__ == "__main__":
    unittest.main()
