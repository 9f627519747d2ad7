"""Every build uses the versions in Cargo.lock."""

import re
import unittest

from rules import ROOT

# The commands that would otherwise resolve the dependencies anew, and change the file.
COMMANDS = r"\b(?:cargo (?:build|clippy|deny|fetch|install|lambda build|nextest run|run|test)|trunk (?:build|serve)) "
# An empty crate to fetch the standard library, which has its own lock.
EXEMPT = {"rust-std"}


def commands(text):
    """The lines of a script that are commands, each in one line."""
    lines = text.replace("\\\n", " ").splitlines()
    return [line for line in lines if not line.lstrip().startswith("#")]


class Locked(unittest.TestCase):
    def test_every_command_that_reads_the_lock_file_keeps_to_it(self):
        found = 0
        for script in (ROOT / "scripts").iterdir():
            if script.is_file() and script.name not in EXEMPT:
                for line in commands(script.read_text()):
                    if re.search(COMMANDS, line) and not line.startswith("step "):
                        self.assertIn("--locked", line, script.name)
                        found += 1
        self.assertGreater(found, 10)

    def test_so_do_the_hooks_of_trunk(self):
        for page in ("site", "dashboard", "job-board"):
            (arguments,) = re.findall(r"^command_arguments = (.+)$", (ROOT / page / "Trunk.toml").read_text(), re.M)
            self.assertIn('"--locked"', arguments)


if __name__ == "__main__":
    unittest.main()
