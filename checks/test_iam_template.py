"""The rights in AWS: every role of template.yaml with all that it may do.

A right that is not in this table, or is on more than the table says, fails.
"""

import unittest

from template import TemplateTest, arn, expand, load, ref

# The sources of an identity's rights.
ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
OTHER_IDENTITIES = ("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::AccessKey", "AWS::IAM::InstanceProfile")


def allow(actions, resource):
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def allow_dynamodb(actions, resource):
    return allow([f"dynamodb:{action}" for action in actions.split()], resource)


def allow_log(function):
    return allow(["logs:CreateLogStream", "logs:PutLogEvents"], arn(f"{function}LogGroup"))


TRACE = allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*")

FUNCTIONS = {
    "CounterFunctionIamRole": [
        allow_dynamodb("GetItem UpdateItem", arn("CounterTable")),
        allow_log("CounterFunction"),
        TRACE,
    ],
    "VisitsFunctionIamRole": [
        allow_dynamodb("GetItem PutItem Query UpdateItem", arn("VisitsTable")),
        allow_dynamodb("UpdateItem", arn("SaltsTable")),
        allow_log("VisitsFunction"),
        TRACE,
    ],
    "ItemsFunctionIamRole": [
        allow_dynamodb("DeleteItem GetItem PutItem Scan UpdateItem", [arn("OrderTable"), arn("ManagerTable")]),
        allow_log("ItemsFunction"),
        TRACE,
    ],
    "JobsSplitFunctionIamRole": [
        allow(["sqs:SendMessage"], [arn("JobsQueue"), arn("JobsUnreadFiles")]),
        allow_dynamodb("GetItem PutItem Query UpdateItem", arn("JobsLogTable")),
        allow_log("JobsSplitFunction"),
        TRACE,
        allow(["s3:GetObject"], {"Fn::Sub": "${JobsBucket.Arn}/job_offers/*"}),
        allow(
            ["s3:PutObject"],
            [{"Fn::Sub": f"${{JobsBucket.Arn}}/job_offers_{name}/*"} for name in ("rejected", "loaded")],
        ),
        allow(["s3:DeleteObject"], {"Fn::Sub": "${JobsBucket.Arn}/job_offers_rejected/*"}),
        allow(["s3:ListBucket"], arn("JobsBucket")),
    ],
    "JobsStoreFunctionIamRole": [
        allow(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], arn("JobsQueue")),
        allow_dynamodb("PutItem", arn("JobsTable")),
        allow_dynamodb("Query UpdateItem", arn("JobsLogTable")),
        allow_log("JobsStoreFunction"),
        TRACE,
        allow(["s3:PutObject"], {"Fn::Sub": "${JobsBucket.Arn}/job_offers_loaded/*"}),
    ],
    "JobsApiFunctionIamRole": [
        allow_dynamodb("DeleteItem PutItem Query Scan UpdateItem", arn("JobsTable")),
        allow_dynamodb("GetItem PutItem", arn("JobsLogTable")),
        allow_dynamodb(
            "Query", [{"Fn::Sub": f"${{JobsTable.Arn}}/index/{name}-index"} for name in ("city", "keyword")]
        ),
        allow_log("JobsApiFunction"),
        TRACE,
    ],
}


def of_type(resources, *types):
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] in types}


def rights(resources):
    """The statements of each role, from all its policies; the ARN for a policy of AWS's own."""
    policies = of_type(resources, *ATTACHED)
    found = {}
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        documents = [policy["PolicyDocument"] for policy in role.get("Policies", [])]
        for policy in role.get("ManagedPolicyArns", []):
            named = policies.get(policy["Ref"]) if isinstance(policy, dict) else None
            documents.append(named["PolicyDocument"] if named else {"Statement": [policy]})
        documents += [policy["PolicyDocument"] for policy in policies.values() if ref(name) in policy.get("Roles", [])]
        found[name] = [statement for document in documents for statement in document["Statement"]]
    return found


def trusted(resources):
    """The trust statements of each role."""
    return {
        name: [
            (statement["Effect"], statement["Action"], statement["Principal"], set(statement))
            for statement in role["AssumeRolePolicyDocument"]["Statement"]
        ]
        for name, role in of_type(resources, "AWS::IAM::Role").items()
    }


def trust(service, one_or_list=lambda value: value):
    keys = {"Effect", "Action", "Principal"}
    return [("Allow", one_or_list("sts:AssumeRole"), {"Service": one_or_list(service)}, keys)]


class Iam(TemplateTest):
    def test_each_role_may_do_this_and_nothing_else(self):
        self.assertEqual(rights(self.resources), FUNCTIONS)

    def test_lambda_alone_takes_on_these_roles(self):
        self.assertEqual(trusted(self.resources), {name: trust("lambda.amazonaws.com") for name in FUNCTIONS})

    def test_a_gradual_deployment_adds_the_role_of_codedeploy(self):
        resources = expand(load(), GradualDeployment="true")["Resources"]
        policy = "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda"
        self.assertEqual(rights(resources), {**FUNCTIONS, "CodeDeployServiceRole": [policy]})
        self.assertEqual(
            trusted(resources)["CodeDeployServiceRole"], trust("codedeploy.amazonaws.com", lambda value: [value])
        )

    def test_nobody_else_has_any_rights(self):
        self.assertEqual(of_type(self.resources, *OTHER_IDENTITIES), {})
        for name, policy in of_type(self.resources, *ATTACHED).items():
            self.assertEqual((policy.get("Users"), policy.get("Groups")), (None, None), name)

    def test_policies_for_resources_are_those_of_the_buckets_and_of_who_calls_a_function(self):
        kinds = {resource["Type"] for resource in self.resources.values()}
        self.assertEqual(
            {kind for kind in kinds if kind.endswith(("Policy", "Permission"))},
            {
                "AWS::IAM::ManagedPolicy",
                "AWS::IAM::Policy",
                "AWS::Lambda::Permission",
                "AWS::S3::BucketPolicy",
                # These are CloudFront's, and give nobody rights.
                "AWS::CloudFront::CachePolicy",
                "AWS::CloudFront::OriginRequestPolicy",
                "AWS::CloudFront::ResponseHeadersPolicy",
            },
        )


if __name__ == "__main__":
    unittest.main()
