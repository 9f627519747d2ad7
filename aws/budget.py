"""Sees to the budget of a deployed stack."""

import argparse
from pathlib import Path

from cli import ask, do, find_account, run, step
from gate import HOME, budget_of, give_back
from stack import add_options, named

TEMPLATE = Path(__file__).with_name("budget.yaml")


def remove(stack, region, account):
    """Removes the budget, if there is one."""
    own = budget_of(stack.name, region).read()
    if own.status:
        give_back(stack.name, region, account)
        ask("cloudformation", "delete-stack", *HOME, "--stack-name", own.name)
        do("cloudformation", "wait", "stack-delete-complete", *HOME, "--stack-name", own.name)


def see_to(stack, region, account, amount):
    """Makes the budget as it should be. A stack without an address for it has none."""
    email = stack.fact("AlarmEmail")
    if not email:
        return remove(stack, region, account)
    step(f"the budget of {stack.name}")
    own = budget_of(stack.name, region).read()
    # The first try failed, so there is nothing to change yet.
    if own.status == "ROLLBACK_COMPLETE":
        remove(stack, region, account)
    roles = ",".join(stack.resources_of_type("AWS::IAM::Role"))
    do(
        "cloudformation", "deploy", *HOME, "--stack-name", own.name, "--template-file", str(TEMPLATE),
        "--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset",
        "--parameter-overrides", f"StackName={stack.name}", f"Email={email}", f"Roles={roles}",
        *([f"Amount={amount}"] if amount else []),
    )  # fmt: skip


def main():
    parser = argparse.ArgumentParser(
        description="Has AWS write to the stack's AlarmEmail before a month of the account costs more than DOLLARS "
        "[default: 5, or what it is], and take all rights from the stack's functions when it has cost three times as "
        "much; opening the gate gives them back. A stack without AlarmEmail gets no budget, and loses the one it has.",
        allow_abbrev=False,
    )
    add_options(parser)
    parser.add_argument("--remove", action="store_true", help="removes the budget")
    parser.add_argument("dollars", metavar="DOLLARS", nargs="?")
    options = parser.parse_args()
    region, account = find_account()
    stack = named(options).read()
    if options.remove:
        remove(stack, region, account)
    else:
        see_to(stack, region, account, options.dollars)


if __name__ == "__main__":
    run(main)
