"""Deletes the stack. What holds data is kept, unless that is asked for as well."""

import argparse
import json

import budget
from cli import Failure, ask, do, endpoint, find_account, is_answered, is_terminal, run, step
from kept import template_of
from stack import add_options, add_role, add_yes, named

# SAM has versions of functions kept, but they go with their function.
VERSION = "AWS::Lambda::Version"


def to_be_kept(stack):
    """What the stack will leave behind, a type and a name each."""
    resources = template_of(stack.name)["Resources"]
    kept = {name for name, resource in resources.items() if resource.get("DeletionPolicy", "").startswith("Retain")}
    there = [one for one in stack.resources() if one["LogicalResourceId"] in kept and one.get("PhysicalResourceId")]
    return data_only((one["ResourceType"], one["PhysicalResourceId"]) for one in there)


def was_kept(id):
    """What the deleted stack of this ID left behind; it is remembered for 90 days."""
    events = ask("cloudformation", "describe-stack-events", "--stack-name", id)["StackEvents"]
    skipped = [event for event in events if event["ResourceStatus"] == "DELETE_SKIPPED"]
    return data_only((event["ResourceType"], event["PhysicalResourceId"]) for event in skipped)


def data_only(resources):
    return sorted({(type, name) for type, name in resources if type != VERSION})


def last_id(name):
    """The ID of the last stack of this name, or none, whether it is still there or not."""
    stacks = [one for one in ask("cloudformation", "list-stacks")["StackSummaries"] if one["StackName"] == name]
    return max(stacks, key=lambda one: one["CreationTime"])["StackId"] if stacks else None


def delete(type, name):
    """Deletes a resource. One that is gone already, as after a first try that was broken
    off, is passed over."""
    if type == "AWS::DynamoDB::Table":
        table = ["--table-name", name]
        if not is_answered("dynamodb", "describe-table", *table):
            return
        ask("dynamodb", "update-table", *table, "--no-deletion-protection-enabled")
        do("dynamodb", "wait", "table-exists", *table)
        ask("dynamodb", "delete-table", *table)
    elif type == "AWS::S3::Bucket":
        if not is_answered("s3api", "head-bucket", "--bucket", name):
            return
        empty(name)
        ask("s3api", "delete-bucket", "--bucket", name)
    elif type == "AWS::SQS::Queue":
        if not is_answered(*endpoint(), "sqs", "get-queue-attributes", "--queue-url", name):
            return
        ask(*endpoint(), "sqs", "delete-queue", "--queue-url", name)
    else:
        raise Failure(f"delete this yourself: {type} {name}")
    print(f"deleted {name}")


def empty(bucket):
    """Deletes every version of every object, as a bucket has to be empty."""
    while True:
        answer = ask("s3api", "list-object-versions", "--bucket", bucket, "--max-keys", "300", "--no-paginate") or {}
        objects = [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]
        if not objects:
            return
        objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in objects]
        ask("s3api", "delete-objects", "--bucket", bucket, "--delete", json.dumps({"Quiet": True, "Objects": objects}))


def confirm(text, yes):
    """Goes on only if this is typed."""
    if yes:
        return
    if not is_terminal():
        raise Failure("there is no terminal to ask on: say --yes")
    if input(f"Type {text} to go on: ") != text:
        raise Failure("nothing was deleted")


def show(resources):
    for type, name in resources:
        print(f"{type}\t{name}")


def main():
    parser = argparse.ArgumentParser(
        description="Deletes the stack from the AWS account and region of the environment. Tables, buckets and the "
        "queues of what could not be loaded are kept, and named.",
        allow_abbrev=False,
    )
    add_options(parser)
    add_role(parser, "the role by which CloudFormation deletes it")
    parser.add_argument("--with-data", action="store_true", help="deletes what is kept, too, now or after an earlier destroy")
    add_yes(parser, "asks nothing")
    options = parser.parse_args()
    region, account = find_account()
    where = f"{region} of the account {account}"
    stack = named(options).read()
    id = last_id(stack.name)
    if not id:
        raise Failure(f"there is no stack {stack.name} in {where}")
    if stack.status:
        step(f"deleting the stack {stack.name} in {where}: its functions, APIs, site, alarms and logs")
        print(f"Kept, with all that is in them{', at first' if options.with_data else ''}:")
        show(to_be_kept(stack))
        if role := options.role_arn or stack.role:
            print(f"CloudFormation deletes it by {role}.")
        confirm(stack.name, options.yes)
        # What the budget has shut keeps its roles from being deleted.
        budget.remove(stack, region, account)
        ask("cloudformation", "delete-stack", "--stack-name", stack.name, *(["--role-arn", options.role_arn] if options.role_arn else []))
        print("This takes some minutes, most of them CloudFront's.", flush=True)
        do("cloudformation", "wait", "stack-delete-complete", "--stack-name", id)
    elif not options.with_data:
        raise Failure(f"there is no stack {stack.name} in {where} any more; --with-data deletes what it left")
    if options.with_data:
        step(f"deleting all data of the stack {stack.name} in {where}")
        kept = was_kept(id)
        show(kept)
        confirm(f"delete the data of {stack.name}", options.yes)
        for type, name in kept:
            delete(type, name)


if __name__ == "__main__":
    run(main)
