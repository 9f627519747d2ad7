"""Puts load on the items of a stack that is deployed, at a rate that its throttle
lets through, and removes the items that it made.
"""

import argparse
import http.client
import itertools
import json
import os
import secrets
import statistics
import sys
import threading
import time
from urllib.parse import urlsplit

# Users, and seconds of that many.
STAGES = [(3, 30), *((users, 30 / 7) for users in range(4, 11)), (10, 60)]
QUICK_STAGES = [(3, 1), (6, 1), (10, 1)]
LIMITED = 429


def main():
    parser = argparse.ArgumentParser(prog="scripts/load", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--url", required=True, help="the stack's output OwnerApi")
    parser.add_argument("--token", default=os.environ.get("OWNER_TOKEN"), help="the owner's [default: $OWNER_TOKEN]")
    parser.add_argument("--rate", type=float, default=8, help="requests a second of all users [default: 8; the stack lets 10 through]")
    options = parser.parse_args()
    url = urlsplit(options.url.rstrip("/").removesuffix("/order"))
    if url.scheme not in ("http", "https") or not url.hostname:
        sys.exit("error: --url is the stack's output OwnerApi, such as https://….execute-api.….amazonaws.com")
    if not options.token:
        sys.exit("error: whose items? --token, or the variable OWNER_TOKEN, is the owner's token")
    run(Api(url, options.token), options)


def run(api, options):
    stages = QUICK_STAGES if options.quick else STAGES
    seconds = sum(length for _, length in stages)
    made = Made()
    _, status, answer = api.call(api.connect(), "ping", None)
    if status != 200:
        sys.exit(f"error: the stack answers {status}: {answer.get('message', '')}")
    kinds = {
        "`ping`": lambda: ("ping", None),
        "`create`": lambda: ("create", {"Item": {"id": made.new(), "price": 78.89, "product": "Beautiful Jacket"}}),
        "`read`": lambda: ("read", {"Key": {"id": made.any()}}),
        "`list`, 2 items": lambda: ("list", {"Limit": 2}),
    }
    print(f"{len(kinds)} kinds of request, {seconds:.0f} s each, about {options.rate * seconds * len(kinds):,.0f} requests", flush=True)
    print("\n| | requests | requests/s | mean ms | p50 ms | p90 ms | p99 ms | 429 | errors |\n| --- |" + " --- |" * 8)
    try:
        for name, body in kinds.items():
            print(row(name, load(api, body, stages, options.rate), seconds), flush=True)
    finally:
        left = remove(api, made, options.rate)
        if left:
            print(f"error: {left} items may be left: their ids begin with {made.prefix}", file=sys.stderr)
    print("\nthe items that were made are removed" if not left else "")
    sys.exit(1 if left else 0)


class Api:
    def __init__(self, url, token):
        self.url, self.token = url, token

    def connect(self):
        kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        return kind(self.url.hostname, self.url.port, timeout=30)

    def call(self, connection, operation, payload):
        """The milliseconds, the status and the answer of an operation."""
        body = json.dumps({"operation": operation, "payload": payload} if payload else {"operation": operation})
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        # A connection that was used before may be closed by now, which is no answer.
        for is_new in (connection.sock is None, True):
            start = time.monotonic()
            try:
                connection.request("POST", f"{self.url.path}/order", body, headers)
                response = connection.getresponse()
                text = response.read()
                break
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if is_new:
                    return 0, 0, {"message": str(error)}
        took = (time.monotonic() - start) * 1000
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        return took, response.status, answer if isinstance(answer, dict) else {}


class Made:
    """The items that this run has made, told apart from the owner's by their ids."""

    def __init__(self):
        self.prefix = f"load-{secrets.token_hex(6)}-"
        self.ids = []
        self.numbers = itertools.count()

    def new(self):
        id = f"{self.prefix}{next(self.numbers)}"
        self.ids.append(id)
        return id

    def any(self):
        return secrets.choice(self.ids) if self.ids else f"{self.prefix}none"


class Pace:
    """Lets so many a second through, whoever asks."""

    def __init__(self, rate):
        self.step, self.next, self.lock = 1 / rate, time.monotonic(), threading.Lock()

    def wait(self):
        with self.lock:
            self.next = max(self.next, time.monotonic()) + self.step
            until = self.next
        time.sleep(max(0, until - time.monotonic()))


def load(api, body, stages, rate):
    """The times of all answers of 200, and the statuses of the others."""
    times, others, pace = [], [], Pace(rate)

    def user(end):
        connection = api.connect()
        while time.monotonic() < end:
            pace.wait()
            took, status, _ = api.call(connection, *body())
            times.append(took) if status == 200 else others.append(status)
        connection.close()

    for users, seconds in stages:
        threads = [threading.Thread(target=user, args=[time.monotonic() + seconds]) for _ in range(users)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return times, others


def row(name, result, seconds):
    times, others = result
    limited = others.count(LIMITED)
    figures = " | ".join(f"{figure:.0f}" for figure in (statistics.mean(times), *map(percentile(times), (50, 90, 99)))) if times else "| | | "
    return f"| {name} | {len(times):,} | {len(times) / seconds:.1f} | {figures} | {limited} | {len(others) - limited} |"


def percentile(times):
    cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return lambda percent: cuts[percent - 1]


def remove(api, made, rate):
    """Deletes the items; gives how many could not be."""
    pace, connection, left = Pace(rate), api.connect(), 0
    for id in made.ids:
        for _ in range(5):
            pace.wait()
            if api.call(connection, "delete", {"Key": {"id": id}})[1] == 200:
                break
        else:
            left += 1
    return left


if __name__ == "__main__":
    main()
