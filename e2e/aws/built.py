"""What a pipeline has built and will deploy, laid out as the emulator runs it."""

import platform
import re
import shutil
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A program's processor, by its file's nineteenth byte.
PROCESSORS = {0x3E: "x86_64", 0xB7: "aarch64"}
# Runs a program that is for another processor than this machine's.
RUNNER = """#!/bin/sh
exec qemu-{processor}-static "$(dirname "$0")/program"
"""


def lay_out(built, folder):
    """Makes a folder to deploy, out of the one that `sam build` has left or the one of
    `scripts/functions`; no program is changed."""
    template = (ROOT / "template.yaml").read_text()
    binaries = dict(re.findall(r"^  (\w+Function):\n(?:    .*\n)*?        Binary: (\S+)$", template, re.M))
    for name, binary in binaries.items():
        program = find(Path(built), name, binary, folder)
        processor = PROCESSORS.get(program.read_bytes()[18], "unknown")
        program.chmod(0o755)
        if processor != platform.machine():
            runner = program.rename(program.with_name("program")).with_name("bootstrap")
            runner.write_text(RUNNER.format(processor=processor))
            runner.chmod(0o755)
        template = re.sub(rf"(^  {name}:\n(?:    .*\n)*?      CodeUri: ).*", rf"\g<1>{name}", template, flags=re.M)
    (folder / "template.yaml").write_text(template)


def find(built, name, binary, folder):
    """A copy of a function's program in a folder of its own."""
    own = folder / name
    own.mkdir(parents=True)
    if (built / name / "bootstrap").is_file():
        return Path(shutil.copy(built / name / "bootstrap", own))
    package = built / binary / "bootstrap.zip"
    if not package.is_file():
        sys.exit(f"error: neither {built / name / 'bootstrap'} nor {package} is there")
    with zipfile.ZipFile(package) as archive:
        return Path(archive.extract("bootstrap", own))
