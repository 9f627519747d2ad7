"""Terraform's files read without Terraform: expressions are not evaluated."""

import json
import re
from pathlib import Path

import hcl2


class Expression(str):
    """An expression that Terraform would evaluate, such as `var.stack_name`."""


class Template(str):
    """Text with expressions in `${…}`."""


class Block(dict):
    """A block's arguments, and lists of the blocks in it."""


def folder(path):
    """The blocks of a folder's files by their kind and labels, joined by points:
    `resource.aws_sqs_queue.jobs`, `module.counter`, `locals`."""
    blocks = {}
    for file in sorted(Path(path).glob("*.tf")):
        try:
            document = decode(hcl2.loads(file.read_text()))
        except Exception as error:
            raise SyntaxError(f"{file}: {error}") from error
        for kind, bodies in document.items():
            for body in bodies:
                for labels, block in labelled(body):
                    name = ".".join([kind, *labels])
                    if name == "locals" and name in blocks:
                        block = Block({**blocks[name], **block})
                    elif name in blocks:
                        raise SyntaxError(f"{file}: {name} is there twice")
                    blocks[name] = block
    return blocks


def labelled(body):
    if isinstance(body, Block):
        yield [], body
        return
    for label, inner in body.items():
        for labels, block in labelled(inner):
            yield [label, *labels], block


def decode(value):
    """Reads a value of python-hcl2, where text is in quotes and an expression is not."""
    if isinstance(value, dict):
        items = {decode(key): decode(item) for key, item in value.items() if not key.startswith("__")}
        return Block(items) if "__is_block__" in value else items
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, str):
        return value
    if heredoc := re.fullmatch(r'"?<<-?(\w+)\n(.*\n)\s*\1\n?"?', value, re.S):
        lines = heredoc[2].splitlines()
        indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
        return "".join(f"{line[indent:]}\n" for line in lines)
    if value.startswith('"'):
        text = json.loads(value) if "${" not in value else value[1:-1]
        return Template(text) if "${" in text else text
    if value.startswith("${") and value.endswith("}"):
        return Expression(value[2:-1])
    return value


def parse(expression):
    """The value of a literal expression: a list, an object, a text."""
    return decode(hcl2.loads(f"value = {expression}\n"))["value"]


def call(expression, function):
    """The argument of `function(…)`, which must be the whole expression."""
    if not (expression.startswith(f"{function}(") and expression.endswith(")")):
        raise ValueError(f"expected {function}(…), not {expression}")
    return parse(expression[len(function) + 1 : -1])


def expressions(value):
    """The texts of all expressions in a value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from expressions(key)
            yield from expressions(item)
    elif isinstance(value, list):
        for item in value:
            yield from expressions(item)
    elif isinstance(value, Expression):
        yield value
    elif isinstance(value, Template):
        yield from re.findall(r"\$\{(.*?)\}", value)
