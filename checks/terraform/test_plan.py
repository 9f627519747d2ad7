"""Terraform's own check of terraform/, with a provider that only knows the
schema: names, types, references and expressions are checked, values are not."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import local
import provider
import systems
import template
import test_schema
import test_topology

BINARIES = tuple(local.MAINS)
EVERYTHING = {
    "alarm_email": "owner@example.com",
    "gradual_deployment": "true",
    "owner_origin": "https://example.com",
    "reserved_concurrency": "2",
    "domain_name": "www.example.com",
    "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/0f",
    "hosted_zone_id": "Z0EXAMPLE",
    "stage": "staging",
    "permissions_boundary": "arn:aws:iam::123456789012:policy/deploy/boundary",
}


@unittest.skipUnless(shutil.which("terraform"), "terraform is not installed")
class Plan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        test_schema.Schema.setUpClass()
        home = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.folder = home / "terraform"
        shutil.copytree(
            test_schema.ROOT, cls.folder, ignore=shutil.ignore_patterns(".terraform*", "*.tfvars", "*.tfstate*")
        )
        # This applies nothing to any account.
        (cls.folder / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
        for binary in BINARIES:
            package = home / "packages" / binary / "bootstrap.zip"
            package.parent.mkdir(parents=True)
            package.touch()
        # Settings of the user's own are left out.
        (home / "terraform.rc").touch()
        calling = cls.enterClassContext(provider.serving(test_schema.Schema.schema, home / "socket"))
        cls.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TF_")},
            **calling,
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(home / "terraform.rc"),
            "TF_VAR_packages": str(home / "packages"),
        }
        status, output = cls.terraform("init")
        if status:
            raise AssertionError(output)

    @classmethod
    def terraform(cls, command, *arguments):
        """Runs a command and returns its status and output."""
        flags = {"state": [], "show": ["-no-color"], "validate": ["-no-color"]}
        arguments = [command, *flags.get(command, ["-no-color", "-input=false"]), *arguments]
        done = subprocess.run(
            ["terraform", f"-chdir={cls.folder}", *arguments],
            env=cls.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if command != "show" else subprocess.DEVNULL,
        )
        return done.returncode, done.stdout

    def plan(self, variables={}):
        return self.terraform("plan", "-out=plan", *(f"-var={name}={value}" for name, value in variables.items()))

    def planned(self, variables={}):
        """The planned resources: the kind of each, and its arguments."""
        status, output = self.plan(variables)
        self.assertEqual(status, 0, output)
        _, output = self.terraform("show", "-json", "plan")
        return [(change["type"], change["change"]["after"]) for change in json.loads(output)["resource_changes"]]

    def kinds(self, variables={}):
        return [kind for kind, _ in self.planned(variables)]

    def test_the_configuration_is_valid(self):
        status, output = self.terraform("validate")
        self.assertEqual(status, 0, output)

    def test_by_default_there_is_no_alarm_that_costs_money(self):
        made = self.kinds()
        self.assertEqual(made.count("aws_lambda_function"), len(BINARIES))
        self.assertEqual(made.count("aws_cloudwatch_metric_alarm"), 2)
        paid = {"aws_sns_topic", "aws_budgets_budget", "aws_codedeploy_app", "aws_route53_record"}
        self.assertEqual(paid & set(made), set())

    def test_the_modules_make_what_they_are_told(self):
        made = self.planned({"throttle_rate": "7", "memory_size": "256", "reserved_concurrency": "3"})

        def arguments(kind):
            return [arguments for made, arguments in made if made == kind]

        self.assertEqual({route["route_key"] for route in arguments("aws_apigatewayv2_route")}, set(local.STACK["routes"]))
        stages = [stage["default_route_settings"] for stage in arguments("aws_apigatewayv2_stage")]
        self.assertEqual(
            [(one["throttling_rate_limit"], one["throttling_burst_limit"]) for (one,) in stages], [(7, 10)] * 2
        )
        functions = {
            one["function_name"].removeprefix("resume-counter-"): one for one in arguments("aws_lambda_function")
        }
        self.assertEqual(set(functions), set(BINARIES))
        for name, function in functions.items():
            # A resource that is yet to be made has no name in a plan.
            told = {"QUEUE_URL", *function["environment"][0]["variables"]}
            self.assertLessEqual({"DYNAMODB_ENDPOINT", "METRICS_NAMESPACE", *local.variables(name)}, told)
            reserved = 3 if name in local.STACK["routes"].values() else -1
            self.assertEqual((function["memory_size"], function["reserved_concurrent_executions"]), (256, reserved))
            self.assertEqual(function["filename"].split("/")[-2], name)

    def test_of_a_system_that_is_left_out_nothing_is_made(self):
        whole = template.expand(template.load())
        routes = {name: method for name, method in local.STACK["routes"].items()}
        of_function = {one["function"]: system for system, one in local.STACK["systems"].items()}
        for choice in systems.CHOICES:
            with self.subTest(systems.choice(choice)):
                planned = self.planned({**EVERYTHING, "systems": systems.choice(choice)})
                made = [kind for kind, _ in planned]
                theirs = [one["Type"].removeprefix("AWS::") for one in systems.only(whole, choice)["Resources"].values()]
                for type, kind in test_topology.NAMES.items():
                    self.assertEqual(made.count(f"aws_{kind}"), theirs.count(type), type)
                self.assertEqual(
                    {route["route_key"] for kind, route in planned if kind == "aws_apigatewayv2_route"},
                    {route for route, function in routes.items() if of_function[function] in {"counter", *choice}},
                )
                (site,) = [one for kind, one in planned if kind == "aws_cloudfront_distribution"]
                paths = [one["path_pattern"] for one in site["ordered_cache_behavior"]]
                of_paths = {"/visits*": "visits", "/v1/*": "jobs"}
                self.assertEqual(paths, ["/counter", "/badge.*", *(path for path, one in of_paths.items() if one in choice)])
                self.assertEqual(len(site["origin"]), 2 + (len(paths) > 2))

    def test_what_is_asked_for_is_made(self):
        planned = self.planned(EVERYTHING)
        made = [kind for kind, _ in planned]
        tables = {arguments["name"] for kind, arguments in planned if kind == "aws_dynamodb_table"}
        self.assertLessEqual({"visits-staging", "CloudResumeCounterHits-staging"}, tables)
        roles = [arguments for kind, arguments in planned if kind == "aws_iam_role" and "deployment" not in arguments["name_prefix"]]
        self.assertEqual({role["permissions_boundary"] for role in roles}, {EVERYTHING["permissions_boundary"]})
        self.assertEqual(made.count("aws_cloudwatch_metric_alarm"), 2 + 3 + 2 * len(BINARIES))
        self.assertEqual(made.count("aws_codedeploy_deployment_group"), len(BINARIES))
        self.assertEqual(made.count("aws_route53_record"), 2)
        self.assertEqual((made.count("aws_sns_topic"), made.count("aws_budgets_budget")), (1, 1))

    def test_what_is_destroyed_is_all_but_the_data(self):
        status, output = self.terraform("apply", "-auto-approve")
        self.assertEqual(status, 0, output)
        status, output = self.terraform("plan", "-destroy")
        self.assertIn("Instance cannot be destroyed", output)
        done = subprocess.run(
            [self.folder / "plan-destroy", "-input=false", "-out=plan"],
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        status, output = self.terraform("apply", "plan")
        self.assertEqual(status, 0, output)
        _, left = self.terraform("state", "list")
        left = {line.removesuffix("[0]") for line in left.split() if not line.startswith("data.")}
        of_buckets = {
            f"aws_s3_bucket{what}.{bucket}"
            for bucket in ("jobs", "site")
            for what in (
                "",
                "_lifecycle_configuration",
                "_ownership_controls",
                "_public_access_block",
                "_server_side_encryption_configuration",
            )
        }
        tables = {f"aws_dynamodb_table.{table}" for table in ("counter", "visits", "order", "manager", "jobs")}
        queues = {"aws_sqs_queue.jobs_dead_letters", "aws_sqs_queue.jobs_unread_files"}
        self.assertEqual(left, of_buckets | {"aws_s3_bucket_versioning.site"} | tables | queues)
        # And the rest can be made for them anew.
        status, output = self.terraform("apply", "-auto-approve")
        self.assertEqual(status, 0, output)
        # A system is not taken out with its data, unless Terraform is told to forget that.
        without = "-var=systems=visits,jobs"
        status, output = self.terraform("plan", without)
        self.assertIn("Instance cannot be destroyed", output)
        guide = (test_schema.ROOT / "README.md").read_text()
        forget = re.search(r"^terraform state rm (.*items.*|.*order.*)$", guide, re.M)[1]
        status, output = self.terraform("state", "rm", *re.findall(r"'([^']+)'", forget))
        self.assertEqual(status, 0, output)
        status, output = self.terraform("apply", "-auto-approve", without)
        self.assertEqual(status, 0, output)
        _, left = self.terraform("state", "list")
        self.assertEqual([line for line in left.split() if re.search("item|order|manager", line)], [])

    def test_what_cannot_be_is_refused_in_a_sentence(self):
        for variables, sentence in (
            ({"domain_name": "www.example.com"}, "An own domain needs certificate_arn."),
            ({"owner_token_sha256": "my token"}, "SHA-256 in 64 hexadecimal digits"),
            ({"allowed_origins": "example.com"}, "origins such as https://example.com"),
            ({"script_hashes": "'unsafe-inline'"}, "sources such as 'sha256-…'"),
            ({"stack_name": "Résumé"}, "small letters, digits and hyphens"),
        ):
            status, output = self.plan(variables)
            self.assertEqual(status, 1, variables)
            self.assertIn(sentence, " ".join(output.replace("│", " ").split()))


if __name__ == "__main__":
    unittest.main()
