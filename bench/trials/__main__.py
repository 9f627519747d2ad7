"""Puts the program through what it has to survive, and prints what it saw."""

import argparse
import sys
import tempfile
from pathlib import Path

import disk
import hostile
import kills
import offers
import soak
import speed
import throttled

TRIALS = {"hostile": hostile.run, "kills": kills.run, "disk": disk.run, "speed": speed.run, "soak": soak.run}
# Take long, or all of the machine, and so are tried only where they are named.
LONG_TRIALS = {"throttled": throttled.run, "offers": offers.run}


def main():
    parser = argparse.ArgumentParser(prog="scripts/hostile")
    parser.add_argument("--program", required=True, help="resume-counter")
    parser.add_argument("--beside", help="another resume-counter, for speed and offers")
    parser.add_argument("--seconds", type=int, default=120, help="of hostile clients")
    parser.add_argument("--soak", type=int, default=600, help="seconds of the soak")
    parser.add_argument("--rows", type=int, default=20_000, help="of the file of job offers")
    names = f"of {', '.join(TRIALS)} [all], and {', '.join(LONG_TRIALS)}"
    parser.add_argument("trials", nargs="*", metavar="trial", help=names)
    options = parser.parse_args()
    failed = []
    for name in options.trials or TRIALS:
        print(f"{name}:", flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            if not (TRIALS | LONG_TRIALS)[name](options, Path(scratch)):
                failed.append(name)
    sys.exit(f"not held: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
