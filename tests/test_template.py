"""What template.yaml has to make, literally, so that no change widens it unseen.

SAM expands the template first: what is compared is what CloudFormation gets,
the resources and permissions that SAM adds included.
"""

import json
import os
import re
import unittest
from pathlib import Path
from types import SimpleNamespace

from cfnlint.decode import cfn_yaml
from samtranslator.translator.transform import transform

TEMPLATE = Path(__file__).parent.parent / "template.yaml"


def expanded():
    """The template as CloudFormation would get it, deployed with the defaults."""
    os.environ["AWS_DEFAULT_REGION"] = "us-east-1"  # the translator asks for one
    template = json.loads(json.dumps(cfn_yaml.load(str(TEMPLATE))))
    # What `sam package` does; the translator takes no local folder.
    template["Resources"]["CounterFunction"]["Properties"]["CodeUri"] = "s3://bucket/key"
    no_managed_policies = SimpleNamespace(load=dict)
    return transform(template, {}, no_managed_policies)


def ref(name):
    return {"Ref": name}


def arn(name):
    return {"Fn::GetAtt": [name, "Arn"]}


class Template(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.template = expanded()
        cls.resources = cls.template["Resources"]

    def properties(self, name):
        return self.resources[name]["Properties"]

    def test_nothing_is_deployed_but_the_counter(self):
        self.assertEqual(
            {name: resource["Type"] for name, resource in self.resources.items()},
            {
                "CounterApi": "AWS::ApiGatewayV2::Api",
                "CounterApiApiGatewayDefaultStage": "AWS::ApiGatewayV2::Stage",
                "CounterApiLogGroup": "AWS::Logs::LogGroup",
                "CounterFunction": "AWS::Lambda::Function",
                "CounterFunctionGetCounterPermission": "AWS::Lambda::Permission",
                "CounterFunctionIamRole": "AWS::IAM::Role",
                "CounterFunctionLogGroup": "AWS::Logs::LogGroup",
                "CounterTable": "AWS::DynamoDB::Table",
            },
        )

    def test_the_role_may_count_and_log_and_nothing_else(self):
        def statement(actions, resource):
            return {"Effect": "Allow", "Action": actions, "Resource": resource}

        role = self.properties("CounterFunctionIamRole")
        self.assertEqual(set(role), {"AssumeRolePolicyDocument", "Policies"})
        self.assertEqual(
            [policy["PolicyDocument"]["Statement"] for policy in role["Policies"]],
            [
                [statement(["dynamodb:GetItem", "dynamodb:UpdateItem"], arn("CounterTable"))],
                [statement(["logs:CreateLogStream", "logs:PutLogEvents"], arn("CounterFunctionLogGroup"))],
            ],
        )
        self.assertEqual(
            role["AssumeRolePolicyDocument"]["Statement"],
            [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
        )

    def test_only_the_route_of_this_api_may_invoke_the_function(self):
        permission = self.properties("CounterFunctionGetCounterPermission")
        source, values = permission.pop("SourceArn")["Fn::Sub"]
        self.assertEqual(
            permission,
            {
                "Action": "lambda:InvokeFunction",
                "FunctionName": ref("CounterFunction"),
                "Principal": "apigateway.amazonaws.com",
            },
        )
        self.assertTrue(source.endswith(":${AWS::AccountId}:${__ApiId__}/${__Stage__}/GET/counter"), source)
        self.assertEqual(values["__ApiId__"], ref("CounterApi"))

    def test_the_function_is_small_and_knows_only_its_table(self):
        function = self.properties("CounterFunction")
        del function["Code"], function["Description"], function["Tags"]
        self.assertEqual(
            function,
            {
                "Runtime": "provided.al2023",
                "Handler": "bootstrap",
                "Architectures": [ref("Architecture")],
                "MemorySize": ref("MemorySize"),
                "Timeout": 3,
                "Role": arn("CounterFunctionIamRole"),
                "Environment": {"Variables": {"DYNAMODB_TABLE": ref("CounterTable"), "DYNAMODB_ENDPOINT": ""}},
                "LoggingConfig": {
                    "LogGroup": ref("CounterFunctionLogGroup"),
                    "LogFormat": "JSON",
                    "SystemLogLevel": "WARN",
                },
            },
        )

    def test_the_table_is_keyed_by_path_and_survives_the_stack(self):
        self.assertEqual(
            self.resources["CounterTable"],
            {
                "Type": "AWS::DynamoDB::Table",
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": {
                    "TableName": ref("TableNameParameter"),
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "path", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "path", "KeyType": "HASH"}],
                    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                    "DeletionProtectionEnabled": ref("TableDeletionProtection"),
                },
            },
        )

    def test_the_api_has_one_route_which_sends_payload_2(self):
        paths = self.properties("CounterApi")["Body"]["paths"]
        self.assertEqual({path: list(methods) for path, methods in paths.items()}, {"/counter": ["get"]})
        integration = paths["/counter"]["get"]["x-amazon-apigateway-integration"]
        self.assertEqual((integration["type"], integration["payloadFormatVersion"]), ("aws_proxy", "2.0"))

    def test_cors_lets_in_the_allowed_origins_for_reading(self):
        any_origin, listed = {"allowOrigins": ["*"]}, {"allowOrigins": {"Fn::Split": [",", "*"]}}
        self.assertEqual(
            self.properties("CounterApi")["Body"]["x-amazon-apigateway-cors"],
            {"Fn::If": ["AnyOrigin", *({**origins, "allowMethods": ["GET"]} for origins in (any_origin, listed))]},
        )
        self.assertEqual(self.template["Conditions"], {"AnyOrigin": {"Fn::Equals": [ref("AllowedOrigins"), "*"]}})

    def test_an_origin_that_no_browser_would_send_is_refused(self):
        allowed = self.template["Parameters"]["AllowedOrigins"]["AllowedPattern"]
        for origins in ("*", "https://example.com", "http://localhost:8080,https://www.example.com"):
            self.assertTrue(re.fullmatch(allowed, origins), origins)
        for origins in ("", "example.com", "https://example.com/", "https://a.example, https://b.example", "*,*"):
            self.assertFalse(re.fullmatch(allowed, origins), origins)

    def test_every_route_is_throttled(self):
        stage = self.properties("CounterApiApiGatewayDefaultStage")
        self.assertEqual(
            stage["DefaultRouteSettings"],
            {"ThrottlingRateLimit": ref("ThrottleRate"), "ThrottlingBurstLimit": ref("ThrottleBurst")},
        )
        self.assertNotIn("RouteSettings", stage)
        self.assertEqual((stage["ApiId"], stage["StageName"]), (ref("CounterApi"), "$default"))

    def test_the_access_log_is_json_and_says_nothing_of_the_visitor(self):
        settings = self.properties("CounterApiApiGatewayDefaultStage")["AccessLogSettings"]
        self.assertEqual(settings["DestinationArn"], arn("CounterApiLogGroup"))
        self.assertEqual(
            json.loads(settings["Format"]),
            {
                "requestId": "$context.requestId",
                "time": "$context.requestTime",
                "route": "$context.routeKey",
                "status": "$context.status",
                "latency": "$context.responseLatency",
                "error": "$context.error.message",
            },
        )

    def test_logs_are_kept_for_a_while_only(self):
        for name in ("CounterFunctionLogGroup", "CounterApiLogGroup"):
            self.assertEqual(self.properties(name)["RetentionInDays"], ref("LogRetentionInDays"))

    def test_parameters_and_their_defaults(self):
        self.assertEqual(
            {name: (parameter["Type"], parameter["Default"]) for name, parameter in self.template["Parameters"].items()},
            {
                "TableNameParameter": ("String", "CloudResumeCounterHits"),
                "TableDeletionProtection": ("String", "true"),
                "AllowedOrigins": ("String", "*"),
                "ThrottleRate": ("Number", 10),
                "ThrottleBurst": ("Number", 10),
                "Architecture": ("String", "arm64"),
                "MemorySize": ("Number", 128),
                "LogRetentionInDays": ("Number", 30),
            },
        )

    def test_outputs_keep_their_names(self):
        url = "https://${CounterApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/counter"
        self.assertEqual(
            {name: output["Value"] for name, output in self.template["Outputs"].items()},
            {
                "CounterApi": {"Fn::Sub": url},
                "CounterFunction": arn("CounterFunction"),
                "CounterFunctionIamRole": arn("CounterFunctionIamRole"),
                "CounterTable": arn("CounterTable"),
            },
        )


if __name__ == "__main__":
    unittest.main()
