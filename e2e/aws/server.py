"""MiniStack's server, and what the stack needs that it does otherwise than AWS."""

import hashlib
import os
import re
import time

from ministack import app as gateway
from ministack.core import iam_actions
from ministack.core.responses import get_region
from ministack.services import cloudfront, s3
from ministack.services.cloudformation import provisioners, stacks

API = re.compile(r"(\w+)\.execute-api\.[\w-]+\.amazonaws\.com")
serve, forward, read_action = gateway.app, cloudfront._forward_to_origin, iam_actions._action_from_target
provision, name_of = stacks._provision_resource, provisioners._physical_name
answer_of_s3 = s3.handle_request
# Types of resources, the next of each of which is refused.
refused = set()
# A key that is given for a while has the time at which it was given in its name. Its
# quarter of an hour is one of a clock that runs 45 times as fast.
TEMPORARY, SECONDS = re.compile(rb"\bASIA(\d+)\b"), 900 / 45


async def serve_as_behind_tls(scope, receive, send):
    """What its buckets' policies ask for: the header of a proxy that has ended TLS."""
    if scope["type"] == "http" and scope["path"].startswith("/_refuse/"):
        refused.add(scope["path"].removeprefix("/_refuse/"))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        return await send({"type": "http.response.body"})
    if scope["type"] == "http":
        given = [TEMPORARY.search(value) for name, value in scope["headers"] if name == b"authorization"]
        if any(key and time.time() - int(key[1]) > SECONDS for key in given):
            return await refuse_expired(scope, send)
        headers = [(name, TEMPORARY.sub(b"test", value)) for name, value in scope["headers"]]
        scope = {**scope, "headers": headers}
    name = b"x-forwarded-proto"
    if scope["type"] == "http" and name not in dict(scope["headers"]):
        scope = {**scope, "headers": [*scope["headers"], (name, b"https")]}
    await serve(scope, receive, send)


async def refuse_expired(scope, send):
    """In the form of the protocol that is asked in."""
    says = "The security token included in the request is expired"
    if b"json" in dict(scope["headers"]).get(b"content-type", b""):
        body = f'{{"__type": "ExpiredTokenException", "message": "{says}"}}'
    else:
        body = f"<Error><Code>ExpiredToken</Code><Message>{says}</Message></Error>"
        if not scope["path"].strip("/"):
            body = f"<ErrorResponse>{body}</ErrorResponse>"
    await send({"type": "http.response.start", "status": 403, "headers": []})
    await send({"type": "http.response.body", "body": body.encode()})


def forward_within(origin, method, uri, query, headers, *more):
    """CloudFront's requests to the HTTP APIs beside it. It refuses every host of an
    AWS name, lest a request leaves the machine."""
    if api := API.fullmatch(origin["domain_name"]):
        port = int(os.environ["GATEWAY_PORT"])
        origin = {**origin, "domain_name": "127.0.0.1", "protocol_policy": "http-only", "http_port": port}
        # By it API Gateway knows which API is meant: one that was passed on stays wrong.
        headers = {"host": f"{api[1]}.execute-api.localhost", **headers}
    return forward(origin, method, uri, query, headers, *more)


async def answer_by_rights(method, path, headers, body, query, *more, **named):
    """S3's answer. Whoever may not list the bucket is not told that an object is missing.
    The request names no prefix, whatever a policy says of one:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html."""
    answer = await answer_of_s3(method, path, headers, body, query, *more, **named)
    bucket, _, key = path.lstrip("/").partition("/")
    if answer[0] == 404 and method in ("GET", "HEAD") and key and gateway.extract_access_key_id(headers, query):
        arn = f"arn:aws:s3:::{bucket}"
        return gateway._enforce_data_plane("s3", "s3:ListBucket", headers, query, "", resource_arn=arn) or answer
    return answer


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
iam_actions._action_from_target, s3.handle_request = read_right, answer_by_rights
gateway.main()
