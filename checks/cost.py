"""The cost of visits on AWS, and of the worst month; prints the tables of
docs/cost.md.

Prices are those of us-east-1. Each line knows its source, by the number that it
has in docs/cost.md.
"""

import re
from pathlib import Path
from typing import Callable, NamedTuple

MILLION = 1_000_000
VISITS = [10_000, 100_000, MILLION, 10 * MILLION]
PUSHES = [1, 8, 30]
SECONDS = 30 * 24 * 60 * 60

ROOT = Path(__file__).parent.parent


def default(file, parameter):
    """The default of a parameter of a template, as a number."""
    text = (ROOT / file).read_text()
    return int(re.search(rf"^  {parameter}:\n(?:    .*\n)*?    Default: (\d+)$", text, re.M)[1])


# Requests a second that each of the two APIs lets through.
RATE = default("template.yaml", "ThrottleRate")
# Dollars at which the budget's action shuts the functions off, some half a day late.
CLOSE_AT = default("aws/budget.yaml", "Amount") * default("aws/budget.yaml", "CloseAt") / 100

# One view of the sample's page by a browser with an empty cache: seven files,
# then `GET /counter` and, with the log of visits, `POST /visits`.
FILES, CALLS = 7, 2
PAGE_GB = 70e-6
# The function's line, its metric and API Gateway's, as measured.
LOG_GB = (155 + 159 + 133) / 1e9
# Guesses on the safe side, of 128 MB.
HIT_SECONDS, VISIT_SECONDS, GB = 0.015, 0.025, 0.125
# A hit is one write unit, a visit ten and two reads: of the mark, and of the property.
# A visit by a link reads that, too. `visits/tests/it/cost.rs` measures all of them.
# An item of the log has about 350 bytes.
HIT_WRITES, VISIT_WRITES, VISIT_READS, LINK_READS, STORED_GB = 1, 10, 2, 1, 350e-9
# A page that is not known costs the update that finds none, and a transaction of two
# items, which is charged although it finds no room.
UNKNOWN_WRITES = 1 + 2 * 2


def traces(visits):
    """Lambda traces a run of each function a second, and a twentieth of the others."""
    at_most = min(visits, SECONDS)
    return CALLS * (at_most + 0.05 * (visits - at_most))


class Line(NamedTuple):
    name: str
    source: str
    amount: Callable[[int], float]
    words: str
    free: float
    price: float
    price_words: str

    def cost(self, visits):
        return max(0, self.amount(visits) - self.free) * self.price


def view(calls, writes, reads, seconds, stored_gb):
    """What one view of the page uses."""
    asked = FILES + calls
    return [
        Line("DynamoDB, writes", "²", lambda v: writes * v, f"{writes} units", 0, 0.625 / MILLION, "$0.625 per million"),
        Line("DynamoDB, reads", "²", lambda v: reads * v, f"{reads} units", 0, 0.125 / MILLION, "$0.125 per million"),
        Line("API Gateway, HTTP API", "¹", lambda v: calls * v, f"{calls} requests", 0, 1 / MILLION, "$1.00 per million"),
        Line("Lambda, requests", "³", lambda v: calls * v, f"{calls}", MILLION, 0.2 / MILLION, "1 M free, $0.20 per million"),
        Line("Lambda, computing", "³", lambda v: seconds * GB * v, f"{seconds * GB:.3f} GB-s", 400_000, 13.3334 / MILLION, "400,000 GB-s free, $13.33 per million"),
        Line("CloudWatch, logs", "⁴", lambda v: calls * LOG_GB * v, f"{calls * LOG_GB * 1e6:.1f} kB", 5, 0.5, "5 GB free, $0.50 per GB"),
        Line("CloudFront, requests", "⁶", lambda v: asked * v, f"{asked}", 10 * MILLION, 1 / MILLION, "10 M free, $1.00 per million"),
        Line("CloudFront, data", "⁶", lambda v: PAGE_GB * v, "70 kB", 1000, 0.085, "1 TB free, $0.085 per GB"),
        Line("CloudFront Functions", "⁶", lambda v: asked * v, f"{asked} runs", 2 * MILLION, 0.1 / MILLION, "2 M free, $0.10 per million"),
        # The page and the portrait have no name of their content, so they are asked for anew.
        Line("S3, requests", "⁵", lambda v: 2 * v, "2", 0, 0.4 / MILLION, "$0.40 per million"),
        Line("DynamoDB, storage after a year", "²", lambda v: 12 * stored_gb * v, "0.35 kB", 25, 0.25, "25 GB free, $0.25 per GB and month"),
        Line("DynamoDB, recovery after a year", "²", lambda v: 12 * stored_gb * v, "0.35 kB", 0, 0.2, "$0.20 per GB and month"),
    ]


WITH_COUNTER_ALONE = view(1, HIT_WRITES, 0, HIT_SECONDS, 0)
PER_VISIT = view(CALLS, HIT_WRITES + VISIT_WRITES, VISIT_READS, HIT_SECONDS + VISIT_SECONDS, STORED_GB)
TRACING = Line("X-Ray, traces", "⁷", traces, "2, if they are a second apart", 100_000, 5 / MILLION, "100,000 free, $5.00 per million")


# Minutes of a push with cold caches on two cores, as estimated: the tests, the package
# that is tried and deployed, the site.
PIPELINES = {
    "GitHub, public repository": [],
    "GitHub, private": [Line("Actions", "", lambda n: 100 * n, "100 minutes", 2_000, 0.008, "2,000 free, $0.008 a minute")],
    "GitLab.com": [Line("compute", "", lambda n: 150 * n, "150 minutes", 400, 0.01, "400 free, $0.01 a minute")],
    "CodePipeline": [
        Line("actions", "", lambda n: 70 * n, "70 minutes of actions", 100, 0.002, "100 free, $0.002 a minute"),
        Line("CodeBuild", "", lambda n: 60 * n, "60 of `general1.medium`", 0, 0.01, "$0.01 a minute"),
    ],
}


def money(amount):
    if amount == 0:
        return "–"
    return f"${amount:,.2f}" if amount >= 0.005 else "< $0.01"


def row(*cells):
    return f"| {' | '.join(cells)} |"


def table():
    rows = [row("what", "of a visit", "price", *(f"{visits:,} visits" for visits in VISITS)), row(*["---"] * 7)]
    for line in [*PER_VISIT, TRACING]:
        costs = [money(line.cost(visits)) for visits in VISITS]
        rows.append(row(f"{line.name} {line.source}", line.words, line.price_words, *costs))
    without = [sum(line.cost(visits) for line in PER_VISIT) for visits in VISITS]
    rows.append(row("**together**", "", "", *(f"**{money(cost)}**" for cost in without)))
    together = [cost + TRACING.cost(visits) for cost, visits in zip(without, VISITS)]
    rows.append(row("together, with `Tracing=Active`", "", "", *map(money, together)))
    return "\n".join(rows)


def a_million(lines):
    """A month's dollars for a million views."""
    return sum(line.cost(MILLION) for line in lines)


def by_link():
    """What a million visits by links cost more than others, beyond what is free."""
    return LINK_READS * 0.125


def call(writes=0, reads=0, seconds=0.0, log=LOG_GB):
    """The cost of one request of an API beyond everything that is free."""
    units = (writes * 0.625 + reads * 0.125) / MILLION
    run = (0.2 + seconds * GB * 13.3334) / MILLION if seconds else 0
    return 1 / MILLION + units + run + log * 0.5


def worst():
    """Months in which somebody calls day and night as often as the throttle allows."""
    month = RATE * SECONDS
    hits = month * call(writes=HIT_WRITES, seconds=HIT_SECONDS)
    unknown = month * call(writes=UNKNOWN_WRITES, seconds=HIT_SECONDS)
    visits = month * call(writes=VISIT_WRITES, reads=VISIT_READS, seconds=VISIT_SECONDS)
    # Fifty long names a day make a visit's items up to ten times as large.
    long_names = month * call(writes=10 * VISIT_WRITES, reads=VISIT_READS, seconds=VISIT_SECONDS)
    # 200 offers of some 600 bytes are read, half a unit for each 4 kB.
    offers = month * call(reads=15, seconds=VISIT_SECONDS)
    # The functions still run, and fail at once.
    shut = 2 * month * call(seconds=HIT_SECONDS)
    day = (unknown + long_names) / 30
    # A whole day until AWS knows the spending.
    closed = CLOSE_AT + day + shut / 30 * (30 - CLOSE_AT / day - 1)
    page = 100 * SECONDS
    flood = page * (1 + 0.1) / MILLION + max(0, page * PAGE_GB / FILES - 1000) * 0.085
    lines = [
        (f"`GET /counter`, {RATE} a second", hits),
        ("the same of pages that are not known, without room for them", unknown),
        (f"`POST /visits`, {RATE} a second", visits),
        ("the same with names as long as they may be", long_names),
        (f"`GET /v1/jobs?contract_type=`, {RATE} a second, of a table on demand", offers),
        ("**both APIs at their worst**", unknown + long_names),
        ("both, after the budget has shut the functions off", shut),
        ("**both, where the budget shuts them off, as it does with `AlarmEmail`**", closed),
        ("both, after `scripts/gate close`", 0),
        ("the page's files, 100 a second, which nothing throttles", flood),
    ]
    rows = [row("what is asked all month", "a month", "a day"), row(*["---"] * 3)]
    return "\n".join(rows + [row(name, money(cost), money(cost / 30)) for name, cost in lines])


def pipelines():
    """Months with so many pushes to the branch that is deployed."""
    rows = [row("pipelines on", "a push", "price", *(f"{n} push{'es' * (n > 1)}" for n in PUSHES)), row(*["---"] * 6)]
    for system, lines in PIPELINES.items():
        words = ", and ".join(line.words for line in lines)
        prices = ", and ".join(line.price_words for line in lines) or "all free"
        rows.append(row(system, words, prices, *(money(sum(line.cost(n) for line in lines)) for n in PUSHES)))
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
    print()
    print(worst())
    print()
    print(pipelines())
