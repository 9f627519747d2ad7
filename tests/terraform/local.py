"""What the program for one machine, and the functions themselves, say of routes,
tables, queues and variables: read from the source, so that nothing is built."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# The functions by the names that local/src/api.rs has for them.
FUNCTIONS = {"counter": "counter", "visits": "visits", "items": "items", "jobs": "jobs-api"}
# Where each function begins.
MAINS = {
    "counter": "counter/src/main.rs",
    "visits": "visits/src/main.rs",
    "items": "items/src/main.rs",
    "jobs-split": "jobs/src/bin/jobs-split.rs",
    "jobs-store": "jobs/src/bin/jobs-store.rs",
    "jobs-api": "jobs/src/bin/jobs-api.rs",
}
# Where each table is described, and the variable that names it.
TABLES = {
    "CounterTable": ("counter/src/hits.rs", "DYNAMODB_TABLE"),
    "VisitsTable": ("visits/src/log.rs", "VISITS_TABLE"),
    "SaltsTable": ("visits/src/salts.rs", "SALTS_TABLE"),
    "OrderTable": ("items/src/tables.rs", "ORDER_TABLES"),
    "ManagerTable": ("items/src/tables.rs", "MANAGER_TABLES"),
    "JobsTable": ("jobs/src/offers.rs", "JOBS_TABLE"),
}


def source(path):
    """A file of Rust without its comments."""
    return re.sub(r"^\s*//.*\n", "", (ROOT / path).read_text(), flags=re.M)


def one(pattern, text):
    """What the pattern's groups are in its only match."""
    (found,) = re.findall(pattern, text, re.S)
    return found


def methods(text):
    return sorted(re.findall(r"Method::(\w+)", text))


def routes():
    """The function behind each route, such as `GET /counter`."""
    api = source("local/src/api.rs")
    found = re.findall(r'\broute\(\s*options,\s*"([^"]+)",\s*&\[([^\]]+)\],\s*&(\w+),?\s*\)', api)
    assert len(found) == len(re.findall(r"\broute\(", api)), "local/src/api.rs has routes of another form"
    return {f"{method} {path}": FUNCTIONS[name] for path, list, name in found for method in methods(list)}


def cors():
    """The methods and headers that each API takes from pages of other origins."""
    api = source("local/src/api.rs")
    owner = one(r"cors\(&options\.owner_origin\)(.*?)\n        \);", api)
    names = {"AUTHORIZATION": "authorization", "CONTENT_TYPE": "content-type", "LINK": "link", "LOCATION": "location"}
    names.update(
        (name, header) for name, header in re.findall(r'(\w+): HeaderName = HeaderName::from_static\("([^"]+)"\)', api)
    )

    def headers(call):
        return sorted(names[name] for name in re.findall(r"[A-Z_]+", one(rf"{call}\(\[(.*?)\]\)", owner)))

    return {
        "CounterApi": {"methods": methods(one(r"CorsLayer::new\(\)(.*?)\n}", api))},
        "OwnerApi": {
            "methods": methods(one(r"allow_methods\((.*?)\)", owner)),
            "headers": headers("allow_headers"),
            "exposed": headers("expose_headers"),
        },
    }


def defaults():
    """The defaults of the program's options by their variables."""
    return dict(re.findall(r'env = "(\w+)",\s*default_value = "([^"]*)"', source("local/src/options.rs")))


def table(name):
    """Its keys, its attribute of expiry, and the keys of its indexes."""
    path, _ = TABLES[name]
    text = source(path)
    body = one(r"-> Table<'_> \{\n    Table \{(.*?)\n    \}\n\}", text)

    def constant(name):
        *module, name = name.split("::")
        file = text if not module else source(str(Path(path).parent / f"{module[0]}.rs"))
        return one(rf'const {name}: &str = "([^"]*)"', file)

    def keys(text):
        sort = re.findall(r"\bsort_key: (?:Some\()?([A-Z][\w:]*?)\)?,", text.replace("None", ""))
        return [constant(name) for name in [one(r"partition_key: ([\w:]+)", text), *sort]]

    own, indexes = body.split("indexes:")
    expires = re.findall(r"time_to_live: Some\(([\w:]+)\)", own)
    return {
        "keys": keys(own),
        "expires": constant(expires[0]) if expires else None,
        "indexes": {
            constant(one(r"name: (\w+)", index)): keys(index) for index in re.findall(r"Index \{(.*?)\}", indexes, re.S)
        },
    }


def pipeline():
    """The numbers and names of the way of a file into the table."""
    text = source("local/src/pipeline.rs")
    files = one(r"const FILES: Queue = Queue \{(.*?)\};", text)
    rows = one(r"const ROWS: Queue = Queue \{(.*?)\};", text)
    return {
        "visibility": int(one(r"visibility_timeout: Duration::from_secs\((\d+)\)", rows)),
        "receives": int(one(r"max_receives: (\d+)", rows)),
        "tries": int(one(r"max_receives: (\d+)", files)),
        "batch": int(one(r"source\(&queues, ROWS, (\d+)\)", text)),
        "readers": int(one(r"const READERS: usize = (\d+);", text)),
        "prefix": one(r'const PREFIX: &str = "([^"]+)"', text),
        "suffix": one(r'suffix: "([^"]+)"', text),
    }


def variables(function):
    """The variables that a function's own main file names."""
    return set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', source(MAINS[function])))


def known(variable):
    """Whether the function's code, or the code that all share, names it anywhere."""
    files = [
        file
        for folder in ("backend", "counter", "visits", "items", "jobs")
        for file in (ROOT / folder / "src").rglob("*.rs")
    ]
    return any(f'"{variable}"' in file.read_text() for file in files)
