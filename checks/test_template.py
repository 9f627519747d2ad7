"""The resources of template.yaml, literally, so that no change widens it unseen.

SAM expands the template first: the tests compare what CloudFormation gets, with the
resources and permissions that SAM adds.
"""

import json
import re
import unittest
from collections import Counter

from template import STACK, TemplateTest, arn, ref


class Template(TemplateTest):
    def test_nothing_else_is_deployed(self):
        types = Counter(resource["Type"].removeprefix("AWS::") for resource in self.resources.values())
        functions, routes, tables = types["Lambda::Function"], len(STACK["routes"]), types["DynamoDB::Table"]
        self.assertEqual((functions, tables), (6, 7))
        self.assertEqual(
            types,
            {
                "ApiGatewayV2::Api": 2,
                "ApiGatewayV2::Stage": 2,
                "CloudFront::CachePolicy": 1,
                "CloudFront::Distribution": 1,
                "CloudFront::Function": 2,
                "CloudFront::OriginAccessControl": 1,
                "CloudFront::OriginRequestPolicy": 1,
                "CloudFront::ResponseHeadersPolicy": 1,
                # Those of the functions; of the two APIs, and the counter's latency; of two queues.
                "CloudWatch::Alarm": 2 * functions + 3 + 2,
                "CloudWatch::Dashboard": 1,
                "DynamoDB::Table": tables,
                "IAM::ManagedPolicy": 1,
                "IAM::Policy": 2,
                "IAM::Role": functions,
                "Lambda::Alias": functions,
                "Lambda::EventInvokeConfig": 1,
                "Lambda::EventSourceMapping": 1,
                "Lambda::Function": functions,
                # Of every route, and of the bucket.
                "Lambda::Permission": routes + 1,
                "Lambda::Version": functions,
                "Logs::LogGroup": functions + 2,
                "Route53::RecordSet": 2,
                "S3::Bucket": 2,
                "S3::BucketPolicy": 2,
                "SNS::Subscription": 1,
                "SNS::Topic": 1,
                "SQS::Queue": 3,
            },
        )

    def test_only_its_routes_may_invoke_a_function(self):
        permissions = {name for name, one in self.resources.items() if one["Type"] == "AWS::Lambda::Permission"}
        invoked = [self.invocation(name) for name in sorted(permissions - {"JobsSplitFunctionNewFilePermission"})]
        expected = []
        for route, program in STACK["routes"].items():
            function = program.title().replace("-", "") + "Function"
            api = "CounterApi" if program == "counter" else "OwnerApi"
            expected.append((function, api, route.replace(" ", "").replace("{proxy+}", "*")))
        self.assertEqual(sorted(invoked), sorted(expected))

    def test_functions_are_small_and_know_only_their_tables(self):
        bounds = {"COUNTED_HOSTS": ref("CountedHosts"), "MAX_PAGES": ref("MaxPages")}
        self.assert_function("CounterFunction", {"DYNAMODB_TABLE": ref("CounterTable"), **bounds})
        self.assert_function(
            "VisitsFunction",
            {
                "VISITS_TABLE": ref("VisitsTable"),
                "SALTS_TABLE": ref("SaltsTable"),
                **bounds,
                "VISIT_RETENTION_DAYS": ref("VisitRetentionDays"),
                "VISIT_TIME_ZONE": ref("VisitTimeZone"),
                "OWNER_TOKEN_SHA256": ref("OwnerTokenSha256"),
                "CLOUDFRONT_SECRET": {"Fn::If": ["OwnOriginSecret", ref("OriginSecret"), ref("ApiRequestPolicy")]},
            },
        )
        self.assert_function(
            "ItemsFunction",
            {
                "ORDER_TABLES": ref("OrderTable"),
                "MANAGER_TABLES": ref("ManagerTable"),
                "OWNER_TOKEN_SHA256": ref("OwnerTokenSha256"),
            },
        )

    def test_tables_have_their_keys_and_survive_the_stack(self):
        self.assert_lasting_table("CounterTable", "TableNameParameter", ["path"])
        expires = {"TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True}}
        self.assert_lasting_table("VisitsTable", "VisitsTableName", ["propertyId", "sk"], expires)
        self.assert_lasting_table("OrderTable", "OrderTableName", ["id"])
        self.assert_lasting_table("ManagerTable", "ManagerTableName", ["id"])

    def test_a_salt_that_was_deleted_cannot_be_brought_back(self):
        salts = dict(self.resources["SaltsTable"])
        del salts["Metadata"]
        self.assertEqual(
            salts,
            {
                "Type": "AWS::DynamoDB::Table",
                "DeletionPolicy": "Delete",
                "UpdateReplacePolicy": "Delete",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "day", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
                    "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
                    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
                },
            },
        )

    def test_every_route_sends_payload_2(self):
        for api in ("CounterApi", "OwnerApi"):
            for methods in self.properties(api)["Body"]["paths"].values():
                for method in methods.values():
                    integration = method["x-amazon-apigateway-integration"]
                    self.assertEqual((integration["type"], integration["payloadFormatVersion"]), ("aws_proxy", "2.0"))

    def test_cors_lets_in_the_allowed_origins_for_reading(self):
        any_origin, listed = {"allowOrigins": ["*"]}, {"allowOrigins": {"Fn::Split": [",", "*"]}}
        self.assertEqual(
            self.properties("CounterApi")["Body"]["x-amazon-apigateway-cors"],
            {"Fn::If": ["AnyOrigin", *({**origins, "allowMethods": ["GET"]} for origins in (any_origin, listed))]},
        )
        self.assertEqual(self.template["Conditions"]["AnyOrigin"], {"Fn::Equals": [ref("AllowedOrigins"), "*"]})

    def test_no_other_origin_calls_the_owners_routes_unless_one_is_named(self):
        cors = {
            "allowOrigins": [""],
            "allowMethods": ["GET", "POST", "PUT", "DELETE"],
            "allowHeaders": ["authorization", "content-type", "idempotency-key"],
            "exposeHeaders": ["link", "location"],
        }
        self.assertEqual(
            self.properties("OwnerApi")["Body"]["x-amazon-apigateway-cors"],
            {"Fn::If": ["OtherOwnerOrigin", cors, ref("AWS::NoValue")]},
        )
        named = {"Fn::Not": [{"Fn::Equals": [ref("OwnerOrigin"), ""]}]}
        self.assertEqual(self.template["Conditions"]["OtherOwnerOrigin"], named)

    def test_an_origin_that_no_browser_would_send_is_refused(self):
        allowed = self.template["Parameters"]["AllowedOrigins"]["AllowedPattern"]
        for origins in ("*", "https://example.com", "http://localhost:8080,https://www.example.com"):
            self.assertTrue(re.fullmatch(allowed, origins), origins)
        for origins in ("", "example.com", "https://example.com/", "https://a.example, https://b.example", "*,*"):
            self.assertFalse(re.fullmatch(allowed, origins), origins)
        allowed = self.template["Parameters"]["OwnerOrigin"]["AllowedPattern"]
        for origin in ("", "https://example.com"):
            self.assertTrue(re.fullmatch(allowed, origin), origin)
        for origin in ("*", "https://example.com/", "https://a.example,https://b.example"):
            self.assertFalse(re.fullmatch(allowed, origin), origin)

    def test_hosts_are_named_one_by_one_and_fit_into_a_versions_description(self):
        parameter = self.template["Parameters"]["CountedHosts"]
        self.assertEqual((parameter["Default"], parameter["MaxLength"]), ("", 74))
        for hosts in ("", "example.com", "127.0.0.1:3000,[::1]:3000,www.example.com", "xn--bcher-kva.de"):
            self.assertTrue(re.fullmatch(parameter["AllowedPattern"], hosts), hosts)
        for hosts in ("https://example.com", "example.com, example.net", "example.com,", ",", "Bücher.de"):
            self.assertFalse(re.fullmatch(parameter["AllowedPattern"], hosts), hosts)

    def test_the_owners_token_is_given_as_a_digest_and_shown_nowhere(self):
        parameter = self.template["Parameters"]["OwnerTokenSha256"]
        self.assertIs(parameter["NoEcho"], True)
        for digest in ("", "0123456789abcdef" * 4):
            self.assertTrue(re.fullmatch(parameter["AllowedPattern"], digest), digest)
        for token in ("my token", "0123456789abcdef", "0123456789ABCDEF" * 4):
            self.assertFalse(re.fullmatch(parameter["AllowedPattern"], token), token)
        told = [resource for resource in self.resources.values() if resource["Type"] != "AWS::Lambda::Function"]
        self.assertNotIn("OwnerTokenSha256", json.dumps([told, self.template["Outputs"]]))

    def test_the_apis_and_what_belongs_to_the_account_are_told_apart(self):
        names = [self.properties(api)["Body"]["info"]["title"] for api in ("CounterApi", "OwnerApi")]
        self.assertEqual(names, [{"Fn::Sub": "${AWS::StackName}-counter-api"}, {"Fn::Sub": "${AWS::StackName}-owner-api"}])
        # CloudFront and dashboards know no regions.
        for name, resource in self.resources.items():
            if re.match("AWS::CloudFront::(?!Distribution)|AWS::CloudWatch::Dashboard", resource["Type"]):
                self.assertRegex(json.dumps(resource["Properties"]), r"Name\": \{\"Fn::Sub\": \"\$\{AWS::StackName\}-\$\{AWS::Region\}")

    def test_every_route_is_throttled(self):
        for api in ("CounterApi", "OwnerApi"):
            stage = self.properties(f"{api}ApiGatewayDefaultStage")
            self.assertEqual(
                stage["DefaultRouteSettings"],
                {"ThrottlingRateLimit": ref("ThrottleRate"), "ThrottlingBurstLimit": ref("ThrottleBurst")},
            )
            self.assertNotIn("RouteSettings", stage)
            self.assertEqual((stage["ApiId"], stage["StageName"]), (ref(api), "$default"))

    def test_access_logs_are_json_and_say_nothing_of_the_caller(self):
        for api in ("CounterApi", "OwnerApi"):
            settings = self.properties(f"{api}ApiGatewayDefaultStage")["AccessLogSettings"]
            self.assertEqual(settings["DestinationArn"], arn(f"{api}LogGroup"))
            self.assertEqual(
                json.loads(settings["Format"]),
                {
                    "requestId": "$context.requestId",
                    "time": "$context.requestTime",
                    "route": "$context.routeKey",
                    "status": "$context.status",
                    "latency": "$context.responseLatency",
                    "error": "$context.error.message",
                    "integrationError": "$context.integrationErrorMessage",
                },
            )

    def test_logs_are_kept_for_a_while_only(self):
        groups = [name for name, resource in self.resources.items() if resource["Type"] == "AWS::Logs::LogGroup"]
        for name in groups:
            self.assertEqual(self.properties(name)["RetentionInDays"], ref("LogRetentionInDays"))

    def test_outputs_keep_their_names(self):
        host = "execute-api.${AWS::Region}.${AWS::URLSuffix}"
        self.assertEqual(
            {name: output["Value"] for name, output in self.template["Outputs"].items()},
            {
                "CounterApi": {"Fn::Sub": f"https://${{CounterApi}}.{host}/counter"},
                "CounterFunction": arn("CounterFunction"),
                "CounterFunctionIamRole": arn("CounterFunctionIamRole"),
                "CounterTable": arn("CounterTable"),
                "JobsBucket": ref("JobsBucket"),
                "JobsDeadLetters": ref("JobsDeadLetters"),
                "OrderApi": {"Fn::Sub": f"https://${{OwnerApi}}.{host}/order"},
                "DynamoDbManagerApi": {"Fn::Sub": f"https://${{OwnerApi}}.{host}/dynamodbmanager"},
                "OwnerApi": {"Fn::Sub": f"https://${{OwnerApi}}.{host}"},
                "SiteBucket": ref("SiteBucket"),
                "SiteDistribution": ref("SiteDistribution"),
                "SiteUrl": {
                    "Fn::If": [
                        "OwnDomain",
                        {"Fn::Sub": "https://${DomainName}/"},
                        {"Fn::Sub": "https://${SiteDistribution.DomainName}/"},
                    ]
                },
            },
        )


if __name__ == "__main__":
    unittest.main()
