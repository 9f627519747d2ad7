"""Deploys the archive for AWS to the emulator, from a Debian that has neither Rust nor
Node, where Python and the AWS CLI are all that can be called: `release.py <archive>
<folder of that Debian> <log>`."""

import hashlib
import json
import os
import platform
import secrets
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

from emulator import emulator
from run import completed
from stack import Stack

NAME = "release"
SECONDS = 300
INSIDE = 'mount -t proc proc "$0/proc" && exec chroot "$0" /usr/bin/env PATH=/root/path "$@"'


def main(archive, debian, log):
    for program in ("cargo", "rustc", "node"):
        assert not any((Path(debian) / folder / program).exists() for folder in ("bin", "usr/bin", "usr/local/bin"))
    home = Path(debian) / "root"
    for left in home.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    (home / "resume.json").write_text(json.dumps({"basics": {"name": "Ada Archive"}}))
    (home / "path").mkdir()
    for program in ("/usr/bin/python3", "/usr/local/bin/aws"):
        (home / "path" / Path(program).name).symlink_to(program)
    token = secrets.token_hex(16)
    with emulator(log) as environ, completed(environ):
        started = time.monotonic()
        with tarfile.open(archive) as packed:
            packed.extractall(home)
        [unpacked] = home.glob("resume-counter-*")
        deploy = ["python3", f"/root/{unpacked.name}/aws/deploy.py", "--resume", "/root/resume.json", "--yes", "--stack-name", NAME]
        deploy += [f"Architecture={architecture()}", f"OwnerTokenSha256={hashlib.sha256(token.encode()).hexdigest()}"]
        told = {name: text for name, text in environ.items() if name.startswith("AWS_")}
        told |= {"HOME": "/root", "PATH": "/usr/local/bin:/usr/bin:/bin", "CI": "true", "LANG": "C.UTF-8"}
        command = ["unshare", "--mount", "bash", "-c", INSIDE, str(debian), *deploy]
        deployed = subprocess.run(
            command, env={**told, "PATH": os.environ["PATH"] + ":/usr/sbin:" + told["PATH"]}, stdin=subprocess.DEVNULL
        )
        took = time.monotonic() - started
        if deployed.returncode or took > SECONDS:
            sys.exit(f"error: the archive's script ended with {deployed.returncode} after {took:.0f} s")
        stack = Stack(environ, NAME)
        stack.read()
        page = stack.ask("SiteDistribution", "GET /", x_forwarded_proto="https")
        assert b"<h1>Ada Archive</h1>" in page.body, page
        for number in (1, 2):
            answer = stack.ask("SiteDistribution", "GET /counter?path=example.org%2F", x_forwarded_proto="https")
            assert answer.json() == {"count": number}, answer
        print(f"from the archive to the deployed stack: {took:.0f} s")


def architecture():
    return {"x86_64": "x86_64"}.get(platform.machine(), "arm64")


main(*sys.argv[1:])
