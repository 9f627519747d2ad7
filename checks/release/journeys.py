"""The program's journeys, the same on each system that it is made for. PROGRAM is the
command that starts it, such as `wine resume-counter.exe`."""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

PROGRAM = shlex.split(os.environ["PROGRAM"], posix=os.name != "nt")
SAMPLE = Path(__file__).parents[2] / "local/samples/job-offers.csv"
HITS = 200
# What Ctrl-C is to a program that shares no console with the one that sends it.
ON_WINDOWS = os.name == "nt"
INTERRUPT = signal.CTRL_BREAK_EVENT if ON_WINDOWS else signal.SIGINT
GROUP = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if ON_WINDOWS else {}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def get(url):
    with urlopen(url, timeout=10) as answer:
        return answer.read().decode()


class JourneyTest(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="resume-counter-journey.")))
        # Names of folders as people have them.
        self.folder = folder / "Zoë's résumé (new)"
        self.folder.mkdir()

    def program(self, *arguments):
        return subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )

    def run_program(self, *arguments, status=0):
        child = self.program(*arguments)
        said, _ = child.communicate(timeout=120)
        self.assertEqual(child.returncode, status, said)
        return said

    @contextmanager
    def serving(self, *arguments, folder="the data"):
        """The running program and its origin."""
        port = free_port()
        log = self.folder.parent / f"{port}.log"
        with log.open("wb") as written:
            child = subprocess.Popen(
                [*PROGRAM, "--data-dir", folder, "--listen", f"127.0.0.1:{port}", "--s3-listen", "127.0.0.1:0", *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                **GROUP,
            )
        origin = f"http://127.0.0.1:{port}"
        try:
            for _ in range(600):
                try:
                    get(f"{origin}/v1/health")
                    break
                except OSError:
                    self.assertIsNone(child.poll(), log.read_text(errors="replace"))
                    time.sleep(0.05)
            yield child, origin
        finally:
            if child.poll() is None:
                child.send_signal(INTERRUPT)
            try:
                child.wait(timeout=30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
                raise AssertionError(f"Ctrl-C did not end it: {log.read_text(errors='replace')}") from None

    def test_a_resume_is_begun_checked_and_built(self):
        self.run_program("new")
        self.assertIn("basics", json.loads((self.folder / "resume.json").read_text("utf-8")))
        self.run_program("check", "resume.json")
        self.run_program("build", "--out", "the site")
        self.assertIn("</html>", (self.folder / "the site/index.html").read_text("utf-8"))

    def test_a_resume_is_read_as_the_editors_of_every_system_save_it(self):
        text = '{\r\n  "basics": {"name": "Zoë Łąka"}\r\n}\r\n'
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            with self.subTest(encoding):
                (self.folder / "resume.json").write_bytes(text.encode(encoding))
                self.run_program("build", "--out", encoding)
                self.assertIn("Zoë Łąka", (self.folder / encoding / "index.html").read_text("utf-8"))

    def test_an_edit_is_seen_and_ctrl_c_ends_it_with_the_counts_kept(self):
        self.run_program("new")
        with self.serving() as (child, origin):
            for number in (1, 2, 3):
                self.assertEqual(json.loads(get(f"{origin}/counter?path=journey")), {"count": number})
            file = self.folder / "resume.json"
            resume = json.loads(file.read_text("utf-8"))
            resume["basics"]["name"] = "Somebody Else"
            # An editor writes a new file and puts it where the old one was.
            draft = self.folder / "resume.json~"
            draft.write_text(json.dumps(resume), "utf-8")
            draft.replace(file)
            deadline = time.monotonic() + 15
            while "Somebody Else" not in get(f"{origin}/") and time.monotonic() < deadline:
                time.sleep(0.1)
            self.assertIn("Somebody Else", get(f"{origin}/"))
            child.send_signal(INTERRUPT)
            self.assertEqual(child.wait(timeout=30), 0)
        with self.serving() as (_, origin):
            self.assertEqual(json.loads(get(f"{origin}/counter?mode=read&path=journey")), {"count": 3})

    def test_what_was_acknowledged_before_a_hard_kill_is_there(self):
        with self.serving("--throttle-rate", "10000", "--throttle-burst", "10000") as (child, origin):
            for number in range(1, HITS + 1):
                self.assertEqual(json.loads(get(f"{origin}/counter?path=kill")), {"count": number})
            child.kill()
            child.wait()
        with self.serving() as (_, origin):
            self.assertEqual(json.loads(get(f"{origin}/counter?path=kill")), {"count": HITS + 1})

    def test_a_second_one_takes_no_folder_that_is_in_use(self):
        with self.serving(), self.serving(folder="another") as (_, origin):
            said = self.run_program("--data-dir", "the data", "--listen", "127.0.0.1:0", "--s3-listen", "127.0.0.1:0", status=1)
            self.assertIn("in use", said)
            self.assertEqual(json.loads(get(f"{origin}/counter?path=second")), {"count": 1})

    def test_offers_are_loaded_and_everything_is_exported_and_imported(self):
        shutil.copy(SAMPLE, self.folder / "offers.csv")
        with self.serving() as (_, origin):
            get(f"{origin}/counter?path=exported")
            said = self.run_program("jobs", "load", "--data-dir", "the data", "offers.csv")
            self.assertRegex(said, r"\b60 rows read, 60 stored\b")
            self.assertEqual(len(json.loads(get(f"{origin}/v1/jobs?limit=100"))), 60)
        self.run_program("export", "counters", "--data-dir", "the data", "--output", "counters.csv")
        self.run_program("import", "counters", "--data-dir", "a copy", "counters.csv")
        with self.serving(folder="a copy") as (_, origin):
            self.assertEqual(json.loads(get(f"{origin}/counter?path=exported")), {"count": 2})

    def test_what_is_refused_is_said_in_words(self):
        for arguments, status in (
            (["check", "missing.json"], 1),
            (["build"], 2),
            (["--listen", "nowhere"], 2),
            (["jobs", "load", "missing.csv"], 1),
        ):
            with self.subTest(arguments):
                said = self.run_program(*arguments, status=status)
                self.assertNotRegex(said, r"\w \{ |panicked")


if __name__ == "__main__":
    unittest.main(verbosity=2)
