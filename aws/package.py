"""The functions as they are uploaded, and the deployment of a template by CloudFormation."""

import re
import subprocess
import tempfile
import zipfile
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from cli import Failure, ask, do, said, start, step
from stack import Stack

# The bucket for functions that sam makes, too, and finds again.
OWN = "aws-sam-cli-managed-default"
# The processor that a program is for, by the nineteenth byte of its file.
PROCESSORS = {0x3E: "x86_64", 0xB7: "arm64"}
# What an archive says that was made at no time, by a Unix system that lets all run it:
# not every system keeps the modes of files.
LONG_AGO, RUNS = (1980, 1, 1, 0, 0, 0), 0o100755 << 16
CODE = re.compile(r"^  (\w+Function):\n(?:    .*\n)*?      CodeUri: (\S+)$", re.M)
SECONDS_BETWEEN_LOOKS = 10


@cache
def bucket():
    """The bucket for functions, which is made where there is none."""
    own = Stack(OWN).read()
    if not own.fact("SourceBucket"):
        do(
            "cloudformation", "deploy", "--stack-name", OWN, "--template-file", str(Path(__file__).with_name("packages.yaml")),
            "--no-fail-on-empty-changeset", "--tags", "ManagedStackSource=AwsSamCli",
        )  # fmt: skip
        own.read()
    return own.fact("SourceBucket")


def check(folder, architecture):
    """Sees that what is built in the folder is everything, and what the functions can run."""
    if not (folder / "template.yaml").is_file():
        raise Failure("nothing is built: leave out --skip-build")
    for program in sorted(folder.glob("*Function/bootstrap")):
        with program.open("rb") as file:
            processor = PROCESSORS.get(file.read(19)[-1], "an unknown processor")
        # What another program runs is for any.
        if processor != architecture and not (program.parent / "program").is_file():
            raise Failure(f"{program} is built for {processor}, the stack is for {architecture}: build with Architecture={architecture}")


@contextmanager
def packaged(folder, systems, stack):
    """A template whose functions are uploaded: those of systems that are left out have the
    counter's code, which is there anyway."""
    template = (folder / "template.yaml").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)

        def archive(match):
            text, name, code = match[0], match[1], match[2]
            condition = re.search(r"^    Condition: Has(\w+)$", text, re.M)
            if condition and condition[1].lower() not in systems:
                code = dict(CODE.findall(template))["CounterFunction"]
            name = f"{Path(code).name}.zip"
            if not (work / name).exists():
                write_archive(folder / code, work / name)
            return text.replace(f"CodeUri: {match[2]}", f"CodeUri: {name}")

        own = work / "template.yaml"
        own.write_text(CODE.sub(archive, template), encoding="utf-8")
        step("uploading the functions")
        # It draws each quarter of a megabyte.
        said(
            "cloudformation", "package", "--template-file", str(own), "--s3-bucket", bucket(), "--s3-prefix", stack,
            "--output-template-file", str(work / "packaged.yaml"),
        )  # fmt: skip
        yield work / "packaged.yaml"


def write_archive(folder, into):
    """Packs a folder, the same way each time, so that what has not changed is not deployed."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(file.name, LONG_AGO)
            entry.create_system, entry.external_attr = 3, RUNS
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())


def deploy(stack, template, parameters, options):
    """Deploys a template, and says what happens meanwhile."""
    seen = Events(stack)
    deploying = start(
        "cloudformation", "deploy", "--stack-name", stack, "--template-file", str(template),
        "--s3-bucket", bucket(), "--s3-prefix", stack, "--capabilities", "CAPABILITY_IAM",
        "--no-fail-on-empty-changeset", *options,
        "--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items()),
    )  # fmt: skip
    try:
        while deploying.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                deploying.wait(SECONDS_BETWEEN_LOOKS)
            seen.print()
    finally:
        if deploying.poll() is None:
            deploying.terminate()
    if deploying.returncode:
        raise Failure("the stack is not as it should be: mend what its events name, and deploy again")


class Events:
    """What happens to a stack's resources from now on."""

    def __init__(self, stack):
        self.stack = stack
        self.seen = {event["EventId"] for event in self.newest()}

    def newest(self):
        try:
            events = ask("cloudformation", "describe-stack-events", "--stack-name", self.stack, "--max-items", "100")
        except Failure:  # there is no stack yet, or no right to see this
            return []
        return events["StackEvents"]

    def print(self):
        for event in reversed(self.newest()):
            if event["EventId"] in self.seen:
                continue
            self.seen.add(event["EventId"])
            status = event["ResourceStatus"]
            if status.endswith(("_COMPLETE", "_FAILED")):
                print(f"{status:<16} {event['LogicalResourceId']}  {event.get('ResourceStatusReason', '')}".rstrip(), flush=True)
