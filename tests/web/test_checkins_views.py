"""Saved views: each person's own, relative periods stay relative, a deletion can be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browserless

from dashboard.listing.models import SavedView
from tests.web.desk import words_in

Enter = Callable[..., Browserless]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(signed_in: Enter) -> Browserless:
    return signed_in("owner")


def saved(
    web: Browserless, name: str = "Zebra board", query: str = "period=7d&comment=lift&page=3"
) -> SavedView:
    web.post("/checkins/views/", {"name": name, "query": query})
    return SavedView.objects.get(name=name, removed=None)


def test_a_view_keeps_filters_order_and_columns_but_not_the_page(desk: Browserless) -> None:
    view = saved(
        desk, query="period=7d&comment=lift&sort=employee=asc&columns=time,comment&page=3&nonsense=1"
    )
    assert view.query == "period=7d&comment=lift&sort=employee%3Dasc&columns=time%2Ccomment"
    assert view.query.replace("&", "&amp;") in desk.get("/checkins/").content.decode()


def test_saving_under_the_same_name_replaces(desk: Browserless) -> None:
    saved(desk)
    assert saved(desk, query="period=month").query == "period=month"
    assert SavedView.objects.count() == 1


def test_without_htmx_one_comes_back_to_the_list(desk: Browserless) -> None:
    response = desk.post("/checkins/views/", {"name": "Zebra board", "query": "period=7d"})
    assert response["Location"] == "/checkins/?period=7d"
    assert "View “Zebra board” saved." in words_in(desk.get(response["Location"]))


def test_a_view_needs_a_name(desk: Browserless) -> None:
    response = desk.post("/checkins/views/", {"name": " ", "query": "period=7d"}, headers=HTMX)
    assert response.status_code == 422
    assert "Give the view a name." in words_in(response)


def test_filters_too_long_to_keep_are_told(desk: Browserless) -> None:
    response = desk.post("/checkins/views/", {"name": "Long", "query": "where=" + "x" * 20_000}, headers=HTMX)
    assert response.status_code == 422
    assert "These filters are too long to be kept" in words_in(response)


def test_there_is_an_end_to_the_views_but_not_to_changing_them(
    desk: Browserless, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.listing.saved.MOST", 1)
    saved(desk, "One")
    refused = desk.post("/checkins/views/", {"name": "Two", "query": ""}, headers=HTMX)
    assert refused.status_code == 422
    assert "There are 1 views already" in words_in(refused)
    assert saved(desk, "One", query="period=month").query == "period=month"


def test_weeks_stay_relative_and_are_told_in_words(desk: Browserless) -> None:
    for period, words in (("week", "This week"), ("last-week", "Last week")):
        assert saved(desk, words, query=f"period={period}").query == f"period={period}"
        assert f"Remove Period: {words}" in desk.get(f"/checkins/?period={period}").content.decode()


def test_renaming(desk: Browserless) -> None:
    one, _ = saved(desk, "One"), saved(desk, "Two")
    taken = desk.post(f"/checkins/views/{one.pk}/rename/", {"name": "Two"}, headers=HTMX)
    assert taken.status_code == 422
    assert "Another view has this name." in words_in(taken)
    desk.post(f"/checkins/views/{one.pk}/rename/", {"name": "Three"}, headers=HTMX)
    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["Three", "Two"]


def test_a_deleted_view_can_be_brought_back(desk: Browserless) -> None:
    view = saved(desk)
    gone = desk.post(f"/checkins/views/{view.pk}/delete/", {"query": ""}, headers=HTMX)
    assert "Undo" in words_in(gone)
    assert "Zebra board" not in words_in(desk.get("/checkins/"))
    undo = re.search(r'action="(/checkins/views/\d+/restore/)"', gone.content.decode())
    assert undo
    desk.post(undo[1], {"query": ""}, headers=HTMX)
    assert "Zebra board" in words_in(desk.get("/checkins/"))


def test_undo_after_the_name_was_used_again(desk: Browserless) -> None:
    view = saved(desk)
    desk.post(f"/checkins/views/{view.pk}/delete/", headers=HTMX)
    saved(desk, query="period=month")
    desk.post(f"/checkins/views/{view.pk}/restore/", headers=HTMX)
    assert sorted(SavedView.objects.values_list("name", flat=True)) == [
        "Zebra board",
        f"Zebra board ({view.pk})",
    ]


def test_the_start_view_opens_at_the_bare_address_only(desk: Browserless) -> None:
    view = saved(desk)
    desk.post(f"/checkins/views/{view.pk}/start/", {"start": "1"}, headers=HTMX)
    assert desk.get("/checkins/")["Location"] == "/checkins/?period=7d&comment=lift"
    assert desk.get("/checkins/?period=today").status_code == 200
    desk.post(f"/checkins/views/{view.pk}/start/", {"start": "0"}, headers=HTMX)
    assert desk.get("/checkins/").status_code == 200


def test_one_view_is_the_start(desk: Browserless) -> None:
    one, two = saved(desk, "One"), saved(desk, "Two")
    for view in (one, two):
        desk.post(f"/checkins/views/{view.pk}/start/", headers=HTMX)
    assert list(SavedView.objects.filter(is_start=True).values_list("name", flat=True)) == ["Two"]


@pytest.mark.parametrize("verb", ["rename", "delete", "restore", "start"])
def test_another_persons_view_is_not_there(signed_in: Enter, verb: str) -> None:
    view = saved(signed_in("owner"))
    viewer = signed_in("viewer")
    response = viewer.post(f"/checkins/views/{view.pk}/{verb}/", {"name": "Mine"}, headers=HTMX)
    view.refresh_from_db()
    assert (view.name, view.removed, view.is_start) == ("Zebra board", None, False)
    assert response.status_code == 404 or "cannot be brought back" in words_in(response)
    assert "Zebra board" not in words_in(viewer.get("/checkins/"))


def test_saved_views_need_a_post(desk: Browserless) -> None:
    assert desk.get("/checkins/views/").status_code == 405
