"""Makes a wheel that installs a program: `wheel.py <program> <version> <tags> <folder>`,
with the tags of the platforms that it runs on, such as musllinux_1_1_x86_64.
"""

import base64
import hashlib
import sys
from pathlib import Path

from zip import pack

ROOT = Path(__file__).parents[1]
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]


def main(program, version, tags, folder):
    name = f"resume_counter-{version}"
    files = {
        f"{name}.data/scripts/{Path(program).name}": Path(program).read_bytes(),
        f"{name}.dist-info/METADATA": metadata(version).encode(),
        f"{name}.dist-info/WHEEL": wheel(tags).encode(),
    }
    for licence in LICENCES:
        files[f"{name}.dist-info/licenses/{licence}"] = (ROOT / licence).read_bytes()
    files[f"{name}.dist-info/RECORD"] = record(files, f"{name}.dist-info/RECORD").encode()

    pack(files, Path(folder) / f"{name}-py3-none-{tags}.whl")


def metadata(version):
    fields = [
        "Metadata-Version: 2.4",
        "Name: resume-counter",
        f"Version: {version}",
        "Summary: A résumé page that counts its visitors, in one program",
        "License-Expression: MIT OR Apache-2.0",
        *(f"License-File: {licence}" for licence in LICENCES),
        "Classifier: Operating System :: MacOS",
        "Classifier: Operating System :: Microsoft :: Windows",
        "Classifier: Operating System :: POSIX :: Linux",
        "Classifier: Programming Language :: Rust",
        "Requires-Python: >=3.9",
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join([*fields, "", (ROOT / "README.md").read_text(encoding="utf-8")])


def wheel(tags):
    fields = ["Wheel-Version: 1.0", "Generator: resume-counter", "Root-Is-Purelib: false"]
    return "\n".join([*fields, *(f"Tag: py3-none-{tag}" for tag in tags.split(".")), ""])


def record(files, own):
    lines = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(content)}")
    return "\n".join([*lines, f"{own},,", ""])


main(*sys.argv[1:])
