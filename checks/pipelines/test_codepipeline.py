"""pipelines/: the rights of each role, literally, and the order of the stages."""

import json
import re
import subprocess
import unittest
from fnmatch import fnmatch

from rules import ACCESS, BUILDSPECS, CODEPIPELINE, INVALIDATION, ROOT

# IAM's names for the services of the resources in template.yaml.
SERVICES = {
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
    """A policy's statements, those that a condition may leave out included."""
    return [one.get("Fn::If", [None, one])[1] for one in properties(template, name)["PolicyDocument"]["Statement"]]


def actions(statement):
    return statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]


# The rights of a deployment by any pipeline.
POLICIES = ("StackPolicy", "SitePolicy", "DeployPolicy")
ROLE = {"Fn::ImportValue": {"Fn::Sub": "${StackName}-cloudformation-role"}}


def resolved(value):
    """The value with its !Sub filled in, at its greatest length."""
    names = {
        "AWS::Partition": "aws",
        "AWS::Region": "ap-northeast-1",
        "AWS::AccountId": "1" * 12,
        "StackName": "s" * 26,
        "SiteDistribution": "E" * 14,
        "HostedZoneId": "Z" * 21,
        "name": "t" * 30,
    }
    if isinstance(value, dict):
        if "Fn::Sub" in value:
            text = value["Fn::Sub"]
            return re.sub(r"\$\{(.+?)\}", lambda name: names[name[1]], text if isinstance(text, str) else text[0])
        if "Fn::If" in value:
            return resolved(value["Fn::If"][1])
        if "Ref" in value:
            return f"arn:aws:iam::{'1' * 12}:policy/deploy/deploy-access-{value['Ref']}-ABCDEFGHIJKL"
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
                    ROLE,
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
            self.assertEqual(properties(CODEPIPELINE, name)["ManagedPolicyArns"], [{"Ref": "ArtifactPolicy"}])
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
        statement, code = statements(CODEPIPELINE, "ArtifactBucketPolicy")
        self.assertEqual((code["Principal"], code["Action"]), ({"AWS": ROLE}, "s3:GetObject"))
        self.assertEqual(code["Resource"], sub("${ArtifactBucket.Arn}/code/*"))
        self.assertEqual((statement["Effect"], statement["Principal"], statement["Action"]), ("Deny", "*", "s3:*"))
        self.assertEqual(statement["Condition"], {"Bool": {"aws:SecureTransport": False}})


class Access(unittest.TestCase):
    maxDiff = None

    def test_only_the_environment_and_the_branch_may_take_the_roles(self):
        subjects = {
            "GitHub": ("token.actions.githubusercontent.com", "repo:${GitHubRepository}:environment:production"),
            "GitLab": ("gitlab.com", "project_path:${GitLabProject}:ref_type:branch:ref:${GitLabBranch}"),
        }
        for name, (issuer, subject) in subjects.items():
            role = properties(ACCESS, f"{name}Role")
            self.assertEqual(role["ManagedPolicyArns"], [{"Ref": policy} for policy in POLICIES])
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

    def test_a_repository_is_named_as_its_tokens_name_it(self):
        pattern = ACCESS["Parameters"]["GitHubRepository"]["AllowedPattern"]
        for name in ("", "somebody/resume", "somebody@1296269/my.resume@840513"):
            self.assertTrue(re.fullmatch(pattern, name), name)
        for name in ("resume", "somebody/*", "somebody@1/resume", "somebody@x/resume@y", "somebody/resume:ref"):
            self.assertFalse(re.fullmatch(pattern, name), name)

    def test_a_deployment_deletes_and_reads_no_data(self):
        data = ("dynamodb:DeleteTable", "dynamodb:GetItem", "dynamodb:Scan", "s3:DeleteBucket", "s3:DeleteObject",
                "s3:GetObject", "sqs:ReceiveMessage", "logs:GetLogEvents")
        for statement in statements(ACCESS, "StackPolicy") + statements(ACCESS, "SitePolicy"):
            for action in actions(statement):
                self.assertFalse([forbidden for forbidden in data if fnmatch(forbidden, action)], action)

    def test_what_is_not_bound_to_the_stack_is_this(self):
        bound = ("${StackName}", "${SiteDistribution}", "${HostedZoneId}", "aws-sam-cli-managed-default")
        unbound = {
            statement["Sid"]
            for policy in (*POLICIES, "Boundary")
            for statement in statements(ACCESS, policy)
            if not any(name in str(statement["Resource"]) for name in bound)
        }
        # A condition limits the first; the last is Route 53's status of a change.
        self.assertEqual(
            unbound, {"EventSources", "Transform", "Apis", "LogsOfApis", "FirstApi", "Behaviours", "Traces", "Changes"}
        )

    def test_every_role_that_a_deployment_makes_or_changes_is_bounded(self):
        gives_rights = {
            f"iam:{action}"
            for action in ("AttachRolePolicy", "CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy")
        }
        for policy in POLICIES:
            for statement in statements(ACCESS, policy):
                if gives_rights & set(actions(statement)):
                    self.assertEqual(
                        statement["Condition"]["StringEquals"], {"iam:PermissionsBoundary": {"Ref": "Boundary"}}
                    )
        # Nobody may remove a boundary.
        every = [action for policy in POLICIES for one in statements(ACCESS, policy) for action in actions(one)]
        self.assertFalse([action for action in every if fnmatch("iam:DeleteRolePermissionsBoundary", action)])

    def test_the_boundary_lets_through_what_the_functions_are_given(self):
        def granted(text):
            return set(re.findall(r"\b(?:dynamodb|logs|s3|sqs|xray):\w+", text))

        template = (ROOT / "template.yaml").read_text()
        given = granted("\n".join(re.findall(r"^ +Action:((?:\n +- .+)+)", template, re.M)))
        self.assertGreater(len(given), 12)
        allowed = {action for statement in statements(ACCESS, "Boundary") for action in actions(statement)}
        self.assertEqual(given - allowed, set())

    def test_cloudformations_role_stays_and_can_do_what_make_deploy_and_make_destroy_need(self):
        role = ACCESS["Resources"]["CloudFormationRole"]
        for name in ("CloudFormationRole", "StackPolicy", "SitePolicy"):
            self.assertEqual(ACCESS["Resources"][name]["DeletionPolicy"], "RetainExceptOnCreate")
        self.assertEqual(role["Properties"]["ManagedPolicyArns"], [{"Ref": "StackPolicy"}, {"Ref": "SitePolicy"}])
        (policy,) = role["Properties"]["Policies"]
        sam = sub("arn:${AWS::Partition}:s3:::aws-sam-cli-managed-default-*/*")
        table = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${StackName}-"
        unnamed = [sub(f"{table}{name}-*") for name in ("SaltsTable", "JobsLogTable")]
        self.assertEqual(
            policy["PolicyDocument"]["Statement"],
            [allow("s3:GetObject", sam), allow("dynamodb:DeleteTable", unnamed)],
        )
        deploy = properties(CODEPIPELINE, "BackendPipeline")["Stages"][-1]["Actions"][0]["Configuration"]
        self.assertEqual(deploy["RoleArn"], ROLE)
        self.assertEqual(ACCESS["Outputs"]["CloudFormationRole"]["Export"]["Name"], ROLE["Fn::ImportValue"])

    def test_what_is_deployed_is_for_the_processor_that_it_was_built_for(self):
        deploy = properties(CODEPIPELINE, "BackendPipeline")["Stages"][-1]["Actions"][0]["Configuration"]
        self.assertEqual(deploy["TemplateConfiguration"], "Packaged::configuration.json")
        commands = [command for phase in BUILDSPECS["buildspec.yml"]["phases"].values() for command in phase["commands"]]
        self.assertIn('scripts/sam build --parameter-overrides "Architecture=$ARCHITECTURE"', commands)
        (written,) = [command for command in commands if "configuration.json" in command]
        written = written.replace(".aws-sam/configuration.json", "/dev/stdout")
        shown = subprocess.run(["bash", "-c", f"ARCHITECTURE=x86_64; {written}"], capture_output=True, check=True)
        self.assertEqual(json.loads(shown.stdout), {"Parameters": {"Architecture": "x86_64"}})
        pattern = CODEPIPELINE["Parameters"]["StackParameters"]["AllowedPattern"]
        for parameters in ("{}", '{"OwnerTokenSha256": "0f", "OwnerTokenVersion": "2"}', '{"AlarmEmail": "a@b"}'):
            self.assertTrue(re.fullmatch(pattern, parameters), parameters)
        for parameters in ("", '{"Architecture": "x86_64"}', '{"OwnerTokenSha256": "0f"}'):
            self.assertFalse(re.fullmatch(pattern, parameters), parameters)

    def test_words_for_readers_start_no_pipeline(self):
        for pipeline in ("BackendPipeline", "SitePipeline"):
            (trigger,) = properties(CODEPIPELINE, pipeline)["Triggers"]
            (push,) = trigger["GitConfiguration"]["Push"]
            self.assertEqual(push["FilePaths"], {"Excludes": ["docs/**", "*.md"]})
            source = properties(CODEPIPELINE, pipeline)["Stages"][0]["Actions"][0]
            self.assertEqual(source["Configuration"]["DetectChanges"], "false")

    def test_no_widening_goes_unseen(self):
        wide = [
            (statement["Sid"], action)
            for policy in POLICIES
            for statement in statements(ACCESS, policy)
            for action in actions(statement)
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
                ("Distribution", "cloudfront:*Distribution*"),
                ("Paths", "cloudfront:*Function"),
                ("Behaviours", "cloudfront:*CachePolicy"),
                ("Behaviours", "cloudfront:*OriginAccessControl"),
                ("Behaviours", "cloudfront:*OriginRequestPolicy"),
                ("Behaviours", "cloudfront:*ResponseHeadersPolicy"),
            ],
        )
        for policy in POLICIES:
            for statement in statements(ACCESS, policy):
                if "iam:PassRole" in statement["Action"] or "iam:AttachRolePolicy" in statement["Action"]:
                    self.assertIn("Condition", statement)

    def test_nobody_may_change_their_own_rights(self):
        for template in (ACCESS, CODEPIPELINE):
            for name, resource in template["Resources"].items():
                if resource["Type"] in ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy"):
                    self.assertEqual(resource["Properties"].get("Path"), "/deploy/", name)
        for statement in [one for policy in POLICIES for one in statements(ACCESS, policy)]:
            for resource in resolved([statement["Resource"]]):
                for arn in resource if isinstance(resource, list) else [resource]:
                    for kind in ("role", "policy"):
                        mine = f"arn:aws:iam::{'1' * 12}:{kind}/deploy/{'s' * 26}-access"
                        self.assertFalse(arn != "*" and fnmatch(mine, arn), arn)

    def test_policies_are_as_long_as_iam_takes_them(self):
        for policy in (*POLICIES, "Boundary"):
            document = resolved(properties(ACCESS, policy)["PolicyDocument"])
            self.assertLessEqual(len(json.dumps(document, separators=(",", ":"))), 6144, policy)

    def test_every_service_of_the_stack_is_in_the_policy(self):
        types = set(re.findall(r"^    Type: AWS::(\w+)::", (ROOT / "template.yaml").read_text(), re.M))
        allowed = {
            action.partition(":")[0]
            for policy in ("StackPolicy", "SitePolicy")
            for statement in statements(ACCESS, policy)
            for action in actions(statement)
        }
        # The transform makes functions, APIs and deployments.
        self.assertLessEqual({"lambda", "apigateway", "codedeploy"}, allowed)
        self.assertLessEqual({SERVICES[name] for name in types - {"Serverless"}}, allowed)


if __name__ == "__main__":
    unittest.main()
