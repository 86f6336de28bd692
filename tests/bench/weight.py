"""Page weight as Chromium receives it: bytes on the wire, compressed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bench.site import Site
from tests.browser import launch_options


def page_weight(site: Site) -> tuple[dict[str, float], dict[str, float]]:
    """kB by kind of content: of a first visit, and of a change of filter on it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        context = browser.new_context(base_url=site.demo.url)
        context.add_cookies([{"name": n, "value": v, "url": site.demo.url} for n, v in site.cookies.items()])
        page = context.new_page()
        first = measured(page, lambda: page.goto(site.path, wait_until="networkidle"))
        change = f"htmx.ajax('GET', '{site.path}&comment=a', {{target: '#results', swap: 'outerHTML'}})"
        second = measured(page, lambda: page.evaluate(change))
        browser.close()
    return first, second


def measured(page: Page, action: Any) -> dict[str, float]:
    session = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    bytes_of: Counter[str] = Counter()
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: bytes_of.update({kinds.get(event["requestId"], "?"): int(event["encodedDataLength"])}),
    )
    session.send("Network.enable")
    action()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    session.detach()
    return {kind: count / 1000 for kind, count in bytes_of.items()}
