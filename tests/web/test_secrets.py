"""Session hash, API key and password: in no log, page, header, URL, cookie, cache file or database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from dashboard.sandbox import Fault, Sandbox
from tests import caches
from tests.settings import VAR

if TYPE_CHECKING:
    from django.test import Client as Browserless

    from dashboard.sandbox.people import Person

PAGES = ("/", "/account/", "/checkins/", "/checkins/?view=map", "/checkins/points/")


def secrets(sandbox: Sandbox, who: Person) -> list[str]:
    """What the sandbox knows of this login: the open sessions' hashes, or the key, and the password."""
    own = [one.hash for one in sandbox.sessions._live.values() if one.person.login == who.login]
    return [*own, who.password, *([who.api_key] if who.api_key else [])]


def stored() -> str:
    """Every column of every table."""
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += cursor.fetchall()
    assert found, "at least the session is there"
    return repr(found)


def files() -> bytes:
    """What this instance wrote beside database and cache: thumbnails."""
    return b"".join(
        file.read_bytes() for file in VAR.rglob("*") if file.is_file() and "sqlite" not in file.name
    )


@pytest.mark.parametrize("key", ["owner", "dispatcher", "api"])
def test_no_secret_leaves_the_server_in_clear(
    key: str,
    signed_in: Callable[..., Browserless],
    sandbox: Sandbox,
    person: Callable[[str], Person],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    web = signed_in(key)
    checkin = sandbox.world.checkins[-1]
    sandbox.faults.add(Fault(action="form/read", kind="html_502"))
    answers = [web.get(path) for path in (*PAGES, f"/checkins/{checkin.id}/")]
    sandbox.faults.add(Fault(action="checkin/list", kind="bad_json"))
    answers.append(web.get("/checkins/"))

    shown = "".join(f"{answer.content.decode()}{answer.headers}" for answer in answers)
    places = {
        "page": shown,
        "log": caplog.text,
        "cookie": str(web.cookies),
        "database": stored(),
        "file": files().decode(errors="replace"),
        "cache": caches.contents().decode(errors="replace"),
    }
    known = secrets(sandbox, person(key))
    assert len(known) >= 2
    assert [place for place, text in places.items() for secret in known if secret in text] == []
