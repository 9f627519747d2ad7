"""The stack as it is deployed in the emulator, asked from outside.

MiniStack makes an HTTP API without the routes and CORS settings of its `Body`,
which is what SAM writes; `complete` makes them, from the template as it was sent.
"""

import json
import logging
import os
import re
import unittest
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from types import SimpleNamespace
from typing import NamedTuple
from urllib.parse import urlsplit

import boto3
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[2]
METHODS = {"get", "post", "put", "delete", "patch", "head", "options"}


class Answer(NamedTuple):
    status: int
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


class Stack:
    """A stack of this name, in the emulator that `environ` leads to."""

    def __init__(self, environ, name):
        self.environ, self.name = environ, name
        self.address = urlsplit(environ["AWS_ENDPOINT_URL"]).netloc
        # SAM's translator asks for one, and tells what it has to say to others.
        os.environ["AWS_DEFAULT_REGION"] = environ["AWS_REGION"]
        logging.getLogger("samtranslator").setLevel(logging.CRITICAL)
        self.session = boto3.Session(
            environ["AWS_ACCESS_KEY_ID"],
            environ["AWS_SECRET_ACCESS_KEY"],
            region_name=environ["AWS_REGION"],
        )

    def client(self, service):
        return self.session.client(service, endpoint_url=self.environ["AWS_ENDPOINT_URL"])

    def read(self):
        """Reads what was deployed; gives the parameters."""
        cloudformation = self.client("cloudformation")
        [description] = cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.name)
        resources = [one for page in pages for one in page["StackResourceSummaries"]]
        self.resources = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources}
        return {one["ParameterKey"]: one["ParameterValue"] for one in description.get("Parameters", [])}

    def complete(self):
        """Gives the stack what MiniStack left out."""
        cloudformation, gateway = self.client("cloudformation"), self.client("apigatewayv2")
        parameters = self.read()
        sent = cloudformation.get_template(StackName=self.name, TemplateStage="Original")["TemplateBody"]
        # MiniStack's own result has every parameter's default in the place of its value.
        template = sent if isinstance(sent, dict) else yaml_parse(sent)
        template = transform(template, parameters, SimpleNamespace(load=dict))
        conditions = template.get("Conditions")
        for name, resource in template["Resources"].items():
            if name not in self.resources:
                continue
            if resource["Type"] == "AWS::DynamoDB::Table":
                self.set_protection(self.resources[name])
            if resource["Type"] != "AWS::ApiGatewayV2::Api":
                continue
            api, body = self.resources[name], resource["Properties"]["Body"]
            cors = value(body.get("x-amazon-apigateway-cors"), parameters, conditions)
            if cors:
                cors = {key[0].upper() + key[1:]: setting for key, setting in cors.items()}
                gateway.update_api(ApiId=api, CorsConfiguration=cors)
            for route in gateway.get_routes(ApiId=api)["Items"]:
                gateway.delete_route(ApiId=api, RouteId=route["RouteId"])
            paths = value(body["paths"], parameters, conditions)
            for path, methods in paths.items():
                for method in METHODS & (methods or {}).keys():
                    self.make_route(gateway, api, f"{method.upper()} {path}", methods[method])

    def set_protection(self, table):
        """Makes a boolean of the parameter's text, which MiniStack gives for one."""
        dynamodb = self.client("dynamodb")
        protected = dynamodb.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled")
        if isinstance(protected, str):
            dynamodb.update_table(TableName=table, DeletionProtectionEnabled=protected == "true")

    def make_route(self, gateway, api, route, operation):
        integration = operation["x-amazon-apigateway-integration"]
        [function] = re.findall(r"functions/\$\{(\w+)", integration["uri"]["Fn::Sub"])
        made = gateway.create_integration(
            ApiId=api,
            IntegrationType=integration["type"].upper(),
            IntegrationUri=self.resources[function],
            PayloadFormatVersion=integration["payloadFormatVersion"],
        )
        gateway.create_route(ApiId=api, RouteKey=route, Target=f"integrations/{made['IntegrationId']}")

    def ask(self, name, request, body=None, **headers):
        """Sends `request`, such as `GET /counter?path=x`, to an API or the distribution of the template."""
        return self.send(self.host(name), request, body, **headers)

    def send(self, host, request, body=None, **headers):
        method, path = request.split(" ", 1)
        headers = {key.replace("_", "-"): text for key, text in headers.items()}
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            headers.setdefault("content-type", "application/json")
        connection = HTTPConnection(self.address, timeout=60)
        try:
            connection.request(method, path, body, {"host": host, **headers})
            answer = connection.getresponse()
            lower = {key.lower(): text for key, text in answer.getheaders()}
            return Answer(answer.status, lower, answer.read())
        finally:
            connection.close()

    def host(self, name):
        if name == "SiteDistribution":
            distribution = self.client("cloudfront").get_distribution(Id=self.resources[name])
            return distribution["Distribution"]["DomainName"]
        return f"{self.resources[name]}.execute-api.localhost"

    def invoke(self, name, event):
        """What a function answers through the Lambda API, and whether it failed."""
        answer = self.client("lambda").invoke(FunctionName=self.resources[name], Payload=json.dumps(event))
        return json.loads(answer["Payload"].read()), "FunctionError" in answer


def value(expression, parameters, conditions):
    """What CloudFormation makes of an expression of the template.

    SAM has put the parameters in already, but for those in conditions.
    """

    def of(expression):
        return value(expression, parameters, conditions)

    match expression:
        case {"Fn::If": [name, then, otherwise]}:
            return of(then) if of(conditions[name]) else of(otherwise)
        case {"Condition": str(name)}:
            return of(conditions[name])
        case {"Fn::Equals": [one, other]}:
            return of(one) == of(other)
        case {"Fn::Not": [one]}:
            return not of(one)
        case {"Fn::And": all_of}:
            return all(map(of, all_of))
        case {"Fn::Or": any_of}:
            return any(map(of, any_of))
        case {"Fn::Split": [between, text]}:
            return of(text).split(between)
        case {"Ref": "AWS::NoValue"}:
            return None
        case {"Ref": name}:
            return parameters[name]
        case dict():
            return {key: of(one) for key, one in expression.items()}
        case list():
            return [of(one) for one in expression]
    return expression


class StackTest(unittest.TestCase):
    """A test of the stack that is deployed once for all of them."""

    maxDiff = None
    stack: Stack
    token: str
    owner_origin: str
    # What scripts/deploy is told of what was built.
    options: list

    def ask(self, name, request, body=None, **headers):
        return self.stack.ask(name, request, body, **headers)

    def ask_as_owner(self, request, body=None, **headers):
        return self.ask("OwnerApi", request, body, authorization=f"Bearer {self.token}", **headers)

    def assert_answer(self, answer, status, body=None):
        self.assertEqual(answer.status, status, answer.body)
        if body is not None:
            self.assertEqual(answer.json(), body)

    def wait_until(self, seen, wanted, seconds=90):
        """Asks `seen` again and again, until it gives what is wanted."""
        end = monotonic() + seconds
        while (last := seen()) != wanted:
            if monotonic() > end:
                self.assertEqual(last, wanted, f"after {seconds} s")
            sleep(0.2)
