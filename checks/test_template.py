"""What template.yaml has to make, literally, so that no change widens it unseen.

SAM expands the template first: what is compared is what CloudFormation gets,
the resources and permissions that SAM adds included.
"""

import json
import re
import unittest

from template import TemplateTest, arn, ref


class Template(TemplateTest):
    def test_nothing_else_is_deployed(self):
        self.assertEqual(
            {without_hash(name): resource["Type"] for name, resource in self.resources.items()},
            {
                "CounterApi": "AWS::ApiGatewayV2::Api",
                "CounterApiApiGatewayDefaultStage": "AWS::ApiGatewayV2::Stage",
                "CounterApiLogGroup": "AWS::Logs::LogGroup",
                "CounterFunction": "AWS::Lambda::Function",
                "CounterFunctionVersion": "AWS::Lambda::Version",
                "CounterFunctionAliaslive": "AWS::Lambda::Alias",
                "CounterFunctionGetCounterPermission": "AWS::Lambda::Permission",
                "CounterFunctionIamRole": "AWS::IAM::Role",
                "CounterFunctionLogGroup": "AWS::Logs::LogGroup",
                "CounterTable": "AWS::DynamoDB::Table",
                "OwnerApi": "AWS::ApiGatewayV2::Api",
                "OwnerApiApiGatewayDefaultStage": "AWS::ApiGatewayV2::Stage",
                "OwnerApiLogGroup": "AWS::Logs::LogGroup",
                "VisitsFunction": "AWS::Lambda::Function",
                "VisitsFunctionVersion": "AWS::Lambda::Version",
                "VisitsFunctionAliaslive": "AWS::Lambda::Alias",
                "VisitsFunctionPostVisitPermission": "AWS::Lambda::Permission",
                "VisitsFunctionGetVisitsPermission": "AWS::Lambda::Permission",
                "VisitsFunctionGetVisitsSummaryPermission": "AWS::Lambda::Permission",
                "VisitsFunctionIamRole": "AWS::IAM::Role",
                "VisitsFunctionLogGroup": "AWS::Logs::LogGroup",
                "VisitsTable": "AWS::DynamoDB::Table",
                "SaltsTable": "AWS::DynamoDB::Table",
                "ItemsFunction": "AWS::Lambda::Function",
                "ItemsFunctionVersion": "AWS::Lambda::Version",
                "ItemsFunctionAliaslive": "AWS::Lambda::Alias",
                "ItemsFunctionPostOrderPermission": "AWS::Lambda::Permission",
                "ItemsFunctionPostDynamoDbManagerPermission": "AWS::Lambda::Permission",
                "ItemsFunctionIamRole": "AWS::IAM::Role",
                "ItemsFunctionLogGroup": "AWS::Logs::LogGroup",
                "OrderTable": "AWS::DynamoDB::Table",
                "ManagerTable": "AWS::DynamoDB::Table",
                "JobsBucket": "AWS::S3::Bucket",
                "JobsBucketPolicy": "AWS::S3::BucketPolicy",
                "JobsQueue": "AWS::SQS::Queue",
                "JobsDeadLetters": "AWS::SQS::Queue",
                "JobsDeadLettersAlarm": "AWS::CloudWatch::Alarm",
                "JobsUnreadFiles": "AWS::SQS::Queue",
                "JobsUnreadFilesAlarm": "AWS::CloudWatch::Alarm",
                "JobsTable": "AWS::DynamoDB::Table",
                "JobsSplitFunction": "AWS::Lambda::Function",
                "JobsSplitFunctionVersion": "AWS::Lambda::Version",
                "JobsSplitFunctionAliaslive": "AWS::Lambda::Alias",
                "JobsSplitFunctionNewFilePermission": "AWS::Lambda::Permission",
                "JobsSplitFunctionEventInvokeConfig": "AWS::Lambda::EventInvokeConfig",
                "JobsSplitFunctionIamRole": "AWS::IAM::Role",
                "JobsSplitFunctionBucketPolicy": "AWS::IAM::Policy",
                "JobsSplitFunctionLogGroup": "AWS::Logs::LogGroup",
                "JobsStoreFunction": "AWS::Lambda::Function",
                "JobsStoreFunctionVersion": "AWS::Lambda::Version",
                "JobsStoreFunctionAliaslive": "AWS::Lambda::Alias",
                "JobsStoreFunctionRows": "AWS::Lambda::EventSourceMapping",
                "JobsStoreFunctionIamRole": "AWS::IAM::Role",
                "JobsStoreFunctionLogGroup": "AWS::Logs::LogGroup",
                "JobsApiFunction": "AWS::Lambda::Function",
                "JobsApiFunctionVersion": "AWS::Lambda::Version",
                "JobsApiFunctionAliaslive": "AWS::Lambda::Alias",
                "JobsApiFunctionGetHealthPermission": "AWS::Lambda::Permission",
                "JobsApiFunctionGetJobsPermission": "AWS::Lambda::Permission",
                "JobsApiFunctionPostJobPermission": "AWS::Lambda::Permission",
                "JobsApiFunctionGetJobPermission": "AWS::Lambda::Permission",
                "JobsApiFunctionPutJobPermission": "AWS::Lambda::Permission",
                "JobsApiFunctionDeleteJobPermission": "AWS::Lambda::Permission",
                "JobsApiFunctionIamRole": "AWS::IAM::Role",
                "JobsApiFunctionLogGroup": "AWS::Logs::LogGroup",
                "SiteBucket": "AWS::S3::Bucket",
                "SiteBucketPolicy": "AWS::S3::BucketPolicy",
                "SiteOriginAccessControl": "AWS::CloudFront::OriginAccessControl",
                "SitePathsFunction": "AWS::CloudFront::Function",
                "SiteHeaders": "AWS::CloudFront::ResponseHeadersPolicy",
                "OwnerApiCachePolicy": "AWS::CloudFront::CachePolicy",
                "ApiRequestPolicy": "AWS::CloudFront::OriginRequestPolicy",
                "SiteDistribution": "AWS::CloudFront::Distribution",
                "SiteRecordIpv4": "AWS::Route53::RecordSet",
                "SiteRecordIpv6": "AWS::Route53::RecordSet",
                "TracePolicy": "AWS::IAM::ManagedPolicy",
                "AlarmTopic": "AWS::SNS::Topic",
                "AlarmSubscription": "AWS::SNS::Subscription",
                "Budget": "AWS::Budgets::Budget",
                "CounterApi5xxAlarm": "AWS::CloudWatch::Alarm",
                "OwnerApi5xxAlarm": "AWS::CloudWatch::Alarm",
                "CounterApiLatencyAlarm": "AWS::CloudWatch::Alarm",
                "CounterFunctionErrorsAlarm": "AWS::CloudWatch::Alarm",
                "CounterFunctionThrottlesAlarm": "AWS::CloudWatch::Alarm",
                "VisitsFunctionErrorsAlarm": "AWS::CloudWatch::Alarm",
                "VisitsFunctionThrottlesAlarm": "AWS::CloudWatch::Alarm",
                "ItemsFunctionErrorsAlarm": "AWS::CloudWatch::Alarm",
                "ItemsFunctionThrottlesAlarm": "AWS::CloudWatch::Alarm",
                "JobsSplitFunctionErrorsAlarm": "AWS::CloudWatch::Alarm",
                "JobsSplitFunctionThrottlesAlarm": "AWS::CloudWatch::Alarm",
                "JobsStoreFunctionErrorsAlarm": "AWS::CloudWatch::Alarm",
                "JobsStoreFunctionThrottlesAlarm": "AWS::CloudWatch::Alarm",
                "JobsApiFunctionErrorsAlarm": "AWS::CloudWatch::Alarm",
                "JobsApiFunctionThrottlesAlarm": "AWS::CloudWatch::Alarm",
                "Dashboard": "AWS::CloudWatch::Dashboard",
            },
        )

    def test_only_its_routes_may_invoke_a_function(self):
        for function, event, api, route in (
            ("CounterFunction", "GetCounter", "CounterApi", "GET/counter"),
            ("VisitsFunction", "PostVisit", "OwnerApi", "POST/visits"),
            ("VisitsFunction", "GetVisits", "OwnerApi", "GET/visits"),
            ("VisitsFunction", "GetVisitsSummary", "OwnerApi", "GET/visits/summary"),
            ("ItemsFunction", "PostOrder", "OwnerApi", "POST/order"),
            ("ItemsFunction", "PostDynamoDbManager", "OwnerApi", "POST/dynamodbmanager"),
            ("JobsApiFunction", "GetHealth", "OwnerApi", "GET/v1/health"),
            ("JobsApiFunction", "GetJobs", "OwnerApi", "GET/v1/jobs"),
            ("JobsApiFunction", "PostJob", "OwnerApi", "POST/v1/jobs"),
            ("JobsApiFunction", "GetJob", "OwnerApi", "GET/v1/jobs/*"),
            ("JobsApiFunction", "PutJob", "OwnerApi", "PUT/v1/jobs/*"),
            ("JobsApiFunction", "DeleteJob", "OwnerApi", "DELETE/v1/jobs/*"),
        ):
            self.assert_only_invoked_by(f"{function}{event}Permission", function, api, route)

    def test_functions_are_small_and_know_only_their_tables(self):
        self.assert_function("CounterFunction", {"DYNAMODB_TABLE": ref("CounterTable")})
        self.assert_function(
            "VisitsFunction",
            {
                "VISITS_TABLE": ref("VisitsTable"),
                "SALTS_TABLE": ref("SaltsTable"),
                "OWNER_TOKEN_SHA256": ref("OwnerTokenSha256"),
            },
            timeout=5,
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

    def test_the_apis_have_these_routes_which_send_payload_2(self):
        self.assert_routes("CounterApi", {"/counter": ["get"]})
        self.assert_routes(
            "OwnerApi",
            {
                "/visits": ["post", "get"],
                "/visits/summary": ["get"],
                "/order": ["post"],
                "/dynamodbmanager": ["post"],
                "/v1/health": ["get"],
                "/v1/jobs": ["post", "get"],
                "/v1/jobs/{id}": ["put", "delete", "get"],
            },
        )

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

    def test_the_owners_token_is_given_as_a_digest_and_shown_nowhere(self):
        parameter = self.template["Parameters"]["OwnerTokenSha256"]
        self.assertIs(parameter["NoEcho"], True)
        for digest in ("", "0123456789abcdef" * 4):
            self.assertTrue(re.fullmatch(parameter["AllowedPattern"], digest), digest)
        for token in ("my token", "0123456789abcdef", "0123456789ABCDEF" * 4):
            self.assertFalse(re.fullmatch(parameter["AllowedPattern"], token), token)

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
                },
            )

    def test_logs_are_kept_for_a_while_only(self):
        groups = [name for name, resource in self.resources.items() if resource["Type"] == "AWS::Logs::LogGroup"]
        for name in groups:
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
                "OwnerTokenSha256": ("String", ""),
                "OwnerOrigin": ("String", ""),
                "VisitsTableName": ("String", "visits"),
                "OrderTableName": ("String", "order-microservice-db"),
                "ManagerTableName": ("String", "anything"),
                "JobsTableName": ("String", "job-offers"),
                "JobsTableCapacity": ("Number", 5),
                "DomainName": ("String", ""),
                "CertificateArn": ("String", ""),
                "HostedZoneId": ("String", ""),
                "ScriptHashes": ("String", ""),
                "ReservedConcurrency": ("Number", 0),
                "AlarmEmail": ("String", ""),
                "MonthlyBudget": ("Number", 5),
                "GradualDeployment": ("String", "false"),
                "Tracing": ("String", "Active"),
            },
        )

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


def without_hash(name):
    """The name that SAM gives a version, without the hash of what is in it."""
    return re.sub(r"(?<=Version)[0-9a-f]{10}$", "", name)


if __name__ == "__main__":
    unittest.main()
