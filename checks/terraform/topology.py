"""template.yaml, as SAM expands it, and terraform/, side by side for the tests."""

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
        cls.template = template.expand(template.load())
        cls.resources = cls.template["Resources"]
        cls.terraform = hcl.folder(ROOT)
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
        return {camel(label): block for label, block in self.modules("./http-api").items()}


def resource(folder, kind, label="this"):
    """A module's own resource."""
    return folder[f"resource.{kind}.{label}"]


def kept(block):
    """True if Terraform refuses to destroy the resource."""
    return [rule.get("prevent_destroy") for rule in block.get("lifecycle", [])] == [True]


def retained(resource):
    """True if the resource outlives the stack."""
    return resource.get("DeletionPolicy", "").startswith("Retain") and resource.get("UpdateReplacePolicy") == "Retain"
