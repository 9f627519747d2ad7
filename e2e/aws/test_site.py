"""The site and its APIs, through the distribution."""

import re

from stack import ROOT, StackTest

DIST = ROOT / "site" / "dist"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
}


class SiteTest(StackTest):
    def get(self, path, method="GET", body=None, **headers):
        return self.ask("SiteDistribution", f"{method} {path}", body, **headers)

    def test_every_file_comes_with_its_type_and_for_how_long_to_keep_it(self):
        files = [file for file in DIST.rglob("*") if file.suffix in TYPES]
        self.assertLessEqual({".css", ".html", ".js", ".wasm"}, {file.suffix for file in files})
        for file in files:
            path = f"/{file.relative_to(DIST).as_posix()}".removesuffix("index.html")
            with self.subTest(path):
                answer = self.get(path)
                self.assertEqual((answer.status, answer.body), (200, file.read_bytes()))
                self.assertEqual(answer.headers["content-type"], TYPES[file.suffix])
                hashed = re.search(r"-[0-9a-f]{16}[._]", file.name)
                kept = "public, max-age=31536000, immutable" if hashed else "no-cache"
                self.assertEqual(answer.headers["cache-control"], kept)

    def test_pages_come_with_the_security_headers(self):
        page = self.get("/")
        headers = page.headers
        for source in re.findall(r"'sha256-[^']+'", page.body.decode()):
            self.assertIn(source, headers["content-security-policy"])
        self.assertIn("frame-ancestors 'none'", headers["content-security-policy"])
        self.assertIn("default-src 'none'", headers["content-security-policy"])
        self.assertEqual(headers["strict-transport-security"], "max-age=31536000")
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        self.assertEqual(headers["x-frame-options"], "DENY")

    def test_a_folder_without_its_slash_is_sent_to_it(self):
        for folder in ["/dashboard", "/jobs"]:
            answer = self.get(folder)
            self.assertEqual((answer.status, answer.headers["location"]), (301, f"{folder}/"))

    def test_what_is_not_there_is_the_page_that_says_so(self):
        answer = self.get("/nothing/here")
        self.assertEqual((answer.status, answer.body), (404, (DIST / "404.html").read_bytes()))

    def test_nobody_gets_to_the_bucket_but_through_the_distribution(self):
        bucket = self.stack.resources["SiteBucket"]
        answer = self.stack.send(self.stack.address, f"GET /{bucket}/index.html")
        self.assertEqual(answer.status, 403)

    def test_http_is_sent_to_https(self):
        answer = self.get("/", x_forwarded_proto="http")
        self.assertEqual((answer.status, answer.headers["location"][:8]), (301, "https://"))

    def test_the_counter_is_there_as_well(self):
        path = "/counter?path=distribution.example%2F"
        for count in [1, 2]:
            self.assert_answer(self.get(path), 200, {"count": count})
        self.assert_answer(self.get("/counter"), 400)
        self.assertEqual(self.get(path, origin="https://example.com").headers["access-control-allow-origin"], "*")

    def test_visits_get_what_they_read(self):
        headers = {"cloudfront_viewer_city": "Lyon", "cloudfront_viewer_country": "FR", "idempotency_key": "once"}
        # CloudFront calls itself a crawler where a client sends no name of its own.
        headers["user_agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        body = {"propertyId": "distribution.example/"}
        first, again = (self.get("/visits", "POST", body, **headers) for _ in range(2))
        self.assert_answer(first, 201)
        self.assert_answer(again, 201, first.json())
        self.assertEqual(first.json()["place"], "Lyon, FR")
        question = "/visits?propertyId=distribution.example%2F"
        self.assert_answer(self.get(question), 401)
        token = {"authorization": f"Bearer {self.token}"}
        self.assert_answer(self.get(question, **token), 200, {"visits": [first.json()], "next": None})
        summary = self.get("/visits/summary?propertyId=distribution.example%2F", **token)
        self.assert_answer(summary, 200)

    def test_offers_are_made_and_read_and_a_404_of_the_api_stays_its_own(self):
        token = {"authorization": f"Bearer {self.token}"}
        offer = {"city": "Distribution", "company_name": "A", "title": "B", "contract_type": "CDI"}
        posted = self.get("/v1/jobs", "POST", offer, **token)
        self.assert_answer(posted, 201)
        path = f"/v1/jobs/{posted.json()['id']}"
        self.assert_answer(self.get(path, "PUT", {"title": "C"}, **token), 200)
        self.assert_answer(self.get("/v1/jobs?city=Distribution"), 200, [{**posted.json(), "title": "C"}])
        self.assert_answer(self.get(path, "DELETE", **token), 204)
        gone = self.get(path)
        self.assert_answer(gone, 404)
        self.assertEqual(gone.headers["content-type"], "application/json")
