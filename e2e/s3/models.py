"""Random keys, put, listed, got and deleted, against a model: a dictionary."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from commands import Rclone

# Pieces that keys are made of: what an address, XML, a path or a list may get wrong.
PIECES = [
    "a", "b", "Z", "0", "/", "//", ".", "..", "/../", "/./", "+", "%", "%2F", "%00", " ", "  ", "&", "<", ">",
    '"', "'", "\\", "?", "#", "=", ";", ":", ",", "~", "*", "|", "\t", "\n", "\r", "\x01", "\x7f", "\u0085",
    "é", "e\u0301", "ß", "日", "ключ", "🦀", "\u200f", "\ufeff", "\uffff", "\U0010ffff", "x" * 200,
]  # fmt: skip


def key(random):
    """A key of at most 1,024 bytes."""
    parts = random.choices(PIECES, k=random.randint(1, 12))
    return "".join(parts).encode()[:1_024].decode(errors="ignore")


def name(random):
    """A path of files with such names."""
    is_plain = lambda piece: "/" not in piece and piece != "." and piece.isprintable()
    pieces = [piece for piece in PIECES if is_plain(piece)]
    part = lambda: "".join(random.choices(pieces, k=random.randint(1, 8))).encode()[:200].decode(errors="ignore")
    # rclone trims nothing, but a name of dots alone is no file.
    parts = [part() for _ in range(random.randint(1, 3))]
    return "/".join("n" + part if not part.strip(". ") else part for part in parts)


def check(program, keys, seed, folder):
    """Tries that many keys through boto3 and rclone, and returns what differs."""
    failures = []
    for client, trial in [("boto3", through_boto3), ("rclone", through_rclone)]:
        start = time.monotonic()
        try:
            trial(program, random.Random(seed), keys, folder)
            print(f"{client}: {keys} random keys agree with the model, in {time.monotonic() - start:.0f} s", flush=True)
        except AssertionError as error:
            failures.append(f"{client}, random keys, --seed {seed}: {error}")
    return failures


def through_boto3(program, random, keys, folder):
    s3, bucket, prefix = program.s3, program.bucket, "model/"
    model = {}
    while len(model) < keys:
        model[(prefix + key(random)).encode()[:1_024].decode(errors="ignore")] = random.randbytes(random.randrange(50))
    for step in range(2):
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda item: s3.put_object(Bucket=bucket, Key=item[0], Body=item[1]), model.items()))
            for version in ["list_objects_v2", "list_objects"]:
                differ(listed(s3, version, bucket, prefix), set(model), version)
            inner = random.choice(sorted(model))[: len(prefix) + 1]
            for start in [prefix, inner]:
                wanted = rolled_up(model, start)
                found = rolled_up_list(s3, bucket, start)
                differ(found, wanted, f"delimiter after {start!r}")
            for one, body in zip(model, pool.map(lambda one: read(s3, bucket, one), model)):
                assert body == model[one], f"{one!r} holds {body!r}"
        # Half of them one by one, then in hundreds where XML can name them.
        gone = random.sample(sorted(model), len(model) // 2) if step == 0 else sorted(model)
        with ThreadPoolExecutor(16) as pool:
            alone = [one for one in gone if not one.isprintable()] + gone[: len(gone) // 4]
            list(pool.map(lambda one: s3.delete_object(Bucket=bucket, Key=one), alone))
        rest = [one for one in gone if one.isprintable()]
        for start in range(0, len(rest), 1_000):
            objects = [{"Key": one} for one in rest[start : start + 1_000]]
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})
            assert "Errors" not in answer, answer
        for one in gone:
            del model[one]
        differ(listed(s3, "list_objects_v2", bucket, prefix), set(model), "after deleting")


def through_rclone(program, random, keys, folder):
    rclone = Rclone(program)
    files = folder / "model"
    names = set()
    while len(names) < keys:
        one = name(random)
        file = files / one
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                file.write_bytes(random.randbytes(random.randrange(1, 50)))
                names.add(one)
        except (FileExistsError, NotADirectoryError):
            continue
    many = ["--transfers=16", "--checkers=16"]
    rclone.rclone("copy", *many, files, rclone.at("model"))
    prefix = "model/"
    differ(listed(program.s3, "list_objects_v2", program.bucket, prefix), {prefix + one for one in names}, "copy")
    found = rclone.rclone("lsf", "--recursive", "--files-only", rclone.at("model")).splitlines()
    differ(set(found), names, "lsf")
    rclone.rclone("check", *many, "--download", files, rclone.at("model"))
    rclone.rclone("delete", *many, rclone.at("model"))
    differ(listed(program.s3, "list_objects_v2", program.bucket, prefix), set(), "delete")


def listed(s3, version, bucket, prefix):
    pages = s3.get_paginator(version).paginate(Bucket=bucket, Prefix=prefix)
    return {entry["Key"] for page in pages for entry in page.get("Contents", [])}


def rolled_up_list(s3, bucket, prefix):
    pages = s3.get_paginator("list_objects_v2")
    pages = pages.paginate(Bucket=bucket, Prefix=prefix, Delimiter="/", PaginationConfig={"PageSize": 37})
    found = set()
    for page in pages:
        found |= {entry["Key"] for entry in page.get("Contents", [])}
        found |= {entry["Prefix"] for entry in page.get("CommonPrefixes", [])}
    return found


def rolled_up(model, prefix):
    """The names that a list with the delimiter `/` has to show."""
    found = set()
    for one in model:
        if one.startswith(prefix):
            head, slash, _ = one[len(prefix) :].partition("/")
            found.add(prefix + head + slash)
    return found


def read(s3, bucket, key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


def differ(found, wanted, what):
    missing, more = sorted(wanted - found)[:3], sorted(found - wanted)[:3]
    assert found == wanted, f"{what}: missing {missing}, unexpected {more}"
