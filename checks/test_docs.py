"""The documents say what the template says."""

import re
import subprocess
import unittest
from pathlib import Path

from cfnlint.decode import cfn_yaml

import cost

ROOT = Path(__file__).parent.parent
TEMPLATE = cfn_yaml.load(str(ROOT / "template.yaml"))
BUDGET = cfn_yaml.load(str(ROOT / "aws/budget.yaml"))


def anchors(text):
    """The names that a Markdown page's headings have in links."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def names_of_tests():
    """Of functions in Rust and Python, and of tests in JavaScript."""
    files = subprocess.run(["git", "ls-files", "*.rs", "*.py", "*.js"], cwd=ROOT, capture_output=True, check=True, text=True)
    names = set()
    for file in files.stdout.splitlines():
        text = (ROOT / file).read_text()
        names |= set(re.findall(r"^\s*(?:async )?fn (\w+)|^\s*def (test_\w+)|^\s*test\(['`](.+?)['`],", text, re.M))
    return {name for alternatives in names for name in alternatives if name}


class Docs(unittest.TestCase):
    def test_what_is_promised_has_a_test(self):
        names = names_of_tests()
        threats = (ROOT / "docs/threat-model.md").read_text()
        one_machine = (ROOT / "docs/one-machine.md").read_text()
        rows = [row for row in re.findall(r"^\|(.*)\|$", threats, re.M) if not re.search(r"---|tests? $", row)]
        self.assertGreater(len(rows), 30)
        paragraphs = re.split(r"\n\n|\n(?=\d\. |- )", one_machine[one_machine.index("\n## ") :])
        promises = [text for text in paragraphs if re.search(r"\w\.$", text.strip()) or "(`" in text]
        for promise in [*(row.rsplit("|", 1)[1] for row in rows), *promises]:
            with self.subTest(promise=promise):
                self.assertTrue(set(re.findall(r"`([^`]+)`", promise)) & names)
        for text in (threats, one_machine):
            for name in re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+){3,})`", text):
                with self.subTest(name=name):
                    self.assertTrue(name in names, "no test has this name")

    def test_the_guide_lists_every_parameter_with_its_default(self):
        rows = re.findall(r"^\| (`[A-Z].*?) \| (.*?) \|", (ROOT / "docs/deploy.md").read_text(), re.M)
        listed = {}
        for names, defaults in rows:
            names = re.findall(r"`(\w+)`", names)
            defaults = re.findall(r"nothing|[\w./*-]+(?:,[\w./*-]+)*", defaults.split(", which ")[0])
            # One default may stand for several parameters.
            listed |= dict(zip(names, defaults * len(names) if len(defaults) == 1 else defaults, strict=True))
        parameters = {**TEMPLATE["Parameters"], "MonthlyBudget": BUDGET["Parameters"]["Amount"]}
        self.assertEqual(listed, {name: str(one["Default"]) or "nothing" for name, one in parameters.items()})

    def test_the_names_of_the_systems_before_are_there(self):
        guide = (ROOT / "docs/deploy.md").read_text()
        names = set(re.findall(r"`([\w-]+)`", guide[guide.index("## Names of the systems before") :])) - {"date", "place"}
        self.assertGreater(len(names), 15)
        terraform = set(re.findall(r'^output "(\w+)"', (ROOT / "terraform/outputs.tf").read_text(), re.M))
        defaults = {str(one["Default"]) for one in TEMPLATE["Parameters"].values()}
        self.assertEqual(names - {*TEMPLATE["Outputs"], *TEMPLATE["Parameters"]} - terraform - defaults, set())

    def test_the_operations_guide_knows_every_alarm(self):
        guide = (ROOT / "docs/operations.md").read_text()
        table = guide[guide.index("| alarm |") : guide.index("## Logs")]
        # …FunctionErrorsAlarm stands for the alarm of every function.
        listed = [re.escape(name).replace("…", r"\w+") for name in re.findall(r"`(\S+Alarm)`", table)]
        alarms = [name for name, one in TEMPLATE["Resources"].items() if one["Type"] == "AWS::CloudWatch::Alarm"]
        self.assertTrue(alarms)
        for alarm in alarms:
            self.assertTrue(any(re.fullmatch(name, alarm) for name in listed), alarm)
        for name in listed:
            self.assertTrue(any(re.fullmatch(name, alarm) for alarm in alarms), name)

    def test_commands_can_be_typed(self):
        for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
            for commands in re.findall(r"^```sh\n(.*?)^```$", page.read_text(), re.M | re.S):
                # A placeholder such as <name> is no redirection.
                commands = re.sub(r"<[\w ./]+>", "something", commands)
                with self.subTest(page=page.name, commands=commands):
                    shell = subprocess.run(["bash", "-n"], input=commands, stderr=subprocess.PIPE, text=True)
                    self.assertEqual((shell.returncode, shell.stderr), (0, ""))

    def test_links_lead_somewhere(self):
        pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
        for page in pages:
            for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
                if re.match(r"[a-z]+:", link):
                    continue
                with self.subTest(page=page.name, link=link):
                    path, _, anchor = link.partition("#")
                    target = page.parent / path if path else page
                    self.assertTrue(target.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(target.read_text()))

    def test_the_costs_are_those_that_are_computed(self):
        for table in (cost.table(), cost.worst(), cost.pipelines()):
            self.assertIn(f"\n\n{table}\n\n", (ROOT / "docs/cost.md").read_text())

    def test_a_visit_by_a_link_costs_as_much_more_as_is_computed(self):
        for page in ("docs/cost.md", "docs/visits.md"):
            self.assertIn(f"one item more: ${cost.by_link():.3f} per million", (ROOT / page).read_text())

    def test_the_costs_of_each_system_are_those_that_are_computed(self):
        counter, visits = (f"${cost.a_million(lines):.0f}" for lines in (cost.WITH_COUNTER_ALONE, cost.PER_VISIT))
        asked = re.findall(r"^  (\S+) .*  nothing +(\$\d+)(?:\"{3})?$", (ROOT / "aws/deploy.py").read_text(), re.M)
        self.assertEqual(asked, [("counter", counter), ("visits", visits), ("visits,items", visits), ("all", visits)])
        said = f"A million visits cost {counter} with the counter alone and {visits} with the log of visits beside it;"
        self.assertIn(said, (ROOT / "docs/cost.md").read_text())


if __name__ == "__main__":
    unittest.main()
