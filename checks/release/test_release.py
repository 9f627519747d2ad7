"""What scripts/release has left, used as those do who get it: in an empty root folder,
from a wheel, from an image. ARTIFACTS names the folder."""

import gzip
import hashlib
import io
import json
import os
import platform
import re
import shutil
import socket
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import unittest
import zipfile
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ARTIFACTS = Path(os.environ["ARTIFACTS"])
# The e_machine of an ELF header.
MACHINES = {"x86_64": 0x3E, "aarch64": 0xB7}
HERE = platform.machine()
MEGABYTE = 1_000_000


# Of Apple's mach-o/loader.h and cs_blobs.h.
LC_LOAD_DYLIB, LC_CODE_SIGNATURE, LC_BUILD_VERSION = 0xC, 0x1D, 0x32
CS_ADHOC, CS_SHA256 = 0x2, 2


def load_commands(program):
    """Each load command of a program for the Mac, with its offset."""
    assert program[:4] == b"\xcf\xfa\xed\xfe", "no Mach-O file of 64 bits"
    at = 32
    for _ in range(struct.unpack_from("<I", program, 16)[0]):
        command, size = struct.unpack_from("<II", program, at)
        yield command, at
        at += size


def libraries(program):
    for command, at in load_commands(program):
        if command == LC_LOAD_DYLIB:
            name = at + struct.unpack_from("<I", program, at + 8)[0]
            yield program[name : program.index(b"\0", name)].decode()


def oldest_system(program):
    """The first version of macOS that starts it, by the program's own word."""
    [at] = [at for command, at in load_commands(program) if command == LC_BUILD_VERSION]
    version = struct.unpack_from("<I", program, at + 12)[0]
    return f"{version >> 16}.{version >> 8 & 0xFF}"


def assert_signed(program):
    """Compares the hash of each page, as a Mac does before it runs the page."""
    [at] = [at for command, at in load_commands(program) if command == LC_CODE_SIGNATURE]
    begin = struct.unpack_from("<I", program, at + 8)[0]
    directory = begin + struct.unpack_from(">I", program, begin + 16)[0]
    _, _, _, flags, first, _, _, pages, length = struct.unpack_from(">9I", program, directory)
    size, kind, _, shift = struct.unpack_from(">4B", program, directory + 36)
    assert flags & CS_ADHOC and (size, kind, length) == (32, CS_SHA256, begin), "another kind of signature"
    for page in range(pages):
        signed = directory + first + page * size
        content = program[page << shift : min(page + 1 << shift, length)]
        assert hashlib.sha256(content).digest() == program[signed : signed + size], f"page {page} is another one"


def artifact(pattern):
    [found] = ARTIFACTS.glob(pattern)
    return found


def archive(processor):
    return artifact(f"resume-counter-*-{processor}-unknown-linux-musl.tar.gz")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def get(url):
    with urlopen(url, timeout=5) as answer:
        return answer.read()


def as_root_of(folder, command, user="0:0"):
    """A command that sees nothing of this machine but a folder."""
    own = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]
    return [*own, "/usr/sbin/chroot", f"--userspec={user}", str(folder), *command]


@contextmanager
def serving(command, port, env=None):
    """The origin of a program, once it serves."""
    child = subprocess.Popen(command, env={"PATH": os.defpath, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(400):
            try:
                get(f"http://127.0.0.1:{port}/robots.txt")
                break
            except URLError:
                if child.poll() is not None:
                    raise AssertionError(child.stderr.read().decode()) from None
                time.sleep(0.025)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait()
        child.stderr.close()


class ReleaseTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="resume-counter-release.")))

    def assert_counts(self, origin):
        for number in (1, 2):
            self.assertEqual(json.loads(get(f"{origin}/counter?path=example.org%2F")), {"count": number})
        for page in ("", "dashboard/", "jobs/"):
            self.assertIn(b"</html>", get(f"{origin}/{page}"), page)

    def test_the_sums_are_those_of_the_files(self):
        lines = (ARTIFACTS / "SHA256SUMS").read_text().splitlines()
        sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        files = [file for file in ARTIFACTS.iterdir() if file.name != "SHA256SUMS"]
        self.assertEqual(sums, {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files})

    def test_each_archive_has_a_static_program_for_its_processor_and_its_manual(self):
        for processor, machine in MACHINES.items():
            with self.subTest(processor), tarfile.open(archive(processor)) as packed:
                names = {Path(*Path(name).parts[1:]).as_posix() for name in packed.getnames()}
                self.assertLess(
                    {
                        "LICENSE-APACHE",
                        "LICENSE-MIT",
                        "README.md",
                        "completions/_resume-counter",
                        "completions/resume-counter.bash",
                        "completions/resume-counter.fish",
                        "man1/resume-counter.1",
                        "man1/resume-counter-build.1",
                        "resume-counter.service",
                    },
                    names,
                )
                [program] = [one for one in packed if one.name.endswith("/resume-counter")]
                self.assertEqual(program.mode, 0o755)
                content = packed.extractfile(program).read()
                self.assertLess(len(content), 25 * MEGABYTE)
                self.assertEqual(int.from_bytes(content[18:20], "little"), machine)
                # What a program with shared libraries has: the name of what loads them.
                self.assertNotIn(b"ld-musl", content)
                self.assertNotIn(b"ld-linux", content)

    def test_a_person_gets_along_with_the_program(self):
        with tarfile.open(archive(HERE)) as packed:
            packed.extractall(self.folder)
        [program] = self.folder.glob("*/resume-counter")
        journeys = [sys.executable, Path(__file__).parent / "journeys.py"]
        subprocess.run(journeys, check=True, env={**os.environ, "PROGRAM": str(program)})

    def test_a_mac_needs_no_library_but_its_own(self):
        for processor in ("aarch64", "x86_64"):
            with self.subTest(processor), tarfile.open(artifact(f"resume-counter-*-{processor}-apple-darwin.tar.gz")) as packed:
                [program] = [one for one in packed if one.name.endswith("/resume-counter")]
                program = packed.extractfile(program).read()
                self.assertLessEqual({str(Path(library).parent) for library in libraries(program)}, {"/usr/lib"})
                # As the wheels' names and docs/releases.md have it.
                self.assertEqual(oldest_system(program), "11.0")
                # Without a signature, if only its own, an Apple silicon Mac starts nothing.
                if processor == "aarch64":
                    assert_signed(program)
                    with self.assertRaisesRegex(AssertionError, "page 100 is another one"):
                        assert_signed(program[:409_700] + bytes([program[409_700] ^ 1]) + program[409_701:])

    def test_windows_shows_its_icon_and_its_version(self):
        with zipfile.ZipFile(artifact("resume-counter-*-x86_64-pc-windows-gnu.zip")) as packed:
            [name] = [name for name in packed.namelist() if name.endswith("/resume-counter.exe")]
            program = packed.read(name)
        version = archive(HERE).name.removeprefix("resume-counter-").split("-")[0]
        for key, text in [("ProductName", "resume-counter"), ("FileVersion", version), ("ProductVersion", version)]:
            # A string of VERSIONINFO ends with a zero, and begins at a multiple of four bytes.
            said = re.escape(f"{key}\0".encode("utf-16-le")) + b"(\0\0)?" + re.escape(f"{text}\0".encode("utf-16-le"))
            self.assertRegex(program, re.compile(said, re.DOTALL))
        icon = (Path(__file__).parents[2] / "site/favicon.ico").read_bytes()
        self.assertIn(icon[22:], program)

    def test_package_managers_are_led_to_the_files_by_their_sums(self):
        version = archive(HERE).name.removeprefix("resume-counter-").split("-")[0]
        packed = [file for file in ARTIFACTS.iterdir() if file.name.endswith((".tar.gz", ".zip"))]
        for file in packed:
            (self.folder / file.name).symlink_to(file)
        make = [sys.executable, Path(__file__).parents[2] / "release/manifests.py"]
        subprocess.run([*make, version, "https://example.org/someone/cv", self.folder], check=True)
        written = [file for file in self.folder.iterdir() if not file.is_symlink()]
        self.assertEqual(len(written), 5)
        said = "\n".join(file.read_text("utf-8") for file in written)
        addresses = set(re.findall(r"https://example.org/someone/cv/releases/download/v[^/]+/([^\"]+)", said))
        self.assertEqual(len(addresses), 5)
        for name in addresses:
            self.assertIn(hashlib.sha256((ARTIFACTS / name).read_bytes()).hexdigest(), said.lower(), name)

    def test_cargo_binstall_is_led_to_the_archives_and_the_program_in_them(self):
        manifest = tomllib.loads((Path(__file__).parents[2] / "local/Cargo.toml").read_text())
        binstall = manifest["package"]["metadata"]["binstall"]
        for processor in MACHINES:
            packed = archive(processor)
            version = packed.name.removeprefix("resume-counter-").split("-")[0]
            words = {"version": version, "target": f"{processor}-unknown-linux-musl", "repo": "https://example.org/cv"}
            words |= {"bin": manifest["bin"][0]["name"], "binary-ext": ""}
            address, program = (re.sub(r"{ (\S+) }", lambda it: words[it[1]], binstall[it]) for it in ("pkg-url", "bin-dir"))
            self.assertEqual(address, f"https://example.org/cv/releases/download/v{version}/{packed.name}")
            with tarfile.open(packed) as files:
                self.assertIn(program, files.getnames())

    def test_from_the_archive_to_a_counted_page_in_an_empty_folder(self):
        port, started = free_port(), time.monotonic()
        with tarfile.open(archive(HERE)) as packed:
            packed.extractall(self.folder)
        [unpacked] = self.folder.iterdir()
        empty = self.folder / "root"
        empty.mkdir()
        shutil.copy(unpacked / "resume-counter", empty)
        command = ["/resume-counter", "--data-dir", "/data", "--listen", f"127.0.0.1:{port}", "--s3-listen", "127.0.0.1:0"]
        with serving(as_root_of(empty, command), port) as origin:
            self.assertEqual(json.loads(get(f"{origin}/counter?path=first")), {"count": 1})
            print(f"from the archive to the first count: {time.monotonic() - started:.2f} s", file=sys.stderr)
            self.assert_counts(origin)

    def test_the_unit_is_one_that_systemd_takes(self):
        with tarfile.open(archive(HERE)) as packed:
            packed.extractall(self.folder)
        [unit] = self.folder.glob("*/resume-counter.service")
        here = unit.read_text().replace("/usr/local/bin", str(unit.parent))
        unit.write_text(here)
        said = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
        self.assertNotIn("resume-counter.service", said.stdout + said.stderr)
        rated = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", "--threshold=20", unit], capture_output=True, text=True
        )
        self.assertEqual(rated.returncode, 0, rated.stdout[-300:] + rated.stderr)

    def test_the_wheel_installs_the_program(self):
        subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
        wheel = artifact(f"resume_counter-*-manylinux*_{HERE}.whl")
        pip = [self.folder / "venv/bin/pip", "install", "--quiet", "--no-index", "--disable-pip-version-check"]
        subprocess.run([*pip, wheel], check=True)
        said = subprocess.check_output([self.folder / "venv/bin/resume-counter", "--version"], text=True)
        self.assertEqual(said, f"resume-counter {wheel.name.split('-')[1]}\n")
        with zipfile.ZipFile(wheel) as packed:
            self.assertIsNone(packed.testzip())

    def test_the_image_serves_as_a_user_without_rights(self):
        with tarfile.open(artifact("resume-counter-*-oci.tar")) as layout:
            files = {one.name: layout.extractfile(one).read() for one in layout if one.isfile()}

        def blob(described):
            content = files["blobs/sha256/" + described["digest"].removeprefix("sha256:")]
            self.assertEqual(described["digest"], f"sha256:{hashlib.sha256(content).hexdigest()}")
            self.assertEqual(described["size"], len(content))
            return content

        [index] = json.loads(files["index.json"])["manifests"]
        manifests = {one["platform"]["architecture"]: one for one in json.loads(blob(index))["manifests"]}
        self.assertEqual(set(manifests), {"amd64", "arm64"})
        manifest = json.loads(blob(manifests[{"x86_64": "amd64", "aarch64": "arm64"}[HERE]]))
        config = json.loads(blob(manifest["config"]))
        root = self.folder / "root"
        for layer, digest in zip(manifest["layers"], config["rootfs"]["diff_ids"]):
            packed = gzip.decompress(blob(layer))
            self.assertEqual(digest, f"sha256:{hashlib.sha256(packed).hexdigest()}")
            with tarfile.open(fileobj=io.BytesIO(packed)) as content:
                content.extractall(root, numeric_owner=True)
        self.folder.chmod(0o755)
        config = config["config"]
        self.assertEqual(config["Healthcheck"]["Test"], ["CMD", "/usr/bin/resume-counter", "status"])
        if os.geteuid() != 0:
            self.skipTest("only root can be another user")
        port = free_port()
        env = dict(one.split("=", 1) for one in config["Env"])
        env = {**env, "RESUME_COUNTER_LISTEN": f"127.0.0.1:{port}", "RESUME_COUNTER_S3_LISTEN": "127.0.0.1:0"}
        with serving(as_root_of(root, config["Entrypoint"], config["User"]), port, env) as origin:
            self.assert_counts(origin)
            self.assertTrue(any((root / "data").iterdir()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
