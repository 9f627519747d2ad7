"""Alarms, budget, dashboard and gradual deployment, in template.yaml and in
terraform/."""

import json
import unittest

import hcl
import template
from cfnlint.decode import cfn_yaml
from names import of_template, snake
from topology import TopologyTest, resource


class Operations(TopologyTest):
    def test_the_alarms_are_the_same(self):
        words = (
            "alarm_description",
            "namespace",
            "metric_name",
            "statistic",
            "extended_statistic",
            "period",
            "evaluation_periods",
            "threshold",
            "comparison_operator",
            "treat_missing_data",
        )

        def told(alarm):
            return {word: alarm[word] for word in words if word in alarm}

        own = []
        for alarm in self.of_kind("aws_cloudwatch_metric_alarm").values():
            self.assertEqual(alarm["alarm_actions"], "aws_sns_topic.alarms[*].arn")
            always = {"local.alarmed ? 1 : 0": False, None: True}[alarm.get("count")]
            own.append((always, alarm["dimensions"], told(alarm)))
        for name, function in self.functions().items():
            self.assertEqual(
                (function["settings"]["alarms"], function["settings"]["alarm_actions"]),
                ("local.notified || var.gradual_deployment", "aws_sns_topic.alarms[*].arn"),
            )
            for label in ("errors", "throttles"):
                alarm = resource(self.function, "aws_cloudwatch_metric_alarm", label)
                self.assertEqual(alarm["alarm_actions"], "var.settings.alarm_actions")
                self.assertEqual(alarm["count"], "var.settings.alarms ? 1 : 0")
                self.assertEqual(alarm["dimensions"], {"FunctionName": "aws_lambda_function.this.function_name"})
                described = alarm["alarm_description"].replace("${var.binary}", function["binary"])
                own.append((False, {"FunctionName": f"${{{name}}}"}, told({**alarm, "alarm_description": described})))
        theirs = []
        for alarm in self.of_type("CloudWatch::Alarm").values():
            self.assertEqual(alarm["AlarmActions"], {"Fn::If": ["Notified", ["${AlarmTopic}"], "${AWS::NoValue}"]})
            always = {"Alarmed": False, None: True}[alarm.get("Condition")]
            dimensions = {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]}
            theirs.append((always, dimensions, told({snake(word): value for word, value in alarm.items()})))
        self.assertEqual(sorted(own, key=str), sorted(theirs, key=str))

    def test_whoever_is_told_is_told_of_the_same_costs(self):
        (own,) = self.of_kind("aws_budgets_budget").values()
        theirs = cfn_yaml.load(str(template.ROOT / "aws/budget.yaml"))
        theirs = of_template(json.loads(json.dumps(theirs)))["Resources"]["Budget"]["Properties"]
        self.assertEqual(own["count"], "local.notified ? 1 : 0")
        budget = theirs["Budget"]
        self.assertEqual(
            (own["budget_type"], own["time_unit"], own["limit_unit"], own["limit_amount"]),
            (budget["BudgetType"], budget["TimeUnit"], budget["BudgetLimit"]["Unit"], "tostring(var.monthly_budget)"),
        )
        addresses = [
            [subscriber["Address"].replace("${Email}", "${AlarmEmail}") for subscriber in notification["Subscribers"]]
            for notification in theirs["NotificationsWithSubscribers"]
        ]
        self.assertEqual(
            [notification["subscriber_email_addresses"] for notification in own["notification"]], addresses
        )
        self.assertEqual(
            [
                {word: value for word, value in n.items() if word != "subscriber_email_addresses"}
                for n in own["notification"]
            ],
            [
                {snake(word): value for word, value in notification["Notification"].items()}
                for notification in theirs["NotificationsWithSubscribers"]
            ],
        )
        (own,) = self.of_kind("aws_sns_topic_subscription").values()
        (theirs,) = self.of_type("SNS::Subscription").values()
        self.assertEqual((own["protocol"], own["endpoint"]), (theirs["Protocol"], theirs["Endpoint"]))

    def test_the_dashboards_show_the_same(self):
        (own,) = self.of_kind("aws_cloudwatch_dashboard").values()
        (theirs,) = self.of_type("CloudWatch::Dashboard").values()
        self.assertEqual(own["dashboard_name"], theirs["DashboardName"])
        body = self.of_expression(hcl.call(own["dashboard_body"], "jsonencode"))
        self.assertEqual(body, json.loads(theirs["DashboardBody"]))

    def test_a_gradual_deployment_is_stopped_by_the_same_alarms(self):
        own = self.locals["stopped_by"]
        modules = {block["binary"]: f"module.{label}" for label, block in self.modules("./function").items()}
        self.assertEqual({name: stopped["function"] for name, stopped in own.items()}, modules)
        group = self.of_kind("aws_codedeploy_deployment_group")["this"]
        self.assertEqual(
            group["alarm_configuration"][0]["alarms"], "concat(each.value.function.alarm_names, each.value.alarms)"
        )
        expanded = template.whole(GradualDeployment="true")["Resources"]
        for name, function in self.functions().items():
            theirs = of_template(expanded[f"{name}DeploymentGroup"]["Properties"])
            _, alarms, _ = theirs["AlarmConfiguration"]["Fn::If"]
            before = own[function["binary"]]["alarms"]
            if before:
                _, label = before.removesuffix("[*].alarm_name").split(".")
                before = [self.of_kind("aws_cloudwatch_metric_alarm")[label]["alarm_name"]]
            self.assertEqual(
                [f"${{{name}ErrorsAlarm}}", f"${{{name}ThrottlesAlarm}}", *before],
                [alarm["Name"] for alarm in alarms["Alarms"]],
            )
            _, preference = theirs["DeploymentConfigName"]["Fn::Sub"]
            self.assertEqual(group["deployment_config_name"], f"CodeDeployDefault.Lambda{preference['ConfigName']}")
            self.assertEqual(
                group["auto_rollback_configuration"][0]["events"], theirs["AutoRollbackConfiguration"]["Events"]
            )
            self.assertEqual(
                group["deployment_style"], [{snake(word): value for word, value in theirs["DeploymentStyle"].items()}]
            )
        (own,) = self.of_kind("aws_iam_role_policy_attachment").values()
        (theirs,) = expanded["CodeDeployServiceRole"]["Properties"]["ManagedPolicyArns"]
        self.assertEqual(own["policy_arn"].replace("${data.aws_partition.this.partition}", "aws"), theirs)


if __name__ == "__main__":
    unittest.main()
