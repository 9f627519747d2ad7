"""The events of `events/`, sent to the deployed functions through the Lambda API."""

import json

from pipeline import rows, PipelineTest
from stack import ROOT

EVENTS = ROOT / "events"
OFFER = "0199f0c4-7d2e-7c3a-9b1f-2e5d8c7a6b40"

# In the order in which they are sent: what one stores, the next reads.
HTTP = [
    ("counter-get", "CounterFunction", 200),
    ("counter-get-with-stage", "CounterFunction", 200),
    ("counter-get-without-path", "CounterFunction", 400),
    ("counter-badge-json", "CounterFunction", 200),
    ("counter-badge-svg", "CounterFunction", 200),
    ("visits-post", "VisitsFunction", 201),
    ("visits-post-date-and-place", "VisitsFunction", 201),
    ("visits-get", "VisitsFunction", 200),
    ("visits-get-summary", "VisitsFunction", 200),
    ("visits-post-link", "VisitsFunction", 201),
    ("items-order-create", "ItemsFunction", 200),
    ("items-order-read", "ItemsFunction", 200),
    ("items-order-update", "ItemsFunction", 200),
    ("items-order-list", "ItemsFunction", 200),
    ("items-order-delete", "ItemsFunction", 200),
    ("items-order-echo", "ItemsFunction", 200),
    ("items-order-ping", "ItemsFunction", 200),
    ("items-manager-create", "ItemsFunction", 200),
    ("items-manager-update", "ItemsFunction", 200),
    ("items-manager-read", "ItemsFunction", 200),
    ("items-manager-list", "ItemsFunction", 200),
    ("items-manager-delete", "ItemsFunction", 200),
    ("jobs-get-health", "JobsApiFunction", 200),
    ("jobs-post", "JobsApiFunction", 201),
    ("jobs-get", "JobsApiFunction", 200),
    ("jobs-put", "JobsApiFunction", 200),
    ("jobs-get-list", "JobsApiFunction", 200),
    ("jobs-delete", "JobsApiFunction", 204),
    ("jobs-get", "JobsApiFunction", 404),
    ("jobs-put", "JobsApiFunction", 404),
    ("jobs-delete", "JobsApiFunction", 404),
]
FILES = ["jobs-split", "jobs-split-two-files"]
MESSAGES = {
    "jobs-store": [],
    "jobs-store-poison": ["059f36b4-87a3-44ab-83d2-661975240002", "059f36b4-87a3-44ab-83d2-661975240003"],
}


def event(name):
    return json.loads((EVENTS / f"{name}.json").read_text())


class EventsTest(PipelineTest):
    def invoke(self, function, event):
        answer, failed = self.stack.invoke(function, event)
        self.assertFalse(failed, answer)
        return answer

    def test_every_event_is_sent_below(self):
        sent = {name for name, _, _ in HTTP} | {*FILES, *MESSAGES}
        self.assertEqual({path.stem for path in EVENTS.glob("*.json")}, sent)

    def test_requests_get_the_status_they_should(self):
        # The offer that the events are about.
        body = json.dumps({"id": OFFER, "city": "Lyon"})
        stored = self.invoke("JobsStoreFunction", {"Records": [{"messageId": "1", "body": body}]})
        self.assertEqual(stored, {"batchItemFailures": []})
        for name, function, status in HTTP:
            with self.subTest(name, status=status):
                request = event(name)
                # The token is a parameter of the stack; the events have one of their own.
                if "authorization" in request["headers"]:
                    request["headers"]["authorization"] = f"Bearer {self.token}"
                answer = self.invoke(function, request)
                self.assertEqual(answer["statusCode"], status, answer)

    def test_the_files_of_an_event_arrive(self):
        for name, city in zip(FILES, ["Event", "Event of two"]):
            notification = event(name)
            for n, record in enumerate(notification["Records"]):
                record["s3"]["bucket"]["name"] = self.stack.resources["JobsBucket"]
            for n, key in enumerate(["lyon", "Aix en Provence + 100% été"]):
                self.put(f"job_offers/{key}.csv", rows([f"{city} {n}"], city))
            self.assertIsNone(self.invoke("JobsSplitFunction", notification))
            self.wait_until(lambda: self.stored(city), [f"{city} 0", f"{city} 1"])

    def test_the_messages_that_failed_are_named(self):
        for name, failed in MESSAGES.items():
            answer = self.invoke("JobsStoreFunction", event(name))
            self.assertEqual(answer, {"batchItemFailures": [{"itemIdentifier": id} for id in failed]})
