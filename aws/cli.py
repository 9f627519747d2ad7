"""The AWS CLI. Everything is asked of AWS by it, because it knows every way to sign in,
and signs in anew where that has run out."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A clone has the sources; the archive of a release has what is built of them.
SOURCES = (ROOT / "Cargo.toml").is_file()
IS_WINDOWS = os.name == "nt"
_cli = []


class Failure(Exception):
    """A sentence for whoever called the program."""


def run(main):
    """Runs a program of this folder, and ends as a command does."""
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit("stopped")


def step(text):
    print(f"== {text}", flush=True)


def is_terminal():
    """Whether somebody sits there who can answer, and can be shown a secret. What a
    pipeline shows is kept, even where it has a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty() and not os.environ.get("CI")


def ask(*command):
    """The answer of AWS."""
    answer = said(*command, "--output", "json")
    return json.loads(answer) if answer.strip() else None


def said(*command):
    """The words of the AWS CLI, which are a Failure if something went wrong."""
    done = subprocess.run([*cli(), *command], capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise Failure(" ".join(done.stderr.split()) or f"aws {' '.join(command[:2])} failed")
    return done.stdout


def is_answered(*command):
    """Whether AWS answers this without an error."""
    return not subprocess.run([*cli(), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


def do(*command):
    """Has the AWS CLI do something that it reports itself."""
    if subprocess.run([*cli(), *command], stdin=subprocess.DEVNULL).returncode:
        raise Failure(f"aws {' '.join(command[:2])} failed")


def start(*command):
    """The same, which goes on beside this program."""
    return subprocess.Popen([*cli(), *command], stdin=subprocess.DEVNULL)


def endpoint():
    """The option with the address of an emulator; the AWS CLI asks SQS at one of its own
    unless it is told."""
    address = os.environ.get("AWS_ENDPOINT_URL")
    return ["--endpoint-url", address] if address else []


def find_account():
    """The region and the account of the environment."""
    # Nobody is there to close a pager.
    os.environ["AWS_PAGER"] = ""
    cli()
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or configured_region()
    if not region:
        variable = "$env:AWS_REGION = 'eu-west-1'" if IS_WINDOWS else "export AWS_REGION=eu-west-1"
        raise Failure(f"no region is chosen: {variable}, for example")
    # Programs differ in which of the two they read.
    os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = region
    try:
        return region, ask("sts", "get-caller-identity")["Account"]
    except Failure as failure:
        raise Failure(f"AWS does not know who asks: {failure}") from None


def configured_region():
    done = subprocess.run([*cli(), "configure", "get", "region"], capture_output=True, text=True)
    return done.stdout.strip()


def cli():
    """The AWS CLI of this machine. Where there is none it is installed, apart from the
    system."""
    if not _cli:
        found = shutil.which("aws")
        if SOURCES:
            subprocess.run([ROOT / "scripts/setup", "deploy"], check=True)
            _cli.append(str(cache() / "tools/bin/aws"))
        # A batch file reads some signs of a query as its own.
        elif found and not found.lower().endswith((".bat", ".cmd")):
            _cli.append(found)
        else:
            _cli.extend([installed(), "-m", "awscli"])
    return _cli


def installed():
    """The Python of an environment that has the AWS CLI."""
    folder = cache() / "aws-cli"
    python = folder / ("Scripts/python.exe" if IS_WINDOWS else "bin/python3")
    wanted = ROOT / "scripts/requirements/deploy.txt"
    copy = folder / "requirements.txt"
    if not copy.is_file() or copy.read_text() != wanted.read_text():
        step(f"installing the AWS CLI in {folder} (a minute)")
        commands = [
            [sys.executable, "-m", "venv", "--clear", folder],
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted],
        ]
        for command in commands:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
            if done.returncode:
                last = done.stdout.strip().rsplit("\n", 1)[-1]
                raise Failure(f"the AWS CLI could not be installed: {last}\ninstall it by this system's own means, please")
        shutil.copy(wanted, copy)
    return str(python)


def cache():
    """The folder that may be deleted at any time."""
    if given := os.environ.get("RESUME_COUNTER_CACHE"):
        return Path(given)
    if IS_WINDOWS:
        return Path(os.environ["LOCALAPPDATA"], "resume-counter", "cache")
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/resume-counter"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "resume-counter")


def until(seconds, seen):
    """Asks `seen` every three seconds until it is true."""
    end = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > end:
            return False
        time.sleep(3)
    return True
