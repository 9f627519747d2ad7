"""A file into a table that takes five rows a second, while whatever has a part in
it is killed: nothing is dead, and each row is there once.

One program is the store and another has bucket, queue and functions, since on AWS
these fail apart from each other.
"""

import asyncio
import hashlib
import hmac
import json
import re
import socket
import subprocess
import time
import urllib.request

from kills import OWNER, write_rows
from program import TOKEN, Connection, Program

TABLE, RATE, KEY = "throttled", 5, "the-key-of-the-store"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "resume-counter", "AWS_SECRET_ACCESS_KEY": KEY, "AWS_REGION": "eu-west-1"}
# Seconds for which the first programs run before they are killed, while the file is
# read: a file is given up after three tries. Later ones are killed at even times.
FIRST_LIVES, LIVES = (0.5, 1), 8


def key(*names):
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=True)]


def make_table(port):
    """The table of template.yaml, with so few units for itself and for each index."""
    units = {"ReadCapacityUnits": RATE, "WriteCapacityUnits": RATE}
    index = {"Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": units}
    request = {
        "TableName": TABLE,
        "BillingMode": "PROVISIONED",
        "ProvisionedThroughput": units,
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("id", "city", "keyword")],
        "KeySchema": key("id", "city"),
        "GlobalSecondaryIndexes": [
            {"IndexName": "city-index", "KeySchema": key("city", "id"), **index},
            {"IndexName": "keyword-index", "KeySchema": key("keyword", "city"), **index},
        ],
    }
    call(port, "CreateTable", json.dumps(request).encode())


def call(port, operation, body):
    """A call of the store that is signed with its key, signature version 4."""
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = [date[:8], "eu-west-1", "dynamodb", "aws4_request"]
    host, signed = f"127.0.0.1:{port}", "host;x-amz-date"
    content = hashlib.sha256(body).hexdigest()
    canonical = f"POST\n/\n\nhost:{host}\nx-amz-date:{date}\n\n{signed}\n{content}"
    text = "\n".join(["AWS4-HMAC-SHA256", date, "/".join(scope), hashlib.sha256(canonical.encode()).hexdigest()])
    secret = f"AWS4{KEY}".encode()
    for part in scope:
        secret = hmac.digest(secret, part.encode(), "sha256")
    signature = hmac.new(secret, text.encode(), "sha256").hexdigest()
    credential = "/".join([CREDENTIALS["AWS_ACCESS_KEY_ID"], *scope])
    headers = {
        "x-amz-date": date,
        "x-amz-target": f"DynamoDB_20120810.{operation}",
        "content-type": "application/x-amz-json-1.0",
        "authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={signed}, Signature={signature}",
    }
    with urllib.request.urlopen(urllib.request.Request(f"http://{host}/", body, headers)) as answer:
        return answer.read()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


async def stored(site):
    """The ids of all offers, page after page, as fast as the table lets itself be read."""
    connection, ids, target = Connection(site), [], "/v1/jobs?limit=1000"
    while target:
        status, body, head = await connection.ask_with_head(target, headers=OWNER)
        if status == 503:
            await asyncio.sleep(1)
            continue
        assert status == 200, f"{target}: {status}"
        ids += [offer["id"] for offer in json.loads(body)]
        link = re.search(r"^link: <([^>]+)>", head, re.MULTILINE | re.IGNORECASE)
        target = link and link[1]
    return ids


def run(options, scratch):
    rows, port = options.rows, free_port()
    store = ["--data-dir", str(scratch / "store"), "--dynamodb-listen", f"127.0.0.1:{port}"]
    data = ["--data-dir", str(scratch / "data")]
    pipeline = [*data, "--dynamodb-endpoint", f"http://127.0.0.1:{port}", "--jobs-table", TABLE]
    file = str(write_rows(scratch / "offers.csv", rows))

    def jobs(command, *arguments):
        words = [options.program, "jobs", command, *data, *arguments]
        variables = {"HOME": "/nonexistent", "RESUME_COUNTER_OWNER_TOKEN": TOKEN}
        return subprocess.Popen(words, env=variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    programs = []

    def start(*arguments, **variables):
        programs.append(Program(options.program, *arguments, **variables))
        return programs[-1]

    def start_store():
        return start(*store, RESUME_COUNTER_DYNAMODB_KEY=KEY)

    def start_pipeline():
        return start(*pipeline, **CREDENTIALS)

    def status():
        return jobs("status").communicate()[0]

    began, faults, kills = time.monotonic(), [], 0
    try:
        table = start_store()
        make_table(port)
        program = start_pipeline()
        load = jobs("load", file)
        while "files under way: 0, not read: 0; rows under way: 0" in status():
            time.sleep(0.1)
        lives = [*FIRST_LIVES, *[rows / RATE / (LIVES + 1)] * LIVES]
        while True:
            life, said = time.monotonic() + (lives.pop(0) if lives else float("inf")), ""
            while time.monotonic() < life and " read, " not in said:
                time.sleep(min(5, max(0.1, life - time.monotonic())))
                said = status()
            if " read, " in said:
                break
            program.kill()
            kills += 1
            if kills % 4 == 0:
                table.kill()
                table = start_store()
            program = start_pipeline()
            while kills >= len(FIRST_LIVES) and "files under way: 0," not in status():
                time.sleep(0.1)
        load.communicate()
        seconds = time.monotonic() - began
        if f": {rows} read, {rows} stored, 0 already there, 0 refused, 0 dead\n" not in said or "dead: 0\n" not in said:
            faults.append(said)
        ids = asyncio.run(stored(program.site))
        if sorted(ids, key=int) != [str(row) for row in range(rows)]:
            faults.append(f"{len(ids)} offers with {len(set(ids))} ids")
        print(f"  {rows} rows in {seconds:.0f} s over {kills} kills; {said.splitlines()[-1]}")
    finally:
        for one in programs:
            one.kill()
    print(f"  faults: {faults or 'none'}")
    return not faults
