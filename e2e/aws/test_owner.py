"""What only the owner may do, asked by others; and what the pages of others may."""

from stack import StackTest

OWNERS = [
    ("GET /visits", None),
    ("GET /visits/summary", None),
    ("POST /visits/links", {"label": "Acme"}),
    ("POST /order", {"operation": "ping"}),
    ("POST /dynamodbmanager", {"operation": "ping"}),
    ("POST /v1/jobs", {}),
    ("PUT /v1/jobs/1", {}),
    ("DELETE /v1/jobs/1", None),
]
EVERYONES = ["GET /v1/health", "GET /v1/jobs", "GET /v1/jobs/none"]


class OwnerTest(StackTest):
    def test_without_the_token_or_with_another_the_answer_is_401(self):
        for request, body in OWNERS:
            for headers in [
                {},
                {"authorization": "Bearer of-another"},
                {"authorization": f"Basic {self.token}"},
                {"authorization": f"Bearer {self.token}x"},
            ]:
                with self.subTest(request, **headers):
                    answer = self.ask("OwnerApi", request, body, **headers)
                    self.assert_answer(answer, 401)
                    self.assertEqual(answer.headers["www-authenticate"], "Bearer")

    def test_with_it_they_are_the_owners(self):
        for request, body in OWNERS:
            with self.subTest(request):
                self.assertIn(self.ask_as_owner(request, body).status, [200, 201, 204, 404, 422])

    def test_offers_are_for_everyone(self):
        for request in EVERYONES:
            with self.subTest(request):
                self.assertIn(self.ask("OwnerApi", request).status, [200, 404])


class CorsTest(StackTest):
    def preflight(self, api, path, origin, method):
        return self.ask(api, f"OPTIONS {path}", origin=origin, access_control_request_method=method)

    def test_any_page_may_read_the_counter(self):
        answer = self.preflight("CounterApi", "/counter", "https://example.com", "GET")
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.headers["access-control-allow-origin"], "*")
        self.assertEqual(answer.headers["access-control-allow-methods"], "GET")
        for query, status in [("?path=example.com%2Fcors", 200), ("", 400)]:
            answer = self.ask("CounterApi", f"GET /counter{query}", origin="https://example.com")
            self.assertEqual((answer.status, answer.headers["access-control-allow-origin"]), (status, "*"))

    def test_the_owners_page_may_call_the_owners_routes(self):
        for path, method in [("/visits", "POST"), ("/v1/jobs/1", "DELETE"), ("/order", "POST")]:
            answer = self.preflight("OwnerApi", path, self.owner_origin, method)
            self.assertEqual(answer.status, 204)
            self.assertEqual(answer.headers["access-control-allow-origin"], self.owner_origin)
            self.assertEqual(answer.headers["access-control-allow-methods"], "GET,POST,PUT,DELETE")
            allowed = set(answer.headers["access-control-allow-headers"].split(","))
            self.assertEqual(allowed, {"authorization", "content-type", "idempotency-key"})
        answer = self.ask("OwnerApi", "GET /visits", origin=self.owner_origin)
        self.assertEqual((answer.status, answer.headers["access-control-allow-origin"]), (401, self.owner_origin))
        self.assertEqual(answer.headers["access-control-expose-headers"], "link,location")

    def test_the_pages_of_others_may_not(self):
        for request in ["OPTIONS /visits", "GET /v1/jobs"]:
            answer = self.ask("OwnerApi", request, origin="https://example.com", access_control_request_method="GET")
            self.assertNotIn("access-control-allow-origin", answer.headers)
