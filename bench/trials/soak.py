"""Ten minutes of everything that visitors and the owner do, as fast as it goes:
no error, no growth, and the count is right.
"""

import asyncio
import time

from program import TOKEN, Connection, Program, count, summary

CONNECTIONS = 16
OWNER = f"authorization: Bearer {TOKEN}\r\ncontent-type: application/json\r\n"


def requests(number):
    """What one connection asks, in turns."""
    item = b'{"operation":"create","payload":{"Item":{"id":"%d","price":78.89}}}' % (number % 1000)
    return [
        ("/counter?path=p", "GET", b"", ""),
        ("/", "GET", b"", ""),
        ("/counter?path=p&mode=read", "GET", b"", ""),
        ("/visits", "POST", b'{"propertyId":"p","place":"Lyon"}', ""),
        ("/v1/jobs?limit=10", "GET", b"", ""),
        ("/order", "POST", item, OWNER),
        ("/counter?path=q%d" % (number % 500), "GET", b"", ""),
        ("/visits?propertyId=p&limit=10", "GET", b"", OWNER),
    ]


async def keep_asking(site, at, end, times, failures, hits):
    connection, number = Connection(site), at
    while time.monotonic() < end:
        turn = requests(number)
        target, method, body, headers = turn[number % len(turn)]
        began = time.monotonic()
        status, answer = await connection.ask(target, method, body, headers)
        times.append((time.monotonic() - began) * 1e3)
        if status not in (200, 201):
            failures.append(f"{method} {target}: {status} {answer[:100]}")
        elif target == "/counter?path=p":
            hits.append(target)
        number += 1


async def soak(program, seconds, failures, hits):
    memory, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        times, stage = [], min(end, time.monotonic() + 60)
        workers = (keep_asking(program.site, at, stage, times, failures, hits) for at in range(CONNECTIONS))
        began = time.monotonic()
        await asyncio.gather(*workers)
        memory.append(program.memory())
        rate = len(times) / (time.monotonic() - began)
        print(f"  {rate:.0f} a second: {summary(times)}; {memory[-1]:.0f} MB, {program.files()} files", flush=True)
    return memory


def run(options, scratch):
    site = scratch / "site"
    site.mkdir()
    (site / "index.html").write_text("<!doctype html><title>Ada</title>")
    failures, hits = [], []
    with Program(options.program, "--data-dir", str(scratch / "data"), "--site", str(site)) as program:
        memory = asyncio.run(soak(program, options.soak, failures, hits))
        last = asyncio.run(count(Connection(program.site), "p"))
        status = program.terminate()
    is_right = last == len(hits) + 1 and status == 0
    # The first minute fills caches.
    has_grown = len(memory) > 2 and memory[-1] > 1.5 * memory[1]
    print(f"  {len(hits)} hits of the page, the next is {last}; {len(failures)} failures; status {status}")
    for failure in sorted(set(failures))[:10]:
        print(f"  {failure}")
    return is_right and not failures and not has_grown
