"""Closes a deployed stack's gate, when it costs too much, and opens it again."""

import argparse
import json
import os
import tempfile

from cli import ask, find_account, run
from stack import Stack, add_options, named

HOME = ("--region", "us-east-1")


def budget_of(stack, region):
    """The stack of the stack's budget. Budgets belong to the account; their types are known
    in us-east-1, whatever the stack's region."""
    return Stack(f"{stack}-{region}-budget", *HOME)


def throttle(stack, rate, burst):
    """Sets what both APIs let through a second, and at once."""
    for api in stack.resources_of_type("AWS::ApiGatewayV2::Api"):
        ask(
            "apigatewayv2", "update-stage", "--api-id", api, "--stage-name", "$default",
            "--default-route-settings", f"ThrottlingRateLimit={rate},ThrottlingBurstLimit={burst}",
        )  # fmt: skip


def enable(stack, wanted):
    """Lets the distribution answer, or not."""
    distribution = ["--id", stack.fact("SiteDistribution")]
    answer = ask("cloudfront", "get-distribution-config", *distribution)
    config = answer["DistributionConfig"]
    if config["Enabled"] == wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "config.json")
        with open(file, "w", encoding="utf-8") as out:
            json.dump({**config, "Enabled": wanted}, out)
        ask("cloudfront", "update-distribution", *distribution, "--if-match", answer["ETag"], "--distribution-config", f"file://{file}")


def give_back(stack, region, account):
    """Gives back what the budget's action took, if it did."""
    budget = budget_of(stack, region).read().fact("Budget")
    if not budget:
        return
    which = [*HOME, "--account-id", account, "--budget-name", budget]
    for action in ask("budgets", "describe-budget-actions-for-budget", *which)["Actions"]:
        if action["Status"] == "EXECUTION_SUCCESS":
            ask("budgets", "execute-budget-action", *which, "--action-id", action["ActionId"], "--execution-type", "REVERSE_BUDGET_ACTION")
            print("the budget gives the functions their rights back")


def main():
    parser = argparse.ArgumentParser(
        description="close has both APIs answer every request with 429, for which nothing is paid, and with --site "
        "keeps the distribution from answering, too. open undoes both, and gives the functions back the rights "
        "that the budget took.",
        allow_abbrev=False,
    )
    add_options(parser)
    parser.add_argument("--site", action="store_true", help="the site as well")
    parser.add_argument("what", choices=["close", "open"])
    options = parser.parse_args()
    region, account = find_account()
    stack = named(options).read()
    if options.what == "close":
        throttle(stack, 0, 0)
        if options.site:
            enable(stack, False)
        print(f"{stack.name} is closed until the gate is opened")
    else:
        give_back(stack.name, region, account)
        throttle(stack, stack.fact("ThrottleRate"), stack.fact("ThrottleBurst"))
        enable(stack, True)
        print(f"{stack.name} is open")


if __name__ == "__main__":
    run(main)
