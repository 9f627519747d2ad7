"""Runs a function's program once under AWS's own runtime interface emulator, which
comes with sam, and prints its answer: what `sam local invoke` does, without a
container. `scripts/interface_emulator.py <program> <file of an event>`; the
function's environment is the caller's.
"""

import os
import platform
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import samcli

MACHINES = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
EMULATOR = Path(samcli.__file__).parent / f"local/rapid/aws-lambda-rie-{MACHINES[platform.machine()]}"


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


def invoke(program, event, environ, log=subprocess.DEVNULL):
    """The bytes that the program answers an event with."""
    address = free_address()
    EMULATOR.chmod(0o755)
    addresses = ["--runtime-interface-emulator-address", address, "--runtime-api-address", free_address()]
    command = [EMULATOR, "--log-level", "error", *addresses]
    child = subprocess.Popen(
        [*command, program],
        env={**environ, "AWS_LAMBDA_FUNCTION_NAME": Path(program).parent.name, "AWS_LAMBDA_FUNCTION_TIMEOUT": "30"},
        stdout=log,
        stderr=log,
    )
    try:
        request = Request(f"http://{address}/2015-03-31/functions/function/invocations", data=event)
        for _ in range(100):
            try:
                return urlopen(request, timeout=60).read()
            except URLError as error:
                if not isinstance(error.reason, ConnectionRefusedError) or child.poll() is not None:
                    raise
                time.sleep(0.1)
        raise TimeoutError(f"{EMULATOR} does not start")
    finally:
        # The program first, which would complain that nobody listens to it any more.
        child.send_signal(signal.SIGSTOP)
        subprocess.run(["pkill", "-KILL", "-P", str(child.pid)])
        child.kill()
        child.wait()


if __name__ == "__main__":
    program, event = sys.argv[1:]
    print(invoke(program, Path(event).read_bytes(), os.environ, sys.stderr).decode())
