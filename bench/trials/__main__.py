"""Puts the program through what it has to survive, and prints what it saw."""

import argparse
import sys
import tempfile
from pathlib import Path

import disk
import hostile
import kills
import soak
import speed

TRIALS = {"hostile": hostile.run, "kills": kills.run, "disk": disk.run, "speed": speed.run, "soak": soak.run}


def main():
    parser = argparse.ArgumentParser(prog="scripts/hostile")
    parser.add_argument("--program", required=True, help="resume-counter")
    parser.add_argument("--beside", help="another resume-counter, for speed")
    parser.add_argument("--seconds", type=int, default=120, help="of hostile clients")
    parser.add_argument("--soak", type=int, default=600, help="seconds of the soak")
    parser.add_argument("trials", nargs="*", metavar="trial", help=f"of {', '.join(TRIALS)} [all]")
    options = parser.parse_args()
    failed = []
    for name in options.trials or TRIALS:
        print(f"{name}:", flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            if not TRIALS[name](options, Path(scratch)):
                failed.append(name)
    sys.exit(f"not held: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
