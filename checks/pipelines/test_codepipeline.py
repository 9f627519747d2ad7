"""pipelines/: who may do what, literally, and in which order the pipelines go."""

import json
import re
import unittest
from fnmatch import fnmatch

from rules import ACCESS, BUILDSPECS, CODEPIPELINE, INVALIDATION, ROOT

# Of the resources in template.yaml, what IAM calls their service.
SERVICES = {
    "Budgets": "budgets",
    "CloudFront": "cloudfront",
    "CloudWatch": "cloudwatch",
    "DynamoDB": "dynamodb",
    "IAM": "iam",
    "Logs": "logs",
    "Route53": "route53",
    "S3": "s3",
    "SNS": "sns",
    "SQS": "sqs",
}


def sub(text):
    return {"Fn::Sub": text}


def arn(name):
    return {"Fn::GetAtt": f"{name}.Arn"}


def allow(actions, resource, **condition):
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def properties(template, name):
    return template["Resources"][name]["Properties"]


def statements(template, name):
    return properties(template, name)["PolicyDocument"]["Statement"]


def resolved(value):
    """The value with its !Sub filled in, as long as it may become."""
    names = {"AWS::Partition": "aws", "AWS::Region": "ap-northeast-1", "AWS::AccountId": "1" * 12, "StackName": "resume-counter"}
    if isinstance(value, dict):
        if "Fn::Sub" in value:
            return re.sub(r"\$\{(.+?)\}", lambda name: names[name[1]], value["Fn::Sub"])
        return {key: resolved(inner) for key, inner in value.items()}
    return [resolved(inner) for inner in value] if isinstance(value, list) else value


class CodePipeline(unittest.TestCase):
    maxDiff = None

    def actions(self, pipeline):
        return {
            stage["Name"]: [
                (action["Name"], action["ActionTypeId"]["Provider"], action["Configuration"])
                for action in sorted(stage["Actions"], key=lambda action: action.get("RunOrder", 1))
            ]
            for stage in properties(CODEPIPELINE, pipeline)["Stages"]
        }

    def test_the_back_end_is_tested_packaged_and_deployed_by_change_set(self):
        stages = self.actions("BackendPipeline")
        self.assertEqual(list(stages), ["Source", "UnitTests", "Package", "Deploy"])
        create, execute = stages["Deploy"]
        self.assertEqual(create[2]["ActionMode"], "CHANGE_SET_REPLACE")
        self.assertEqual(create[2]["TemplatePath"], "Packaged::packaged.yaml")
        self.assertEqual(BUILDSPECS["buildspec.yml"]["artifacts"]["files"][0], "packaged.yaml")
        self.assertEqual(execute[2]["ActionMode"], "CHANGE_SET_EXECUTE")
        self.assertEqual(execute[2]["ChangeSetName"], create[2]["ChangeSetName"])

    def test_the_site_is_built_uploaded_assets_first_and_invalidated(self):
        stages = self.actions("SitePipeline")
        self.assertEqual(list(stages), ["Source", "Build", "Deploy", "Invalidate"])
        self.assertEqual(
            [(name, provider, configuration["CacheControl"]) for name, provider, configuration in stages["Deploy"]],
            [("Assets", "S3", "public, max-age=31536000, immutable"), ("Pages", "S3", "no-cache")],
        )
        artifacts = BUILDSPECS["site-buildspec.yaml"]["artifacts"]["secondary-artifacts"]
        self.assertEqual(list(artifacts), ["Assets", "Pages"])
        self.assertIn("create-invalidation", INVALIDATION["phases"]["build"]["commands"][1])

    def test_the_projects_run_the_specifications_of_the_repository(self):
        for name, resource in CODEPIPELINE["Resources"].items():
            if resource["Type"] == "AWS::CodeBuild::Project" and name != "Invalidation":
                self.assertIn(resource["Properties"]["Source"]["BuildSpec"], BUILDSPECS)

    def test_each_role_may_do_its_work_and_no_more(self):
        connection = allow(
            ["codeconnections:UseConnection", "codestar-connections:UseConnection"], {"Ref": "ConnectionArn"}
        )
        stack = "arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${StackName}/*"
        transform = "arn:${AWS::Partition}:cloudformation:${AWS::Region}:aws:transform/Serverless-2016-10-31"
        self.assertEqual(
            statements(CODEPIPELINE, "BackendPipelineRolePolicy"),
            [
                connection,
                allow(["codebuild:BatchGetBuilds", "codebuild:StartBuild"], [arn("UnitTests"), arn("Package")]),
                allow(
                    [
                        "cloudformation:CreateChangeSet",
                        "cloudformation:DeleteChangeSet",
                        "cloudformation:DescribeChangeSet",
                        "cloudformation:DescribeStacks",
                        "cloudformation:ExecuteChangeSet",
                    ],
                    sub(stack),
                ),
                allow("cloudformation:CreateChangeSet", sub(transform)),
                allow(
                    "iam:PassRole",
                    arn("CloudFormationRole"),
                    StringEquals={"iam:PassedToService": "cloudformation.amazonaws.com"},
                ),
            ],
        )
        self.assertEqual(
            statements(CODEPIPELINE, "SitePipelineRolePolicy"),
            [
                connection,
                allow(["codebuild:BatchGetBuilds", "codebuild:StartBuild"], [arn("SiteBuild"), arn("Invalidation")]),
                allow("s3:PutObject", sub("arn:${AWS::Partition}:s3:::${SiteBucket}/*")),
            ],
        )
        self.assertEqual(
            statements(CODEPIPELINE, "ArtifactPolicy"),
            [
                allow(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], sub("${ArtifactBucket.Arn}/*")),
                allow(["s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"], arn("ArtifactBucket")),
            ],
        )
        log = allow(["logs:CreateLogStream", "logs:PutLogEvents"], arn("LogGroup"))
        report = "arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:report-group/${AWS::StackName}-unit-tests-*"
        distribution = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${SiteDistribution}"
        inline = {
            "BackendPipelineRole": [],
            "SitePipelineRole": [],
            "CloudFormationRole": [allow("s3:GetObject", sub("${ArtifactBucket.Arn}/code/*"))],
            "BuildRole": [
                log,
                allow(
                    [
                        "codebuild:BatchPutTestCases",
                        "codebuild:CreateReport",
                        "codebuild:CreateReportGroup",
                        "codebuild:UpdateReport",
                    ],
                    sub(report),
                ),
            ],
            "InvalidationRole": [
                log,
                allow("s3:ListBucket", sub("arn:${AWS::Partition}:s3:::${SiteBucket}")),
                allow(
                    ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject"],
                    sub("arn:${AWS::Partition}:s3:::${SiteBucket}/*.wasm"),
                ),
                allow(["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"], sub(distribution)),
            ],
        }
        roles = {
            name: [
                statement
                for policy in resource["Properties"].get("Policies", [])
                for statement in policy["PolicyDocument"]["Statement"]
            ]
            for name, resource in CODEPIPELINE["Resources"].items()
            if resource["Type"] == "AWS::IAM::Role"
        }
        self.assertEqual(roles, inline)
        for name in roles:
            managed = [{"Fn::ImportValue": sub("${StackName}-stack-policy")}]
            self.assertEqual(
                properties(CODEPIPELINE, name)["ManagedPolicyArns"],
                managed if name == "CloudFormationRole" else [{"Ref": "ArtifactPolicy"}],
            )
            (trust,) = properties(CODEPIPELINE, name)["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(trust["Condition"], {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}})

    def test_the_bucket_is_private_encrypted_and_reached_by_tls_only(self):
        bucket = properties(CODEPIPELINE, "ArtifactBucket")
        self.assertEqual(set(bucket["PublicAccessBlockConfiguration"].values()), {True})
        self.assertEqual(len(bucket["PublicAccessBlockConfiguration"]), 4)
        self.assertEqual(
            bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"],
            [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}],
        )
        (statement,) = statements(CODEPIPELINE, "ArtifactBucketPolicy")
        self.assertEqual((statement["Effect"], statement["Principal"], statement["Action"]), ("Deny", "*", "s3:*"))
        self.assertEqual(statement["Condition"], {"Bool": {"aws:SecureTransport": False}})


class Access(unittest.TestCase):
    maxDiff = None

    def test_only_the_environment_and_the_branch_may_take_the_roles(self):
        subjects = {
            "GitHub": ("token.actions.githubusercontent.com", "repo:${GitHubRepository}:environment:production"),
            "GitLab": ("gitlab.com", "project_path:${GitLabProject}:ref_type:branch:ref:main"),
        }
        for name, (issuer, subject) in subjects.items():
            role = properties(ACCESS, f"{name}Role")
            self.assertEqual(role["ManagedPolicyArns"], [{"Ref": "StackPolicy"}, {"Ref": "DeployPolicy"}])
            self.assertEqual(
                role["AssumeRolePolicyDocument"]["Statement"],
                [
                    {
                        "Effect": "Allow",
                        "Principal": {
                            "Federated": sub(f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:oidc-provider/{issuer}")
                        },
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {
                            "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": sub(subject)}
                        },
                    }
                ],
            )
            self.assertEqual(
                properties(ACCESS, f"{name}Provider"), {"Url": f"https://{issuer}", "ClientIdList": ["sts.amazonaws.com"]}
            )

    def test_a_deployment_deletes_and_reads_no_data(self):
        data = ("dynamodb:DeleteTable", "dynamodb:GetItem", "dynamodb:Scan", "s3:DeleteBucket", "s3:DeleteObject",
                "s3:GetObject", "sqs:ReceiveMessage", "logs:GetLogEvents")
        for statement in statements(ACCESS, "StackPolicy"):
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            for action in actions:
                self.assertFalse([forbidden for forbidden in data if fnmatch(forbidden, action)], action)

    def test_what_is_not_bound_to_the_stack_by_name_is_this(self):
        unbound = {
            statement["Sid"]
            for statement in statements(ACCESS, "StackPolicy")
            if "${StackName}" not in str(statement["Resource"])
        }
        self.assertEqual(
            unbound,
            {"Transform", "EventSources", "Apis", "LogsOfApis", "FirstApi", "Tables", "Dashboards", "Budgets", "Site", "Names"},
        )

    def test_no_widening_goes_unseen(self):
        wide = [
            (statement["Sid"], action)
            for policy in ("StackPolicy", "DeployPolicy")
            for statement in statements(ACCESS, policy)
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
            if "*" in action
        ]
        self.assertEqual(
            wide,
            [
                ("Functions", "lambda:*"),
                ("EventSources", "lambda:*EventSourceMapping"),
                ("Apis", "apigateway:*"),
                ("LogsOfApis", "logs:*LogDelivery"),
                ("Tables", "dynamodb:Describe*"),
                ("Buckets", "s3:Get*Configuration"),
                ("Buckets", "s3:GetBucket*"),
                ("Buckets", "s3:Put*Configuration"),
                ("Buckets", "s3:PutBucket*"),
                ("Queues", "sqs:GetQueue*"),
                ("Topic", "sns:Get*Attributes"),
                ("Topic", "sns:List*"),
                ("Topic", "sns:Set*Attributes"),
                ("Canaries", "codedeploy:*"),
                ("Site", "cloudfront:*CachePolicy"),
                ("Site", "cloudfront:*Distribution*"),
                ("Site", "cloudfront:*Function"),
                ("Site", "cloudfront:*OriginAccessControl"),
                ("Site", "cloudfront:*OriginRequestPolicy"),
                ("Site", "cloudfront:*ResponseHeadersPolicy"),
            ],
        )
        for policy in ("StackPolicy", "DeployPolicy"):
            for statement in statements(ACCESS, policy):
                if "iam:PassRole" in statement["Action"] or "iam:AttachRolePolicy" in statement["Action"]:
                    self.assertIn("Condition", statement)

    def test_nobody_may_change_their_own_rights(self):
        for template in (ACCESS, CODEPIPELINE):
            for name, resource in template["Resources"].items():
                if resource["Type"] in ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy"):
                    self.assertEqual(resource["Properties"].get("Path"), "/deploy/", name)
        for statement in statements(ACCESS, "StackPolicy"):
            for resource in resolved([statement["Resource"]]):
                for arn in resource if isinstance(resource, list) else [resource]:
                    for kind in ("role", "policy"):
                        mine = f"arn:aws:iam::{'1' * 12}:{kind}/deploy/resume-counter-access"
                        self.assertFalse(arn != "*" and fnmatch(mine, arn), arn)

    def test_policies_are_as_long_as_iam_takes_them(self):
        for policy in ("StackPolicy", "DeployPolicy"):
            document = resolved(properties(ACCESS, policy)["PolicyDocument"])
            self.assertLessEqual(len(json.dumps(document, separators=(",", ":"))), 6144, policy)

    def test_every_service_of_the_stack_is_in_the_policy(self):
        types = set(re.findall(r"^    Type: AWS::(\w+)::", (ROOT / "template.yaml").read_text(), re.M))
        allowed = {
            action.partition(":")[0]
            for statement in statements(ACCESS, "StackPolicy")
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }
        # The transform makes functions, APIs and deployments.
        self.assertLessEqual({"lambda", "apigateway", "codedeploy"}, allowed)
        self.assertLessEqual({SERVICES[name] for name in types - {"Serverless"}}, allowed)


if __name__ == "__main__":
    unittest.main()
