"""The template as CloudFormation gets it, SAM's additions included, for the tests."""

import json
import logging
import os
import unittest
from pathlib import Path
from types import SimpleNamespace

from cfnlint.decode import cfn_yaml
from samtranslator.translator.transform import transform

from systems import only

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "template.yaml"
# The routes, tables and queues of the program for one machine.
STACK = json.loads((ROOT / "checks/stack.json").read_text())
NO_VALUE = {"Ref": "AWS::NoValue"}

# The translator warns of its own code.
logging.getLogger("samtranslator").setLevel(logging.ERROR)


def load():
    """The template as it is written."""
    return json.loads(json.dumps(cfn_yaml.load(str(TEMPLATE))))


def expand(template, **parameters):
    """`template` as CloudFormation would get it, deployed with these parameters."""
    os.environ["AWS_DEFAULT_REGION"] = "us-east-1"  # the translator asks for one
    # As `sam package` does; the translator takes no local folder.
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    no_managed_policies = SimpleNamespace(load=dict)
    return transform(template, parameters, no_managed_policies)


def whole(**parameters):
    """The template with every system, deployed with these parameters."""
    return only(expand(load(), **parameters))


def ref(name):
    return {"Ref": name}


def table_name(parameter):
    """A table's name, which ends with the stage."""
    return {"Fn::If": ["Staged", {"Fn::Sub": f"${{{parameter}}}-${{Stage}}"}, ref(parameter)]}


def arn(name):
    return {"Fn::GetAtt": [name, "Arn"]}


class TemplateTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.template = whole()
        cls.resources = cls.template["Resources"]

    def properties(self, name):
        return self.resources[name]["Properties"]

    def invocation(self, name):
        """What a permission lets happen: the function, and the API and the route, such as `GET/counter`, that invoke it."""
        permission = dict(self.properties(name))
        source, values = permission.pop("SourceArn")["Fn::Sub"]
        function, alias, _ = permission.pop("FunctionName")["Ref"].partition("Aliaslive")
        self.assertEqual(alias, "Aliaslive")
        self.assertEqual(permission, {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"})
        before, route = source.split("${__ApiId__}/${__Stage__}/")
        self.assertTrue(before.endswith(":${AWS::AccountId}:"), source)
        return function, values["__ApiId__"]["Ref"], route

    def assert_function(self, name, environment, timeout=5, behind_http=True):
        """A small function with this environment, its own role and its own log."""
        function = dict(self.properties(name))
        del function["Code"], function["Description"], function["Tags"]
        if behind_http:
            reserved = {"Fn::If": ["Reserved", ref("ReservedConcurrency"), NO_VALUE]}
            self.assertEqual(function.pop("ReservedConcurrentExecutions"), reserved)
        self.assertEqual(
            function,
            {
                "Runtime": "provided.al2023",
                "Handler": "bootstrap",
                "Architectures": [ref("Architecture")],
                "MemorySize": ref("MemorySize"),
                "Timeout": timeout,
                "Role": arn(f"{name}IamRole"),
                "Environment": {
                    "Variables": {"DYNAMODB_ENDPOINT": "", "METRICS_NAMESPACE": ref("AWS::StackName"), **environment}
                },
                "TracingConfig": {"Mode": ref("Tracing")},
                "LoggingConfig": {
                    "LogGroup": ref(f"{name}LogGroup"),
                    "LogFormat": "JSON",
                    "SystemLogLevel": "WARN",
                },
            },
        )

    def assert_lasting_table(self, name, parameter, keys, more={}):
        """A table on demand with string keys, that survives the stack."""
        self.assertEqual(
            self.resources[name],
            {
                "Type": "AWS::DynamoDB::Table",
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": {
                    "TableName": table_name(parameter),
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in keys],
                    "KeySchema": [
                        {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"))
                    ],
                    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                    "DeletionProtectionEnabled": ref("TableDeletionProtection"),
                    **more,
                },
            },
        )

    def assert_private_bucket(self, name, *statements):
        """A bucket that survives the stack, whose policy asks for TLS and says nothing but that and `statements`."""
        resource, bucket = self.resources[name], self.properties(name)
        # Except if the stack could not be made.
        self.assertEqual(
            (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]), ("RetainExceptOnCreate", "Retain")
        )
        self.assertEqual(
            bucket["PublicAccessBlockConfiguration"],
            {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
        )
        self.assertEqual(bucket["OwnershipControls"]["Rules"], [{"ObjectOwnership": "BucketOwnerEnforced"}])
        self.assertEqual(
            bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"],
            [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}],
        )
        tls_only = {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn(name), {"Fn::Sub": f"${{{name}.Arn}}/*"}],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        policy = self.properties(f"{name}Policy")
        self.assertEqual(policy["Bucket"], ref(name))
        self.assertEqual(policy["PolicyDocument"]["Statement"], [*statements, tls_only])
