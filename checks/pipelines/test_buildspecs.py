"""Mistakes in the build specifications that only CodeBuild would find."""

import re
import unittest

from rules import BUILDSPECS, ROOT

# https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
SECTIONS = {"version", "run-as", "env", "proxy", "batch", "phases", "reports", "artifacts", "cache"}
PHASES = {"install", "pre_build", "build", "post_build"}


class Buildspecs(unittest.TestCase):
    def test_sections_and_phases_are_those_that_codebuild_knows(self):
        for name, spec in BUILDSPECS.items():
            with self.subTest(name):
                self.assertEqual(spec["version"], 0.2)
                self.assertLessEqual(set(spec), SECTIONS)
                self.assertLessEqual(set(spec["phases"]), PHASES)
                for phase in spec["phases"].values():
                    self.assertEqual(set(phase), {"commands"})
                    # A colon in an unquoted command makes a mapping of it.
                    self.assertTrue(all(isinstance(command, str) for command in phase["commands"]))

    def test_the_report_is_where_the_tests_write_it(self):
        report = BUILDSPECS["unit-tests-buildspec.yaml"]["reports"]["unit-tests"]
        self.assertEqual(report["file-format"], "JUNITXML")
        written = re.search(r'^\[profile\.ci\.junit\]\npath = "(.+)"', (ROOT / ".config/nextest.toml").read_text(), re.M)
        self.assertEqual(report["files"], [written[1]])
        self.assertEqual(report["base-directory"], "target/nextest/ci")


if __name__ == "__main__":
    unittest.main()
