"""Starts the emulator, deploys the built stack to it, and tests it from outside."""

import argparse
import hashlib
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import unittest
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from built import lay_out
from emulator import emulator
from stack import ROOT, Stack, StackTest

OWNER_ORIGIN = "https://owner.example"
# What asks the functions alone, and neither the site nor the program for one machine.
OF_FUNCTIONS = ["test_counter", "test_visits", "test_items", "test_jobs", "test_owner", "test_events"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--build-dir")
    parser.add_argument("--built")
    parser.add_argument("--architecture")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("tests", nargs="*")
    arguments = parser.parse_args()
    # Ended from outside, it ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with emulator(arguments.log) as environ:
            if arguments.serve:
                serve(environ)
            elif arguments.built:
                test_built(environ, arguments)
            else:
                deploy_and_test(environ, arguments)
    except KeyboardInterrupt:
        print()


def deploy_and_test(environ, arguments):
    step("deploying to MiniStack (a minute)")
    stack, token = Stack(environ, "e2e"), secrets.token_hex(16)
    options = ["--skip-build", "--build-dir", arguments.build_dir, f"Architecture={arguments.architecture}"]
    command = ["scripts/deploy", "--yes", "--stack-name", stack.name, *options, f"OwnerOrigin={OWNER_ORIGIN}"]
    command += [f"OwnerTokenSha256={hashlib.sha256(token.encode()).hexdigest()}"]
    with completed(environ):
        deployed = subprocess.run(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if deployed.returncode:
        sys.exit(f"{deployed.stdout.decode()}error: scripts/deploy failed")
    stack.read()
    StackTest.options = options
    result = test(stack, token, arguments)
    print_what_is_not_shown()
    if arguments.keep:
        step("all is still running, until Ctrl-C")
        print_environment(environ)
        print(f"# the owner's token: {token}")
        for name in ["CounterApi", "OwnerApi", "SiteDistribution"]:
            print(f"curl -H 'host: {stack.host(name)}' $AWS_ENDPOINT_URL/")
        signal.pause()
    if not result.wasSuccessful():
        sys.exit(1)


def test_built(environ, arguments):
    """Tests the functions of a pipeline before it deploys them."""
    stack, token = Stack(environ, "e2e"), secrets.token_hex(16)
    digest = hashlib.sha256(token.encode()).hexdigest()
    with tempfile.TemporaryDirectory() as folder, completed(environ):
        lay_out(arguments.built, Path(folder))
        step("deploying what is built to MiniStack (a minute)")
        command = ["scripts/sam", "deploy", "--config-file", ROOT / "samconfig.toml", "--no-confirm-changeset"]
        command += ["--template-file", Path(folder) / "template.yaml", "--stack-name", stack.name]
        command += ["--parameter-overrides", f"OwnerOrigin={OWNER_ORIGIN}", f"OwnerTokenSha256={digest}"]
        deployed = subprocess.run(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if deployed.returncode:
        sys.exit(f"{deployed.stdout.decode()}error: what is built cannot be deployed")
    stack.read()
    arguments.tests = arguments.tests or OF_FUNCTIONS
    if not test(stack, token, arguments).wasSuccessful():
        sys.exit(1)


def test(stack, token, arguments):
    step("testing (a minute)")
    StackTest.stack, StackTest.token, StackTest.owner_origin = stack, token, OWNER_ORIGIN
    loader = unittest.TestLoader()
    if arguments.tests:
        suite = loader.loadTestsFromNames(arguments.tests)
    else:
        suite = loader.discover(str(Path(__file__).parent))
    return unittest.TextTestRunner(verbosity=2).run(suite)


def serve(environ):
    print_environment(environ)
    with completed(environ):
        signal.pause()


@contextmanager
def completed(environ):
    """Completes each stack as soon as another program has deployed it."""
    end = Event()

    def work():
        cloudformation = Stack(environ, "").client("cloudformation")
        complete = {}
        while not end.wait(0.2):
            for stack in cloudformation.describe_stacks()["Stacks"]:
                name, changed = stack["StackName"], stack.get("LastUpdatedTime", stack["CreationTime"])
                if stack["StackStatus"] in ["CREATE_COMPLETE", "UPDATE_COMPLETE"] and complete.get(name) != changed:
                    Stack(environ, name).complete()
                    complete[name] = changed

    worker = Thread(target=work, daemon=True)
    worker.start()
    try:
        yield
    finally:
        end.set()
        worker.join()


def print_environment(environ):
    for name, text in environ.items():
        if name.startswith("AWS_"):
            print(f"export {name}={text}", flush=True)


def print_what_is_not_shown():
    step("what MiniStack cannot show: what stands in for it (docs/e2e.md)")
    rows = re.findall(r"^\| (.*) \| (.*) \|$", (ROOT / "docs" / "e2e.md").read_text(), re.M)
    for what, instead in rows[2:]:
        print(f"- {what}: {instead}")


def step(text):
    print(f"== {text}", flush=True)


if __name__ == "__main__":
    main()
