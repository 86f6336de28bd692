"""The store reads what Django's own writes, and nothing that has run out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends import db
from django.utils import timezone

from dashboard.session_store import SessionStore


@pytest.fixture
def kept(transactional_db: None) -> str:
    store = db.SessionStore()
    store["name"] = "Ana"
    store.save()
    assert store.session_key
    return store.session_key


def test_what_was_saved_is_read(kept: str) -> None:
    assert SessionStore(kept)["name"] == "Ana"


def test_a_session_that_has_run_out_is_nobodys(kept: str) -> None:
    db.SessionStore.get_model_class().objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    store = SessionStore(kept)
    assert (dict(store.items()), store.session_key) == ({}, None)


@pytest.mark.parametrize("key", ["0" * 32, "' OR 1=1 --", "ü" * 32])
def test_an_invented_key_opens_nothing(kept: str, key: str) -> None:
    store = SessionStore(key)
    assert (dict(store.items()), store.session_key) == ({}, None)


def test_a_changed_text_opens_nothing_and_another_key_neither(kept: str, settings: Any) -> None:
    model = db.SessionStore.get_model_class()
    assert SessionStore(kept)["name"] == "Ana"
    settings.SECRET_KEY = "another-0123456789abcdefghijklmnopqrstuvwxyz-0123456789"
    assert dict(SessionStore(kept).items()) == {}
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz"]
    assert SessionStore(kept)["name"] == "Ana"
    stored = model.objects.get().session_data
    model.objects.update(session_data=stored[:-1] + ("A" if stored[-1] != "A" else "B"))
    assert dict(SessionStore(kept).items()) == {}


def test_what_one_request_changes_the_next_does_not_see_unless_it_was_saved(kept: str) -> None:
    first = SessionStore(kept)
    first["name"], first["more"] = "Luz", []
    assert dict(SessionStore(kept).items()) == {"name": "Ana"}
