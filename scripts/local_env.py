"""The environment of each function on a machine of one's own, as `sam local
--env-vars` takes it, written by sam's own Python:
`scripts/local_env.py <address of the store> <owner's token> [function]`; of one
function alone, as lines for `env`.

`sam local` gives a function the name that a table has in the template in the place
of the one it will have, and would lead it to AWS itself. The names here are those of
resume-counter on one machine.
"""

import hashlib
import json
import sys
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parent.parent
# What a test of the program has written: its tables' names by their variables.
NAMES = json.loads((ROOT / "checks/stack.json").read_text())["defaults"]


def functions(template):
    """The variables of each function of the template, by its name there, with the
    defaults of those that are parameters."""
    common = template["Globals"]["Function"]["Environment"]["Variables"]
    defaults = {name: str(parameter["Default"]) for name, parameter in template["Parameters"].items()}
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            variables = {**common, **resource["Properties"]["Environment"]["Variables"]}
            yield name, {
                variable: defaults.get(value["Ref"]) if isinstance(value, dict) and "Ref" in value else None
                for variable, value in variables.items()
            }


def environment(endpoint, token):
    """The variables of every function that has all it needs on one machine."""
    known = {
        "DYNAMODB_ENDPOINT": endpoint,
        # There is no bucket; what asks for one is not to get as far as AWS.
        "AWS_ENDPOINT_URL_S3": endpoint,
        # There is no CDN to believe.
        "CLOUDFRONT_SECRET": "",
        # Nobody counts what is printed.
        "METRICS_NAMESPACE": "",
        "OWNER_TOKEN_SHA256": hashlib.sha256(token.encode()).hexdigest(),
    }
    named = {}
    for function, needed in functions(yaml_parse((ROOT / "template.yaml").read_text())):
        values = {name: known.get(name, NAMES.get(name, default)) for name, default in needed.items()}
        # Split has no queue to send to; resume-counter runs it in itself.
        if "QUEUE_URL" not in values:
            assert None not in values.values(), f"{function}: {values}"
            named[function] = values
    return named


if __name__ == "__main__":
    endpoint, token, *one = sys.argv[1:]
    variables = environment(endpoint, token)
    if not one:
        print(json.dumps(variables, indent=2))
    elif one[0] in variables:
        print("\n".join(f"{name}={value}" for name, value in variables[one[0]].items()))
    else:
        sys.exit(f"{one[0]} is none of {' '.join(variables)}")
