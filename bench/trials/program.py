"""The program under trial, and an honest client beside whatever is done to it."""

import asyncio
import json
import os
import resource
import signal
import statistics
import subprocess
import time
from functools import cached_property
from pathlib import Path

TOKEN = "0123456789abcdef0123456789abcdef"
MANY = ["--throttle-rate", "1000000", "--throttle-burst", "1000000"]


def take_all_files():
    """Raises the limit of open files to what the system lets this process have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Program:
    """A running program; `with` ends it."""

    def __init__(self, path, *options, **variables):
        command = [path, "--listen", "127.0.0.1:0", *MANY, *options]
        variables |= {"HOME": "/nonexistent", "RESUME_COUNTER_OWNER_TOKEN": TOKEN}
        began = time.monotonic()
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, env=variables, text=True, **pipes)
        self.site = self._address()
        self.start_seconds = time.monotonic() - began

    @cached_property
    def bucket(self):
        return self._address()

    def _address(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the program did not start: status {self.process.wait()}")
        host, port = line.rsplit("//", 1)[1].strip().rsplit(":", 1)
        return host, int(port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def peak_memory(self):
        """The most memory that it has had, in MB."""
        return self._status("VmHWM") / 1024

    def memory(self):
        return self._status("VmRSS") / 1024

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def _status(self, name):
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(name)).split()[1])


class Connection:
    """One connection that asks, and waits for the answer."""

    def __init__(self, address, source=None):
        self.address, self.source, self.streams = address, source, None

    async def ask(self, target, method="GET", body=b"", headers=""):
        """The status and the body; a connection that was closed is opened again."""
        return (await self.ask_with_head(target, method, body, headers))[:2]

    async def ask_with_head(self, target, method="GET", body=b"", headers=""):
        """The same, and the head."""
        head = f"{method} {target} HTTP/1.1\r\nhost: x\r\n{headers}content-length: {len(body)}\r\n\r\n"
        for is_last in (False, True):
            fresh = self.streams is None
            try:
                if fresh:
                    source = (self.source, 0) if self.source else None
                    self.streams = await asyncio.open_connection(*self.address, local_addr=source)
                reader, writer = self.streams
                writer.write(head.encode() + body)
                return await self._answer(reader)
            except (OSError, asyncio.IncompleteReadError):
                self.close()
                # A kept connection may have been closed while nothing was asked.
                if fresh or is_last:
                    raise

    async def _answer(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        small = head.lower()
        length = next((line for line in small.split("\r\n") if line.startswith("content-length: ")), None)
        body = await reader.readexactly(int(length.split()[1])) if length else b""
        if "\r\nconnection: close" in small:
            self.close()
        return int(head.split()[1]), body, head.replace("\r\n", "\n")

    def close(self):
        if self.streams:
            self.streams[1].close()
            self.streams = None


async def count(connection, page):
    """The number of one hit, or nothing if it was refused."""
    status, body = await connection.ask(f"/counter?path={page}")
    return json.loads(body)["count"] if status == 200 else None


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def summary(milliseconds):
    """The times of answers in one line."""
    if not milliseconds:
        return "no answers"
    return (
        f"{len(milliseconds)} answers, p50 {statistics.median(milliseconds):.1f} ms, "
        f"p99 {percentile(milliseconds, 99):.1f} ms, longest {max(milliseconds):.0f} ms"
    )
