"""What making a check-in takes, and what may come of it. Knows no Django."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from checkins.looking import Sent
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NavixyError
from dashboard.navixy.fields import Field
from dashboard.uploads.flows import Book, Item, Means


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All of a draft that is to be sent. `answers` are value objects by field id, without files.

    `open`: a creation of an earlier run that got no clear answer.
    """

    tracker_id: int
    lat: float
    lng: float
    address: str = ""
    comment: str = ""
    template_id: int | None = None
    fields: tuple[Field, ...] = ()
    answers: Mapping[str, Mapping[str, Any]]
    photos: tuple[Item, ...] = ()
    form_files: tuple[Item, ...] = ()
    form_id: int | None = None
    open: Sent | None = None


class Journal(Book, Protocol):
    """Where the run is written. What its methods raise ends the run there."""

    def form_intended(self) -> None: ...

    def form_made(self, form_id: int) -> None: ...

    def form_not_made(self, error: NavixyError) -> None:
        """Refused, or lost when `error.maybe_applied`."""

    def form_dropped(self) -> None:
        """It is no longer used; files reserved for it are reserved anew."""

    def form_differs(self, record: Mapping[str, Any]) -> None:
        """It asks other things than the draft knows of: its definition takes the place of the old one."""

    def places_lost(self) -> bool:
        """Has the form places for files that nobody knows? They count against its limit (ref 8.2)."""

    def doubted(self, field_ids: Collection[str]) -> None:
        """Navixy does not take these fields' files as uploaded: send them once more. "" means photos."""

    def intended(self, sent: Sent) -> None:
        """The check-in is about to be sent. From here on it may exist."""

    def made(self, checkin_id: int) -> None: ...

    def not_made(self, error: NavixyError | None) -> None:
        """Refused; or, with None, looked for and not found."""

    def unanswered(self, error: NavixyError) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a run works with. `known`: check-ins that came of other drafts."""

    client: Client
    means: Means
    journal: Journal
    known: Collection[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    checkin_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A person has to do something; `reason` names what: files, answers, template, tracker, quota, other."""

    reason: str
    sentence: str
    code: int | None = None
    field_errors: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """A person has to say whether one of `candidates` is it."""

    sentence: str
    candidates: tuple[int, ...] = ()


Outcome = Made | Stopped | Unsure


class FormGone(Exception):
    """The form reserved for this check-in cannot be used any more."""


class AlreadyMade(Exception):
    """The form has been submitted: nobody but this draft uses it, so its check-in is there."""

    def __init__(self, checkin_id: int) -> None:
        super().__init__(checkin_id)
        self.checkin_id = checkin_id
