"""The functions and their routes, in template.yaml, in terraform/ and on one
machine: a new one, or a changed number, has to be in all three."""

import json
import re
import unittest

import hcl
import local
from names import snake
from topology import TopologyTest, resource

# The kinds of resources that both have equally many of.
NAMES = {
    "ApiGatewayV2::Api": "apigatewayv2_api",
    "ApiGatewayV2::Stage": "apigatewayv2_stage",
    "CloudFront::CachePolicy": "cloudfront_cache_policy",
    "CloudFront::Distribution": "cloudfront_distribution",
    "CloudFront::Function": "cloudfront_function",
    "CloudFront::OriginAccessControl": "cloudfront_origin_access_control",
    "CloudFront::OriginRequestPolicy": "cloudfront_origin_request_policy",
    "CloudFront::ResponseHeadersPolicy": "cloudfront_response_headers_policy",
    "CloudWatch::Alarm": "cloudwatch_metric_alarm",
    "CloudWatch::Dashboard": "cloudwatch_dashboard",
    "DynamoDB::Table": "dynamodb_table",
    "Lambda::EventInvokeConfig": "lambda_function_event_invoke_config",
    "Lambda::EventSourceMapping": "lambda_event_source_mapping",
    "Lambda::Function": "lambda_function",
    "Logs::LogGroup": "cloudwatch_log_group",
    "S3::Bucket": "s3_bucket",
    "S3::BucketPolicy": "s3_bucket_policy",
    "SNS::Subscription": "sns_topic_subscription",
    "SNS::Topic": "sns_topic",
    "SQS::Queue": "sqs_queue",
}
# Resources that are split differently, and are compared by content.
OTHERS = {
    "IAM::ManagedPolicy",
    "IAM::Policy",
    "IAM::Role",
    "Lambda::Alias",
    "Lambda::Permission",
    "Lambda::Version",
    "Route53::RecordSet",
}


class Topology(TopologyTest):
    def test_there_is_as_much_of_everything(self):
        types = [resource["Type"].removeprefix("AWS::") for resource in self.resources.values()]
        self.assertEqual(set(types) - OTHERS, set(NAMES))
        made = [name.split(".")[1] for name in self.terraform if name.startswith("resource.")]
        for folder, times in ((self.function, len(self.functions())), (self.api, len(self.apis()))):
            made += times * [name.split(".")[1] for name in folder if name.startswith("resource.")]
        self.assertEqual(
            {type: made.count(f"aws_{kind}") for type, kind in NAMES.items()},
            {type: types.count(type) for type in NAMES},
        )

    def test_parameters_have_the_same_names_defaults_and_patterns(self):
        variables = {name[9:]: block for name, block in self.terraform.items() if name.startswith("variable.")}
        # The budget is a stack of its own beside the template, and Terraform makes new versions by itself.
        for own in ("stack_name", "packages", "monthly_budget"):
            del variables[own]
        parameters = {snake(name): parameter for name, parameter in self.template["Parameters"].items()}
        del parameters["owner_token_version"]
        plain = {"true": True, "false": False}
        self.assertEqual(
            {name: variable["default"] for name, variable in variables.items()},
            {name: plain.get(parameter["Default"], parameter["Default"]) for name, parameter in parameters.items()},
        )
        for name, parameter in parameters.items():
            conditions = " && ".join(rule["condition"] for rule in variables[name].get("validation", []))
            conditions = conditions.replace("\\\\", "\\")
            values = parameter.get("AllowedValues", [])
            for key, condition in (
                ("AllowedPattern", f'can(regex("^({parameter.get("AllowedPattern")})$", var.{name}))'),
                ("AllowedValues", f"contains({json.dumps(values)}, var.{name})"),
                ("MinValue", f"var.{name} >= {parameter.get('MinValue')}"),
                ("MaxValue", f"var.{name} <= {parameter.get('MaxValue')}"),
                ("MaxLength", f"length(var.{name}) <= {parameter.get('MaxLength')}"),
            ):
                if key in parameter and values != ["true", "false"]:
                    self.assertIn(condition, conditions)

    def test_outputs_have_the_same_names(self):
        outputs = {name[7:] for name in self.terraform if name.startswith("output.")}
        of_the_visits = {
            "api_gateway_id",
            "api_gateway_url",
            "dynamodb_table_name",
            "lambda_function_arn",
            "lambda_function_name",
        }
        self.assertEqual(outputs - {"deployments"}, of_the_visits | {snake(name) for name in self.template["Outputs"]})
        for name in of_the_visits:
            value = str(self.terraform[f"output.{name}"]["value"])
            self.assertRegex(value, r"^(?:module\.owner_api|module\.visits|aws_dynamodb_table\.visits)\.", name)

    def test_the_functions_are_the_same_everywhere(self):
        binaries = {
            name: f["Metadata"]["BuildProperties"]["Binary"] for name, f in self.of_type("Lambda::Function").items()
        }
        self.assertEqual({name: function["binary"] for name, function in self.functions().items()}, binaries)
        self.assertEqual(set(local.MAINS), set(binaries.values()))
        self.assertEqual(set(local.STACK["routes"].values()) | {"jobs-split", "jobs-store"}, set(binaries.values()))
        self.assertEqual({main for main in local.MAINS.values() if not (local.ROOT / main).is_file()}, set())
        of_jobs = {file.stem for file in (local.ROOT / "jobs/src/bin").glob("*.rs")}
        self.assertEqual(of_jobs, {binary for binary in binaries.values() if binary.startswith("jobs-")})

    def test_every_function_has_an_event_of_each_kind_and_tests(self):
        events = [json.loads(file.read_text()) for file in (local.ROOT / "events").glob("*.json")]
        self.assertLessEqual(set(local.STACK["routes"]), {event.get("routeKey") for event in events})
        sources = {record["eventSource"] for event in events for record in event.get("Records", [])}
        self.assertEqual(sources, {"aws:s3", "aws:sqs"})
        for main in local.MAINS.values():
            self.assertTrue(list((local.ROOT / main.split("/")[0] / "tests").glob("**/*.rs")), main)

    def test_functions_are_set_up_alike(self):
        ours = resource(self.function, "aws_lambda_function")
        defaults = {
            name[9:]: block.get("default") for name, block in self.function.items() if name.startswith("variable.")
        }
        functions = self.functions()
        for name, function in self.of_type("Lambda::Function").items():
            with self.subTest(name):
                module = {**defaults, **functions[name]}
                self.assertEqual(
                    (module["description"], module["timeout"]), (function["Description"], function["Timeout"])
                )
                reserved = "${ReservedConcurrency}" if "ReservedConcurrentExecutions" in function else 0
                self.assertEqual(module["reserved_concurrency"], reserved)
                self.assertEqual((ours["runtime"], ours["handler"]), (function["Runtime"], function["Handler"]))
                logging = ours["logging_config"][0]
                self.assertEqual(
                    (logging["log_format"], logging["system_log_level"]),
                    (function["LoggingConfig"]["LogFormat"], function["LoggingConfig"]["SystemLogLevel"]),
                )
                for told, variable, theirs in (
                    (ours["memory_size"], "memory_size", function["MemorySize"]),
                    (ours["architectures"][0], "architecture", function["Architectures"][0]),
                    (ours["tracing_config"][0]["mode"], "tracing", function["TracingConfig"]["Mode"]),
                ):
                    self.assertEqual(told, f"var.settings.{variable}")
                    self.assertEqual(module["settings"][variable], theirs)

    def test_functions_know_the_same_of_their_surroundings(self):
        self.assertEqual(
            resource(self.function, "aws_lambda_function")["environment"][0]["variables"],
            "merge(local.environment, var.environment)",
        )
        common = {**self.function["locals"]["environment"], "METRICS_NAMESPACE": "${AWS::StackName}"}
        functions = self.functions()
        for name, function in self.of_type("Lambda::Function").items():
            with self.subTest(name):
                told = function["Environment"]["Variables"]
                self.assertEqual({**common, **functions[name]["environment"]}, told)
                self.assertLessEqual(local.variables(functions[name]["binary"]), set(told))
                self.assertEqual([variable for variable in told if not local.known(variable)], [])

    def test_roles_may_do_the_same(self):
        def right(actions, resources):
            resources = resources if isinstance(resources, list) else [resources]
            return tuple(sorted(actions)), tuple(sorted(resources))

        policy = resource(self.function, "aws_iam_role_policy")["policy"]
        self.assertIn("for permission in concat(var.permissions, local.permissions)", policy)
        of_all = self.function["locals"]["permissions"]
        roles, policies, managed = map(self.of_type, ("IAM::Role", "IAM::Policy", "IAM::ManagedPolicy"))
        for name, function in self.functions().items():
            with self.subTest(name):
                role = f"${{{name}IamRole}}"
                log = {"${aws_cloudwatch_log_group.this.arn}:*": f"${{{name}LogGroup.Arn}}", "*": "*"}
                ours = {right(p["actions"], p["resources"]) for p in function["permissions"]}
                ours |= {right(p["actions"], [log[where] for where in p["resources"]]) for p in of_all}
                holders = [*roles[role[2:-1]]["Policies"], *(p for p in policies.values() if role in p["Roles"])]
                holders += [managed[policy[2:-1]] for policy in roles[role[2:-1]]["ManagedPolicyArns"]]
                statements = [statement for holder in holders for statement in holder["PolicyDocument"]["Statement"]]
                for statement in statements:
                    self.assertEqual({*statement}, {"Effect", "Action", "Resource"})
                rights = {right(s["Action"], s["Resource"]) for s in statements}
                self.assertEqual(ours, rights)

    def test_the_same_services_take_on_the_roles_and_call_the_functions(self):
        own = hcl.call(resource(self.function, "aws_iam_role")["assume_role_policy"], "jsonencode")
        for role in self.of_type("IAM::Role").values():
            self.assertEqual(own, role["AssumeRolePolicyDocument"])
        by_route, by_bucket = (
            resource(self.api, "aws_lambda_permission"),
            self.of_kind("aws_lambda_permission")["jobs_bucket"],
        )
        for permission in self.of_type("Lambda::Permission").values():
            own = by_route if "SourceArn" in permission else by_bucket
            self.assertEqual((own["action"], own["principal"]), (permission["Action"], permission["Principal"]))
            self.assertEqual(own.get("source_account"), permission.get("SourceAccount"))
            self.assertIn("source_arn", own)
            # Always the alias: the function itself has no version to go back to.
            self.assertRegex(permission["FunctionName"], r"Aliaslive\}$")
            self.assertRegex(own["qualifier"], r"\.alias$")

    def test_routes_lead_to_the_same_functions(self):
        binaries = {
            f"${{{name}Aliaslive}}": f["Metadata"]["BuildProperties"]["Binary"]
            for name, f in self.of_type("Lambda::Function").items()
        }
        binaries_of_modules = {
            f"module.{label}": block["binary"] for label, block in self.modules("./function").items()
        }
        every = {}
        for name, api in self.of_type("ApiGatewayV2::Api").items():
            theirs = {}
            for path, methods in api["Body"]["paths"].items():
                for method, operation in methods.items():
                    integration = operation["x-amazon-apigateway-integration"]
                    theirs[f"{method.upper()} {path}"] = binaries[
                        re.search(r"functions/(.*)/invocations", integration["uri"])[1]
                    ]
                    self.assertEqual(
                        integration["payloadFormatVersion"],
                        resource(self.api, "aws_apigatewayv2_integration")["payload_format_version"],
                    )
            ours = {route: binaries_of_modules[module] for route, module in self.apis()[name]["routes"].items()}
            self.assertEqual(ours, theirs)
            every.update(ours)
        self.assertEqual(local.STACK["routes"], every)

    def test_pages_of_other_origins_may_do_the_same(self):
        theirs = {}
        for name, api in self.of_type("ApiGatewayV2::Api").items():
            condition, yes, no = api["Body"]["x-amazon-apigateway-cors"]["Fn::If"]
            theirs[name] = (condition, yes, no)
        apis, here = self.apis(), local.STACK["cors"]
        counter, owner = apis["CounterApi"]["cors"], apis["OwnerApi"]["cors"]
        for branch in theirs["CounterApi"][1:]:
            self.assertEqual(set(branch), {"allowOrigins", "allowMethods"})
            self.assertEqual(branch["allowMethods"], counter["allow_methods"])
        self.assertEqual(counter["allow_methods"], here["CounterApi"]["methods"])
        condition, text = re.fullmatch(r'(var\.owner_origin == "") \? null : (\{.*\})', owner, re.S).groups()
        owner = hcl.parse(text)
        condition, theirs, nothing = theirs["OwnerApi"]
        self.assertEqual((condition, nothing), ("OtherOwnerOrigin", "${AWS::NoValue}"))
        for ours, named, at_home in (
            ("allow_methods", "allowMethods", "methods"),
            ("allow_headers", "allowHeaders", "headers"),
            ("expose_headers", "exposeHeaders", "exposed"),
        ):
            self.assertEqual(sorted(owner[ours]), sorted(theirs[named]))
            self.assertEqual(sorted(owner[ours]), sorted(here["OwnerApi"][at_home]))
        self.assertEqual(set(theirs), {"allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders"})

    def test_as_many_pages_are_counted_everywhere(self):
        at_home = local.STACK["defaults"]["RESUME_COUNTER_MAX_PAGES"]
        self.assertEqual(int(at_home), self.template["Parameters"]["MaxPages"]["Default"])

    def test_visits_are_kept_as_long_everywhere(self):
        at_home = local.STACK["defaults"]["RESUME_COUNTER_VISIT_RETENTION"]
        self.assertEqual(int(at_home), self.template["Parameters"]["VisitRetentionDays"]["Default"])

    def test_days_are_those_of_one_time_zone_everywhere(self):
        at_home = local.STACK["defaults"]["RESUME_COUNTER_TIME_ZONE"]
        self.assertEqual(at_home, self.template["Parameters"]["VisitTimeZone"]["Default"])

    def test_every_api_is_throttled_and_logged_alike(self):
        ours = resource(self.api, "aws_apigatewayv2_stage")
        for name, api in self.apis().items():
            stage = self.of_type("ApiGatewayV2::Stage")[f"{name}ApiGatewayDefaultStage"]
            for setting, variable in (
                ("ThrottlingRateLimit", "throttle_rate"),
                ("ThrottlingBurstLimit", "throttle_burst"),
            ):
                self.assertEqual(ours["default_route_settings"][0][snake(setting)], f"var.{variable}")
                self.assertEqual(api[variable], stage["DefaultRouteSettings"][setting])
                at_home = local.STACK["defaults"][f"RESUME_COUNTER_{variable.upper()}"]
                self.assertEqual(
                    int(at_home), self.template["Parameters"][stage["DefaultRouteSettings"][setting][2:-1]]["Default"]
                )
            self.assertEqual(len(stage["DefaultRouteSettings"]), len(ours["default_route_settings"][0]))
            self.assertEqual(ours["name"], stage["StageName"])
            self.assertEqual(
                hcl.call(ours["access_log_settings"][0]["format"], "jsonencode"),
                json.loads(stage["AccessLogSettings"]["Format"]),
            )

    def test_logs_have_the_same_names_and_are_kept_as_long(self):
        named = {}
        for name, function in self.functions().items():
            named[f"{name}LogGroup"] = f"/aws/lambda/${{AWS::StackName}}-{function['binary']}"
        for name, api in self.apis().items():
            named[f"{name}LogGroup"] = f"/aws/vendedlogs/{api['name']}"
            self.assertEqual(api["log_retention_in_days"], "${LogRetentionInDays}")
        groups = self.of_type("Logs::LogGroup")
        self.assertEqual(named, {name: group["LogGroupName"] for name, group in groups.items()})
        self.assertEqual({group["RetentionInDays"] for group in groups.values()}, {"${LogRetentionInDays}"})
        ours = resource(self.function, "aws_cloudwatch_log_group")
        self.assertEqual(
            (ours["name"], self.function["locals"]["name"]),
            ("/aws/lambda/${local.name}", "${var.settings.stack_name}-${var.binary}"),
        )
        self.assertEqual(ours["retention_in_days"], "var.settings.log_retention_in_days")
        self.assertEqual(resource(self.api, "aws_cloudwatch_log_group")["name"], "/aws/vendedlogs/${var.name}")


if __name__ == "__main__":
    unittest.main()
