"""Visits: anyone reports one, and the owner alone reads them."""

from stack import StackTest

# What clients of the system that this one replaces send and read back.
OLD_CLIENT = {"date": "2026-11-20T10:30:00Z", "place": "Lyon"}


class VisitsTest(StackTest):
    def test_an_old_clients_visit_is_recorded_and_the_owner_reads_it(self):
        posted = self.ask("OwnerApi", "POST /visits", OLD_CLIENT)
        self.assert_answer(posted, 201)
        visit = posted.json()
        self.assertEqual(visit, {"id": visit["id"], "propertyId": "default", **OLD_CLIENT})
        read = self.ask_as_owner("GET /visits?propertyId=default&from=2026-11-20&to=2026-11-20")
        self.assert_answer(read, 200)
        self.assertIn(visit, read.json()["visits"])

    def test_the_summary_adds_up_days_and_places(self):
        page = "summary.example%2F"
        for day, place in [(1, "Lyon"), (1, "Oslo"), (2, "Lyon")]:
            body = {"propertyId": "summary.example/", "date": f"2026-11-0{day}T12:00:00Z", "place": place}
            self.assert_answer(self.ask("OwnerApi", "POST /visits", body), 201)
        answer = self.ask_as_owner(f"GET /visits/summary?propertyId={page}&from=2026-11-01&to=2026-11-30")
        self.assert_answer(answer, 200)
        summary = answer.json()
        self.assertEqual((summary["propertyId"], summary["visits"]), ("summary.example/", 3))
        days = [(day["date"], day["visits"]) for day in summary["days"] if day["visits"]]
        self.assertEqual(sorted(days), [("2026-11-01", 2), ("2026-11-02", 1)])
        self.assertEqual(summary["places"], [{"place": "Lyon", "visits": 2}, {"place": "Oslo", "visits": 1}])

    def test_a_repeat_with_the_same_key_is_answered_and_not_recorded(self):
        body = {**OLD_CLIENT, "propertyId": "repeat.example/"}
        first, second = (self.ask("OwnerApi", "POST /visits", body, idempotency_key="a-key-of-ours") for _ in range(2))
        self.assert_answer(first, 201)
        self.assert_answer(second, 201, first.json())
        read = self.ask_as_owner("GET /visits?propertyId=repeat.example%2F")
        self.assert_answer(read, 200, {"visits": [first.json()], "next": None})

    def test_the_cdns_headers_are_the_cdns_alone(self):
        headers = {"cloudfront_viewer_city": "S%C3%A3o%20Paulo", "cloudfront_viewer_country": "BR"}
        answer = self.ask("OwnerApi", "POST /visits", {"propertyId": "cdn.example/"}, **headers)
        self.assert_answer(answer, 201)
        self.assertEqual(answer.json()["place"], "unknown")
