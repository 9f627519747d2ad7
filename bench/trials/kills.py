"""Twenty times `kill -9` under load: numbers, visits and job offers that were
acknowledged are there once.
"""

import asyncio
import json
import subprocess
import uuid

from program import TOKEN, Connection, Program, count

KILLS, SECONDS, ROWS = 20, 1.5, 30_000
OWNER = f"authorization: Bearer {TOKEN}\r\n"


async def count_until_killed(site, numbers):
    connection = Connection(site)
    while True:
        number = await count(connection, "p")
        if number is not None:
            numbers.append(number)


async def visit_until_killed(site, keys):
    """Each visit has a key, with which it is sent again until it is acknowledged."""
    connection = Connection(site)
    while True:
        key = next((key for key, is_known in keys.items() if not is_known), None) or str(uuid.uuid4())
        keys[key] = True  # nobody else sends it meanwhile
        try:
            headers = f"idempotency-key: {key}\r\ncontent-type: application/json\r\n"
            status, _ = await connection.ask("/visits", "POST", b'{"propertyId":"p"}', headers)
            keys[key] = status == 201
        except BaseException:
            keys[key] = False
            raise


async def load_until_killed(program, keys, numbers):
    workers = [count_until_killed(program.site, numbers) for _ in range(12)]
    workers += [visit_until_killed(program.site, keys) for _ in range(4)]
    workers = [asyncio.create_task(worker) for worker in workers]
    await asyncio.sleep(SECONDS)
    program.kill()
    await asyncio.gather(*workers, return_exceptions=True)


async def pages(site, path, headers=""):
    """All that a list of the API holds, page after page."""
    connection, cursor = Connection(site), ""
    while cursor is not None:
        _, body = await connection.ask(f"{path}&limit=1000{cursor}", headers=headers)
        answer = json.loads(body)
        yield answer["visits"]
        cursor = answer["next"] and f"&cursor={answer['next']}"


async def visits(site):
    return [visit["id"] async for page in pages(site, "/visits?propertyId=p", OWNER) for visit in page]


def write_rows(path, rows):
    lines = (f"{row},Lyon,Pain et Cie,Boulanger,,CDI,,,pain,2026-11-01,site" for row in range(rows))
    header = "id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider"
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def run(options, scratch):
    data = ["--data-dir", str(scratch / "data")]
    load = [options.program, "jobs", "load", *data, str(write_rows(scratch / "offers.csv", ROWS))]
    environment = {"HOME": "/nonexistent", "RESUME_COUNTER_OWNER_TOKEN": TOKEN}
    seen, keys, faults, starts = set(), {}, [], []
    loading = None
    for _ in range(KILLS):
        highest = max(seen, default=0)
        program = Program(options.program, *data)
        starts.append(program.start_seconds)
        if loading is None:
            loading = subprocess.Popen(load, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        numbers = []
        asyncio.run(load_until_killed(program, keys, numbers))
        again = [number for number in numbers if number <= highest or number in seen]
        if again or len(set(numbers)) != len(numbers):
            faults.append(f"numbers were given twice: {again[:5]}")
        seen |= set(numbers)
    loading.wait()
    with Program(options.program, *data) as program:
        number = asyncio.run(count(Connection(program.site), "p"))
        if number <= max(seen):
            faults.append(f"the count went back to {number}")
        found = asyncio.run(visits(program.site))
        known = sum(keys.values())
        # One that was not acknowledged may be there, too, and only once.
        if len(found) != len(set(found)) or not known <= len(found) <= len(keys):
            faults.append(f"{len(found)} visits for {known} acknowledged keys of {len(keys)}")
        said = subprocess.run(load, env=environment, capture_output=True, text=True)
        if not said.stdout.startswith(f"{ROWS} rows read, ") or "0 refused, 0 dead" not in said.stdout:
            faults.append(said.stdout + said.stderr)
    print(f"  {len(seen)} numbers and {known} visits acknowledged over {KILLS} kills; {said.stdout.strip()}")
    print(f"  slowest start {max(starts):.2f} s; faults: {faults or 'none'}")
    return not faults
