"""The systems beside the counter, of which a stack may have some, and their tables."""

from cli import Failure

ALL = ("visits", "jobs", "items")
# The parameters that name the tables of each.
TABLES = {
    "counter": ["TableNameParameter"],
    "visits": ["VisitsTableName"],
    "items": ["OrderTableName", "ManagerTableName"],
    "jobs": ["JobsTableName"],
}


def choice(text):
    """A choice of systems as the template knows it, from names in any order, `all`, or
    `counter` for the counter alone."""
    wanted = {name for name in text.replace(" ", "").split(",") if name}
    if wanted == {"all"}:
        wanted = set(ALL)
    for name in sorted(wanted - {"counter", *ALL}):
        raise Failure(f"there is no system {name}: expected some of counter, visits, jobs and items, with commas between")
    return ",".join(name for name in ALL if name in wanted)


def names(choice):
    """The systems of a choice."""
    return [name for name in choice.split(",") if name]


def without(some, others):
    """Those of the first systems that are not among the second."""
    return [name for name in names(some) if name not in names(others)]


def parameters_of_tables(systems):
    return [parameter for system, parameters in TABLES.items() if system in systems for parameter in parameters]
