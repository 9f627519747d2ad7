"""Files of job offers, their way through bucket, queue and table, and its queues."""

import json
import re
from contextlib import contextmanager
from urllib.parse import quote

from stack import StackTest

COLUMNS = "id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider"


def rows(ids, city):
    """A file with a row for each id, and a line break at its end."""
    lines = (f'{id},{city},"Pain, Beurre & Cie",Boulanger,,CDI,,NULL,pain,2026-11-01,example' for id in ids)
    return "\n".join([COLUMNS, *lines, ""])


class PipelineTest(StackTest):
    def put(self, key, text):
        bucket = self.stack.resources["JobsBucket"]
        self.stack.client("s3").put_object(Bucket=bucket, Key=key, Body=text)

    def report(self, name):
        """The report on the file of this name, or nothing where there is none."""
        s3, bucket = self.stack.client("s3"), self.stack.resources["JobsBucket"]
        key = f"job_offers_rejected/{name}"
        if s3.list_objects_v2(Bucket=bucket, Prefix=key).get("KeyCount"):
            return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
        return None

    def stored(self, city):
        """The ids of a city's offers, page by page."""
        ids, request = [], f"GET /v1/jobs?city={quote(city)}&limit=1000"
        while request:
            answer = self.ask("OwnerApi", request)
            self.assert_answer(answer, 200)
            ids += [offer["id"] for offer in answer.json()]
            more = re.fullmatch(r'<([^>]*)>; rel="next"', answer.headers.get("link", ""))
            request = more and f"GET {more[1]}"
        return sorted(ids)

    def attributes(self, queue):
        url = self.stack.resources[queue]
        return self.stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    def depth(self, queue):
        """How many messages wait in a queue, or are being worked on."""
        attributes = self.attributes(queue)
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        return sum(int(attributes[name]) for name in names)

    def send(self, bodies):
        """Messages to the store's queue, as one batch."""
        entries = [
            {"Id": str(n), "MessageBody": body if isinstance(body, str) else json.dumps(body)}
            for n, body in enumerate(bodies)
        ]
        self.stack.client("sqs").send_message_batch(QueueUrl=self.stack.resources["JobsQueue"], Entries=entries)

    @contextmanager
    def given_again_after_a_second(self):
        """The queue's visibility timeout of three minutes would make four receives a
        matter of nine. It is changed on the queue that is there, not in the template."""
        sqs, url = self.stack.client("sqs"), self.stack.resources["JobsQueue"]
        deployed = self.attributes("JobsQueue")["VisibilityTimeout"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
        try:
            yield
        finally:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": deployed})

    def take_dead_letters(self):
        """Takes all there are out of their queue."""
        sqs, url = self.stack.client("sqs"), self.stack.resources["JobsDeadLetters"]
        taken = []
        while messages := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
        ).get("Messages"):
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            taken += messages
        return taken
