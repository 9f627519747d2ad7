"""The template as CloudFormation gets it, SAM's additions included, in every region
and with every parameter at another value than its default: mistakes that
CloudFormation would refuse, and names that are too long for AWS."""

import copy
import json
import re
import unittest

from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cfnlint.helpers import REGIONS

from template import ROOT, expand, load, ref

COMMERCIAL = [region for region in REGIONS if not re.match("cn-|us-gov-|us-iso|eu-iso|eusc-", region)]
# Values of parameters that have no list of values: a digest, an ARN and so on.
EXAMPLES = {
    "Stage": "staging",
    "AllowedOrigins": "https://example.com",
    "CountedHosts": "example.com,example.net",
    "OwnerTokenSha256": "0123456789abcdef" * 4,
    "OwnerTokenVersion": "2",
    "OwnerOrigin": "https://example.com",
    "DomainName": "www.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0f",
    "HostedZoneId": "Z0EXAMPLE",
    "ScriptHashes": "'sha256-AAAA='",
    "AlarmEmail": "owner@example.com",
    "PermissionsBoundary": "arn:aws:iam::123456789012:policy/deploy/boundary",
}
# The greatest length of a resource's name, given or made up by AWS, by its type:
# https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
LONGEST = {
    "AWS::ApiGatewayV2::Api": 128,
    "AWS::CloudFront::CachePolicy": 128,
    "AWS::CloudFront::Function": 64,
    "AWS::CloudFront::OriginAccessControl": 64,
    "AWS::CloudFront::OriginRequestPolicy": 128,
    "AWS::CloudFront::ResponseHeadersPolicy": 128,
    "AWS::CloudWatch::Alarm": 255,
    "AWS::CloudWatch::Dashboard": 255,
    "AWS::CodeDeploy::Application": 100,
    "AWS::CodeDeploy::DeploymentGroup": 100,
    "AWS::DynamoDB::Table": 255,
    "AWS::IAM::ManagedPolicy": 128,
    "AWS::IAM::Role": 64,
    "AWS::Lambda::Function": 64,
    "AWS::Logs::LogGroup": 512,
    "AWS::S3::Bucket": 63,
    "AWS::SNS::Topic": 256,
    "AWS::SQS::Queue": 80,
}
# A hyphen, and the text that CloudFormation adds to the resource's name in the template.
MADE_UP = 1 + 12


def another_value(name, parameter):
    """A value that the parameter may have, other than its default."""
    if name in EXAMPLES:
        return EXAMPLES[name]
    if "AllowedValues" in parameter:
        return next(value for value in parameter["AllowedValues"] if value != parameter["Default"])
    if parameter["Type"] == "Number":
        return parameter["Default"] + 1
    return f"{parameter['Default']}-2"


def expanded():
    """Each different template, with the parameter that makes the difference."""
    parameters = load()["Parameters"]
    names = [None, *parameters]
    found = {}
    for name in names:
        given = {name: another_value(name, parameters[name])} if name else {}
        found.setdefault(json.dumps(expand(load(), **given)), name or "defaults")
    return {name: json.loads(text) for text, name in found.items()}


def faults(template, regions=COMMERCIAL):
    # The switch of a certificate is a condition that the linter does not follow.
    found = lint(json.dumps(template), config=ManualArgs(regions=regions, ignore_checks=["W"]))
    return sorted({f"{fault.rule.id} {fault.message}" for fault in found})


class Expanded(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.templates = expanded()

    def test_cloudformation_takes_it_in_every_region_and_with_every_switch(self):
        self.assertGreater(len(COMMERCIAL), 30)
        self.assertIn("GradualDeployment", self.templates)
        for name, template in self.templates.items():
            with self.subTest(name):
                self.assertEqual(faults(template), [])

    def test_a_circle_and_a_type_that_a_region_lacks_would_be_found(self):
        template = copy.deepcopy(self.templates["GradualDeployment"])
        alarms = template["Resources"]["CounterFunctionDeploymentGroup"]["Properties"]["AlarmConfiguration"]
        alarms["Fn::If"][1]["Alarms"][0]["Name"] = ref("CounterApi5xxAlarm")
        self.assertTrue(any(fault.startswith("E3004") for fault in faults(template, ["us-east-1"])))
        budget = {"Type": "AWS::Budgets::Budget", "Properties": {"Budget": {"BudgetType": "COST", "TimeUnit": "DAILY"}}}
        template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Budget": budget}}
        self.assertEqual(faults(template, ["us-east-1"]), [])
        self.assertTrue(any(fault.startswith("E3006") for fault in faults(template, ["us-east-1", "eu-central-2"])))

    def test_names_fit_at_their_longest(self):
        (longest,) = re.findall(r'"\[a-z\]\[a-z0-9-\]\{0,(\d+)\}"', (ROOT / "aws/deploy.py").read_text())
        stack = "s" * (1 + int(longest))
        parameters = load()["Parameters"]
        values = {"AWS::StackName": stack, "AWS::Region": max(COMMERCIAL, key=len), "Stage": "s" * 11}
        for name, parameter in parameters.items():
            if name.endswith(("TableName", "TableNameParameter")):
                values[name] = "t" * int(re.search(r",(\d+)\}$", parameter["AllowedPattern"])[1])

        def texts(value):
            """Every text that a name may become."""
            match value:
                case {"Fn::If": [_, *branches]}:
                    return [text for branch in branches for text in texts(branch)]
                case {"Fn::Sub": text}:
                    return [re.sub(r"\$\{([\w:]+)\}", lambda name: values[name[1]], text)]
                case {"Ref": name}:
                    return [values[name]]
            return [value]

        for template in self.templates.values():
            for name, resource in template["Resources"].items():
                properties = resource.get("Properties", {})
                properties = next((v for k, v in properties.items() if k.endswith("Config") and "Name" in v), properties)
                kind = resource["Type"].split("::")[-1]
                given = next((properties[key] for key in (f"{kind}Name", "Name", "TableName", "AlarmName", "LogGroupName") if key in properties), None)
                if resource["Type"] in LONGEST:
                    made = texts(given) if given else ["-".join([stack, name]) + MADE_UP * "x"]
                    for text in made:
                        self.assertLessEqual(len(text), LONGEST[resource["Type"]], f"{name}: {text}")

    def test_a_versions_description_fits_at_its_longest(self):
        parameters = load()["Parameters"]
        longest = {"OwnerTokenVersion": 32}
        for name, parameter in parameters.items():
            if "AllowedValues" in parameter:
                longest[name] = max(len(str(value)) for value in parameter["AllowedValues"])
            elif "MaxLength" in parameter or "MaxValue" in parameter:
                longest[name] = parameter.get("MaxLength") or len(str(parameter["MaxValue"]))
            elif name.endswith(("TableName", "TableNameParameter")):
                longest[name] = int(re.search(r",(\d+)\}$", parameter["AllowedPattern"])[1])
        tables = 12 + max(size for name, size in longest.items() if "TableName" in name)
        for name, resource in self.templates["defaults"]["Resources"].items():
            if resource["Type"] == "AWS::Lambda::Version":
                text = resource["Properties"]["Description"]["Fn::Sub"]
                filled = re.sub(r"\$\{(\w+)\}", lambda name: "x" * longest.get(name[1], tables), text)
                self.assertLessEqual(len(filled), 256, name)


if __name__ == "__main__":
    unittest.main()
