"""The pipelines' files, and the shell in them, for the tests."""

from pathlib import Path

import yaml

from jenkinsfile import JENKINSFILE, parse

ROOT = Path(__file__).parents[2]
WORKFLOWS = {path.name: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").glob("*.yml")}
GITLAB = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms, `!Ref name`, as the long ones."""


def long_form(loader, name, node):
    value = node.value if isinstance(node, yaml.ScalarNode) else loader.construct_sequence(node, deep=True)
    return {name if name in ("Condition", "Ref") else f"Fn::{name}": value}


Loader.add_multi_constructor("!", long_form)
ACCESS = yaml.load((ROOT / "pipelines/access.yaml").read_text(), Loader)
CODEPIPELINE = yaml.load((ROOT / "pipelines/codepipeline.yaml").read_text(), Loader)
BUILDSPECS = {path.name: yaml.safe_load(path.read_text()) for path in ROOT.glob("*buildspec.y*ml")}
INVALIDATION = yaml.safe_load(CODEPIPELINE["Resources"]["Invalidation"]["Properties"]["Source"]["BuildSpec"])
FILES = [
    JENKINSFILE,
    ROOT / ".gitlab-ci.yml",
    *(ROOT / ".github/workflows" / name for name in WORKFLOWS),
    *(ROOT / name for name in BUILDSPECS),
    *(ROOT / "pipelines").iterdir(),
]


def shell():
    """The place and the text of each script that a pipeline gives to a shell."""
    for name, workflow in WORKFLOWS.items():
        for job, content in workflow["jobs"].items():
            for step in content.get("steps", []):
                if "run" in step:
                    yield f"{name}, {job}", step["run"]
    for job, content in GITLAB.items():
        if isinstance(content, dict) and "script" in content:
            yield f".gitlab-ci.yml, {job}", "\n".join(content["script"])
    for name, spec in {**BUILDSPECS, "codepipeline.yaml": INVALIDATION}.items():
        yield name, "\n".join(command for phase in spec["phases"].values() for command in phase["commands"])
    for block in (block for top in parse(JENKINSFILE.read_bytes()) for block in top):
        if block.name == "sh":
            yield "Jenkinsfile", block.arguments
