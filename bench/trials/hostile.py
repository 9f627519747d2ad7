"""Clients that want to shut everybody else out, at one address, and an honest
one at another: it has to be answered as ever, and memory has to stay small.
"""

import asyncio
import multiprocessing
import random
import time

from program import Connection, Program, summary, take_all_files

HOSTILE, HONEST = "127.0.0.2", "127.0.0.3"
MAX_P99_MS, MAX_MEMORY_MB = 100, 100
LARGE_BYTES = 8_000_000


async def hold(address, request, seconds, rest=b"", pause=1.0):
    """Sends `request`, then a byte of `rest` with each pause, and reads nothing."""
    reader, writer = await asyncio.open_connection(*address, local_addr=(HOSTILE, 0), limit=1024)
    try:
        reader._transport.pause_reading()
        writer.write(request)
        for at in range(int(seconds / pause)):
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))
            writer.write(rest[at % len(rest) : at % len(rest) + 1] if rest else b"")
            await writer.drain()
    finally:
        writer.transport.abort()


async def be_polite(address, seconds):
    """Keeps a connection by asking for something small every five seconds."""
    reader, writer = await asyncio.open_connection(*address, local_addr=(HOSTILE, 0))
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            writer.write(b"GET /robots.txt HTTP/1.1\r\nhost: x\r\n\r\n")
            if not await reader.read(4096):
                return
            await asyncio.sleep(5)
    finally:
        writer.transport.abort()


async def be_refused(address, seconds):
    """Sends large bodies and wrong tokens where nothing is let in."""
    wrong = b"POST /order HTTP/1.1\r\nhost: x\r\nauthorization: Bearer guess\r\ncontent-length: 6000000\r\n\r\n"
    reader, writer = await asyncio.open_connection(*address, local_addr=(HOSTILE, 0))
    try:
        writer.write(wrong)
        for _ in range(60):
            writer.write(b"\x01" * 100_000)
            await writer.drain()
        await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.transport.abort()
        await asyncio.sleep(0.2)


def kinds(site, bucket, seconds):
    """Each kind of client: how many there are, and what one does."""
    form = b"POST /job-offers HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\n"
    form += b"content-length: 19000000\r\n\r\n--b\r\ncontent-disposition: form-data; name=a\r\n\r\n"
    signed = b"PUT /job-offers/job_offers/x.csv HTTP/1.1\r\nhost: x\r\ncontent-length: 90000\r\n"
    signed += b"authorization: AWS4-HMAC-SHA256 x\r\n\r\n"
    body = b"POST /visits HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n"
    unread = b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n" * 50
    return {
        "idle connections": (900, lambda: hold(site, b"", seconds)),
        "polite hoarders": (900, lambda: be_polite(site, seconds)),
        "slow heads": (500, lambda: hold(site, b"GET /v1/health HTTP/1.1\r\nx-a: ", seconds, b"a")),
        "slow bodies": (500, lambda: hold(site, body, seconds, b" ")),
        "unread answers": (500, lambda: hold(site, unread, seconds)),
        "unfinished forms": (300, lambda: hold(bucket, form, seconds, b"a", 4)),
        "unfinished uploads": (300, lambda: hold(bucket, signed, seconds, b"a", 4)),
        "refused bodies": (4, lambda: be_refused(site, seconds)),
    }


async def attack(site, bucket, seconds, opened):
    """All of them, each beginning again as soon as it is thrown out."""
    end = time.monotonic() + seconds

    async def insist(kind, act):
        while time.monotonic() < end:
            opened[kind] += 1
            try:
                await act()
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                pass
            # One process can do no more than so much.
            await asyncio.sleep(random.uniform(0.5, 1.5))

    clients = []
    for kind, (number, act) in kinds(site, bucket, seconds).items():
        opened[kind] = 0
        clients += [asyncio.create_task(insist(kind, act)) for _ in range(number)]
    await asyncio.sleep(seconds)
    for client in clients:
        client.cancel()
    await asyncio.gather(*clients, return_exceptions=True)


def attack_in_a_process(site, bucket, seconds, result):
    take_all_files()
    opened = {}
    asyncio.run(attack(site, bucket, seconds, opened))
    result.put(opened)


async def ask_honestly(site, seconds, times, failures):
    """A visitor every 50 ms, on a new connection or a kept one, in turns."""
    kept = Connection(site, HONEST)
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        connection = kept if number % 2 else Connection(site, HONEST)
        target = ["/counter?path=p", "/", "/v1/jobs"][number % 3]
        number += 1
        began = time.monotonic()
        try:
            status, _ = await asyncio.wait_for(connection.ask(target), 30)
            if status != 200:
                failures.append(f"{target}: {status}")
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            failures.append(f"{target}: {error!r}")
            kept.close()
        times.append((time.monotonic() - began) * 1e3)
        if connection is not kept:
            connection.close()
        await asyncio.sleep(0.05)


def run(options, scratch):
    site = scratch / "site"
    site.mkdir()
    (site / "index.html").write_text("<!doctype html><title>Ada</title>")
    (site / "robots.txt").write_text("User-agent: *\n")
    (site / "large").write_bytes(bytes(LARGE_BYTES))
    times, failures = [], []
    with Program(options.program, "--data-dir", str(scratch / "data"), "--site", str(site)) as program:
        result = multiprocessing.Queue()
        arguments = (program.site, program.bucket, options.seconds, result)
        attackers = multiprocessing.Process(target=attack_in_a_process, args=arguments)
        attackers.start()
        asyncio.run(ask_honestly(program.site, options.seconds, times, failures))
        opened = result.get()
        attackers.join()
        peak = program.peak_memory()
    for kind, number in opened.items():
        print(f"  {kind}: {number} connections")
    print(f"  the honest client: {summary(times)}, {len(failures)} failures")
    print(f"  memory: {peak:.0f} MB at most")
    for failure in sorted(set(failures))[:10]:
        print(f"  {failure}")
    p99 = sorted(times)[len(times) * 99 // 100]
    return not failures and p99 < MAX_P99_MS and peak <= MAX_MEMORY_MB
