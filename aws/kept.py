"""What a stack keeps of systems that are taken out of it, and how that is taken up
again: what is imported is in the stack before the deployment that needs it, and
nothing else of the stack is changed."""

import json
import os
import tempfile

from cli import ask, do, endpoint, is_answered
from package import bucket
from stack import Stack

# What CloudFormation knows an existing resource by.
IDENTIFIERS = {"AWS::DynamoDB::Table": "TableName", "AWS::S3::Bucket": "BucketName", "AWS::SQS::Queue": "QueueUrl"}


def template_of(stack):
    """The stack's template as CloudFormation has it."""
    body = ask("cloudformation", "get-template", "--stack-name", stack, "--template-stage", "Processed")["TemplateBody"]
    return json.loads(body) if isinstance(body, str) else body


def lasting(template, systems):
    """The resources of these systems that hold data, by their names in the template."""
    conditions = {f"Has{system.capitalize()}" for system in systems}
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if resource.get("Condition") in conditions
        and resource.get("DeletionPolicy", "").startswith("Retain")
        # SAM has versions of functions kept, but they go with their function.
        and resource["Type"] in IDENTIFIERS
    }


def made(stack):
    """The names of the stack's resources on AWS, by those in the template."""
    return {one["LogicalResourceId"]: one.get("PhysicalResourceId") for one in Stack(stack).resources()}


def is_there(type, name):
    """Whether it was not deleted since."""
    question = {
        "AWS::DynamoDB::Table": ["dynamodb", "describe-table", "--table-name", name],
        "AWS::S3::Bucket": ["s3api", "head-bucket", "--bucket", name],
        "AWS::SQS::Queue": [*endpoint(), "sqs", "get-queue-attributes", "--queue-url", name],
    }[type]
    return is_answered(*question)


def left_behind(stack, wanted):
    """The newest of each of `wanted` that an update has skipped and that is still there."""
    events = ask("cloudformation", "describe-stack-events", "--stack-name", stack)["StackEvents"]
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


def listed(stack, systems):
    """A line for each thing that the stack leaves behind without these systems."""
    there = made(stack)
    kept = lasting(template_of(stack), systems)
    return [f"{resource['Type']}\t{there[name]}" for name, resource in kept.items() if name in there]


def take_up(stack, systems, role):
    """Takes up what the stack has left behind of these systems."""
    template = template_of(stack)
    kept = left_behind(stack, lasting(template, systems))
    if not kept:
        return
    print("taking up again, with all that is in them:")
    types = {name: template["Resources"][name]["Type"] for name in kept}
    for name, physical in kept.items():
        print(f"{types[name]}\t{physical}")
    resources = [
        {"ResourceType": types[name], "LogicalResourceId": name, "ResourceIdentifier": {IDENTIFIERS[types[name]]: physical}} for name, physical in kept.items()
    ]
    change_set = ["--stack-name", stack, "--change-set-name", "take-up"]
    ask(
        "cloudformation", "create-change-set", *change_set, "--change-set-type", "IMPORT",
        "--resources-to-import", json.dumps(resources), "--capabilities", "CAPABILITY_IAM",
        "--template-url", uploaded(stack, importing(template, kept)), *(["--role-arn", role] if role else []),
        "--parameters", *(f"ParameterKey={name},UsePreviousValue=true" for name in parameters(stack)),
    )  # fmt: skip
    do("cloudformation", "wait", "change-set-create-complete", *change_set)
    ask("cloudformation", "execute-change-set", *change_set)
    do("cloudformation", "wait", "stack-import-complete", "--stack-name", stack)


def uploaded(stack, template):
    """The address of the template in a bucket, since a text of more than 51,200 bytes is
    not taken."""
    place = f"{bucket()}/{stack}/import.json"
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "import.json")
        with open(file, "w", encoding="utf-8") as out:
            json.dump(template, out, separators=(",", ":"))
        do("s3", "cp", "--only-show-errors", file, f"s3://{place}")
    return f"https://s3.{os.environ['AWS_REGION']}.amazonaws.com/{place}"


def parameters(stack):
    [described] = ask("cloudformation", "describe-stacks", "--stack-name", stack)["Stacks"]
    return [one["ParameterKey"] for one in described.get("Parameters", [])]
