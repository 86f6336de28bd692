"""Photo links: whose they are, how long they last, how long they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from dashboard import clock
from dashboard.photos.tokens import BadToken, Expired, Owner, Ref, Signer
from tests.conftest import NOW

REF = Ref(Owner.CHECKIN, 8123, 324_921)


def signer(account: str = "account", session: str = "session") -> Signer:
    return Signer(account, session)


@given(st.sampled_from(Owner), st.integers(1, 2**63), st.integers(1, 2**63))
def test_a_token_gives_back_what_it_was_made_of(owner: Owner, owner_id: int, file_id: int) -> None:
    ref = Ref(owner, owner_id, file_id)
    assert signer().read(signer().sign(ref)) == ref


@pytest.mark.parametrize(
    "other", [signer(account="other"), signer(session="other"), signer("accountses", "sion")]
)
def test_another_account_or_session_cannot_use_a_token(other: Signer) -> None:
    with pytest.raises(BadToken):
        other.read(signer().sign(REF))


@given(st.text(alphabet="abcXYZ019-_=+/ é", max_size=90))
def test_invented_tokens_are_refused(text: str) -> None:
    with pytest.raises(BadToken):
        signer().read(text)


def test_changing_any_character_breaks_a_token() -> None:
    token = signer().sign(REF)
    for at, character in enumerate(token[:-1]):
        changed = token[:at] + ("A" if character != "A" else "B") + token[at + 1 :]
        with pytest.raises(BadToken):
            signer().read(changed)


def test_a_token_is_the_same_all_day_and_lasts_till_the_next_is_over() -> None:
    midnight = NOW.replace(hour=0, minute=0)
    with clock.frozen(midnight):
        token = signer().sign(REF)
    with clock.frozen(midnight + timedelta(hours=23, minutes=59)):
        assert signer().sign(REF) == token
    with clock.frozen(midnight + timedelta(hours=47, minutes=59)):
        assert signer().read(token) == REF
    with clock.frozen(midnight + timedelta(hours=48)), pytest.raises(Expired):
        signer().read(token)


def test_a_token_outlives_a_change_of_the_secret_key(settings: Settings) -> None:
    token = signer().sign(REF)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key of a decent length, fifty letters"
    assert signer().read(token) == REF
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BadToken):
        signer().read(token)


def test_a_token_is_short_and_does_not_show_the_session() -> None:
    token = signer(session="s3ss10nk3y").sign(REF)
    assert len(token) <= 40
    assert "s3ss10nk3y" not in token
