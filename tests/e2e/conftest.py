"""A real browser on the running site.

A page that logs an error, breaks the content policy or loses a request fails its test.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from dashboard.navixy.client import Transport
from dashboard.navixy.transport import Timeouts
from tests.browser import launch_options

if TYPE_CHECKING:
    from django.test import Client as Browserless
    from pytest_django.live_server_helper import LiveServer

    from dashboard.sandbox import Sandbox

HERE = Path(__file__).parent
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} blocked ${event.blockedURI} in ${event.sourceFile}`);
});
"""

# No transition of ours lasts a second; one whose frame never comes says nothing of its end.
COLOURS_HAVE_CHANGED = """async () => {
  const under_way = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
  const patience = performance.now() + 3000;
  while (under_way().length && performance.now() < patience) await new Promise((go) => setTimeout(go, 50));
  for (const one of under_way()) one.finish();
}"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PATIENCE_MS = 30_000  # only ever waited for in full by a test that fails; the machine may be busy
expect.set_options(timeout=15_000)

# Drawing a sandbox photo takes 60 ms of the one process these tests share with site and sandbox.
DOT = b64decode("R0lGODlhAQABAAAAACwAAAAAAQABAAA=")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_options()


@pytest.fixture(scope="session")
def hasty() -> Transport:
    """Not hasty here: site, sandbox and browser share two cores, and a time-out would be the machine's."""
    return Transport(timeouts=Timeouts(connect=5, read=15, file_read=30))


class Watch:
    """What went wrong in the pages of a test, less what the test said to expect."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.problems: list[str] = []
        self.expected: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"page error: {error.error}"))
        context.on("requestfailed", self._failed)

    def expect(self, pattern: str) -> None:
        self.expected.append(pattern)

    def unexpected(self) -> list[str]:
        return [text for text in self.problems if not any(re.search(one, text) for one in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _failed(self, request: Request) -> None:
        # An aborted request is a newer one taking its place, or a page that was left.
        if request.url.startswith(self.origin) and request.failure != "net::ERR_ABORTED":
            self.problems.append(f"request failed: {request.method} {request.url}: {request.failure}")


@pytest.fixture
def watch(live_server: LiveServer) -> Watch:
    """What the browser complained of in this test; `watch.expect("502")` lets a complaint pass."""
    return Watch(live_server.url)


@pytest.fixture
def visit(
    browser: Browser, live_server: LiveServer, transactional_db: None, sandbox: Sandbox, watch: Watch
) -> Iterator[Callable[..., Page]]:
    """visit(viewport=…) → a page of a fresh browser context, nobody signed in; photos=True draws them.

    Its pages close before the sandbox and its clock go: what they still ask for must find a session.
    """
    opened: list[BrowserContext] = []

    def open_page(*, photos: bool = False, **options: Any) -> Page:
        options = {"base_url": live_server.url, "viewport": {"width": 1280, "height": 800}} | options
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        if not photos:
            context.route("**/photos/*/*/", lambda route: route.fulfill(body=DOT, content_type="image/gif"))
        watch.over(context)
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()
    assert watch.unexpected() == []


@pytest.fixture
def desk_of(
    visit: Callable[..., Page], signed_in: Callable[..., Browserless], live_server: LiveServer
) -> Callable[..., Page]:
    """desk_of("dispatcher", viewport=…) → a page of that person, already signed in."""

    def open_desk(key: str = "owner", **options: Any) -> Page:
        page = visit(**options)
        cookie = signed_in(key).cookies[site.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return open_desk


@pytest.fixture
def desk(desk_of: Callable[..., Page]) -> Page:
    """The owner's desk."""
    return desk_of("owner")


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """axe(page) → a line for each accessibility fault. The debugger injects it: the page keeps its policy."""

    def faults(page: Page) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [
            f"{one['id']}: {node['html'][:160]} {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
        ]

    return faults


@pytest.fixture(scope="session")
def axe_in_both(axe: Callable[[Page], list[str]]) -> Callable[[Page], list[str]]:
    """The same in the light and in the dark theme."""

    def faults(page: Page) -> list[str]:
        found = []
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(COLOURS_HAVE_CHANGED)
            found += [f"{scheme}: {one}" for one in axe(page)]
        return found

    return faults
