"""The Jenkinsfile: Groovy, in the sections of a declarative pipeline, and nothing
is changed but by the plan that was shown. Only Jenkins can tell whether it has the
plugins and takes each step's arguments."""

import unittest

from jenkinsfile import JENKINSFILE, parse

# https://www.jenkins.io/doc/book/pipeline/syntax/
PIPELINE = {"agent", "environment", "libraries", "options", "parameters", "post", "stages", "tools", "triggers"}
STAGE = {"agent", "environment", "failFast", "input", "options", "post", "tools", "when"}
WORK = {"matrix", "parallel", "stages", "steps"}
WHEN = {"allOf", "anyOf", "beforeAgent", "beforeInput", "beforeOptions", "branch", "buildingTag", "changelog",
        "changeRequest", "changeset", "environment", "equals", "expression", "not", "tag", "triggeredBy"}
POST = {"aborted", "always", "changed", "cleanup", "failure", "fixed", "notBuilt", "regression", "success",
        "unstable", "unsuccessful"}
INPUT = {"id", "message", "ok", "parameters", "submitter", "submitterParameter"}


class Jenkinsfile(unittest.TestCase):
    def setUp(self):
        (self.pipeline,) = parse(JENKINSFILE.read_bytes())
        self.stages = {stage.arguments: stage for stage in self.pipeline["stages"].blocks}

    def commands(self, stage):
        return [block.arguments for block in self.stages[stage]["steps"] if block.name == "sh"]

    def test_a_bracket_or_quote_that_is_missing_is_noticed(self):
        lines = JENKINSFILE.read_text().splitlines(keepends=True)
        missing = 0
        for row, line in enumerate(lines):
            # Within a comment, and a string with an expression in it, it may be right.
            if "//" in line or '"' in line:
                continue
            for column in (column for column, letter in enumerate(line) if letter in "{}()'"):
                broken = lines[:row] + [line[:column] + line[column + 1 :]] + lines[row + 1 :]
                with self.subTest(line.strip()), self.assertRaises(SyntaxError):
                    parse("".join(broken).encode())
                missing += 1
        self.assertGreater(missing, 100)

    def test_sections_are_those_of_a_declarative_pipeline(self):
        self.assertEqual(self.pipeline.name, "pipeline")
        self.assertLessEqual({"agent", "stages"}, set(self.pipeline.names()))
        self.assertLessEqual(set(self.pipeline.names()), PIPELINE)
        for stage in self.pipeline["stages"].blocks:
            with self.subTest(stage.arguments):
                self.assertEqual(stage.name, "stage")
                self.assertLessEqual(set(stage.names()), STAGE | WORK)
                self.assertEqual(len(WORK.intersection(stage.names())), 1)
        for block in self.pipeline:
            allowed = {"when": WHEN, "post": POST, "input": INPUT}.get(block.name)
            if allowed:
                self.assertLessEqual(set(block.names()), allowed)

    def test_the_stages_come_in_this_order(self):
        self.assertEqual(
            list(self.stages),
            ["Checkout", "Unit Test", "Terraform init", "Terraform plan", "Terraform apply", "Terraform destroy"],
        )

    def test_what_is_applied_is_the_plan_that_was_shown(self):
        self.assertEqual(
            self.commands("Terraform plan"),
            [
                "scripts/functions",
                "scripts/e2e --built target/lambda",
                "scripts/build site",
                "scripts/sbom",
                'TF_VAR_script_hashes="$(../scripts/script-hashes)" $PLAN -out=shown.tfplan',
                "terraform show -no-color shown.tfplan",
            ],
        )
        upload = '../scripts/upload "$(terraform output -raw site_bucket)" "$(terraform output -raw site_distribution)"'
        self.assertEqual(self.commands("Terraform apply"), ["terraform apply shown.tfplan", upload])
        self.assertEqual(self.commands("Terraform destroy"), ["terraform apply shown.tfplan"])
        # Nowhere else is anything applied, and never without asking.
        text = JENKINSFILE.read_text()
        self.assertEqual(text.count("terraform apply"), 2)
        self.assertNotIn("auto-approve", text)
        self.assertNotIn("terraform destroy", text)

    def test_applying_and_destroying_ask_and_exclude_one_another(self):
        conditions = {
            "Terraform apply": ["beforeInput", "not", "expression", "params.DESTROY"],
            "Terraform destroy": ["beforeInput", "expression", "params.DESTROY"],
        }
        for stage, condition in conditions.items():
            with self.subTest(stage):
                when = self.stages[stage]["when"]
                self.assertEqual([block.name for block in when][1:], condition)
                self.assertEqual(when["beforeInput"].arguments, "true")
                self.assertTrue(self.stages[stage]["input"]["message"].arguments)
        # Terraform adds it to `terraform plan`.
        self.assertIn('''PLAN = "${params.DESTROY ? './plan-destroy' : 'terraform plan'}"''', JENKINSFILE.read_text())
        self.assertIn("defaultValue: false", self.pipeline["parameters"]["booleanParam"].arguments)


if __name__ == "__main__":
    unittest.main()
