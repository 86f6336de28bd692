"""The pager of a list: honest numbers, and a few pages around the one shown. No Django."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """`query` is empty for the page shown and for a gap ("…")."""

    label: str
    query: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    range: str  # "101–200"
    total: str  # "3,214"
    pages: tuple[PageLink, ...]
    previous: str
    next: str


def pager(
    *, page: int, pages: int, per_page: int, shown: int, total: int, query: Callable[[int], str]
) -> Pager:
    """`query` writes the query string of a page."""
    first = (page - 1) * per_page + 1
    return Pager(
        range=f"{first:,}–{first + shown - 1:,}" if shown else "0",
        total=f"{total:,}",
        pages=tuple(_links(page, pages, query)) if pages > 1 else (),
        previous=query(page - 1) if page > 1 else "",
        next=query(page + 1) if page < pages else "",
    )


def numbers(page: int, pages: int) -> list[int]:
    """First, last and the neighbours; a gap of one page is shown as that page."""
    near = {1, pages, *range(page - 1, page + 2)}
    kept = sorted(number for number in near if 1 <= number <= pages)
    filled: list[int] = []
    for number in kept:
        if filled and number - filled[-1] == 2:
            filled.append(number - 1)
        filled.append(number)
    return filled


def _links(page: int, pages: int, query: Callable[[int], str]) -> list[PageLink]:
    links: list[PageLink] = []
    before = 0
    for number in numbers(page, pages):
        if number - before > 1:
            links.append(PageLink(label="…"))
        current = number == page
        links.append(PageLink(label=f"{number:,}", query="" if current else query(number), current=current))
        before = number
    return links
