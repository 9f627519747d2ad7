"""The stack as the program for one machine runs it, which a test of that program
writes to checks/stack.json, and the variables that the functions name."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# The main file of each function.
MAINS = {
    "counter": "counter/src/main.rs",
    "visits": "visits/src/main.rs",
    "items": "items/src/main.rs",
    "jobs-split": "jobs/src/bin/jobs-split.rs",
    "jobs-store": "jobs/src/bin/jobs-store.rs",
    "jobs-api": "jobs/src/bin/jobs-api.rs",
}
STACK = json.loads((ROOT / "checks" / "stack.json").read_text())


def variables(function):
    """The variables that a function's own main file names."""
    return set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', (ROOT / MAINS[function]).read_text()))


def known(variable):
    """True if the functions' code, or the code that all share, names the variable."""
    files = [
        file
        for folder in ("backend", "counter", "visits", "items", "jobs")
        for file in (ROOT / folder / "src").rglob("*.rs")
    ]
    return any(f'"{variable}"' in file.read_text() for file in files)
