"""The site of a stack: what of it is uploaded, by which type and with which headers for
caches."""

import re
import shutil
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import quote

from cli import ROOT, Failure, ask, do, run, step

BUILT = ROOT / "site/dist"
# A name with sixteen hexadecimal digits in it is that of one content for ever.
HASHED = "*[-_.]" + "[0-9a-f]" * 16 + "*.*"
# CloudFront compresses by itself.
COMPRESSED = (".br", ".gz")
# A system's own table may know nothing of these.
TYPES = {
    **{name: f"text/{name}; charset=utf-8" for name in ("css", "html")},
    "js": "text/javascript; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    **{name: f"application/{name}" for name in ("json", "pdf", "xml", "wasm")},
    "svg": "image/svg+xml",
    "ico": "image/vnd.microsoft.icon",
    **{name: f"image/{name}" for name in ("avif", "gif", "png", "webp")},
    **{name: "image/jpeg" for name in ("jpg", "jpeg")},
    "woff2": "font/woff2",
}


def files(folder):
    """The files that are uploaded."""
    return sorted(file for file in Path(folder).rglob("*") if file.is_file() and file.suffix not in COMPRESSED)


def script_hashes():
    """The hashes of inline scripts in the built pages' own policies, which the one in
    CloudFront's header has to allow as well."""
    found = set()
    for page in BUILT.rglob("*.html"):
        for policy in re.findall("<meta http-equiv=Content-Security-Policy [^>]*>", page.read_text(encoding="utf-8")):
            found.update(re.findall("'sha256-[^']*'", policy))
    return " ".join(sorted(found))


def without_what_is_not_there(systems, folder):
    """Copies the built site so that no page leads to a system that is left out."""
    shutil.copytree(BUILT, folder, dirs_exist_ok=True)
    folder = Path(folder)
    if "jobs" not in systems:
        shutil.rmtree(folder / "jobs", ignore_errors=True)
    if "visits" not in systems:
        shutil.rmtree(folder / "dashboard", ignore_errors=True)
        for page in folder.rglob("*.html"):
            html = re.sub(rb"<meta charset=[^>]*>", rb"\g<0><meta name=visits content=off>", page.read_bytes())
            page.write_bytes(html)


def upload(bucket, distribution, folder):
    """Uploads a site, and has CloudFront forget what it knows of it. Nothing is removed
    from the bucket."""
    if not Path(folder, "index.html").is_file():
        raise Failure("there is no site: build it first")
    # What a page needs is there before the page.
    step(f"uploading the site to {bucket}")
    copy(bucket, folder, "public, max-age=31536000, immutable", HASHED)
    copy(bucket, folder, "no-cache", "*.*", HASHED, "*.html")
    copy(bucket, folder, "no-cache", "*.html", HASHED)
    changed = addresses(folder)
    step(f"having CloudFront forget {len(changed)} files")
    invalidation = ask("cloudfront", "create-invalidation", "--distribution-id", distribution, "--paths", *changed)
    do("cloudfront", "wait", "invalidation-completed", "--distribution-id", distribution, "--id", invalidation["Invalidation"]["Id"])


def copy(bucket, folder, cache_control, name, *left_out):
    """Uploads the files of this name but not of those, type by type."""
    names = [file.name for file in files(folder)]
    names = [one for one in names if fnmatchcase(one, name) and not any(fnmatchcase(one, other) for other in left_out)]
    filters = [part for one in left_out for part in ("--exclude", one)]
    for extension in sorted({one.rsplit(".", 1)[1] for one in names}):
        type = TYPES.get(extension)
        do(
            "s3", "cp", "--recursive", "--only-show-errors", str(folder), f"s3://{bucket}",
            "--cache-control", cache_control, *(["--content-type", type] if type else []),
            "--exclude", "*", "--include", f"{name.rsplit('.', 1)[0]}.{extension}", *filters,
        )  # fmt: skip


def addresses(folder):
    """Those of files that change; CloudFront may know one by the address that was asked
    for as well."""
    changed = []
    for file in files(folder):
        if fnmatchcase(file.name, HASHED):
            continue
        address = "/" + quote(file.relative_to(folder).as_posix())
        changed.append(address)
        if file.name == "index.html":
            changed.append(address[: -len("index.html")])
    return changed


def remove_others(bucket, folder):
    """Removes what the site no longer has."""
    do(
        "s3", "sync", "--delete", "--size-only", "--only-show-errors", "--cache-control", "no-cache",
        "--exclude", "*.br", "--exclude", "*.gz", str(folder), f"s3://{bucket}",
    )  # fmt: skip


def main():
    if len(sys.argv) not in (3, 4):
        raise Failure("expected a bucket and a distribution: upload.py BUCKET DISTRIBUTION [FOLDER]")
    bucket, distribution, *folder = sys.argv[1:]
    upload(bucket, distribution, *(folder or [BUILT]))


if __name__ == "__main__":
    run(main)
