"""The audit: written by whatever writes, read by the account's owner alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client as Browserless

from dashboard.accounts import Account
from dashboard.audit import journal
from dashboard.audit.filters import Filters
from dashboard.audit.forms import FilterForm
from dashboard.audit.models import Entry
from dashboard.clock import frozen, parse_local
from dashboard.sandbox import Sandbox
from tests.accounts import account_of
from tests.conftest import NOW
from tests.web.desk import words_in

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Browserless]


def written(account: Account, **changes: Any) -> None:
    journal.record(
        account,
        **{"action": "delete", "kind": "checkin", "subject": "Check-in 7", "ids": [7], "result": "done"}
        | changes,
    )


def lines(web: Browserless, query: str = "") -> list[list[str]]:
    response: Any = web.get(f"/audit/export/{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_owner_sees_who_wrote_what_with_which_result(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    written(account_of(web), result="failed", message="Navixy did not answer", before={"comment": "Blue <b>"})

    page = web.get("/audit/")
    words = words_in(page)

    for word in ("Check-in: Deleted", "Check-in 7", "No. 7", "Failed", "Navixy did not answer"):
        assert word in words
    assert b"Blue &lt;b&gt;" in page.content


def test_only_the_owner_may_read_it_and_finds_it_in_the_menu(signed_in: SignedIn) -> None:
    for key, status in (("owner", 200), ("dispatcher", 403), ("viewer", 403)):
        web = signed_in(key)
        assert web.get("/audit/").status_code == web.get("/audit/export/").status_code == status
        assert (b'href="/audit/"' in web.get("/account/").content) is (status == 200)
    assert "Only the owner of the account may see" in words_in(web.get("/audit/"))


def test_nothing_of_another_account_is_shown(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    own = account_of(web)
    written(replace(own, account_id=own.account_id + 1), subject="Of strangers")
    written(replace(own, api_url="https://elsewhere.example/v2"), subject="Of strangers")

    assert "Nothing written yet" in words_in(web.get("/audit/"))
    assert len(lines(web)) == 1


def test_filters_narrow_the_list_and_its_file_alike(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    own = account_of(web)
    for day, user in ((1, 0), (2, 1), (3, 1)):
        with frozen(NOW - timedelta(days=10 - day)):
            written(replace(own, user_id=own.user_id + user, name=f"User {user}"), subject=f"Day {day}")
    written(own, action="purge", kind="archive", result="unknown", subject="Other")

    for query, expected in (
        ("?from=2026-03-04&to=2026-03-04", ["Day 2"]),
        ("?from=2026-03-05", ["Other", "Day 3"]),
        (f"?person={own.user_id + 1}", ["Day 3", "Day 2"]),
        ("?action=purge", ["Other"]),
        ("?kind=checkin", ["Day 3", "Day 2", "Day 1"]),
        ("?result=unknown", ["Other"]),
    ):
        assert [line[6] for line in lines(web, query)[1:]] == expected, query
        assert web.get(f"/audit/{query}").content.count(b"<time ") == len(expected)
    assert "Nothing was written that fits" in words_in(web.get("/audit/?to=2026-01-01"))


def test_a_wrong_filter_is_told_and_left_out(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    written(account_of(web))

    page = web.get("/audit/?from=soon&action=dance&person=x&page=0")

    assert page.status_code == 200
    assert "Give a date such as 2026-03-12" in words_in(page)
    assert page.content.count(b"<time ") == 1


@pytest.mark.parametrize("query", ["", "from=2026-03-04&to=2026-03-05T12%3A30&person=3&action=delete&page=2"])
def test_the_query_reads_back_as_the_same_filters(query: str) -> None:
    filters = FilterForm(QueryDict(query)).filters()
    assert FilterForm(QueryDict(filters.query())).filters() == filters
    assert (filters == Filters()) is (not query)


def test_pages_hold_fifty_entries_for_few_queries(
    signed_in: SignedIn, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    web = signed_in("owner")
    for number in range(53):
        written(account_of(web), subject=f"Number {number}")

    with django_assert_max_num_queries(12):
        first = web.get("/audit/")
    last = web.get("/audit/?page=2")

    assert first.content.count(b"<time ") == 50
    assert "51–53 of 53" in words_in(last)


def test_nothing_in_the_file_can_run(signed_in: SignedIn) -> None:
    web = signed_in("owner")
    written(account_of(web), subject='=HYPERLINK("x")', message="@SUM(1)\r\n+2", before={"a": "=1"})

    line = lines(web)[1]

    assert line[6] == '\'=HYPERLINK("x")'
    assert line[9].startswith("'@SUM")
    assert not any(field.startswith(("=", "+", "-", "@", "\t", "\r")) for field in line)


def test_no_credential_is_written_down(signed_in: SignedIn, sandbox: Sandbox) -> None:
    own = account_of(signed_in("owner"))
    written(own, before={"password": "hush", "deep": [{"api_key": "hush", "hash": "hush", "label": "kept"}]})

    entry = Entry.objects.get()

    assert entry.before == {"deep": [{"label": "kept"}]}


def test_awkward_texts_are_kept_as_far_as_a_database_can(signed_in: SignedIn) -> None:
    own = account_of(signed_in("owner"))
    written(own, subject="nul\0 \ud800 " + "x" * 400, before={"at": parse_local("2026-03-12T14:30")})

    entry = Entry.objects.get()

    assert entry.subject.startswith("nul ? xxx")
    assert len(entry.subject) == 300
    assert entry.before == {"at": "2026-03-12T14:30:00"}


def test_a_result_nobody_knows_is_refused(signed_in: SignedIn) -> None:
    with pytest.raises(ValueError, match="no result"):
        written(account_of(signed_in("owner")), result="perhaps")
