"""What is active in a list's filter, as chips."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

T = TypeVar("T")
MOST = 12  # chips for one choice; each holds the whole filter in its link


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """`opens` names the filter the words lead to; `without` is the query string that lacks this one value."""

    label: str
    value: str
    opens: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosening:
    """A filter to do without, as a link of a list that found nothing."""

    label: str
    query: str


def of_choice(
    chosen: tuple[T, ...],
    *,
    label: str,
    opens: str,
    word: Callable[[T], str],
    without: Callable[[tuple[T, ...]], str],
) -> Iterator[Chip]:
    """A chip for each value, or one for all of very many. `without` gives the query that chooses others."""
    if len(chosen) > MOST:
        yield Chip(label=label, value=_("%s chosen") % f"{len(chosen):,}", opens=opens, without=without(()))
        return
    for one in chosen:
        rest = tuple(other for other in chosen if other != one)
        yield Chip(label=label, value=word(one), opens=opens, without=without(rest))
