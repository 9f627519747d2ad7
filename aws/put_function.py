"""Puts up the code of one function, past CloudFormation, in seconds. The next deployment
of the stack takes its place."""

import os
import re
import subprocess

from cli import ROOT, Failure, ask, do, step
from sources import without_credentials

FUNCTION = re.compile(r"^  (\w+):\n(?:    .*\n)*?        Binary: (\S+)$", re.M)


def put_function(stack, binary):
    """Builds the function of this program and has the stack's answer by it."""
    functions = {program: name for name, program in FUNCTION.findall((ROOT / "template.yaml").read_text(encoding="utf-8"))}
    if binary not in functions:
        raise Failure(f"there is no function {binary}: {' '.join(functions)}")
    resource = ask("cloudformation", "describe-stack-resource", "--stack-name", stack.name, "--logical-resource-id", functions[binary])
    function = ["--function-name", resource["StackResourceDetail"]["PhysicalResourceId"]]
    environ = {**without_credentials(), "ARCHITECTURE": stack.fact("Architecture")}
    subprocess.run([ROOT / "scripts/functions", binary], env=environ, check=True)
    step(f"putting up {function[1]}")
    archive = os.path.join("target", "lambda", binary, "bootstrap.zip")
    version = ask("lambda", "update-function-code", *function, "--publish", "--zip-file", f"fileb://{archive}")["Version"]
    do("lambda", "wait", "function-updated", *function)
    ask("lambda", "update-alias", *function, "--name", "live", "--function-version", version)
    print(f"{function[1]} answers by version {version}, until the stack is deployed")
