"""MiniStack, an emulator of AWS that runs the functions' own programs: its start,
its end, and the environment that leads the tools of AWS to it and to nothing else.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

REGION = "eu-west-1"


def environment(port):
    """What the tools of AWS read. Nothing of the caller's own account is left in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def emulator(log):
    """An empty one on a free port, which writes to the file `log`; gives its environment.

    All that it keeps is in a folder that goes with it, and so do the functions it runs.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="resume-counter-e2e.")
    settings = {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "TMPDIR": folder,
        # A role may do what its policies say, and no more.
        "AUTH": "true",
        # As many functions at once as are asked for, whatever this machine's memory.
        "LAMBDA_ACCOUNT_CONCURRENCY": "1000",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
    }
    program = [sys.executable, Path(__file__).with_name("server.py")]
    environ = environment(port)
    with open(log, "wb") as output:
        # A session of its own, so that the functions end with it.
        child = subprocess.Popen(
            program, env={**environ, **settings}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait(child, environ["AWS_ENDPOINT_URL"], log)
        yield environ
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait(child, endpoint, log):
    for _ in range(300):
        try:
            return urlopen(f"{endpoint}/_ministack/health").close()
        except URLError:
            if child.poll() is not None:
                break
            time.sleep(0.1)
    raise SystemExit(f"error: MiniStack does not start; what it says is in {log}")
