"""The operator's resources in template.yaml, literally: versions, alarms and the
dashboard."""

import json
import re
import unittest

from template import NO_VALUE, TemplateTest, arn, expand, load, ref, whole

FUNCTIONS = (
    "CounterFunction",
    "VisitsFunction",
    "ItemsFunction",
    "JobsSplitFunction",
    "JobsStoreFunction",
    "JobsApiFunction",
)


def references(value):
    """The names that `value` refers to."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    if "Ref" in value:
        return {value["Ref"]}
    return set().union(*map(references, value.values()))


class Operations(TemplateTest):
    def test_whatever_calls_a_function_calls_its_newest_version(self):
        for function in FUNCTIONS:
            (version,) = [name for name in self.resources if re.fullmatch(f"{function}Version[0-9a-f]{{10}}", name)]
            self.assertEqual(
                self.resources[f"{function}Aliaslive"],
                {
                    "Type": "AWS::Lambda::Alias",
                    "Properties": {
                        "Name": "live",
                        "FunctionName": ref(function),
                        "FunctionVersion": {"Fn::GetAtt": [version, "Version"]},
                    },
                },
            )
        called = [
            resource["Properties"]["FunctionName"]
            for resource in self.resources.values()
            if resource["Type"] in ("AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping")
        ]
        self.assertEqual([name for name in called if not name["Ref"].endswith("Aliaslive")], [])
        for api in ("CounterApi", "OwnerApi"):
            for methods in self.properties(api)["Body"]["paths"].values():
                for method in methods.values():
                    uri = method["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
                    self.assertRegex(uri, r"/functions/\$\{\w+Aliaslive\}/invocations$")

    def test_a_parameter_that_a_function_depends_on_makes_a_new_version(self):
        for function in FUNCTIONS:
            (version,) = [name for name in self.resources if name.startswith(f"{function}Version")]
            properties = dict(self.properties(function))
            # The digest gets a version of its own, so nobody has to guess it.
            text = json.dumps(properties)
            for secret in ("OwnerTokenSha256", "OriginSecret"):
                text = text.replace(f'"Ref": "{secret}"', '"Ref": "OwnerTokenVersion"')
            properties = json.loads(text)
            # They are the function's, and not its versions'.
            properties.pop("ReservedConcurrentExecutions", None)
            del properties["LoggingConfig"], properties["Role"]
            depends = {
                name
                for name in references(properties)
                if name in self.template["Parameters"] or "TableName" in self.resources.get(name, {"Properties": {}})["Properties"]
            }
            description = self.properties(version)["Description"]["Fn::Sub"]
            self.assertEqual(set(re.findall(r"\$\{(\w+)\}", description)), depends, function)

    def test_a_change_of_a_function_here_makes_a_new_version(self):
        changed = load()
        for function in FUNCTIONS:
            changed["Resources"][function]["Properties"]["Timeout"] = 7
        self.assertEqual(versions(self.template), versions(expand(load())))
        self.assertEqual(versions(self.template) & versions(expand(changed)), set())

    def test_deployment_is_at_once_unless_asked_otherwise(self):
        for resource in self.resources.values():
            self.assertFalse(resource["Type"].startswith("AWS::CodeDeploy::"))
            self.assertNotIn("UpdatePolicy", resource)

    def test_a_gradual_deployment_is_taken_back_when_an_alarm_rings(self):
        resources = whole(GradualDeployment="true")["Resources"]
        more = {
            "CounterFunction": ["counter-api"],
            "VisitsFunction": ["owner-api"],
            "ItemsFunction": ["owner-api"],
            "JobsApiFunction": ["owner-api"],
        }
        for function in FUNCTIONS:
            alarms = [ref(f"{function}ErrorsAlarm"), ref(f"{function}ThrottlesAlarm")]
            # By name, as a reference would close a circle.
            alarms += [{"Fn::Sub": f"${{AWS::StackName}}-{api}-5xx"} for api in more.get(function, [])]
            enabled = {"Enabled": True, "Alarms": [{"Name": alarm} for alarm in alarms]}
            self.assertEqual(
                resources[f"{function}DeploymentGroup"]["Properties"],
                {
                    "ApplicationName": ref("ServerlessDeploymentApplication"),
                    "AlarmConfiguration": {"Fn::If": ["Alarmed", enabled, {}]},
                    "AutoRollbackConfiguration": {
                        "Enabled": True,
                        "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
                    },
                    "DeploymentConfigName": {
                        "Fn::Sub": ["CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": "Canary10Percent5Minutes"}]
                    },
                    "DeploymentStyle": {
                        "DeploymentType": "BLUE_GREEN",
                        "DeploymentOption": "WITH_TRAFFIC_CONTROL",
                    },
                    "ServiceRoleArn": arn("CodeDeployServiceRole"),
                },
            )
            self.assertEqual(
                resources[f"{function}Aliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"],
                {
                    "ApplicationName": ref("ServerlessDeploymentApplication"),
                    "DeploymentGroupName": ref(f"{function}DeploymentGroup"),
                },
            )

    def test_alarms_ring_at_the_first_failure(self):
        def any_of(namespace, metric, dimension, statistic="Sum", period=60):
            return {
                "Namespace": namespace,
                "MetricName": metric,
                "Dimensions": [dimension],
                "Statistic": statistic,
                "Period": period,
                "EvaluationPeriods": 1,
                "Threshold": 0,
                "ComparisonOperator": "GreaterThanThreshold",
            }

        def dimension(name, value):
            return {"Name": name, "Value": value}

        expected = {
            f"{queue}Alarm": any_of(
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                dimension("QueueName", {"Fn::GetAtt": [queue, "QueueName"]}),
                statistic="Maximum",
                period=300,
            )
            for queue in ("JobsDeadLetters", "JobsUnreadFiles")
        }
        free = set(expected)
        for api, name in (("CounterApi", "counter-api"), ("OwnerApi", "owner-api")):
            alarm = any_of("AWS/ApiGateway", "5xx", dimension("ApiId", ref(api)))
            expected[f"{api}5xxAlarm"] = {"AlarmName": {"Fn::Sub": f"${{AWS::StackName}}-{name}-5xx"}, **alarm}
        for function in FUNCTIONS:
            for metric in ("Errors", "Throttles"):
                named = dimension("FunctionName", ref(function))
                expected[f"{function}{metric}Alarm"] = any_of("AWS/Lambda", metric, named)
        expected["CounterApiLatencyAlarm"] = {
            "Namespace": "AWS/ApiGateway",
            "MetricName": "Latency",
            "Dimensions": [dimension("ApiId", ref("CounterApi"))],
            "ExtendedStatistic": "p99",
            "Period": 300,
            "EvaluationPeriods": 3,
            "Threshold": 1000,
            "ComparisonOperator": "GreaterThanThreshold",
        }
        alarms = {
            name: dict(resource["Properties"])
            for name, resource in self.resources.items()
            if resource["Type"] == "AWS::CloudWatch::Alarm"
        }
        for name, alarm in alarms.items():
            self.assertEqual(self.resources[name].get("Condition"), None if name in free else "Alarmed", name)
            self.assertEqual(alarm.pop("AlarmActions"), {"Fn::If": ["Notified", [ref("AlarmTopic")], NO_VALUE]})
            self.assertEqual(alarm.pop("TreatMissingData"), "notBreaching")
            del alarm["AlarmDescription"]
        self.assertEqual(alarms, expected)

    def test_what_costs_money_is_made_for_an_address(self):
        conditions = self.template["Conditions"]
        self.assertEqual(conditions["Notified"], {"Fn::Not": [{"Fn::Equals": [ref("AlarmEmail"), ""]}]})
        gradual = {"Fn::Equals": [ref("GradualDeployment"), "true"]}
        self.assertEqual(conditions["Alarmed"], {"Fn::Or": [{"Condition": "Notified"}, gradual]})
        for name in ("AlarmTopic", "AlarmSubscription"):
            self.assertEqual(self.resources[name]["Condition"], "Notified")
        self.assertEqual(
            self.properties("AlarmSubscription"),
            {"TopicArn": ref("AlarmTopic"), "Protocol": "email", "Endpoint": ref("AlarmEmail")},
        )

    def test_concurrency_is_reserved_only_where_asked(self):
        self.assertEqual(
            self.template["Conditions"]["Reserved"], {"Fn::Not": [{"Fn::Equals": [ref("ReservedConcurrency"), 0]}]}
        )

    def test_the_dashboard_shows_all_of_it_and_costs_nothing(self):
        dashboard = self.properties("Dashboard")
        # Each name stands for CloudFormation's value.
        body = json.loads(re.sub(r"\$\{([\w:.]+)\}", r"\1", dashboard["DashboardBody"]["Fn::Sub"]))
        shown = {}
        for widget in body["widgets"]:
            properties = widget["properties"]
            shown[properties["title"]] = [
                (*(part for part in metric if isinstance(part, str)), metric[-1]["stat"])
                if isinstance(metric[-1], dict) and "stat" in metric[-1]
                else (*(part for part in metric if isinstance(part, str)), properties["stat"])
                for metric in properties["metrics"]
            ]
        apis = ("CounterApi", "OwnerApi")
        tables = ("CounterTable", "VisitsTable", "OrderTable", "ManagerTable", "JobsTable")
        site = ("Region", "Global", "DistributionId", "SiteDistribution")

        def of_functions(metric):
            return [("AWS/Lambda", metric, "FunctionName", name, "Sum") for name in FUNCTIONS]

        def of_queue(metric, queue):
            return ("AWS/SQS", metric, "QueueName", f"{queue}.QueueName", "Maximum")

        self.assertEqual(
            shown,
            {
                "Counted": [
                    ("AWS::StackName", metric, "Sum")
                    for metric in ("Hits", "Rejected", "ColdStarts", "Visits", "RejectedRows")
                ],
                "Requests": [("AWS/ApiGateway", "Count", "ApiId", api, "Sum") for api in apis],
                "Site": [
                    ("AWS/CloudFront", "Requests", *site, "Sum"),
                    ("AWS/CloudFront", "4xxErrorRate", *site, "Average"),
                    ("AWS/CloudFront", "5xxErrorRate", *site, "Average"),
                ],
                "Refused (4xx) and failed (5xx)": [
                    ("AWS/ApiGateway", code, "ApiId", api, "Sum") for api in apis for code in ("4xx", "5xx")
                ],
                "Latency, ms": [
                    ("AWS/ApiGateway", "Latency", "ApiId", api, percentile)
                    for api in apis
                    for percentile in ("p50", "p99")
                ],
                "Queues": [
                    of_queue("ApproximateNumberOfMessagesVisible", "JobsQueue"),
                    of_queue("ApproximateAgeOfOldestMessage", "JobsQueue"),
                    of_queue("ApproximateNumberOfMessagesVisible", "JobsDeadLetters"),
                    of_queue("ApproximateNumberOfMessagesVisible", "JobsUnreadFiles"),
                ],
                "Errors": of_functions("Errors"),
                "Throttles": of_functions("Throttles"),
                "Consumed capacity": [
                    ("AWS/DynamoDB", f"Consumed{kind}CapacityUnits", "TableName", table, "Sum")
                    for table in tables
                    for kind in ("Read", "Write")
                ],
            },
        )
        self.assertLessEqual(sum(map(len, shown.values())), 50, "the most that a free dashboard may have")
        regions = {widget["properties"]["title"]: widget["properties"]["region"] for widget in body["widgets"]}
        # CloudFront's metrics are in one region, wherever the stack is.
        self.assertEqual(regions.pop("Site"), "us-east-1")
        self.assertEqual(set(regions.values()), {"AWS::Region"})


def versions(template):
    return {name for name, resource in template["Resources"].items() if resource["Type"] == "AWS::Lambda::Version"}


if __name__ == "__main__":
    unittest.main()
