"""template.yaml with each choice of systems: what is left out leaves nothing behind,
and nothing refers to it."""

import json
import os
import re
import unittest

from systems import CHOICES, SYSTEMS, choice, only
from template import ROOT, STACK, expand, load
from test_expanded import COMMERCIAL, faults

# What several systems need, by the systems that need it.
SHARED = {
    "OwnerApi": SYSTEMS,
    "OwnerApiLogGroup": SYSTEMS,
    "OwnerApi5xxAlarm": SYSTEMS,
    "OwnerApiApiGatewayDefaultStage": SYSTEMS,
    "OwnerApiCachePolicy": ("visits", "jobs"),
}
# The beginnings of the names of a system's resources.
NAMES = {"visits": ("Visits", "Salts"), "jobs": ("Jobs",), "items": ("Items", "OrderTable", "ManagerTable")}


def references(value):
    """Every name that `value` refers to, in texts of Fn::Sub, too."""
    match value:
        case {"Ref": name}:
            return {name}
        case {"Fn::GetAtt": [name, _]}:
            return {name}
        case {"Fn::GetAtt": str(path)}:
            return {path.split(".")[0]}
        case {"Fn::Sub": [text, values]}:
            return (references({"Fn::Sub": text}) - set(values)) | references(list(values.values()))
        case {"Fn::Sub": str(text)}:
            return set(re.findall(r"\$\{([\w:]+)", text))
        case dict():
            return set().union(*map(references, value.values()))
        case list():
            return set().union(*map(references, value))
    return set()


class Systems(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.whole = expand(load())
        cls.templates = {systems: only(cls.whole, systems) for systems in CHOICES}

    def test_the_choices_are_the_parameters(self):
        parameter = self.whole["Parameters"]["Systems"]
        self.assertEqual(sorted(parameter["AllowedValues"]), sorted(map(choice, CHOICES)))
        self.assertEqual(parameter["Default"], choice(SYSTEMS))
        self.assertEqual({*SYSTEMS, "counter"}, set(STACK["systems"]))

    def test_each_resource_belongs_to_one_system_or_is_said_to_be_shared(self):
        base = set(self.templates[()]["Resources"])
        needed = {}
        for system in SYSTEMS:
            for name in set(self.templates[(system,)]["Resources"]) - base:
                needed.setdefault(name, []).append(system)
        self.assertEqual(base | set(needed), set(self.whole["Resources"]))
        for name, systems in needed.items():
            with self.subTest(name):
                named = [system for system, names in NAMES.items() if name.startswith(names)]
                self.assertEqual(systems, named or list(SHARED[name]))
        self.assertEqual([name for name in base if name.startswith(sum(NAMES.values(), ("OwnerApi",)))], [])

    def test_nothing_refers_to_what_is_not_there(self):
        for systems, template in self.templates.items():
            with self.subTest(choice(systems)):
                known = {*template["Resources"], *template["Parameters"]}
                named = references([template["Resources"], template["Outputs"]])
                self.assertEqual({name for name in named - known if not name.startswith("AWS::")}, set())
                used = set(re.findall(r'"(?:Condition|Fn::If)": (?:\[)?"(\w+)"', json.dumps(template["Resources"])))
                self.assertLessEqual(used, set(template["Conditions"]))

    def test_routes_and_tables_are_those_of_the_program_for_one_machine(self):
        of_function = {one["function"]: system for system, one in STACK["systems"].items()}
        for systems, template in self.templates.items():
            with self.subTest(choice(systems)):
                wanted = {"counter", *systems}
                routes = {
                    f"{method.upper()} {path}"
                    for resource in template["Resources"].values()
                    if resource["Type"] == "AWS::ApiGatewayV2::Api"
                    for path, methods in resource["Properties"]["Body"]["paths"].items()
                    for method in methods
                }
                self.assertEqual(routes, {route for route, f in STACK["routes"].items() if of_function[f] in wanted})
                tables = {name for name, one in template["Resources"].items() if one["Type"] == "AWS::DynamoDB::Table"}
                self.assertEqual(tables, {name for name, one in STACK["tables"].items() if one["system"] in wanted})

    def test_the_site_leads_to_what_is_there(self):
        for systems, template in self.templates.items():
            with self.subTest(choice(systems)):
                site = template["Resources"]["SiteDistribution"]["Properties"]["DistributionConfig"]
                behaviours = {one["PathPattern"]: one["TargetOriginId"] for one in site["CacheBehaviors"]}
                expected = {"/counter": "counter-api", "/badge.*": "counter-api"}
                expected |= {"/visits*": "owner-api"} if "visits" in systems else {}
                expected |= {"/v1/*": "owner-api"} if "jobs" in systems else {}
                self.assertEqual(behaviours, expected)
                self.assertEqual({one["Id"] for one in site["Origins"]}, {"site", *expected.values()})

    def test_the_dashboard_shows_what_is_there(self):
        for systems, template in self.templates.items():
            with self.subTest(choice(systems)):
                body = template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
                widgets = json.loads(body)["widgets"]
                titles = [one["properties"]["title"] for one in widgets]
                self.assertEqual("Queues" in titles, "jobs" in systems)
                self.assertEqual(len(titles), 8 + ("jobs" in systems))

    def test_what_each_choice_is_made_of_and_costs_at_rest_is_in_the_guide(self):
        rows = ["| `Systems` | resources | at rest | resources with `AlarmEmail` | at rest |", "| --- | --: | --: | --: | --: |"]
        for systems, template in self.templates.items():
            resources = template["Resources"].values()
            cells = [f"`{choice(systems)}`" if systems else "`counter`"]
            for met in ({None}, {None, "Alarmed", "Notified"}):
                made = [one for one in resources if one.get("Condition") in met]
                # Ten alarms are free, and nothing else of these costs while nobody comes.
                alarms = sum(one["Type"] == "AWS::CloudWatch::Alarm" for one in made)
                cells += [str(len(made)), f"${max(0, alarms - 10) * 0.10:.2f}" if alarms > 10 else "nothing"]
            rows.append(f"| {' | '.join(cells)} |")
        self.assertIn("\n".join(rows), (ROOT / "docs/cost.md").read_text(), "\n" + "\n".join(rows))

    def test_cloudformation_takes_each(self):
        # As a region with everything, and one of the newest. `make lint-systems` asks for all.
        regions = COMMERCIAL if os.environ.get("ALL_REGIONS") else ["us-east-1", "eu-central-2"]
        for systems, template in self.templates.items():
            with self.subTest(choice(systems)):
                self.assertEqual(faults(template, regions), [])


if __name__ == "__main__":
    unittest.main()
