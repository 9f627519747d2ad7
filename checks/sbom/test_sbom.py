"""The bills of materials in target/sbom, which scripts/sbom has just made."""

import json
import re
import subprocess
import tomllib
import unittest
from importlib.resources import files
from pathlib import Path

from jsonschema_rs import Registry, validator_for

ROOT = Path(__file__).parents[2]
LISTS = {path.name.removesuffix(".cdx.json"): path.read_text() for path in (ROOT / "target/sbom").iterdir()}
LOCK = {
    (package["name"], package["version"]): package.get("checksum")
    for package in tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
}
FUNCTIONS = re.findall(r"^ +Binary: (\S+)$", (ROOT / "template.yaml").read_text(), re.M)
CSR = ["--no-default-features", "--features", "csr", "--target", "wasm32-unknown-unknown"]
# The build options of each bill's program.
BUILDS = {
    **{name: ["--package", name.split("-")[0], "--target", "aarch64-unknown-linux-gnu"] for name in FUNCTIONS},
    "resume-counter": ["--package", "local", "--target", "x86_64-unknown-linux-musl"],
    # The pages are built together, of the same crates.
    **{path.parent.name: ["--package", path.parent.name, *CSR] for path in ROOT.glob("*/Trunk.toml")},
}


def schema(name):
    """A schema from CycloneDX's package."""
    return json.loads((files("cyclonedx.schema") / "_res" / f"{name}.SNAPSHOT.schema.json").read_text())


def components(name):
    return json.loads(LISTS[name])["components"]


class BillsOfMaterials(unittest.TestCase):
    def test_everything_that_is_deployed_has_one(self):
        self.assertEqual(set(LISTS), {*BUILDS, "site-npm"})

    def test_they_are_cyclonedx(self):
        others = [
            (f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json", schema(name)) for name in ("spdx", "jsf-0.82")
        ]
        validator = validator_for(schema("bom-1.5"), registry=Registry(others))
        self.assertFalse(validator.is_valid({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "parts": []}))
        for name, text in LISTS.items():
            with self.subTest(name):
                validator.validate(json.loads(text))

    def test_no_crate_that_is_built_in_is_missing(self):
        # Macros run where something is built, and are not in it.
        tree = ["cargo", "tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]
        for name, options in BUILDS.items():
            lines = subprocess.run([*tree, *options], cwd=ROOT, check=True, capture_output=True, text=True).stdout
            # The first is the crate itself.
            built = {tuple(line.split()[:2]) for line in lines.splitlines()[1:]}
            listed = {(part["name"], f"v{part['version']}") for part in components(name)}
            with self.subTest(name):
                self.assertGreater(len(built), 50)
                self.assertEqual(built - listed, set())

    def test_what_comes_from_elsewhere_has_the_hash_of_the_lock_file(self):
        for name in BUILDS:
            for part in components(name):
                hashes = {entry["content"] for entry in part.get("hashes", [])}
                checksum = LOCK[part["name"], part["version"]]
                self.assertEqual(hashes, {checksum} if checksum else set(), f"{name}: {part['name']}")

    def test_what_the_site_takes_from_npm_is_listed(self):
        asked = json.loads((ROOT / "site/package.json").read_text())["dependencies"]
        listed = {part["name"]: part["version"] for part in components("site-npm")}
        self.assertLessEqual(asked.items(), listed.items())

    def test_they_do_not_say_where_they_were_made(self):
        for text in LISTS.values():
            self.assertNotIn(str(ROOT), text)


if __name__ == "__main__":
    unittest.main()
