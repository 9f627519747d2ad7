"""What is put under load: the program, and the function in an emulator of AWS.

Each is given as a URL and the headers that lead to the items. `/order` has two
of them; `/dynamodbmanager` has a thousand in the program, and none in the
emulator, which is too slow for as many.
"""

import hashlib
import io
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import boto3

from calls import ITEMS, create

KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
TABLES = {"ORDER_TABLES": "order-microservice-db", "MANAGER_TABLES": "anything"}


@contextmanager
def resume_counter(program):
    """The program on a free port, its data in a folder that is removed at the end."""
    many, token = str(10**6), secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["--listen", "127.0.0.1:0", "--data-dir", folder]
        arguments += ["--throttle-rate", many, "--throttle-burst", many]
        environment = {**os.environ, "RESUME_COUNTER_OWNER_TOKEN": token}
        with process([program, *arguments], environment, stdout=subprocess.PIPE, text=True) as child:
            url = child.stdout.readline().removeprefix("listening on ").strip()
            yield filled(url, {"authorization": f"Bearer {token}"}, {"/order": 2, "/dynamodbmanager": ITEMS})


@contextmanager
def emulated_lambda(bootstrap, memory):
    """The function in MiniStack, which runs it as Lambda does, behind its API Gateway."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    settings = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0"}
    ministack = Path(sys.executable).with_name("ministack")
    with process([ministack], {**os.environ, **settings}, stdout=subprocess.DEVNULL):
        wait_for(port)
        token = secrets.token_hex(16)
        host = deploy(endpoint, bootstrap, memory, token)
        yield filled(endpoint, {"authorization": f"Bearer {token}", "host": host}, {"/order": 2})


def deploy(endpoint, bootstrap, memory, token):
    """Makes what template.yaml makes for the items; gives the API's host name."""

    def client(service):
        return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", **KEYS)

    for name in TABLES.values():
        client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
    digest = hashlib.sha256(token.encode()).hexdigest()
    function = client("lambda").create_function(
        FunctionName="items",
        Runtime="provided.al2023",
        Handler="bootstrap",
        Role="arn:aws:iam::000000000000:role/items",
        Code={"ZipFile": zipped(bootstrap)},
        MemorySize=memory,
        Timeout=3,
        Environment={"Variables": {**TABLES, "OWNER_TOKEN_SHA256": digest, "DYNAMODB_ENDPOINT": endpoint}},
    )
    gateway = client("apigatewayv2")
    api = gateway.create_api(Name="owner", ProtocolType="HTTP")["ApiId"]
    integration = gateway.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=function["FunctionArn"],
        PayloadFormatVersion="2.0",
    )
    for route in ("POST /order", "POST /dynamodbmanager"):
        gateway.create_route(ApiId=api, RouteKey=route, Target=f"integrations/{integration['IntegrationId']}")
    gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    return f"{api}.execute-api.localhost"


def zipped(bootstrap):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, Path(bootstrap).read_bytes())
    return file.getvalue()


def filled(url, headers, counts):
    for path, count in counts.items():
        for n in range(count):
            body = create(str(n)).encode()
            urlopen(Request(url + path, body, {**headers, "content-type": "application/json"})).close()
    return url, headers


@contextmanager
def process(command, environment, **options):
    child = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, **options)
    try:
        yield child
    finally:
        child.terminate()
        child.wait()


def wait_for(port):
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")
