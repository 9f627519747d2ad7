"""Puts load on `resume-counter`, the program that is named last, with oha.

A user asks, waits for the answer, and asks again at once. Each kind of request
has the same two minutes: 3 users, a ramp from 4 to 10, and 10 users.
"""

import argparse
import json
import os
import secrets
import sqlite3
import statistics
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

# Users and seconds of each stage.
STAGES = [(3, 30), *((users, 30 / 7) for users in range(4, 11)), (10, 60)]
QUICK_STAGES = [(3, 1), (6, 1), (10, 1)]
ITEMS = 1000

# The system that this one replaces, as its owner measured it on AWS: memory,
# requests in two minutes, mean and 90th percentile in milliseconds.
REPLACED = [("128 MB", 587, 610, 610), ("512 MB", 807, 162, 179)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--plot", type=Path, required=True)
    parser.add_argument("program")
    options = parser.parse_args()
    stages = QUICK_STAGES if options.quick else STAGES

    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as scratch, running(options.program, scratch, token) as url:
        fill(url, token)
        results = {
            name: load(f"{url}{path}", token, bodies, stages, Path(scratch))
            for name, (path, bodies) in requests().items()
        }
    print_table(results, sum(seconds for _, seconds in stages))
    draw(results, stages, options.plot)
    print(f"\nlatency over time: {options.plot}")


def requests():
    """What each kind of request is called, where it goes, and its bodies."""
    return {
        "`list`, 2 items": ("/order", [call("list", {})]),
        "`list`, 1,000 items": ("/dynamodbmanager", [call("list", {})]),
        "`read`": ("/dynamodbmanager", [call("read", {"Key": {"id": str(n)}}) for n in range(ITEMS)]),
        "`create`": ("/order", [call("create", {"Item": item(secrets.token_hex(8))}) for _ in range(100_000)]),
    }


def call(operation, payload):
    return json.dumps({"operation": operation, "payload": payload})


def item(key):
    return {"id": key, "price": 78.89, "product": "Beautiful Jacket", "order_date": "2024-11-04T10:30:00Z"}


@contextmanager
def running(program, folder, token):
    """The program on a free port, its data in `folder`; gives its URL."""
    many = str(10**6)
    arguments = ["--listen", "127.0.0.1:0", "--data-dir", folder, "--throttle-rate", many, "--throttle-burst", many]
    environment = {**os.environ, "RESUME_COUNTER_OWNER_TOKEN": token}
    child = subprocess.Popen([program, *arguments], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield child.stdout.readline().removeprefix("listening on ").strip()
    finally:
        child.terminate()
        child.wait()


def fill(url, token):
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    for path, count in (("/order", 2), ("/dynamodbmanager", ITEMS)):
        for n in range(count):
            body = call("create", {"Item": item(str(n))}).encode()
            urlopen(Request(url + path, body, headers)).close()


def load(url, token, bodies, stages, scratch):
    """Requests as (seconds since the start, milliseconds), and how many failed."""
    lines, database, report = scratch / "bodies", scratch / "oha.sqlite", scratch / "oha.json"
    lines.write_text("\n".join(bodies))
    requests, failures, start = [], 0, 0
    for users, seconds in stages:
        database.unlink(missing_ok=True)
        command = ["oha", "--no-tui", "-z", f"{seconds * 1000:.0f}ms", "-w", "-c", str(users), "-m", "POST"]
        command += ["-T", "application/json", "-H", f"authorization: Bearer {token}", "-Z", lines]
        command += ["--db-url", database, "--output-format", "json", "-o", report, url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        failures += sum(json.loads(report.read_text())["errorDistribution"].values())
        with sqlite3.connect(database) as rows:
            answers = rows.execute("select start, duration, status from oha").fetchall()
        failures += sum(status != 200 for _, _, status in answers)
        requests += [(start + at, duration * 1000) for at, duration, status in answers if status == 200]
        start += seconds
    return requests, failures


def print_table(results, seconds):
    print("\n| | requests | requests/s | mean ms | p50 ms | p90 ms | p99 ms | errors |\n| --- |" + " --- |" * 7)
    for name, (requests, failures) in results.items():
        times = [duration for _, duration in requests]
        percents = [percentile(times, percent) for percent in (50, 90, 99)]
        figures = " | ".join(f"{figure:.2f}" for figure in (statistics.mean(times), *percents))
        print(f"| {name} | {len(times):,} | {len(times) / seconds:,.0f} | {figures} | {failures} |")
    for memory, requests, mean, p90 in REPLACED:
        print(f"| replaced system, {memory}, `list`, 2 items | {requests} | {requests / 120:.1f} | {mean} | | {p90} | | 0 |")


def percentile(times, percent):
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]


def draw(results, stages, file):
    """One picture for each kind of request: every second's p50 and p99."""
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "load", "font.size": 9})
    figure, axes = pyplot.subplots(len(results), sharex=True, figsize=(8, 2 * len(results)), layout="constrained")
    for axis, (name, (requests, _)) in zip(axes, results.items()):
        seconds = {}
        for at, duration in requests:
            seconds.setdefault(int(at), []).append(duration)
        for percent, colour in ((99, "tab:orange"), (50, "tab:blue")):
            line = [percentile(seconds[second], percent) for second in sorted(seconds)]
            axis.plot(sorted(seconds), line, color=colour, label=f"p{percent}")
        axis.set(title=name.replace("`", ""), ylabel="ms", ylim=(0, None))
        axis.grid(alpha=0.3)
        users = axis.twinx()
        at = [sum(seconds for _, seconds in stages[:n]) for n in range(len(stages) + 1)]
        users.stairs([count for count, _ in stages], at, fill=True, alpha=0.12, color="grey")
        users.set(ylim=(0, 20), yticks=[0, 10], ylabel="users")
    axes[0].legend(loc="upper left", ncols=2)
    axes[-1].set_xlabel("seconds")
    figure.savefig(file, metadata={"Date": None})


if __name__ == "__main__":
    main()
