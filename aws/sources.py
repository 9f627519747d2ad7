"""What is deployed, made from the sources, or by the program of a release."""

import os
import platform
import shutil
import subprocess

from cli import IS_WINDOWS, ROOT, Failure, step

# The folder of the program that a release has for a machine.
SYSTEMS = {"Linux": "linux", "Darwin": "macos"}
PROCESSORS = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


def without_credentials():
    """The environment of a command that runs the code of others, such as a build with its
    crates' build scripts: nothing in it opens an account of AWS."""
    regions = ("AWS_REGION", "AWS_DEFAULT_REGION")
    secret = ("AWS_", "ACTIONS_ID_TOKEN_REQUEST_")
    kept = {name: value for name, value in os.environ.items() if name in regions or not name.startswith(secret)}
    return {
        **kept,
        # Which region matters to no build, but sam asks for one.
        "AWS_DEFAULT_REGION": next(filter(None, map(os.environ.get, reversed(regions))), "us-east-1"),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def build(folder, architecture):
    """Builds the functions and the site. Nothing of an account is asked here, and nothing
    is known of one: whoever wrote a crate's build script is not to be whoever deploys."""
    # The policy in CloudFront's header lets pages call no other origin.
    bases = [name for name in ("RESUME_API_BASE", "RESUME_OWNER_API_BASE") if os.environ.get(name)]
    if bases:
        raise Failure(f"the site calls its own origin: unset {' and '.join(bases)}")
    step(f"building the functions for {architecture}")
    commands = [
        ["scripts/sam", "build", "--build-dir", folder, "--parameter-overrides", f"Architecture={architecture}"],
        ["scripts/build", "site"],
        ["scripts/sbom"],
    ]
    for command in commands:
        if subprocess.run(command, cwd=ROOT, env=without_credentials()).returncode:
            raise Failure(f"{command[0]} failed")


def write_site(resume):
    """Writes the site of a résumé by the program that is in the archive."""
    step("writing the site")
    shutil.rmtree(ROOT / "site", ignore_errors=True)
    (ROOT / "site").mkdir()
    command = [program(), "build", "--out", ROOT / "site/dist", "--data-dir", ROOT / "site"]
    command += ["--resume", resume] if resume else []
    # CloudFront's policy lets pages call no other origin.
    environ = {name: value for name, value in os.environ.items() if name not in ("RESUME_API_BASE", "RESUME_OWNER_API_BASE")}
    if subprocess.run(command, cwd=ROOT, env=environ).returncode:
        raise Failure("the site was not written")


def program():
    """The program for this machine."""
    if IS_WINDOWS:
        # On other processors it runs those for x86-64.
        found = ROOT / "bin/windows-x86_64/resume-counter.exe"
    else:
        folder = f"{SYSTEMS.get(platform.system())}-{PROCESSORS.get(platform.machine())}"
        found = ROOT / "bin" / folder / "resume-counter"
    if not found.is_file():
        raise Failure(f"this archive has no program for {platform.system()} on {platform.machine()}")
    if not IS_WINDOWS:
        # Some that unpack archives lose the modes of files.
        found.chmod(0o755)
    return found
