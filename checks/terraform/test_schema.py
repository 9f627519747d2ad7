"""terraform/ against the provider's schema: names, plain types, required arguments
and blocks; and the targets of all references. It needs no Terraform."""

import os
import re
import unittest
from pathlib import Path

import hcl
import schema

ROOT = Path(__file__).parent.parent.parent / "terraform"
FOLDERS = (ROOT, ROOT / "function", ROOT / "http-api")

# Terraform's own arguments of any resource.
OF_ANY = {"count", "for_each", "depends_on", "lifecycle", "provider"}
# The Python types of literals, by the schema's types.
PLAIN = {"string": str, "number": (int, float), "bool": bool, "list": list, "set": list, "map": dict}

REFERENCE = re.compile(r"(?<![\w.-])((?:data\.)?aws_\w+)\.(\w+)(?:\[[^\]]*\])?(?:\.(\w+))?")
NAMED = re.compile(r"(?<![\w.-])(var|local|module)\.(\w+)(?:\.(\w+))?")


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folders = {folder: hcl.folder(folder) for folder in FOLDERS}
        types = {cls.type(name) for blocks in cls.folders.values() for name in blocks if cls.type(name)}
        cls.schema = schema.read(os.environ["PROVIDER_SCHEMA"], types)

    @staticmethod
    def type(name):
        """A type such as `aws_sqs_queue` or `data.aws_region`; `None` for other blocks."""
        kind, *labels = name.split(".")
        return {"resource": "", "data": "data."}[kind] + labels[0] if kind in ("resource", "data") else None

    def test_every_argument_and_block_is_one_that_the_provider_takes(self):
        for folder, blocks in self.folders.items():
            for name, block in blocks.items():
                if type := self.type(name):
                    with self.subTest(f"{folder.name}: {name}"):
                        own = {key: value for key, value in block.items() if key not in OF_ANY}
                        self.assert_takes(self.schema[type], own, name)

    def assert_takes(self, expected, block, where):
        blocks = {key: value for key, value in block.items() if is_blocks(value)}
        for dynamic in blocks.pop("dynamic", []):
            for name, body in dynamic.items():
                blocks[name] = blocks.get(name, []) + body["content"]
        for name, bodies in blocks.items():
            self.assertIn(name, sorted(expected.blocks), f"{where} takes no such block")
            child = expected.blocks[name]
            if child.nesting == "single":
                self.assertEqual(len(bodies), 1, f"{where} takes one {name}")
            for body in bodies:
                self.assert_takes(child, body, f"{where}.{name}")
        for name, value in block.items():
            if is_blocks(value):
                continue
            self.assertIn(name, sorted(expected.attributes), f"{where} takes no such argument")
            attribute = expected.attributes[name]
            self.assertTrue(attribute.settable, f"{where}.{name} is the provider's to set")
            self.assert_type(attribute.type, value, f"{where}.{name}")
        required = {name for name, attribute in expected.attributes.items() if attribute.required}
        required |= {name for name, child in expected.blocks.items() if child.required}
        self.assertEqual(required - set(block) - set(blocks), set(), f"{where} lacks what is required")

    def assert_type(self, type, value, where):
        if isinstance(value, hcl.Expression) or type == "dynamic":
            return
        outer, inner = type if isinstance(type, list) else (type, None)
        # Booleans are numbers to Python, and not to the provider.
        self.assertTrue(
            isinstance(value, PLAIN[outer]) and (outer == "bool" or not isinstance(value, bool)),
            f"{where} is a {outer}, not {value!r}",
        )
        for item in value.values() if outer == "map" else value if inner else ():
            self.assert_type(inner, item, where)

    def test_whatever_is_referred_to_is_there(self):
        for folder, blocks in self.folders.items():
            texts = {text for block in blocks.values() for text in hcl.expressions(block)}
            for text in texts:
                # Text in quotes inside an expression is no reference.
                bare = re.sub(r'"(?:[^"$]|\$(?!\{))*"', '""', text)
                for type, label, attribute in REFERENCE.findall(bare):
                    name = f"{type}.{label}" if type.startswith("data.") else f"resource.{type}.{label}"
                    self.assertIn(name, list(blocks), f"{folder.name}: {text}")
                    if attribute:
                        known = self.schema[type]
                        self.assertIn(attribute, {*known.attributes, *known.blocks}, f"{folder.name}: {text}")
                for kind, label, output in NAMED.findall(bare):
                    if kind == "var":
                        self.assertIn(f"variable.{label}", list(blocks), f"{folder.name}: {text}")
                    elif kind == "local":
                        self.assertIn(label, list(blocks["locals"]), f"{folder.name}: {text}")
                    else:
                        self.assertIn(f"module.{label}", list(blocks), f"{folder.name}: {text}")
                        if output:
                            called = self.folders[folder / blocks[f"module.{label}"]["source"]]
                            self.assertIn(f"output.{output}", list(called), f"{folder.name}: {text}")

    def test_modules_are_given_what_they_ask_for(self):
        for folder, blocks in self.folders.items():
            for name, block in blocks.items():
                if not name.startswith("module."):
                    continue
                called = self.folders[folder / block["source"]]
                variables = {
                    key.removeprefix("variable."): value for key, value in called.items() if key.startswith("variable.")
                }
                given = set(block) - {"source"} - OF_ANY
                required = {key for key, value in variables.items() if "default" not in value}
                self.assertEqual((given - set(variables), required - given), (set(), set()), name)


def is_blocks(value):
    """True for a list of blocks; dynamic ones are in it by name."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(item, hcl.Block)
            or isinstance(item, dict)
            and all(isinstance(body, hcl.Block) for body in item.values())
            for item in value
        )
    )


if __name__ == "__main__":
    unittest.main()
