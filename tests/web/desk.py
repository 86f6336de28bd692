"""Reading the check-in list's HTML, and the same question put to the sandbox's world directly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox
    from dashboard.sandbox.model import Checkin

Test = Callable[["Checkin"], bool]
HTMX = {"HX-Request": "true", "HX-Target": "results"}


def ids_in(response: Any) -> list[int]:
    return [int(found) for found in re.findall(r'data-checkin-id="(\d+)"', response.content.decode())]


def total_in(response: Any) -> int:
    found = re.search(r'data-total="(\d+)"', response.content.decode())
    assert found, "no result region"
    return int(found[1])


def words_in(response: Any) -> str:
    """The text of the answer, without tags and scripts."""
    page = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def day_in(zone: str, first: str, last: str = "") -> Test:
    """Between two local days, both whole."""
    local = ZoneInfo(zone)
    start = datetime.fromisoformat(f"{first}T00:00:00").replace(tzinfo=local)
    end = datetime.fromisoformat(f"{last or first}T23:59:59").replace(tzinfo=local)
    return lambda checkin: start <= checkin.marker_time <= end


def between(start: str, end: str) -> Test:
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    return lambda checkin: first.astimezone(UTC) <= checkin.marker_time <= last.astimezone(UTC)


def holds(member: str, text: str) -> Test:
    return lambda checkin: text.casefold() in (getattr(checkin, member) or "").casefold()


def within(lat: float, lng: float, radius: float) -> Test:
    def near(checkin: Checkin) -> bool:
        up, over = radians(checkin.lat - lat), radians(checkin.lng - lng)
        half = sin(up / 2) ** 2 + cos(radians(lat)) * cos(radians(checkin.lat)) * sin(over / 2) ** 2
        return 2 * 6_371_000 * asin(sqrt(half)) <= radius

    return near


def expected(box: Sandbox, *tests: Test, scope: str = "owner") -> set[int]:
    """Ids of the world's check-ins that pass all tests, on trackers available to this person (ref 5.3)."""
    trackers = box.world.scopes.get(scope)
    visible = {
        one.id
        for one in box.world.trackers.values()
        if (trackers is None or one.id in trackers) and not one.blocked and one.has_checkin_feature
    }
    return {
        one.id for one in box.world.checkins if one.tracker_id in visible and all(test(one) for test in tests)
    }
