"""Packs a folder into a zip archive: `zip.py <folder> <archive>`. Of the same files and
SOURCE_DATE_EPOCH it makes the same bytes."""

import os
import sys
import time
import zipfile
from pathlib import Path

PROGRAMS = ("resume-counter", "resume-counter.exe")


def pack(files, archive):
    """Packs files, given by path and content, in this order."""
    made = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
    with zipfile.ZipFile(archive, "w") as packed:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, made)
            entry.compress_type = zipfile.ZIP_DEFLATED
            mode = 0o755 if Path(path).name in PROGRAMS else 0o644
            entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
            packed.writestr(entry, content)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    pack({file.relative_to(folder.parent).as_posix(): file.read_bytes() for file in files}, sys.argv[2])
