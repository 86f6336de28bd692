"""What tests of routes share: routes fit for changing, and what a page's forms would send."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from dashboard.navixy import routes, task_forms
from dashboard.navixy.client import Client
from dashboard.navixy.routes import RouteDraft, WholeRoute
from dashboard.navixy.stops import StopDraft
from tests.conftest import NOW

Connect = Callable[..., Client]
MADRID = (40.4168, -3.7038)


def draft(number: int, **changes: Any) -> StopDraft:
    """Stops that may be visited in any order: all in one window of tomorrow."""
    members: dict[str, Any] = {
        "label": f"Stop {number}",
        "lat": MADRID[0] + number / 100,
        "lng": MADRID[1] + (number % 3) / 100,
        "radius": 150,
        "address": f"Calle Mayor {number}, Madrid",
        "start": at(10),
        "end": at(18),
        **changes,
    }
    return StopDraft(**members)


def at(hour: float, *, day: int = 1) -> datetime:
    return NOW.replace(hour=0, minute=0) + timedelta(days=day, hours=hour)


def planned(
    client: Client, *, number: int = 4, label: str = "Test round", tracker_id: int | None = None
) -> WholeRoute:
    """A new route of stops that may all be changed."""
    made, _ = routes.create(
        client, RouteDraft(label=label, tracker_id=tracker_id), [draft(one) for one in range(1, number + 1)]
    )
    return routes.read_whole(client, made.id)


def ids(whole: WholeRoute) -> list[int]:
    return [stop.id for stop in whole.stops]


def seen_in(response: Any) -> list[str]:
    """The marks a page carries of what it showed."""
    return re.findall(r'name="seen" value="([^"]+)"', response.content.decode())


def order_in(response: Any) -> list[int]:
    return [int(one) for one in re.findall(r'name="stop" value="(\d+)"', response.content.decode())]


def text_of(response: Any) -> str:
    page = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def editor_values(response: Any) -> dict[str, Any]:
    """What the editor's form would send untouched."""
    page = response.content.decode()
    found: dict[str, Any] = {"tags": []}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or name[1] in ("csrfmiddlewaretoken",):
            continue
        if 'type="checkbox"' in tag:
            if "checked" in tag:
                found["tags"].append(value[1] if value else "on")
        else:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        found[name] = unescape(body).removeprefix("\n")
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', body) or re.search(r'value="([^"]*)"', body)
        found[name] = chosen[1] if chosen else ""
    return found


def submit_from_app(box: Any, client: Client, stop_id: int) -> None:
    """What the phone would do: the form of a stop filled and submitted once."""
    form = box.world.written_forms[task_form_id(client, stop_id)]
    for field in form.fields:
        if field["type"] in ("photo", "file", "signature"):
            field["required"] = False  # no picture is taken here
    form.values = {field["id"]: answer for field in form.fields if (answer := _answer(field)) is not None}
    form.submitted = NOW


def task_form_id(client: Client, stop_id: int) -> int:
    found = task_forms.read(client, stop_id)
    assert found is not None
    return found.id


def _answer(field: dict[str, Any]) -> dict[str, Any] | None:
    kind = field["type"]
    if kind == "text":
        return {"type": kind, "value": "x" * max(3, field.get("min_length") or 0)}
    if kind == "checkbox_group":
        ticked = max(1, field.get("min_checked") or 0)
        return {"type": kind, "values": [place < ticked for place in range(len(field["group"]))]}
    if kind in ("dropdown", "radio_group"):
        return {"type": kind, "value_index": 0}
    if kind == "date":
        return {"type": kind, "value": "2026-03-12"}
    if kind == "rating":
        return {"type": kind, "value": 1}
    return None
