"""Asks a deployed site what it has to answer, on a path that nobody visits, and without
counting there."""

import os
import re
import ssl
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from cli import Failure, ask, step, until

DEAD_LINK = (404, "^content-type: text/html")
# What was just made may not be known everywhere at once.
SECONDS = 60


class Site:
    """A site at the distribution's own name, since the owner's may not lead there yet."""

    def __init__(self, distribution):
        self.host = ask("cloudfront", "get-distribution", "--id", distribution)["Distribution"]["DomainName"]
        self.tls = ssl.create_default_context()
        # Python from python.org has no authorities on a Mac until they are installed.
        if os.path.exists("/etc/ssl/cert.pem") and not self.tls.cert_store_stats()["x509_ca"]:
            self.tls.load_verify_locations("/etc/ssl/cert.pem")

    def request(self, path, headers):
        """The status, and the headers and the body as text."""
        address = os.environ.get("AWS_ENDPOINT_URL")
        # An emulator has every host at its one address, without TLS.
        if address:
            headers = {**headers, "host": self.host, "x-forwarded-proto": "https"}
        request = Request(f"{address or 'https://' + self.host}{path}", headers=headers)
        try:
            answer = urlopen(request, timeout=20, context=None if address else self.tls)
        except HTTPError as error:
            answer = error
        except OSError as error:
            return None, str(error)
        with answer:
            lines = [f"{name.lower()}: {value}" for name, value in answer.headers.items()]
            return answer.status, "\n".join([*lines, "", answer.read().decode(errors="replace")])

    def expect(self, status, pattern, path, **headers):
        """Asks until the answer has this status and matches."""
        given = []

        def is_right():
            given[:] = self.request(path, headers)
            return given[0] == status and re.search(pattern, given[1], re.M | re.I)

        if not until(SECONDS, is_right):
            raise Failure(f"{path} was answered with {given[0]}, where {status} and `{pattern}` were expected:\n{given[1][:500]}")


def smoke(distribution, origins, hosts, systems, token):
    """Asks what the systems have to answer, with a token as the owner, too."""
    site = Site(distribution)
    origin = origins.split(",")[0]
    # A page of a host that is counted, since those of others are refused.
    page = f"{(hosts or 'smoke.invalid').split(',')[0]}/smoke-test-that-nobody-visits"
    read = f"/counter?path={page}&mode=read"
    step(f"asking the site at {site.host}")
    site.expect(200, '"count"', read)
    site.expect(200, "^access-control-allow-origin: ", read, origin="https://smoke.invalid" if origin == "*" else origin)
    visits = f"/visits?propertyId={page}"
    if "visits" in systems:
        site.expect(401, '"message"', visits)
        if token:
            site.expect(200, '"visits"', visits, authorization=f"Bearer {token}")
        site.expect(200, "^content-type: text/html", "/dashboard/")
    else:
        site.expect(*DEAD_LINK, visits)
        site.expect(*DEAD_LINK, "/dashboard/")
    if "jobs" in systems:
        site.expect(200, r"^\[\]", "/v1/health")
        site.expect(200, "^content-type: text/html", "/jobs/")
    else:
        site.expect(*DEAD_LINK, "/v1/health")
        site.expect(*DEAD_LINK, "/jobs/")
    site.expect(200, "^content-security-policy: ", "/")
    site.expect(*DEAD_LINK, "/smoke-test-of-what-is-not-there")
