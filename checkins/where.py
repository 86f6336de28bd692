"""The tree of the condition builder: frozen values, their JSON in the URL, and words for people.

The JSON is that of ref 4, with one liberty: the times of a `period` are local dates or date-times, as a
person types them, like `from` and `to` of the list.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from dashboard.clock import parse_local
from dashboard.listing import typed
from dashboard.navixy.conditions import LONGEST_TEXT, MOST_CONDITIONS, MOST_JOINED
from dashboard.navixy.texts import forbidden_character

_NUMBER_BOUND = 2**63

FIELDS: dict[str, str] = {
    "marker_time": "Time",
    "employee": "Employee",
    "tracker_id": "Tracker",
    "location": "Address",
    "comment": "Comment",
    "form": "Form",
}
LINKED = ("employee", "tracker_id", "form")
Value: TypeAlias = int | float | str


class WhereError(ValueError):
    """A condition that cannot be sent; the text is a sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`kind` is "and" or "or"."""

    kind: str
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    child: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Equals:
    field: str
    value: int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Contains:
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """`marker_time` inside a period, both ends included."""

    start: typed.Typed
    end: typed.Typed


Node: TypeAlias = Group | Not | Equals | Contains | OneOf | Within


def count(node: Node | None) -> int:
    """How many conditions the API will count (ref 4: nested ones included)."""
    match node:
        case None:
            return 0
        case Group():
            return 1 + sum(count(child) for child in node.children)
        case Not():
            return 1 + count(node.child)
        case _:
            return 1


def comparisons(node: Node | None) -> int:
    """How many conditions a person sees: groups and negations join them, they are none."""
    match node:
        case None:
            return 0
        case Group():
            return sum(comparisons(child) for child in node.children)
        case Not():
            return comparisons(node.child)
        case _:
            return 1


def sent(node: Node | None) -> int:
    """How many conditions the request will hold: its own outermost list is the AND."""
    return sum(count(child) for child in top_level(node))


def top_level(node: Node | None) -> tuple[Node, ...]:
    """The conditions joined by the outermost AND: one chip each."""
    if node is None:
        return ()
    return node.children if isinstance(node, Group) and node.kind == "and" else (node,)


def without(node: Node, child: Node) -> Node | None:
    """The tree without one of its top-level conditions."""
    return joined(tuple(other for other in top_level(node) if other is not child))


def joined(nodes: tuple[Node, ...]) -> Node | None:
    if len(nodes) > 1:
        return Group(kind="and", children=nodes)
    return nodes[0] if nodes else None


def to_json(node: Node) -> str:
    return json.dumps(_record(node), separators=(",", ":"), ensure_ascii=False)


def _record(node: Node) -> dict[str, Any]:
    match node:
        case Group():
            return {"type": node.kind, "conditions": [_record(child) for child in node.children]}
        case Not():
            return {"type": "not", "condition": _record(node.child)}
        case Equals():
            return {"type": "eq", "field": node.field, "value": node.value}
        case Contains():
            return {"type": "contains", "field": node.field, "value": node.value}
        case OneOf():
            return {"type": "in", "field": node.field, "value": list(node.values)}
        case Within():
            value = {"from": typed.text(node.start), "to": typed.text(node.end)}
            return {"type": "period", "field": "marker_time", "value": value}


def from_json(text: str) -> Node | None:
    """The tree in `text`: one condition or a list of them. Raises WhereError."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise WhereError("The conditions could not be read; they were left out.") from None
    items = data if isinstance(data, list) else [data]
    node = joined(tuple(_node(item, depth=1) for item in items))
    if isinstance(node, Group) and len(node.children) > MOST_JOINED:
        raise WhereError(
            f"A group holds at most {MOST_JOINED} conditions; this one has {len(node.children)}."
        )
    if (total := sent(node)) > MOST_CONDITIONS:
        raise WhereError(f"Navixy takes at most {MOST_CONDITIONS} conditions at once; there are {total}.")
    return node


def _node(item: Any, *, depth: int) -> Node:
    if not isinstance(item, dict) or depth > MOST_CONDITIONS:
        raise WhereError("One of the conditions is not a condition.")
    kind = item.get("type")
    if kind in ("and", "or"):
        return _group(kind, item.get("conditions"), depth=depth)
    if kind == "not":
        return Not(child=_node(item.get("condition"), depth=depth + 1))
    return _leaf(kind, item)


def _group(kind: str, items: Any, *, depth: int) -> Node:
    if not isinstance(items, list) or not 2 <= len(items) <= MOST_JOINED:
        raise WhereError(f"A group of conditions holds 2 to {MOST_JOINED} of them.")
    return Group(kind=kind, children=tuple(_node(item, depth=depth + 1) for item in items))


def _leaf(kind: Any, item: dict[str, Any]) -> Node:
    field, value = item.get("field"), item.get("value")
    if not isinstance(field, str) or field not in FIELDS:
        raise WhereError("Conditions look at employee, tracker, time, address, comment or form only.")
    if (kind == "period") != (field == "marker_time"):
        raise WhereError(f"{FIELDS[field]} cannot be compared that way.")
    match kind:
        case "period":
            return _within(value)
        case "eq":
            return Equals(field=field, value=_number(value))
        case "contains":
            return Contains(field=field, value=checked_text(value))
        case "in":
            return _one_of(field, value)
    raise WhereError("One of the conditions has an unknown type.")


def _one_of(field: str, value: Any) -> OneOf:
    if not isinstance(value, list) or not value:
        raise WhereError(f"Choose at least one value for {FIELDS[field].lower()}.")
    values = tuple(checked_text(v) if isinstance(v, str) else _number(v) for v in value)
    return OneOf(field=field, values=values)


def _within(value: Any) -> Within:
    ends = value if isinstance(value, dict) else {}
    start, end = _typed(ends.get("from")), _typed(ends.get("to"))
    if typed.last_moment(end) < typed.first_moment(start):
        raise WhereError("A period ends before it starts.")
    return Within(start=start, end=end)


def _typed(text: Any) -> typed.Typed:
    try:
        value = parse_local(text)
    except (ValueError, AttributeError, TypeError):
        raise WhereError("A period needs two dates, such as 2026-03-12 or 2026-03-12T14:30.") from None
    if not typed.in_reach(value):
        raise WhereError("Dates lie between 2000 and 2099.")
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WhereError("This comparison needs a number.")
    if not abs(value) < _NUMBER_BOUND or round(value, 6) != value:  # also refuses NaN
        raise WhereError("Numbers have at most six decimals and lie within ±9.2 × 10¹⁸.")
    return int(value) if float(value).is_integer() else value


def checked_text(value: Any) -> str:
    """Text the API accepts in `contains` (ref 1.7, 4), trimmed. Raises WhereError."""
    if not isinstance(value, str) or not (text := value.strip()):
        raise WhereError("A text to look for cannot be blank.")
    if len(text) > LONGEST_TEXT:
        raise WhereError(
            f"A text to look for has at most {LONGEST_TEXT} characters; this one has {len(text)}."
        )
    if forbidden_character(text):
        raise WhereError("The text holds characters Navixy refuses (control or private-use characters).")
    return text
