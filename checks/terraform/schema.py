"""The schema of hashicorp/aws: the names and types of its resources' arguments,
their blocks, and which are required.

It is read from the npm package @cdktf/provider-aws, which was generated from the
provider's own schema; the registry of providers has no client but terraform. The
archive stays packed, since it would take 400 MB.
"""

import re
import tarfile
from dataclasses import dataclass, field

# By the package's getters.
TYPES = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
}
CLASS = re.compile(r"^class (\w+) extends cdktf\.(?:Complex|Terraform)(\w+) \{$", re.M)
GETTER = re.compile(r"^    get (\w+)\(\) \{\n +(.*)$", re.M)
ATTRIBUTE = re.compile(r"get(\w+)Attribute\('(\w+)'\)")
SETTER = re.compile(r"^    (?:set |put)(\w+)\(value\) \{", re.M)
RESET = re.compile(r"^    reset(\w+)\(\) \{", re.M)
CHILD = re.compile(r"new (\w+?)(OutputReference|List|Map)\(this, \"(\w+)\"")
NESTING = re.compile(r'type: "(list|set)",\s+storageClassType: "(\w+)List"')


@dataclass
class Attribute:
    """An argument, or a value that is only known once the resource is made."""

    type: object
    required: bool = False
    settable: bool = True


@dataclass
class Block:
    """A resource, or a block in one."""

    attributes: dict = field(default_factory=dict)
    blocks: dict = field(default_factory=dict)
    # For a block: single, list or set, and whether it is required.
    nesting: str = "single"
    required: bool = False


def read(archive, types):
    """The blocks of `types`, such as `aws_sqs_queue` and `data.aws_region`."""
    wanted = {f"package/lib/{folder(type)}/index.js": type for type in types}
    found = {}
    with tarfile.open(archive) as package:
        for file in package:
            if file.name in wanted:
                found[wanted[file.name]] = parse(package.extractfile(file).read().decode())
    if missing := set(types) - set(found):
        raise LookupError(f"the provider has no {', '.join(sorted(missing))}")
    return found


def folder(type):
    return type.replace("data.aws_", "data-aws-").removeprefix("aws_").replace("_", "-")


def parse(source):
    """The block of the resource in the package's `source`, which has a class for each
    block and, as the last one, a class for the resource."""
    parts = CLASS.split(source)
    classes = {name: body for name, body in zip(parts[1::3], parts[3::3])}
    nesting = {name: kind for kind, name in NESTING.findall(source)}

    def block(body, **more):
        result = Block(**more)
        settable = {name.lower() for name in SETTER.findall(body)}
        optional = {name.lower() for name in RESET.findall(body)}
        for getter, statement in GETTER.findall(body):
            if match := ATTRIBUTE.search(statement):
                type = TYPES.get(match[1], "dynamic")
                if "Fn.tolist" in statement:
                    type = ["set", type[1]]
                key = getter.lower()
                can, may = key in settable, key in optional
                result.attributes[match[2]] = Attribute(type, can and not may, can)
        for name, shape, argument in CHILD.findall(body):
            key = argument.replace("_", "")
            if key not in settable:
                result.attributes[argument] = Attribute("dynamic", settable=False)
                continue
            kind = "single" if shape == "OutputReference" else nesting.get(name, "list")
            element = classes[f"{name}OutputReference"]
            result.blocks[argument] = block(element, nesting=kind, required=key not in optional)
        return result

    return block(parts[-1])
