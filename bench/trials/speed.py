"""Starts, hits, files and memory of one program, or of two beside each other in
turns, as fast as a client asks on kept connections.
"""

import asyncio
import statistics
import time

from program import Connection, Program, percentile

ROUNDS, SECONDS, CONNECTIONS = 3, 5, 16


async def ask_for(site, target, seconds):
    times, end = [], time.monotonic() + seconds

    async def keep_asking():
        connection = Connection(site)
        while time.monotonic() < end:
            began = time.monotonic()
            status, _ = await connection.ask(target)
            assert status == 200, f"{target}: {status}"
            times.append((time.monotonic() - began) * 1e3)

    await asyncio.gather(*(keep_asking() for _ in range(CONNECTIONS)))
    return len(times) / seconds, percentile(times, 99)


def measure(path, scratch, site):
    """One life on an empty data folder."""
    with Program(path, "--data-dir", str(scratch), "--site", str(site)) as program:
        hits = asyncio.run(ask_for(program.site, "/counter?path=p", SECONDS))
        files = asyncio.run(ask_for(program.site, "/style.css", SECONDS))
        return {
            "start, ms": program.start_seconds * 1e3,
            "hits a second": hits[0],
            "p99 of hits, ms": hits[1],
            "files a second": files[0],
            "p99 of files, ms": files[1],
            "most memory, MB": program.peak_memory(),
        }


def run(options, scratch):
    site = scratch / "site"
    site.mkdir()
    (site / "index.html").write_text("<!doctype html><title>Ada</title>")
    (site / "style.css").write_text("p { color: red }\n" * 2000)
    programs = [path for path in (options.program, options.beside) if path]
    rounds = [[measure(path, scratch / f"{at}-{which}", site) for which, path in enumerate(programs)] for at in range(ROUNDS)]
    for name in rounds[0][0]:
        medians = [statistics.median(one[which][name] for one in rounds) for which in range(len(programs))]
        print(f"  {name}: " + ", beside it ".join(f"{median:.1f}" for median in medians))
    return True
