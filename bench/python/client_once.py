"""Reference for the benchmark: counts a hit with boto3, on a client made once."""

import json
import os

import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    answer = dynamodb.update_item(
        TableName=os.environ["DYNAMODB_TABLE"],
        Key={"path": {"S": event["queryStringParameters"]["path"]}},
        UpdateExpression="ADD #hits :one",
        ExpressionAttributeNames={"#hits": "hits"},
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps({"count": int(answer["Attributes"]["hits"]["N"])}),
    }
