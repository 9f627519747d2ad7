"""The bodies that are sent: calls of the items' operations."""

import json
import secrets

ITEMS = 1000


def call(operation, payload):
    return json.dumps({"operation": operation, "payload": payload})


def create(key):
    item = {"id": key, "price": 78.89, "product": "Beautiful Jacket", "order_date": "2024-11-04T10:30:00Z"}
    return call("create", {"Item": item})


# What each kind of request is called, where it goes, and its bodies, of which
# each user takes any. `create` is the last, as it changes what `list` gives.
LIST_TWO = ("`list`, 2 items", "/order", [call("list", {})])
KINDS = [
    LIST_TWO,
    (f"`list`, {ITEMS:,} items", "/dynamodbmanager", [call("list", {})]),
    ("`read`", "/dynamodbmanager", [call("read", {"Key": {"id": str(n)}}) for n in range(ITEMS)]),
    ("`create`", "/order", [create(secrets.token_hex(8)) for _ in range(100_000)]),
]
