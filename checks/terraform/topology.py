"""template.yaml, as SAM expands it, and terraform/, side by side for the tests."""

import re
import unittest
from pathlib import Path

import hcl
import template
from names import camel, of_template, of_terraform

ROOT = Path(__file__).parent.parent.parent / "terraform"


class TopologyTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.template = template.whole()
        cls.resources = cls.template["Resources"]
        cls.terraform = {name: with_every_system(block) for name, block in hcl.folder(ROOT).items()}
        cls.locals = cls.terraform["locals"]
        cls.function = hcl.folder(ROOT / "function")
        cls.api = hcl.folder(ROOT / "http-api")

    def of_type(self, type):
        """The template's resources of a type, by their names."""
        found = {name: resource for name, resource in self.resources.items() if resource["Type"] == f"AWS::{type}"}
        return {name: {**resource, **of_template(resource["Properties"])} for name, resource in found.items()}

    def of_kind(self, kind):
        """Terraform's resources of a kind, by their labels."""
        prefix = f"resource.{kind}."
        found = {name.removeprefix(prefix): block for name, block in self.terraform.items() if name.startswith(prefix)}
        return {label: self.of_expression(block) for label, block in found.items()}

    def modules(self, source):
        """Terraform's modules from a folder, by their labels."""
        found = {name: block for name, block in self.terraform.items() if block.get("source") == source}
        return {name.removeprefix("module."): self.of_expression(block) for name, block in found.items()}

    def of_expression(self, value):
        """A value of Terraform's in the template's notation."""
        return of_terraform(value, self.locals)

    def functions(self):
        """Terraform's functions by the template's names."""
        return {f"{camel(label)}Function": block for label, block in self.modules("./function").items()}

    def apis(self):
        """Terraform's APIs by the template's names."""
        apis = {camel(label): block for label, block in self.modules("./http-api").items()}
        apis["OwnerApi"]["routes"] = self.of_expression(self.locals["owner_routes"])
        return apis


# How terraform/ writes that something is there only with its system, and what that is
# where every system is.
CHOSEN = [
    (re.compile(r"\bone\(((?:module|aws_\w+)\.\w+)\[\*\]\.(\w+)\)"), r"\1.\2"),
    (re.compile(r"\b((?:module|aws_\w+)\.\w+)\[0\](?=\.)"), r"\1"),
    (re.compile(r"\b(module\.\w+)\[\*\](?!\.)"), r"\1"),
    (re.compile(r"local\.has_\w+ \? (\".*?\") : null"), r"\1"),
    (re.compile(r"\[\s*for (?:row|widget) in (?=\[)"), ""),
    (re.compile(r"\] : row if row\[\d\] != null\s*\]"), "]"),
    (re.compile(r"\] : widget if length\(widget\.properties\.metrics\) > 0\s*\]"), "]"),
    (re.compile(r"^local\.alarmed && local\.has_owner_api \?"), "local.alarmed ?"),
]
OF_A_SYSTEM = re.compile(r"local\.(has_\w+|owner_api_on_site) \? (1 : 0|\[1\] : \[\])")


def with_every_system(value):
    """A value of terraform/ as if no system could be left out."""
    if isinstance(value, dict):
        items = {key: with_every_system(item) for key, item in value.items()}
        if OF_A_SYSTEM.fullmatch(str(items.get("count"))):
            del items["count"]
        others = []
        for dynamic in items.get("dynamic", []):
            ((kind, block),) = ((key, one) for key, one in dynamic.items())
            if OF_A_SYSTEM.fullmatch(str(block["for_each"])):
                items[kind] = [*items.get(kind, []), *block["content"]]
            else:
                others.append(dynamic)
        if "dynamic" in items:
            items["dynamic"] = others
        return type(value)(items)
    if isinstance(value, list):
        return [with_every_system(item) for item in value]
    if isinstance(value, (hcl.Expression, hcl.Template)):
        text = str(value)
        for pattern, plain in CHOSEN:
            text = pattern.sub(plain, text)
        return type(value)(text)
    return value


def resource(folder, kind, label="this"):
    """A module's own resource."""
    return folder[f"resource.{kind}.{label}"]


def kept(block):
    """True if Terraform refuses to destroy the resource."""
    return [rule.get("prevent_destroy") for rule in block.get("lifecycle", [])] == [True]


def retained(resource):
    """True if the resource outlives the stack."""
    return resource.get("DeletionPolicy", "").startswith("Retain") and resource.get("UpdateReplacePolicy") == "Retain"
