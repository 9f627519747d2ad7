"""Puts load on the items, in `resume-counter` and in an emulator of AWS, with oha.

A user asks, waits for the answer, and asks again at once. Each kind of request
has the same two minutes: 3 users, a ramp from 4 to 10, and 10 users.
"""

import argparse
import json
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from calls import KINDS, LIST_TWO
from report import draw, print_table
from servers import emulated_lambda, resume_counter

# Users, and seconds of that many.
STAGES = [(3, 30), *((users, 30 / 7) for users in range(4, 11)), (10, 60)]
QUICK_STAGES = [(3, 1), (6, 1), (10, 1)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--plot", type=Path, required=True, help="where the picture goes")
    parser.add_argument("program", help="resume-counter")
    parser.add_argument("bootstrap", help="the items function")
    options = parser.parse_args()
    stages = QUICK_STAGES if options.quick else STAGES

    results = {}
    with resume_counter(options.program) as server:
        for name, path, bodies in KINDS:
            results[f"`resume-counter`: {name}"] = load(server, path, bodies, stages)
    name, path, bodies = LIST_TWO
    for memory in (128, 512):
        with emulated_lambda(options.bootstrap, memory) as server:
            results[f"function in the emulator, {memory} MB: {name}"] = load(server, path, bodies, stages)
    print_table(results, sum(seconds for _, seconds in stages))
    draw(results, stages, options.plot)
    print(f"\nlatency over time: {options.plot}")


def load(server, path, bodies, stages):
    """What `report` calls a result."""
    url, headers = server
    requests, failures, start = [], 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        lines, database, report = (Path(scratch) / name for name in ("bodies", "sqlite", "json"))
        lines.write_text("\n".join(bodies))
        command = ["oha", "--no-tui", "-w", "-m", "POST", "-T", "application/json", "-Z", lines]
        for header, value in headers.items():
            command += ["-H", f"{header}: {value}"]
        for users, seconds in stages:
            database.unlink(missing_ok=True)
            output = ["--db-url", database, "--output-format", "json", "-o", report]
            stage = ["-c", str(users), "-z", f"{seconds * 1000:.0f}ms", *output, url + path]
            subprocess.run(command + stage, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            failures += sum(json.loads(report.read_text())["errorDistribution"].values())
            answers = sqlite3.connect(database).execute("select start, duration, status from oha").fetchall()
            failures += sum(status != 200 for _, _, status in answers)
            requests += [(start + at, duration * 1000) for at, duration, status in answers if status == 200]
            start += seconds
    return requests, failures


if __name__ == "__main__":
    main()
