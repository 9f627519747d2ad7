"""The commands of the program on the tables on AWS, while visitors are counted."""

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from stack import StackTest

PAGES = ["old.commands.example/", "new.commands.example/", "gone.commands.example/"]


class CommandsTest(StackTest):
    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def run_program(self, *command):
        """What a command prints, of which the store is that of the environment."""
        run = subprocess.run(
            [os.environ["RESUME_COUNTER_BIN"], *command, "--aws"],
            env={**self.stack.environ, "HOME": str(self.folder)},
            capture_output=True,
            text=True,
        )
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def hit(self, page, times=1):
        for _ in range(times):
            self.assertEqual(self.ask("CounterApi", f"GET /counter?path={page}").status, 200)

    def number(self, page):
        return self.ask("CounterApi", f"GET /counter?path={page}&mode=read").json()["count"]

    def test_a_merge_under_load_loses_no_hit_and_a_dry_run_changes_nothing(self):
        old, new, gone = PAGES
        self.run_program("counters", "set", old, "1000")
        self.hit(new, 5)
        self.run_program("counters", "merge", old, new, "--dry-run")
        self.assertEqual([self.number(page) for page in (old, new)], [1000, 5])
        visitors = [Thread(target=self.hit, args=(page, 20)) for page in (old, new)]
        for visitor in visitors:
            visitor.start()
        self.run_program("counters", "merge", old, new)
        for visitor in visitors:
            visitor.join()
        self.assertEqual(self.number(old) + self.number(new), 1045)
        self.run_program("counters", "rename", new, gone)
        self.assertEqual(self.number(gone), 1045 - self.number(old))
        self.assertIn(f"{self.number(gone)} {gone}", " ".join(self.run_program("counters", "list").split()))
        self.run_program("counters", "remove", gone)
        self.assertEqual(self.number(gone), 0)

    def test_counters_and_visits_leave_and_come_back(self):
        page = "moved.commands.example/"
        self.hit(page, 3)
        visit = {"propertyId": page, "date": "2026-11-02T12:00:00Z", "place": "Oslo"}
        self.assert_answer(self.ask("OwnerApi", "POST /visits", visit), 201)
        for kind in ("counters", "visits"):
            self.run_program("export", kind, "--output", str(self.folder / kind))
        self.run_program("counters", "remove", page)
        self.run_program("visits", "remove", page)
        read = f"GET /visits?propertyId={page}"
        self.assertEqual((self.number(page), self.ask_as_owner(read).json()["visits"]), (0, []))
        for _ in range(2):
            for kind in ("counters", "visits"):
                self.run_program("import", kind, str(self.folder / kind))
        self.assertEqual(self.number(page), 3)
        [back] = self.ask_as_owner(read).json()["visits"]
        self.assertEqual((back["date"], back["place"]), ("2026-11-02T12:00:00Z", "Oslo"))

    def test_a_link_that_was_added_there_is_known_to_the_function(self):
        page = "link.commands.example/"
        shown = self.run_program("link", "add", "Quayside Energy", "--page", f"https://{page}")
        code = shown.split("?for=")[1].split()[0]
        listed = self.ask_as_owner("POST /visits/links", {"label": "Quayside Energy"})
        self.assertIn(code, json.dumps(listed.json()))
