"""Employees and departments (ref 3.2, 3.3)."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.model import Employee
from dashboard.sandbox.params import sort_expression
from dashboard.sandbox.shapes import Shapes

MOST_SORTS = 2
LONGEST_FILTER = 100
UNHELD = (  # members our world never fills; sorting by them is allowed and changes nothing
    "hardware_key",
    "address",
    "driver_license_cats",
    "driver_license_valid_till",
)


@action("employee/list", get=True)
def list_employees(asked: Asked) -> Answer:
    limit, offset = asked.params.integer("limit"), asked.params.integer("offset", least=0) or 0
    properties = _properties(asked)
    found = [one for one in asked.world.employees.values() if asked.sees(one.tracker_id)]
    found = _filtered(asked, found, properties)
    for name, descending in reversed(_sorts(asked, properties)):
        found.sort(key=properties[name], reverse=descending)
    page = found[offset:] if limit is None else found[offset : offset + limit]
    shapes = Shapes.of(asked)
    return {"list": [shapes.employee(one) for one in page], "count": len(found)}


@action("employee/read", get=True)
def read_employee(asked: Asked) -> Answer:
    one = asked.world.employees.get(asked.params.need_integer("employee_id"))
    if one is None or not asked.sees(one.tracker_id):
        raise ApiError(201)
    return {"value": Shapes.of(asked).employee(one)}


@action("department/list", get=True)
def list_departments(asked: Asked) -> Answer:
    shapes = Shapes.of(asked)
    return {"list": [shapes.department(one) for one in asked.world.departments.values()]}


def _properties(asked: Asked) -> dict[str, Callable[[Employee], str]]:
    world = asked.world
    labels = {one.id: one.label for one in world.trackers.values()}
    departments = {one.id: one.label for one in world.departments.values()}
    held: dict[str, Callable[[Employee], str]] = {
        "id": lambda one: f"{one.id:012}",
        "first_name": lambda one: one.first_name.casefold(),
        "object_label": lambda one: labels.get(one.tracker_id or 0, "").casefold(),
        "department_label": lambda one: departments.get(one.department_id or 0, "").casefold(),
        "personnel_number": lambda one: (one.personnel_number or "").casefold(),
        "phone": lambda one: one.phone,
        "email": lambda one: one.email.casefold(),
        "driver_license_number": lambda one: one.driver_license_number.casefold(),
        "ssn": lambda one: one.ssn or "",
    }
    return held | dict.fromkeys(UNHELD, lambda _: "")


def _filtered(
    asked: Asked, found: list[Employee], properties: dict[str, Callable[[Employee], str]]
) -> list[Employee]:
    wanted = asked.params.text("filter", longest=LONGEST_FILTER)
    if not wanted:
        return found
    needle = wanted.casefold()
    return [one for one in found if any(needle in read(one) for read in properties.values())]


def _sorts(asked: Asked, known: dict[str, Callable[[Employee], str]]) -> list[tuple[str, bool]]:
    expressions = asked.params.texts("sort") or []
    if len(expressions) > MOST_SORTS:
        raise invalid("sort", f"size must be at most {MOST_SORTS}")
    return [sort_expression(one, known) for one in expressions]
