"""`/geocode/` and the places of the base map."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest

from dashboard.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from django.test import Client as Browserless

    from tests.conftest import Made

SignedIn = Callable[..., "Browserless"]
Calls = Callable[[], AbstractContextManager["Made"]]
JSON = {"Accept": "application/json"}


def ask(web: Browserless, query: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = web.get("/geocode/", {"q": query}, headers=JSON).json()
    return found


def test_an_address_is_found_with_one_call(signed_in: SignedIn, api_calls: Calls) -> None:
    web = signed_in()
    with api_calls() as made:
        found = ask(web, "Valencia")
    assert made.actions == ["geocoder/search_address"]
    assert found
    assert set(found[0]) == {"lat", "lng", "address"}
    assert "Valencia" in str(found[0]["address"])


def test_the_same_question_is_asked_once(signed_in: SignedIn, api_calls: Calls) -> None:
    web = signed_in()
    with api_calls() as made:
        assert ask(web, "Valencia") == ask(web, "  valencia ")
    assert made.count("geocoder/search_address") == 1


def test_no_match_is_an_empty_list_and_remembered(signed_in: SignedIn, api_calls: Calls) -> None:
    web = signed_in()
    with api_calls() as made:
        assert ask(web, "Qqqqzzzz") == ask(web, "Qqqqzzzz") == []
    assert made.count("geocoder/search_address") == 1


def test_answers_are_kept_apart_by_account(signed_in: SignedIn, api_calls: Calls) -> None:
    owner, viewer = signed_in("owner"), signed_in("viewer")
    with api_calls() as made:
        ask(owner, "Valencia")
        ask(viewer, "Valencia")
    assert made.count("geocoder/search_address") == 2


@pytest.mark.parametrize("query", ["", "  ", "ab", "x" * 201])
def test_too_short_and_too_long_are_not_asked(signed_in: SignedIn, api_calls: Calls, query: str) -> None:
    web = signed_in()
    with api_calls() as made:
        response = web.get("/geocode/", {"q": query}, headers=JSON)
    assert response.status_code == 422
    assert "between 3 and 200" in response.json()["message"]
    assert made.actions == []


@pytest.mark.parametrize("kind", ["error_500", "html_502", "timeout", "reset", "truncated", "rate_limit"])
def test_a_fault_is_a_sentence_and_not_remembered(signed_in: SignedIn, sandbox: Sandbox, kind: str) -> None:
    web = signed_in()
    sandbox.faults.add(Fault(action="geocoder/search_address", kind=kind, times=None, seconds=1.5))
    response = web.get("/geocode/", {"q": "Valencia"}, headers=JSON)
    assert response.status_code in {502, 503, 504}
    assert response.json()["message"]
    sandbox.faults.clear()
    assert ask(web, "Valencia")


def test_an_ended_session_is_told(signed_in: SignedIn, sandbox: Sandbox) -> None:
    web = signed_in()
    sandbox.end_sessions()
    assert web.get("/geocode/", {"q": "Valencia"}, headers=JSON).status_code == 401


# --- the base map ------------------------------------------------------------------------------------------


def test_a_tile_of_places_is_public_and_kept(client: Browserless) -> None:
    response = client.get("/basemap/cities/7/62/48.json")
    assert response.status_code == 200
    assert response.json()[0][0] == "Madrid"
    assert "public" in response.headers["Cache-Control"]
    again = client.get("/basemap/cities/7/62/48.json", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_the_sea_has_no_places(client: Browserless) -> None:
    assert client.get("/basemap/cities/7/50/60.json").json() == []


@pytest.mark.parametrize("path", ["1/0/0", "7/128/0", "7/0/128", "99/0/0", "0/1/0"])
def test_a_tile_that_is_none_is_not_found(client: Browserless, path: str) -> None:
    assert client.get(f"/basemap/cities/{path}.json").status_code == 404


def test_raster_tiles_replace_the_drawn_map(settings: object) -> None:
    from dashboard.basemap import OFFLINE_ATTRIBUTION, browser_config

    assert browser_config(imperial=False)["attribution"] == OFFLINE_ATTRIBUTION
    settings.MAP_TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"  # type: ignore[attr-defined]  # pytest-django's
    settings.MAP_TILE_ATTRIBUTION = "© Example"  # type: ignore[attr-defined]  # pytest-django's
    config = browser_config(imperial=True)
    assert config["tiles"] == "https://tiles.example/{z}/{x}/{y}.png"
    assert (config["attribution"], config["imperial"]) == ("© Example", True)
