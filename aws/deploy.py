"""Deploys template.yaml and the site to AWS, and asks what is then there a few questions."""

import argparse
import datetime
import hashlib
import os
import re
import secrets
import tempfile
import zoneinfo
from pathlib import Path

import budget
import kept
import package
import sources
import systems
import upload
from cli import ROOT, SOURCES, Failure, ask, do, find_account, is_terminal, run, step
from put_function import put_function
from smoke import smoke
from stack import add_options, add_role, add_yes, default, named

BUILT = ROOT / (".aws-sam/build" if SOURCES else "functions")
FAILED = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")
# The costs are those of docs/cost.md.
QUESTION = """\
What is to be there beside the page? At rest, and for a million views a month:
  counter       the number on the page                     nothing    $3
  visits        who came, and the dashboard (recommended)  nothing   $12
  visits,items  and tables of your own                     nothing   $12
  all           and job offers, from files to a page       nothing   $12"""


def parse():
    """The options, and the parameters that were named."""
    parser = argparse.ArgumentParser(
        usage="%(prog)s [option]… [Parameter=value]…",
        description="Deploys template.yaml and the site to the AWS account and region of the environment. Parameters "
        "are those of the template; the stack keeps the values it has for those that are not named. MonthlyBudget is "
        "that of the budget.",
        allow_abbrev=False,
    )
    add_options(parser)
    if not SOURCES:
        parser.add_argument(
            "--resume",
            metavar="FILE",
            type=lambda file: os.path.abspath(file),
            help="the résumé, with its pictures and translations beside it [default: resume.json beside README.md, else a sample]",
        )
    parser.add_argument("--build-only", action="store_true", help="builds everything, and needs no account")
    parser.add_argument("--skip-build", action="store_true", help="deploys what is built already")
    parser.add_argument("--build-dir", metavar="FOLDER", type=Path, default=BUILT, help="where the built functions are [default: %(default)s]")
    if SOURCES:
        parser.add_argument("--function", metavar="NAME", help="puts up the code of one function, such as counter, and nothing else, until the next deployment")
    parser.add_argument(
        "--new-owner-token",
        action="store_true",
        help="makes a token for the owner, and shows it once; a new stack gets one anyway, unless OwnerTokenSha256 is named",
    )
    add_role(parser, "the role by which CloudFormation changes the stack, from now on")
    add_yes(parser, "asks nothing; a new stack gets the parameters named here")
    parser.add_argument("parameters", nargs="*", metavar="Parameter=value", help=argparse.SUPPRESS)
    options = parser.parse_intermixed_args()
    if options.build_only and options.skip_build:
        parser.error("--build-only and --skip-build leave nothing to do")
    parameters = {}
    for one in options.parameters:
        if not re.match("[A-Z][A-Za-z0-9]*=", one):
            parser.error(f"expected Parameter=value, and not {one}")
        name, value = one.split("=", 1)
        parameters[name] = systems.choice(value) if name == "Systems" else value
    # The function would not start. A system without the names, such as Windows, knows none.
    zone, known = parameters.get("VisitTimeZone"), zoneinfo.available_timezones()
    if zone and known and zone not in known:
        parser.error(f"{zone} is no time zone: write its name in the IANA database, such as Europe/Berlin")
    options.dollars = parameters.pop("MonthlyBudget", None)
    options.function = getattr(options, "function", None)
    return options, parameters


class Deployment:
    """One deployment of a stack."""

    def __init__(self, options, parameters):
        self.options, self.parameters = options, parameters
        self.stack = named(options)
        self.token = None

    def parameter(self, name):
        """The value that was named, or that the stack has, or else the template's default."""
        if name in self.parameters:
            return self.parameters[name]
        return self.stack.facts[name] if name in self.stack.facts else default(name)

    def run(self):
        options = self.options
        if not options.build_only and not options.function:
            self.check_terminal()
        if not options.skip_build and not options.function:
            self.build()
        if options.build_only:
            return
        self.region, self.account = find_account()
        self.stack.read()
        if options.function:
            return put_function(self.stack, options.function)
        self.is_new = self.stack.status in ("", "REVIEW_IN_PROGRESS")
        # Where the first deployment failed, this one goes on.
        self.is_unfinished = self.stack.status == "CREATE_FAILED"
        self.check_status()
        step(f"stack {self.stack.name} in {self.region} of the account {self.account}: {self.stack.status or 'new'}")
        put_back = self.say_what_changes() if not self.is_new else self.check_new()
        self.build_dir = self.find_built()
        self.ask()
        if put_back:
            self.take_up(put_back)
        try:
            self.deploy()
        finally:
            # From here on the stack may have the token, even if it is not finished. It is
            # the last thing on the screen.
            self.show_token()

    def check_terminal(self):
        """What would stop the deployment is said before the build, which takes long."""
        new_token = self.options.new_owner_token
        if not self.options.yes and not is_terminal():
            raise Failure("there is no terminal to ask on: name the parameters, and --yes")
        if new_token and not is_terminal():
            raise Failure("there is no terminal to show the new token on: run this in one, or give OwnerTokenSha256 instead")
        if new_token and "OwnerTokenSha256" in self.parameters:
            raise Failure("give either --new-owner-token or OwnerTokenSha256, not both")

    def build(self):
        if SOURCES:
            sources.build(str(self.options.build_dir), self.parameter("Architecture"))
        else:
            sources.write_site(self.options.resume)

    def check_status(self):
        name, status = self.stack.name, self.stack.status
        if not self.is_new and status.endswith("_IN_PROGRESS"):
            raise Failure(f"the stack {name} is being changed: {status}")
        if status in FAILED:
            raise Failure(
                f"the stack {name} is in the state {status}, and may have left empty tables: delete all of it by "
                f"{'scripts/destroy' if SOURCES else 'destroy.py'} --with-data, then deploy again"
            )

    def check_new(self):
        """Sees that the name is none that AWS refuses late, after many minutes, and that what
        is made anew is no table that is there already."""
        # A role's name is the stack's, a hyphen, up to 24 letters, and 13 of AWS's, which are
        # 64 together. Cut names would not be those that the pipelines' roles may touch.
        name = self.stack.name
        if not re.fullmatch("[a-z][a-z0-9-]{0,25}", name):
            raise Failure(f"a stack's name has up to 26 small letters, digits and hyphens, and begins with a letter: {name}")
        if self.options.stage:
            self.parameters["Stage"] = self.options.stage
        for table in self.tables_that_are_there(["counter", *systems.names(self.parameter("Systems"))]):
            raise Failure(
                f"there is a table {table} already: a second stack takes --stage, and docs/operations.md says how to go on with what a stack before has left"
            )

    def tables_that_are_there(self, some):
        """The names of tables of these systems that the account has."""
        there, stage = ask("dynamodb", "list-tables")["TableNames"], self.parameter("Stage")
        wanted = [self.parameter(parameter) for parameter in systems.parameters_of_tables(some)]
        return [name for name in (f"{one}-{stage}" if stage else one for one in wanted) if name in there]

    def say_what_changes(self):
        """Says what is kept of what is taken out, and gives the systems that are put back."""
        # A stack of before there was a choice has all.
        had, wanted = self.stack.facts.get("Systems", ",".join(systems.ALL)), self.parameter("Systems")
        if taken_out := systems.without(had, wanted):
            print(f"Taking out {','.join(taken_out)}, with its functions, routes, alarms and logs. Kept, with all that is in them:")
            print("\n".join(kept.listed(self.stack.name, taken_out)))
        if self.stack.role:
            print(f"CloudFormation changes it by {self.options.role_arn or self.stack.role}.")
        return systems.without(wanted, had)

    def find_built(self):
        """The folder with the functions for the stack's processor."""
        folder, architecture = self.options.build_dir, self.parameter("Architecture")
        # A release has them for both.
        if (folder / architecture).is_dir():
            folder = folder / architecture
        if not (upload.BUILT / "index.html").is_file():
            raise Failure("nothing is built: leave out --skip-build")
        package.check(folder, architecture)
        return folder

    def ask(self):
        """Asks whoever sits there, and makes the token."""
        if not self.options.yes:
            if self.is_new:
                self.ask_first_time()
            if not input("Deploy it? [y/N] ").lower().startswith("y"):
                raise Failure("nothing was deployed")
        # A pipeline's new stack lets nobody in until there is a token.
        if "OwnerTokenSha256" not in self.parameters and is_terminal() and (self.options.new_owner_token or self.is_new):
            self.token = secrets.token_hex(32)
            self.parameters["OwnerTokenSha256"] = hashlib.sha256(self.token.encode()).hexdigest()
        if "OwnerTokenSha256" in self.parameters:
            now = datetime.datetime.now(datetime.timezone.utc)
            self.parameters.setdefault("OwnerTokenVersion", now.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def ask_first_time(self):
        """What only whoever deploys for the first time is asked: the template has many more
        parameters, each of which can be named."""
        print("This is the first deployment. Empty answers will do, and any can be changed later.")
        if "Systems" not in self.parameters:
            print(QUESTION)
            self.parameters["Systems"] = systems.choice(input("systems, with commas between (visits): ") or "visits")
        self.ask_for("DomainName", "own domain, such as cv.example.com (none: an address of CloudFront's)")
        if self.parameter("DomainName"):
            self.ask_for("CertificateArn", "ARN of its certificate, in us-east-1")
            self.ask_for("HostedZoneId", "ID of its hosted zone in Route 53 (none: you set its DNS yourself)")
        self.ask_for("AlarmEmail", "e-mail address for alarms and the budget (none: neither)")

    def ask_for(self, name, text):
        """Asks for a parameter unless it was named; no answer leaves the default."""
        if name not in self.parameters and (answer := input(f"{text}: ").strip()):
            self.parameters[name] = answer

    def take_up(self, put_back):
        step(f"looking for what the stack has kept of {','.join(put_back)}")
        docs = "docs/operations.md has the commands that"
        try:
            kept.take_up(self.stack.name, put_back, self.options.role_arn)
        except Failure as failure:
            raise Failure(f"{failure}\nnothing was changed: what is kept cannot be taken up. {docs} do it by hand") from None
        known = self.stack.resources_of_type("AWS::DynamoDB::Table")
        for table in self.tables_that_are_there(put_back):
            if table not in known:
                raise Failure(f"nothing was changed: there is a table {table}, and this stack does not know that it has kept it. {docs} take it up")

    def deploy(self):
        step("deploying the stack")
        name, role = self.stack.name, self.options.role_arn
        # What fails the first time stays as far as it came, for the next try to go on from.
        options = ["--disable-rollback"] if self.is_new or self.is_unfinished else []
        options += ["--role-arn", role] if role else []
        if not self.is_new:
            self.remove_other_versions()
        self.parameters["ScriptHashes"] = upload.script_hashes()
        with package.packaged(self.build_dir, systems.names(self.parameter("Systems")), name) as template:
            package.deploy(name, template, self.parameters, options)
        self.stack.read()
        self.put_up_site()
        # A pipeline has no right to, and changes no address.
        if self.options.dollars or not os.environ.get("CI"):
            self.see_to_budget()
        self.show_addresses()

    def remove_other_versions(self):
        """Removes versions of functions that are newer than the stack's: of an update that was
        rolled back, or of --function. Lambda publishes no second one of the same code, and
        CloudFormation takes none that is there already."""
        for arn in self.stack.resources_of_type("AWS::Lambda::Version"):
            function, own = arn.rsplit(":", 1)
            option = ["--function-name", function]
            versions = [one["Version"] for one in ask("lambda", "list-versions-by-function", *option)["Versions"]]
            # Among them is $LATEST.
            for version in (one for one in versions if one.isdigit() and int(one) > int(own)):
                print(f"removing version {version} of {function.rsplit(':', 1)[1]}, which is not the stack's")
                if ask("lambda", "get-alias", *option, "--name", "live")["FunctionVersion"] == version:
                    ask("lambda", "update-alias", *option, "--name", "live", "--function-version", own)
                ask("lambda", "delete-function", *option, "--qualifier", version)

    def put_up_site(self):
        fact, bucket = self.stack.fact, self.stack.fact("SiteBucket")
        some = systems.names(fact("Systems"))
        with tempfile.TemporaryDirectory() as site:
            upload.without_what_is_not_there(some, site)
            upload.upload(bucket, fact("SiteDistribution"), site)
            for folder in ("dashboard", "jobs"):
                if not Path(site, folder).is_dir():
                    do("s3", "rm", "--recursive", "--only-show-errors", f"s3://{bucket}/{folder}/")
            smoke(fact("SiteDistribution"), fact("AllowedOrigins"), fact("CountedHosts"), some, self.token)
            step("removing what the site no longer has")
            upload.remove_others(bucket, site)

    def see_to_budget(self):
        try:
            budget.see_to(self.stack, self.region, self.account, self.options.dollars)
        except Failure as failure:
            print(
                f"warning: the budget could not be set up: {failure}. docs/deploy.md says what it needs. Once that is "
                f"there, run {'scripts/budget' if SOURCES else 'budget.py'}."
            )

    def show_addresses(self):
        fact = self.stack.fact
        site, some = fact("SiteUrl"), systems.names(fact("Systems"))
        print(f"\nsite      {site}")
        print(f"counter   {site}counter?path=<host and pathname>, or {fact('CounterApi')}")
        if "visits" in some:
            print(f"visits    {site}dashboard/, for the owner")
        if "items" in some:
            print(f"items     {fact('OrderApi')} and {fact('DynamoDbManagerApi')}, for the owner")
        if "jobs" in some:
            print(f"jobs      {site}jobs/, from CSV files in s3://{fact('JobsBucket')}/job_offers/")
        if fact("DomainName") and not fact("HostedZoneId"):
            distribution = ask("cloudfront", "get-distribution", "--id", fact("SiteDistribution"))["Distribution"]
            print(f"Let the DNS of {fact('DomainName')} point to {distribution['DomainName']}, by an ALIAS or a CNAME.")
        if self.is_new and "OwnerTokenSha256" not in self.parameters:
            print("There is no owner's token, as there was no terminal to show it on: make one with --new-owner-token.")

    def show_token(self):
        if self.token:
            print(
                "\nThe owner's token, which is shown only now and kept nowhere; put it into your\n"
                f"password manager. --new-owner-token makes another.\n\n    {self.token}"
            )


def main():
    Deployment(*parse()).run()


if __name__ == "__main__":
    run(main)
