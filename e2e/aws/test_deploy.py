"""What scripts/deploy and scripts/destroy refuse to do, a stage beside the stack, and
what is in the site's bucket."""

import hashlib
import subprocess

from run import completed
from stack import ROOT, Stack, StackTest


class ScriptTest(StackTest):
    def run_script(self, *command):
        """Without a terminal; gives the last line of what it says."""
        ran = subprocess.run(
            [ROOT / "scripts" / command[0], *command[1:]],
            env=self.stack.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return ran.returncode, ran.stdout.splitlines()[-1]


class StageTest(ScriptTest):
    def test_a_stage_stands_beside_the_stack_and_goes_without_it(self):
        named = ["--yes", "--stack-name", self.stack.name, "--stage", "staging"]
        digest = hashlib.sha256(self.token.encode()).hexdigest()
        bounds = ["CountedHosts=example.com,example.net", "MaxPages=2"]
        stage = Stack(self.stack.environ, f"staging-{self.stack.name}")
        with completed(self.stack.environ):
            code, says = self.run_script("deploy", *named, *self.options, *bounds, f"OwnerTokenSha256={digest}")
        self.assertEqual(code, 0, says)
        stage.read()
        path = "/counter?path=example.com%2Fstage"
        for hits in (1, 2):
            self.assertEqual(stage.ask("CounterApi", f"GET {path}").json(), {"count": hits})
        self.assertEqual(self.ask("CounterApi", f"GET {path}&mode=read").json(), {"count": 0})
        self.assert_bounded(stage)
        first = {name for name in self.tables() if "staging" not in name}
        self.assertGreater(self.tables(), first | {f"{name}-staging" for name in ("CloudResumeCounterHits", "visits")})
        code, says = self.run_script("destroy", *named, "--with-data")
        self.assertEqual(code, 0, says)
        self.assertEqual(self.tables(), first)
        self.assertEqual(self.ask("CounterApi", f"GET {path}").json(), {"count": 1})

    def assert_bounded(self, stage):
        """By the hosts and the number of pages, with the same words on both ways to the API."""
        self.assert_answer(stage.ask("CounterApi", "GET /counter?path=example.net%2F"), 200, {"count": 1})
        other = {"message": "Pages of this host are not counted here."}
        full = {"message": "This table has room for 2 pages, and all are taken: those that are known go on counting."}
        for page, says in (("other.example%2F", other), ("example.com%2Fthird", full)):
            for way in ("CounterApi", "SiteDistribution"):
                answer = stage.ask(way, f"GET /counter?path={page}")
                self.assert_answer(answer, 403, says)
                self.assertNotIn("x-status", answer.headers)
        visit = {"propertyId": "other.example/"}
        self.assert_answer(stage.ask("SiteDistribution", "POST /visits", visit), 403, other)

    def tables(self):
        return set(self.stack.client("dynamodb").list_tables()["TableNames"])


class DeployTest(ScriptTest):
    def test_nothing_is_done_where_nobody_can_be_asked(self):
        for command in [("deploy",), ("destroy",), ("destroy", "--with-data")]:
            with self.subTest(command):
                code, says = self.run_script(*command, "--stack-name", self.stack.name)
                self.assertEqual(code, 1)
                self.assertRegex(says, "^error: there is no terminal to ask on: .*--yes$")

    def test_a_token_is_made_only_where_somebody_sees_it(self):
        self.assertEqual(
            self.run_script("deploy", "--stack-name", self.stack.name, "--yes", "--new-owner-token"),
            (1, "error: there is no terminal to show the new token on: run this in one, or give OwnerTokenSha256 instead"),
        )

    def test_a_new_stack_does_not_run_into_the_tables_of_another(self):
        code, says = self.run_script("deploy", "--yes", "--skip-build", "--stack-name", "another")
        self.assertEqual(code, 1)
        self.assertIn("there is a table CloudResumeCounterHits already", says)

    def test_there_is_no_stack_to_destroy_where_there_was_none(self):
        code, says = self.run_script("destroy", "--yes", "--stack-name", "another")
        self.assertEqual(code, 1)
        self.assertIn("there is no stack another in eu-west-1", says)

    def test_the_bucket_has_the_site_and_nothing_else(self):
        s3, dist = self.stack.client("s3"), ROOT / "site/dist"
        objects = s3.list_objects_v2(Bucket=self.stack.resources["SiteBucket"])["Contents"]
        files = [file for file in dist.rglob("*") if file.is_file() and file.suffix not in [".br", ".gz"]]
        self.assertEqual(
            sorted(one["Key"] for one in objects), sorted(file.relative_to(dist).as_posix() for file in files)
        )
