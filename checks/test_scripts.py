"""scripts/deploy and what it calls, run in a copy of the scripts whose builders and
whose `aws` and `sam` only write down that they were called, and answer as AWS would."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile

from template import ROOT

# The e_machine of an ELF header, by the template's name for it.
MACHINES = {"arm64": b"\xb7\x00", "x86_64": b"\x3e\x00"}
FUNCTIONS = ("CounterFunction", "VisitsFunction", "ItemsFunction", "JobsSplitFunction", "JobsStoreFunction", "JobsApiFunction")
BUILDERS = ("setup", "build", "sbom", "sam", "functions")
RECORDER = """#!/usr/bin/env -S python3 -I -S
import json, os, sys
called = [os.path.basename(sys.argv[0]), *sys.argv[1:]]
before = open(os.environ["CALLS"]).read()
with open(os.environ["CALLS"], "a") as calls:
    print(json.dumps([called, {n: v for n, v in os.environ.items() if n.startswith(("AWS_", "ACTIONS_"))}]), file=calls)
answers = json.load(open(os.environ["ANSWERS"]))
if "package" in called and os.environ.get("KEPT"):
    import glob, shutil
    for archive in glob.glob(os.path.dirname(called[called.index("--template-file") + 1]) + "/*.zip"):
        shutil.copy(archive, os.environ["KEPT"])
line = " ".join(called)
for part, answer, *after in answers:
    if part in line and all(text in before for text in after):
        if answer is None:
            sys.exit("An error occurred (ValidationError): Stack with id x does not exist")
        print(answer if isinstance(answer, str) else json.dumps(answer))
        sys.exit()
"""
# Says what `resume-counter --dynamodb-listen` says, if it listens where containers reach it.
STORE = """#!/bin/sh
case "$*" in *"--dynamodb-listen 172.17.0.1:0"*) ;; *) exit 1 ;; esac
echo "dynamodb http://172.17.0.1:8000, with AWS_ACCESS_KEY_ID=the-key AWS_SECRET_ACCESS_KEY=the-secret"
exec sleep 60
"""
HOST = "d.cloudfront.net"
FACTS = {
    "SiteBucket": "the-bucket",
    "SiteDistribution": "E123",
    "SiteUrl": f"https://{HOST}/",
    "AllowedOrigins": "*",
    "Systems": "visits,jobs,items",
    "ThrottleRate": "10",
    "ThrottleBurst": "20",
}
NAME = "describe-stacks --stack-name resume-counter "
BUDGET = "describe-stacks --stack-name resume-counter-eu-central-2-budget"


def stack(status="UPDATE_COMPLETE", facts=FACTS, **more):
    """What AWS says of a stack."""
    outputs = [{"OutputKey": name, "OutputValue": value} for name, value in facts.items()]
    return {"Stacks": [{"StackName": "resume-counter", "StackStatus": status, "Outputs": outputs, **more}]}


def resource(type, *names):
    """What AWS says of a stack's resources."""
    return {"StackResourceSummaries": [{"LogicalResourceId": name, "ResourceType": type, "PhysicalResourceId": name} for name in names]}


OF_ACCOUNT = [
    ["get-caller-identity", {"Account": "123456789012"}],
    [BUDGET, None],
    ["list-stack-resources", {"StackResourceSummaries": []}],
    ["describe-stack-events", {"StackEvents": []}],
    ["stack-name aws-sam-cli-managed-default", stack(facts={"SourceBucket": "packages"})],
    ["get-distribution ", {"Distribution": {"DomainName": HOST}}],
    ["create-invalidation", {"Invalidation": {"Id": "I1"}}],
]
# A stack that is there and was last changed well.
DEPLOYED = [*OF_ACCOUNT, [NAME, stack()]]
NO_TABLES = ["list-tables", {"TableNames": []}]


def new(*names):
    """A stack that is there once it was deployed, and tables that others have."""
    deployed = '"cloudformation", "deploy"'
    there = [["describe-stacks --stack-name", stack(), deployed], ["describe-stacks --stack-name", None]]
    return [["list-tables", {"TableNames": names}], *OF_ACCOUNT, *there]


class Site(BaseHTTPRequestHandler):
    """What a deployed site answers."""

    ANSWERS = {
        "/counter": (200, {"access-control-allow-origin": "*"}, b'{"count":0}'),
        "/visits": (401, {}, b'{"message":"Only the owner may do this."}'),
        "/dashboard/": (200, {"content-type": "text/html"}, b""),
        "/jobs/": (200, {"content-type": "text/html"}, b""),
        "/v1/health": (200, {}, b"[]"),
        "/": (200, {"content-security-policy": "default-src 'none'"}, b""),
    }

    def do_GET(self):
        unknown = (404, {"content-type": "text/html"}, b"")
        status, headers, body = self.ANSWERS.get(self.path.split("?")[0], unknown) if self.headers["host"] == HOST else (421, {}, b"")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Scripts(unittest.TestCase):
    def setUp(self):
        self.home = Path(self.enterContext(tempfile.TemporaryDirectory()))
        site = self.enterContext(ThreadingHTTPServer(("127.0.0.1", 0), Site))
        threading.Thread(target=site.serve_forever, daemon=True).start()
        self.addCleanup(site.shutdown)
        self.endpoint = f"http://127.0.0.1:{site.server_port}"
        for folder in ("scripts", "aws"):
            shutil.copytree(ROOT / folder, self.home / folder, ignore=shutil.ignore_patterns("__pycache__"))
        # What makes a clone of it.
        (self.home / "Cargo.toml").touch()
        for name in ("template.yaml", "samconfig.toml", "checks/stack.json"):
            (self.home / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, self.home / name)
        tools = self.home / "cache/tools/bin"
        tools.mkdir(parents=True)
        for program in [*(self.home / "scripts" / name for name in BUILDERS), tools / "aws", tools / "cargo"]:
            program.write_text(RECORDER)
            program.chmod(0o755)
        (self.home / "site/dist").mkdir(parents=True)
        (self.home / "site/dist/index.html").touch()
        self.build("arm64")

    def build(self, architecture, mode=0o755):
        folder = self.home / ".aws-sam/build"
        for function in FUNCTIONS:
            program = folder / function / "bootstrap"
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_bytes(b"\x7fELF".ljust(18, b"\0") + MACHINES[architecture])
            program.chmod(mode)
        shutil.copy(ROOT / "template.yaml", folder)
        template = (folder / "template.yaml").read_text()
        for function in re.findall(r"^  (\w+Function):$", template, re.M):
            template = re.sub(rf"(^  {function}:\n(?:    .*\n)*?      CodeUri: ).*", rf"\g<1>{function}", template, flags=re.M)
        (folder / "template.yaml").write_text(template)

    def run_script(self, name, *arguments, answers=DEPLOYED, **environ):
        """A script's exit status, its output and its calls, in this order."""
        (self.home / "answers.json").write_text(json.dumps(answers))
        calls = self.home / "calls.jsonl"
        calls.write_text("")
        done = subprocess.run(
            [self.home / "scripts" / name, *arguments],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "RESUME_COUNTER_CACHE": str(self.home / "cache"),
                "AWS_REGION": "eu-central-2",
                "AWS_ENDPOINT_URL": self.endpoint,
                "AWS_ACCESS_KEY_ID": "AKIA",
                "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_SESSION_TOKEN": "session",
                "AWS_PROFILE": "owner",
                "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "token",
                "CALLS": str(calls),
                "ANSWERS": str(self.home / "answers.json"),
                **environ,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.calls = [json.loads(line) for line in calls.read_text().splitlines()]
        self.lines = [" ".join(called) for called, _ in self.calls if called[0] != "setup"]
        return done.returncode, done.stdout

    def deploy(self, *arguments, **more):
        return self.run_script("deploy", "--yes", *arguments, **more)

    def deployed(self):
        """The deployments of the stack itself."""
        return self.called("cloudformation deploy --stack-name")

    def called(self, part):
        return [line for line in self.lines if part in line]

    def test_everything_is_built_before_aws_is_asked_and_knows_nothing_of_who_asks(self):
        status, output = self.deploy()
        self.assertEqual(status, 0, output)
        first_of_aws = next(i for i, (called, _) in enumerate(self.calls) if called[0] == "aws")
        builds = [i for i, (called, _) in enumerate(self.calls) if called[0] in ("build", "sbom") or called[:2] == ["sam", "build"]]
        self.assertEqual(len(builds), 3)
        self.assertLess(max(builds), first_of_aws)
        harmless = {"AWS_REGION": "eu-central-2", "AWS_DEFAULT_REGION": "eu-central-2"}
        closed = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
        for i in builds:
            self.assertEqual(self.calls[i][1], {**harmless, **closed, "AWS_EC2_METADATA_DISABLED": "true"})
        # And what deploys has the credentials.
        self.assertEqual(self.calls[first_of_aws][1]["AWS_PROFILE"], "owner")

    def test_building_alone_needs_no_account(self):
        status, output = self.run_script("deploy", "--build-only", "Architecture=x86_64")
        self.assertEqual(status, 0, output)
        self.assertEqual({called[0] for called, _ in self.calls} & {"aws"}, set())
        self.assertTrue(self.called("sam build")[0].endswith("--parameter-overrides Architecture=x86_64"))

    def test_nothing_is_built_that_cannot_be_deployed_in_the_end(self):
        for arguments, says in (([], "no terminal to ask on"), (["--yes", "--new-owner-token"], "no terminal to show the new token on")):
            status, output = self.run_script("deploy", *arguments)
            self.assertIn(says, output)
            self.assertEqual((status, self.calls), (1, []))

    def test_what_is_built_is_not_built_again(self):
        status, output = self.deploy("--skip-build")
        self.assertEqual(status, 0, output)
        self.assertEqual(self.called("sam build") + self.called("sbom"), [])
        self.assertEqual(len(self.deployed()), 1)

    def test_a_program_for_another_processor_is_not_deployed(self):
        intel = [[NAME, stack(facts={**FACTS, "Architecture": "x86_64"})], *DEPLOYED]
        status, output = self.deploy("--skip-build", answers=intel)
        self.assertIn("built for arm64, the stack is for x86_64", output)
        self.assertEqual((status, self.deployed()), (1, []))
        self.build("x86_64")
        status, output = self.deploy("--skip-build", answers=intel)
        self.assertEqual(status, 0, output)

    def test_a_function_can_be_run_whatever_mode_its_file_has_lost(self):
        self.build("arm64", mode=0o644)
        kept = self.home / "kept"
        kept.mkdir()
        status, output = self.deploy("--skip-build", KEPT=str(kept))
        self.assertEqual(status, 0, output)
        for name in FUNCTIONS:
            with ZipFile(kept / f"{name}.zip") as archive:
                (entry,) = archive.infolist()
                self.assertEqual((entry.filename, entry.external_attr >> 16, entry.create_system), ("bootstrap", 0o100755, 3))

    def test_a_first_deployment_that_fails_is_gone_on_with(self):
        self.deploy("--skip-build", answers=new())
        self.assertIn("--disable-rollback", self.deployed()[0])
        self.deploy("--skip-build", answers=[[NAME, stack("CREATE_FAILED")], *DEPLOYED])
        self.assertIn("--disable-rollback", self.deployed()[0])
        self.assertEqual(self.called("list-tables"), [])
        self.deploy("--skip-build")
        self.assertNotIn("--disable-rollback", self.deployed()[0])

    def test_a_stack_that_was_rolled_back_names_the_way_out(self):
        status, output = self.deploy("--skip-build", answers=[[NAME, stack("ROLLBACK_COMPLETE")], *DEPLOYED])
        self.assertEqual(status, 1)
        self.assertIn("scripts/destroy --with-data", output)

    def test_versions_of_an_update_that_was_undone_are_out_of_the_way(self):
        function = "arn:aws:lambda:eu-central-2:123456789012:function:resume-counter-CounterFunction-X"
        versions = [
            ["list-stack-resources", resource("AWS::Lambda::Version", f"{function}:3")],
            ["list-versions-by-function", {"Versions": [{"Version": one} for one in ("$LATEST", "2", "3", "4")]}],
            ["get-alias", {"FunctionVersion": "4"}],
        ]
        status, output = self.deploy("--skip-build", answers=[*versions, *DEPLOYED])
        self.assertEqual(status, 0, output)
        self.assertEqual(
            self.called("lambda delete-function"),
            [f"aws lambda delete-function --function-name {function} --qualifier 4 --output json"],
        )
        self.assertTrue(self.called("lambda update-alias")[0].endswith("--name live --function-version 3 --output json"))
        self.assertLess(self.lines.index(self.called("delete-function")[0]), self.lines.index(self.deployed()[0]))

    def test_a_name_that_aws_would_refuse_late_is_refused_at_once(self):
        for name in ("s" * 27, "Resume", "1st", "resume_counter"):
            status, output = self.deploy("--skip-build", "--stack-name", name, answers=new())
            self.assertIn("a stack's name has up to 26", output)
            self.assertEqual((status, self.deployed()), (1, []))
        status, output = self.deploy("--skip-build", "--stack-name", "s" * 26, answers=new())
        self.assertEqual(status, 0, output)

    def test_a_stage_is_a_stack_beside_the_first(self):
        tables = new("visits", "job-offers", "CloudResumeCounterHits")
        status, output = self.deploy("--skip-build", answers=tables)
        self.assertIn("there is a table CloudResumeCounterHits already", output)
        status, output = self.deploy("--skip-build", "--stage", "staging", answers=tables)
        self.assertEqual(status, 0, output)
        (deployed,) = self.deployed()
        self.assertIn("--stack-name staging-resume-counter", deployed)
        self.assertIn("Stage=staging", deployed)
        _, output = self.deploy("--skip-build", "--stage", "staging", answers=new("visits-staging"))
        self.assertIn("there is a table visits-staging already", output)

    def test_a_token_comes_with_a_version_of_its_own(self):
        self.deploy("--skip-build", f"OwnerTokenSha256={'0f' * 32}")
        self.assertRegex(self.deployed()[0], r"OwnerTokenSha256=(?:0f){32} .*OwnerTokenVersion=20\d\d-")

    def test_the_role_that_changes_the_stack_is_told_and_may_be_another(self):
        bound = [[NAME, stack(RoleARN="arn:aws:iam::1:role/deploy/old")], *DEPLOYED]
        _, output = self.deploy("--skip-build", answers=bound)
        self.assertIn("CloudFormation changes it by arn:aws:iam::1:role/deploy/old.", output)
        self.deploy("--skip-build", "--role-arn", "arn:aws:iam::1:role/deploy/new", answers=bound)
        self.assertIn("--role-arn arn:aws:iam::1:role/deploy/new", self.deployed()[0])

    def test_the_budget_is_made_in_us_east_1_for_an_address(self):
        with_email = [
            [NAME, stack(facts={**FACTS, "AlarmEmail": "me@example.com"})],
            ["list-stack-resources", resource("AWS::IAM::Role", "role-1", "role-2")],
            *DEPLOYED,
        ]
        status, output = self.deploy("--skip-build", "MonthlyBudget=20", answers=with_email)
        self.assertEqual(status, 0, output)
        (made,) = self.called("budget.yaml")
        for part in ("--region us-east-1", "Email=me@example.com", "Roles=role-1,role-2", "Amount=20"):
            self.assertIn(part, made)
        self.assertNotIn("MonthlyBudget", self.deployed()[0])
        self.deploy("--skip-build")
        self.assertEqual(self.called("budget.yaml"), [])

    def test_a_pipeline_asks_for_no_budget(self):
        self.deploy("--skip-build", CI="true")
        self.assertEqual(self.called("us-east-1"), [])

    def test_the_gate_closes_both_apis_and_opens_them_as_they_were(self):
        apis = [["list-stack-resources", resource("AWS::ApiGatewayV2::Api", "api1", "api2")], *DEPLOYED]
        site = [["get-distribution-config", {"ETag": "E1", "DistributionConfig": {"Enabled": True}}]]
        for command, limits in (("close", "ThrottlingRateLimit=0,ThrottlingBurstLimit=0"), ("open", "ThrottlingRateLimit=10,ThrottlingBurstLimit=20")):
            status, output = self.run_script("gate", command, answers=site + apis)
            self.assertEqual(status, 0, output)
            for api in ("api1", "api2"):
                (line,) = self.called(f"--api-id {api}")
                self.assertTrue(line.endswith(f"--stage-name $default --default-route-settings {limits} --output json"), line)
            self.assertEqual(self.called("update-distribution"), [])
        self.run_script("gate", "--site", "close", answers=site + apis)
        self.assertIn("--id E123 --if-match E1", self.called("update-distribution")[0])

    def test_one_functions_code_is_put_up_alone(self):
        function = [
            ["describe-stack-resource ", {"StackResourceDetail": {"PhysicalResourceId": "the-function"}}],
            ["update-function-code", {"Version": "7"}],
            *DEPLOYED,
        ]
        status, output = self.deploy("--function", "jobs-api", answers=function)
        self.assertEqual(status, 0, output)
        self.assertIn("--logical-resource-id JobsApiFunction", self.called("describe-stack-resource ")[0])
        self.assertEqual(self.called("functions"), ["functions jobs-api"])
        self.assertTrue(self.called("update-alias")[0].endswith("--name live --function-version 7 --output json"))
        self.assertEqual(self.called("sam "), [])
        status, output = self.deploy("--function", "none", answers=function)
        self.assertIn("there is no function none: counter visits items jobs-split jobs-store jobs-api", output)

    def test_what_deploys_is_python_as_a_mac_has_it_and_nothing_else(self):
        files = sorted((ROOT / "aws").glob("*.py"))
        own = {file.stem for file in files}
        for file in files:
            tree = ast.parse(file.read_text(), feature_version=(3, 9))
            for node in ast.walk(tree):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
                for name in names:
                    self.assertIn(name.split(".")[0], own | sys.stdlib_module_names, file.name)

    def test_a_script_that_cannot_work_on_a_system_says_so_at_once(self):
        uname = self.home / "uname"
        uname.write_text("#!/bin/sh\necho Darwin\n")
        uname.chmod(0o755)
        path = f"{self.home}:{os.environ['PATH']}"
        for script in ("setup", "run", "test", "deploy"):
            ran = subprocess.run([ROOT / "scripts" / script], env={**os.environ, "PATH": path}, capture_output=True, text=True)
            self.assertEqual(ran.returncode, 1)
            self.assertIn("need Linux, and this is Darwin", ran.stderr)

    def test_sam_local_gets_a_store_that_its_containers_reach(self):
        store = self.home / "target/debug/resume-counter"
        store.parent.mkdir(parents=True)
        store.write_text(STORE)
        docker = self.home / "cache/tools/bin/docker"
        docker.write_text(RECORDER)
        for program in (store, docker):
            program.chmod(0o755)
        python = self.home / "cache/tools/venv/aws/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
        engine = [["docker network inspect", "172.17.0.1"], ["docker info", "Debian"], ["sam local", ""]]
        status, output = self.run_script("local-api", "start-api", "--port", "3001", answers=engine)
        self.assertEqual(status, 0, output)
        (called, environ), = [(called, environ) for called, environ in self.calls if called[:2] == ["sam", "local"]]
        options = dict(zip(called[3::2], called[4::2]))
        self.assertEqual((called[2], options["--port"], options["--add-host"]), ("start-api", "3001", "host.docker.internal:host-gateway"))
        # Those of the store, and none of the owner's.
        self.assertEqual(
            {name: value for name, value in environ.items() if name.startswith("AWS_")},
            {"AWS_ACCESS_KEY_ID": "the-key", "AWS_SECRET_ACCESS_KEY": "the-secret", "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"},
        )
        # The folder of the file is gone with the command, so it is made again here.
        variables = subprocess.check_output(
            [sys.executable, self.home / "scripts/local_env.py", "http://host.docker.internal:8000", "token", "VisitsFunction"], text=True
        )
        self.assertEqual(
            dict(line.split("=", 1) for line in variables.splitlines()),
            {
                "DYNAMODB_ENDPOINT": "http://host.docker.internal:8000",
                "METRICS_NAMESPACE": "",
                "VISITS_TABLE": "visits",
                "SALTS_TABLE": "visits-salts",
                "COUNTED_HOSTS": "",
                "MAX_PAGES": "1000",
                "VISIT_RETENTION_DAYS": "0",
                "VISIT_TIME_ZONE": "UTC",
                "OWNER_TOKEN_SHA256": "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0",
                "CLOUDFRONT_SECRET": "",
            },
        )


if __name__ == "__main__":
    unittest.main()
