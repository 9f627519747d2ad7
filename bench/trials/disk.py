"""A disk that becomes full under load, and has room again: nothing acknowledged
is lost, and the program says how it is.
"""

import asyncio
import os
import subprocess
from contextlib import contextmanager

from program import Connection, Program, count

DISK_MB, HITS = 48, 7_000


@contextmanager
def small_disk(folder):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(path):
    """Takes all the room that there is."""
    with open(path, "wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass


async def hit(site, times):
    """The numbers of so many hits on several connections, and how many were refused."""
    numbers, refused = [], 0

    async def some(share):
        nonlocal refused
        connection = Connection(site)
        for _ in range(share):
            number = await count(connection, "p")
            if number is None:
                refused += 1
            else:
                numbers.append(number)

    await asyncio.gather(*(some(times // 20) for _ in range(20)))
    return numbers, refused


async def readiness(site):
    await asyncio.sleep(1.5)  # an answer is kept for a second
    return (await Connection(site).ask("/readyz"))[0]


def run(options, scratch):
    if os.geteuid() != 0:
        print("  left out: only root can make a small disk")
        return True
    faults = []
    with small_disk(scratch / "disk") as disk:
        data = disk / "data"
        with Program(options.program, "--data-dir", str(data)) as program:
            before, _ = asyncio.run(hit(program.site, HITS))
            fill(disk / "filler")
            during, refused = asyncio.run(hit(program.site, HITS))
            when_full = asyncio.run(readiness(program.site))
            (disk / "filler").unlink()
            after, late = asyncio.run(hit(program.site, HITS))
            when_mended = asyncio.run(readiness(program.site))
            program.kill()
        with Program(options.program, "--data-dir", str(data)) as program:
            last = asyncio.run(count(Connection(program.site), "p"))
    numbers = before + during + after
    if len(set(numbers)) != len(numbers) or last != max(numbers) + 1:
        faults.append(f"{len(numbers)} numbers, {len(set(numbers))} of them different; the next is {last}")
    if late or (when_full, when_mended) != (503, 200):
        faults.append(f"{late} refused after the disk had room; ready {when_full}, {when_mended}")
    print(f"  {len(numbers)} hits acknowledged, {len(during)} of them on a full disk, {refused} refused there")
    print(f"  /readyz on a full disk {when_full}, then {when_mended}; faults: {faults or 'none'}")
    return not faults
