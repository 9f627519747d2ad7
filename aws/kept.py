"""What a stack keeps of systems that are taken out of it, and how that is taken up
again:

    kept.py list STACK SYSTEMS      what the stack leaves behind without these systems
    kept.py import STACK SYSTEMS    takes up what it has left behind of these systems

SYSTEMS has commas between, such as visits,jobs. What is imported is in the stack
before the deployment that needs it, and nothing else of the stack is changed.
"""

import json
import os
import subprocess
import sys
import tempfile

# What CloudFormation knows an existing resource by.
IDENTIFIERS = {"AWS::DynamoDB::Table": "TableName", "AWS::S3::Bucket": "BucketName", "AWS::SQS::Queue": "QueueUrl"}
# The client has an address of its own for SQS, unless it is told.
ENDPOINT = ["--endpoint-url", os.environ["AWS_ENDPOINT_URL"]] if os.environ.get("AWS_ENDPOINT_URL") else []


def aws(*command, text=False):
    """What the AWS CLI answers."""
    form = "text" if text else "json"
    done = subprocess.run(["aws", *ENDPOINT, *command, "--output", form], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"error: {done.stderr.strip()}")
    return done.stdout.strip() if text else json.loads(done.stdout or "null")


def template_of(stack):
    """The stack's template as CloudFormation has it."""
    body = aws("cloudformation", "get-template", "--stack-name", stack, "--template-stage", "Processed")["TemplateBody"]
    return json.loads(body) if isinstance(body, str) else body


def lasting(template, systems):
    """The resources of these systems that hold data, by their names in the template."""
    conditions = {f"Has{system.capitalize()}" for system in systems}
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if resource.get("Condition") in conditions and resource.get("DeletionPolicy", "").startswith("Retain")
        # SAM has versions of functions kept, but they go with their function.
        and resource["Type"] in IDENTIFIERS
    }


def made(stack):
    """The names of the stack's resources on AWS, by those in the template."""
    resources = aws("cloudformation", "list-stack-resources", "--stack-name", stack)["StackResourceSummaries"]
    return {one["LogicalResourceId"]: one.get("PhysicalResourceId") for one in resources if one["ResourceStatus"] != "DELETE_COMPLETE"}


def is_there(type, name):
    """Whether it was not deleted since."""
    ask = {
        "AWS::DynamoDB::Table": ["dynamodb", "describe-table", "--table-name", name],
        "AWS::S3::Bucket": ["s3api", "head-bucket", "--bucket", name],
        "AWS::SQS::Queue": ["sqs", "get-queue-attributes", "--queue-url", name],
    }[type]
    return not subprocess.run(["aws", *ENDPOINT, *ask], capture_output=True).returncode


def left_behind(stack, wanted):
    """The newest of each of `wanted` that an update has skipped and that is still there."""
    events = aws("cloudformation", "describe-stack-events", "--stack-name", stack)["StackEvents"]
    found, there = {}, made(stack)
    for event in events:
        name, physical = event["LogicalResourceId"], event.get("PhysicalResourceId")
        if event["ResourceStatus"] == "DELETE_SKIPPED" and name in wanted and name not in there and physical:
            found.setdefault(name, physical)
    return {name: physical for name, physical in found.items() if is_there(wanted[name]["Type"], physical)}


def importing(template, names):
    """The template with these resources unconditionally, and without what calls others."""
    for name in names:
        resource = template["Resources"][name]
        resource.pop("Condition")
        resource.pop("DependsOn", None)
        properties = resource["Properties"]
        properties.pop("NotificationConfiguration", None)
        tags = [tag for tag in properties.pop("Tags", []) if not tag["Key"].startswith("sam:")]
        if tags:
            properties["Tags"] = tags
    return template


def take_up(stack, systems, options):
    template = template_of(stack)
    kept = left_behind(stack, lasting(template, systems))
    if not kept:
        return
    print("taking up again, with all that is in them:")
    for name, physical in kept.items():
        print(f"{template['Resources'][name]['Type']}\t{physical}")
    # By way of a bucket, since a text of more than 51,200 bytes is not taken.
    [outputs] = [stack["Outputs"] for stack in aws("cloudformation", "describe-stacks", "--stack-name", "aws-sam-cli-managed-default")["Stacks"]]
    bucket = next(one["OutputValue"] for one in outputs if one["OutputKey"] == "SourceBucket")
    key = f"{stack}/import.json"
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(importing(template, kept), file, separators=(",", ":"))
        file.flush()
        aws("s3", "cp", "--only-show-errors", file.name, f"s3://{bucket}/{key}", text=True)
    parameters = aws("cloudformation", "describe-stacks", "--stack-name", stack)["Stacks"][0].get("Parameters", [])
    resources = [
        {"ResourceType": type, "LogicalResourceId": name, "ResourceIdentifier": {IDENTIFIERS[type]: physical}}
        for name, physical in kept.items()
        for type in [template["Resources"][name]["Type"]]
    ]
    change_set = ["--stack-name", stack, "--change-set-name", "take-up"]
    region = os.environ.get("AWS_REGION") or os.environ["AWS_DEFAULT_REGION"]
    aws(
        "cloudformation", "create-change-set", *change_set, "--change-set-type", "IMPORT",
        "--resources-to-import", json.dumps(resources), "--capabilities", "CAPABILITY_IAM",
        "--template-url", f"https://s3.{region}.amazonaws.com/{bucket}/{key}", *options, "--parameters",
        *(json.dumps({"ParameterKey": one["ParameterKey"], "UsePreviousValue": True}) for one in parameters),
    )  # fmt: skip
    aws("cloudformation", "wait", "change-set-create-complete", *change_set, text=True)
    aws("cloudformation", "execute-change-set", *change_set)
    aws("cloudformation", "wait", "stack-import-complete", "--stack-name", stack, text=True)


def main():
    task, stack, systems, *options = sys.argv[1:]
    systems = systems.split(",")
    if task == "import":
        return take_up(stack, systems, options)
    there = made(stack)
    for name, resource in lasting(template_of(stack), systems).items():
        if name in there:
            print(f"{resource['Type']}\t{there[name]}")


main()
