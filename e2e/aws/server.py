"""MiniStack's server, and what the stack needs that it does otherwise than AWS."""

import hashlib
import os
import re

from ministack import app as gateway
from ministack.core import iam_actions
from ministack.core.responses import get_region
from ministack.services import cloudfront
from ministack.services.cloudformation import provisioners, stacks

API = re.compile(r"(\w+)\.execute-api\.[\w-]+\.amazonaws\.com")
serve, forward, read_action = gateway.app, cloudfront._forward_to_origin, iam_actions._action_from_target
provision, name_of = stacks._provision_resource, provisioners._physical_name
# Types of resources, the next of each of which is refused.
refused = set()


async def serve_as_behind_tls(scope, receive, send):
    """What its buckets' policies ask for: the header of a proxy that has ended TLS."""
    if scope["type"] == "http" and scope["path"].startswith("/_refuse/"):
        refused.add(scope["path"].removeprefix("/_refuse/"))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        return await send({"type": "http.response.body"})
    name = b"x-forwarded-proto"
    if scope["type"] == "http" and name not in dict(scope["headers"]):
        scope = {**scope, "headers": [*scope["headers"], (name, b"https")]}
    await serve(scope, receive, send)


def forward_within(origin, method, uri, query, headers, *more):
    """CloudFront's requests to the HTTP APIs beside it. It refuses every host of an
    AWS name, lest a request leaves the machine."""
    if api := API.fullmatch(origin["domain_name"]):
        port = int(os.environ["GATEWAY_PORT"])
        origin = {**origin, "domain_name": "127.0.0.1", "protocol_policy": "http-only", "http_port": port}
        # By it API Gateway knows which API is meant: one that was passed on stays wrong.
        headers = {"host": f"{api[1]}.execute-api.localhost", **headers}
    return forward(origin, method, uri, query, headers, *more)


def read_right(headers):
    """The right a request needs. For SQS, who may send a message may send ten:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html."""
    action = read_action(headers)
    return action.removesuffix("Batch") if headers.get("x-amz-target", "").startswith("AmazonSQS.") else action


def provision_unless_refused(resource_type, *more):
    """CloudFormation's making of a resource, with the faults that a test puts in."""
    if resource_type in refused:
        refused.remove(resource_type)
        raise ValueError(f"Your account must be verified before you can add new resources of {resource_type}")
    return provision(resource_type, *more)


def name_within_region(stack_name, logical_id, **more):
    """The name that CloudFormation makes up, whose end differs for the same stack of
    another region: roles and buckets have the names of all regions beside them."""
    name = name_of(stack_name, logical_id, **more)
    end = hashlib.sha256(f"{get_region()} {name}".encode()).hexdigest()[:13]
    return name[:-13] + (end if more.get("lowercase") else end.upper())


stacks._provision_resource, provisioners._physical_name = provision_unless_refused, name_within_region
gateway.app, cloudfront._forward_to_origin = serve_as_behind_tls, forward_within
iam_actions._action_from_target = read_right
gateway.main()
