"""A stack of CloudFormation's: which one is meant, and what AWS knows of it."""

import re

from cli import ROOT, Failure, ask

DEFAULT_NAME = "resume-counter"
# What CloudFormation calls a stack that is not there.
ABSENT = "does not exist"


def add_options(parser):
    """The options that say which stack is meant."""
    parser.add_argument("--stack-name", metavar="NAME", default=DEFAULT_NAME, help="the stack [default: %(default)s]")
    parser.add_argument(
        "--stage",
        metavar="NAME",
        type=stage,
        help="a stack beside it, such as staging: NAME goes before the stack's name and behind those of the tables",
    )


def add_role(parser, help):
    parser.add_argument("--role-arn", metavar="ARN", help=help)


def add_yes(parser, help):
    parser.add_argument("--yes", action="store_true", help=help)


def stage(name):
    if not re.fullmatch("[a-z][a-z0-9]{0,10}", name):
        raise Failure("a stage's name has up to eleven small letters and digits")
    return name


def named(options):
    """The stack that the options name."""
    # The stage is in front, so that what is allowed for `resume-counter-*` ends here.
    return Stack("-".join(filter(None, [options.stage, options.stack_name])))


class Stack:
    """What AWS knew of a stack when it was last asked."""

    def __init__(self, name, *region):
        self.name, self.region = name, region
        self.status, self.facts, self.role = "", {}, None

    def read(self):
        """Asks anew. A stack that is not there has no status."""
        self.status, self.facts, self.role = "", {}, None
        try:
            [stack] = ask("cloudformation", "describe-stacks", "--stack-name", self.name, *self.region)["Stacks"]
        except Failure as failure:
            if ABSENT in str(failure):
                return self
            raise
        self.status, self.role = stack["StackStatus"], stack.get("RoleARN")
        self.facts = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
        self.facts.update((one["ParameterKey"], one["ParameterValue"]) for one in stack.get("Parameters", []))
        return self

    def fact(self, name):
        """One of its outputs and parameters, or nothing."""
        return self.facts.get(name, "")

    def resources(self):
        """Its resources that are there."""
        resources = ask("cloudformation", "list-stack-resources", "--stack-name", self.name, *self.region)
        return [one for one in resources["StackResourceSummaries"] if one.get("ResourceStatus") != "DELETE_COMPLETE"]

    def resources_of_type(self, type):
        """Their own names."""
        return [one["PhysicalResourceId"] for one in self.resources() if one["ResourceType"] == type]


def default(parameter):
    """The template's default of a parameter."""
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    found = re.search(rf'^  {parameter}:\n(?:    .*\n)*?    Default: "?([^"\n]*)"?$', text, re.M)
    return found[1] if found else ""
