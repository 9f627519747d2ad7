"""The first lines of the README, followed in a Debian that has no compiler: DEBIAN names
its folder, ARTIFACTS that of the release. As root."""

import json
import os
import re
import shutil
import time
import unittest
from pathlib import Path

from test_release import HERE, archive, free_port, get, serving

DEBIAN = Path(os.environ["DEBIAN"])
README = Path(__file__).parents[2] / "README.md"


class DebianTest(unittest.TestCase):
    def setUp(self):
        for program in ("cc", "cargo", "rustc", "node"):
            self.assertFalse(any((DEBIAN / folder / program).exists() for folder in ("bin", "usr/bin", "usr/local/bin")))
        self.home = DEBIAN / "home/reader"
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        self.addCleanup(shutil.rmtree, self.home)

    def test_the_first_lines_of_the_readme_lead_to_a_counted_page(self):
        lines = re.search(r"^## Run it$.*?^```sh\n(.*?)^```$", README.read_text(), re.M | re.S)[1]
        port, started = free_port(), time.monotonic()
        shutil.copy(archive(HERE), self.home)
        # The last line is the program, which then takes the shell's place.
        *before, last = lines.splitlines()
        script = "\n".join(["set -e", "cd", *before, f"exec {last}"])
        command = ["/usr/sbin/chroot", str(DEBIAN), "/bin/bash", "-c", script]
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/home/reader", "RESUME_COUNTER_LISTEN": f"127.0.0.1:{port}"}
        with serving(command, port, environment) as origin:
            for number in (1, 2):
                self.assertEqual(json.loads(get(f"{origin}/counter?path=example.org%2F")), {"count": number})
            print(f"from the archive to the second count: {time.monotonic() - started:.2f} s")
            [resume] = self.home.glob("*/resume.json")
            name = json.loads(resume.read_text())["basics"]["name"]
            self.assertIn(f">{name}</h1>".encode(), get(f"{origin}/"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
