"""Reads the Jenkinsfile by a grammar of Groovy: blocks with a name, arguments and
blocks in them, which is all that a declarative pipeline is made of."""

from dataclasses import dataclass, field
from pathlib import Path

import tree_sitter_groovy
from tree_sitter import Language, Parser

JENKINSFILE = Path(__file__).parents[2] / "Jenkinsfile"


@dataclass
class Block:
    name: str
    arguments: str = ""
    blocks: list["Block"] = field(default_factory=list)

    def __getitem__(self, name):
        """The only block of this name; a KeyError for none or several."""
        found = [block for block in self.blocks if block.name == name]
        if len(found) != 1:
            raise KeyError(f"{self.name} has {len(found)} of {name}")
        return found[0]

    def __iter__(self):
        """This block and all in it."""
        yield self
        for block in self.blocks:
            yield from block

    def names(self):
        return [block.name for block in self.blocks]


def parse(source):
    """The blocks of a Jenkinsfile; a SyntaxError if it is not Groovy."""
    root = Parser(Language(tree_sitter_groovy.language())).parse(source).root_node
    if root.has_error:
        raise SyntaxError(f"line {first_error(root).start_point.row + 1} is no Groovy")
    return [block for node in root.named_children for block in statement(node)]


def first_error(node):
    for child in node.children:
        if child.is_error or child.is_missing:
            return child
        if child.has_error:
            return first_error(child)
    return node


def statement(node):
    if node.type == "line_comment":
        return
    if node.type == "expression_statement":
        (node,) = node.named_children
    # The grammar takes `checkout scm` for a variable with a type.
    name, _, rest = node.text.decode().partition(" ")
    block = Block(name, unquoted(rest))
    if node.type in ("method_invocation", "juxt_function_call"):
        block.name = node.child_by_field_name("name").text.decode()
        arguments = node.child_by_field_name("arguments") or node.child_by_field_name("args")
        block.arguments = unquoted(arguments.text.decode().strip("()")) if arguments else ""
        body = node.child_by_field_name("body")
        block.blocks = [inner for child in body.named_children for inner in statement(child)] if body else []
    yield block


def unquoted(text):
    return text[1:-1] if text[:1] == text[-1:] == "'" else text
