"""Check-ins as rows: every text ready, so that the template has nothing to work out. No Django.

A page holds hundreds of cells, so their HTML is put together here; each value passes `escape` (markupsafe).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from dashboard.clock import Clock
from dashboard.names import Names
from dashboard.navixy.checkins import Checkin

NONE = '<span class="none">–</span>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What turns ids and moments into text."""

    names: Names
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What rows need to know of their page. `url` gives a check-in's address from its id and its place."""

    words: Words
    columns: tuple[str, ...]
    url: Callable[[int, int], str]
    photos: Mapping[int, str]  # finished HTML by check-in id


def rows(checkins: Iterable[Checkin], showing: Showing, *, offset: int) -> Markup:
    """The body of the table. `offset`: how many rows of the list come before these."""
    main = _main_column(showing.columns)
    html = "".join(
        _row(checkin, showing, main, showing.url(checkin.id, place))
        for place, checkin in enumerate(checkins, offset + 1)
    )
    return Markup(html)  # noqa: S704  every value in it is escaped


def text(key: str, checkin: Checkin, words: Words) -> str:
    """A column's value as plain text; empty when there is none."""
    return _TEXTS[key](checkin, words)


def _main_column(columns: tuple[str, ...]) -> str:
    """The column that carries the link: the time, or whatever comes first."""
    return "time" if "time" in columns else next((key for key in columns if key != "photos"), columns[0])


def _row(checkin: Checkin, showing: Showing, main: str, url: str) -> str:
    cells = "".join(
        _linked(key, checkin, showing, url) if key == main else _CELLS[key](checkin, showing)
        for key in showing.columns
    )
    return (
        f'<tr id="checkin-{checkin.id}" data-checkin-id="{checkin.id}" data-row>{_pick(checkin)}{cells}'
        f"{_delete(checkin)}</tr>"
    )


def _pick(checkin: Checkin) -> str:
    """Chooses the row for what is done with many; belongs to the form of checkins/_chosen.html."""
    return (
        '<td class="c-pick"><label class="pick"><input type="checkbox" name="ids" data-pick form="chosen"'
        f' value="{checkin.id}" autocomplete="off" aria-label="Choose check-in {checkin.id}"></label></td>'
    )


def _delete(checkin: Checkin) -> str:
    return (
        '<td class="c-act"><button class="btn btn-quiet btn-icon btn-s row-delete" form="row-delete"'
        f' name="ids" value="{checkin.id}" title="Delete" aria-label="Delete check-in {checkin.id}">'
        "</button></td>"
    )


def _linked(key: str, checkin: Checkin, showing: Showing, url: str) -> str:
    if key == "time":
        shown = _moment(checkin, showing)
    elif key == "photos":
        shown = f"Open{showing.photos.get(checkin.id, '')}"
    else:
        shown = escape(text(key, checkin, showing.words) or "Open")
    return f'<th scope="row" class="c-{key}"><a href="{escape(url)}" data-row-link>{shown}</a></th>'


def _moment(checkin: Checkin, showing: Showing) -> str:
    clock = showing.words.clock
    local = clock.local(checkin.marker_time)
    exact = local.isoformat(timespec="seconds")
    return f'<time datetime="{exact}"><b>{clock.time(local)}</b> <span>{clock.day(local)}</span></time>'


def _photos(checkin: Checkin, showing: Showing) -> str:
    return f'<td class="c-photos">{showing.photos.get(checkin.id, "")}</td>'


def _time(checkin: Checkin, showing: Showing) -> str:
    return f'<td class="c-time">{_moment(checkin, showing)}</td>'


def _words(key: str, label: str, missing: str = NONE) -> Callable[[Checkin, Showing], str]:
    """A cell of running text; `bdi` keeps a name written right to left from turning its neighbours round."""
    value, start = _TEXTS[key], f'<td class="c-{key}" data-label="{label}">'

    def cell(checkin: Checkin, showing: Showing) -> str:
        found = value(checkin, showing.words)
        return f"{start}<bdi>{escape(found)}</bdi></td>" if found else f"{start}{missing}</td>"

    return cell


def _number(key: str, label: str, unit: str = "") -> Callable[[Checkin, Showing], str]:
    value, start = _TEXTS[key], f'<td class="c-{key} num" data-label="{label}">'

    def cell(checkin: Checkin, showing: Showing) -> str:
        found = value(checkin, showing.words)
        return f"{start}{escape(found)}{unit}</td>" if found else f"{start}{NONE}</td>"

    return cell


def _coordinates(checkin: Checkin) -> str:
    return f"{checkin.lat:.5f}, {checkin.lng:.5f}"


_TEXTS: dict[str, Callable[[Checkin, Words], str]] = {
    "photos": lambda checkin, _: ", ".join(file.name for file in checkin.files),
    "time": lambda checkin, words: words.clock.moment(checkin.marker_time),
    "employee": lambda checkin, words: words.names.employee(checkin.employee_id),
    "tracker": lambda checkin, words: words.names.tracker(checkin.tracker_id),
    "address": lambda checkin, _: checkin.address,
    "comment": lambda checkin, _: checkin.comment,
    "form": lambda checkin, _: checkin.form_label or ("Form" if checkin.form_id else ""),
    "photo_count": lambda checkin, _: str(len(checkin.files) or ""),
    "precision": lambda checkin, _: "" if checkin.precision is None else f"{checkin.precision:,}",
    "department": lambda checkin, words: words.names.department_of(checkin.employee_id),
    "coordinates": lambda checkin, _: _coordinates(checkin),
    "number": lambda checkin, _: str(checkin.id),
}
_CELLS: dict[str, Callable[[Checkin, Showing], str]] = {
    "photos": _photos,
    "time": _time,
    "employee": _words("employee", "Employee", '<span class="none">Nobody assigned</span>'),
    "tracker": _words("tracker", "Tracker"),
    "address": _words("address", "Address", '<span class="none">No address</span>'),
    "comment": _words("comment", "Comment"),
    "form": _words("form", "Form"),
    "photo_count": _number("photo_count", "Photos"),
    "precision": _number("precision", "Precision", " m"),
    "department": _words("department", "Department"),
    "coordinates": _words("coordinates", "Coordinates"),
    "number": _number("number", "Check-in no."),
}
