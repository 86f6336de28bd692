"""The running demo under measurement: its web side, signed in, and the API call behind the page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import requests

from dashboard.sandbox.people import DEMO_PEOPLE
from tests.bench.wire import Answer, Wire
from tests.running import Demo

OWNER = DEMO_PEOPLE[0]
ROWS = 100


class Site:
    """A browser's view of the check-in page: kept connection, session cookie, compression."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.sandbox = Wire(demo.sandbox_port)
        self.sandbox.ask("POST", "/_sandbox/switches", {"rate_per_second": None})
        self.cookies = sign_in(demo.url)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.web = Wire(
            demo.port,
            {"Host": f"localhost:{demo.port}", "Cookie": cookie, "Accept-Encoding": "gzip, deflate, br"},
        )
        start = datetime.now(UTC).date() - timedelta(days=30)
        self.path = f"/checkins/?from={start}&per_page={ROWS}"

    def latency(self, ms: float) -> None:
        self.sandbox.ask("POST", "/_sandbox/latency", {"ms": ms})

    def page(self) -> Answer:
        return self.web.ask("GET", self.path)

    def fragment(self) -> Answer:
        return self.web.ask("GET", self.path, **{"HX-Request": "true"})

    def raw_call(self) -> partial[Answer]:
        """The one `checkin/list` the page makes, exactly as the sandbox received it."""
        self.page()
        self.sandbox.ask("DELETE", "/_sandbox/calls")
        self.page()
        calls = self.sandbox.ask("GET", "/_sandbox/calls").json()["calls"]
        assert [call["action"] for call in calls] == ["checkin/list"], calls
        return self.call("checkin/list", calls[0]["params"])

    def call(self, action: str, params: dict[str, object]) -> partial[Answer]:
        wire = Wire(self.demo.sandbox_port, {"Authorization": f"NVX {api_hash(self.demo.sandbox_port)}"})
        headers = {"NVX-ISO-DateTime": "true"}
        return partial(wire.ask, "POST", f"/v2/{action}", params, **headers)


def sign_in(url: str) -> dict[str, str]:
    """The session cookie of the owner, by the sign-in form."""
    browser = requests.Session()
    form = browser.get(f"{url}/sign-in/", timeout=20).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token, "no form on the sign-in page"
    person = {"login": OWNER.login, "password": OWNER.password, "csrfmiddlewaretoken": token[1]}
    browser.post(f"{url}/sign-in/", person, headers={"Referer": url}, timeout=20)
    return dict(browser.cookies.items())


def api_hash(port: int) -> str:
    person = {"login": OWNER.login, "password": OWNER.password}
    return str(Wire(port).ask("POST", "/v2/user/auth", person).json()["hash"])
