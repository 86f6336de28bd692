"""What our check lets pass, the API takes; asked over HTTP, for forms of every shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.clock import now
from dashboard.formfill import posted, rules, sending
from dashboard.formfill.rules import Limits
from dashboard.navixy import checkins, forms
from dashboard.navixy.checkins import FormSubmission
from dashboard.navixy.client import Client
from dashboard.navixy.errors import InvalidAnswers, InvalidRequest
from dashboard.navixy.fields import Field

if TYPE_CHECKING:
    from dashboard.sandbox import Sandbox

Json = dict[str, Any]
TEMPLATE = 201
LABELS = st.integers(2, 6).map(lambda n: [{"label": f"Option {one}"} for one in range(n)])


def bounds(low: str, high: str, most: int) -> st.SearchStrategy[Json]:
    pairs = st.tuples(st.integers(0, most), st.integers(1, most)).map(sorted)
    return pairs.map(lambda pair: {low: pair[0], high: max(1, pair[1])})


def boxes(group: list[Json]) -> st.SearchStrategy[Json]:
    return bounds("min_checked", "max_checked", len(group)).map(lambda more: more | {"group": group})


SHAPES: dict[str, st.SearchStrategy[Json]] = {
    "text": bounds("min_length", "max_length", 12),
    "checkbox_group": LABELS.flatmap(boxes),
    "dropdown": st.fixed_dictionaries({"options": LABELS}),
    "radio_group": st.fixed_dictionaries({"options": LABELS}),
    "date": st.fixed_dictionaries({"disable_future": st.booleans(), "disable_past": st.booleans()}),
    "rating": st.fixed_dictionaries({"max_stars": st.integers(1, 12)}),
    "separator": st.just({}),
}
ANSWERS = {
    "text": st.lists(st.text(max_size=14), max_size=1),
    "date": st.lists(
        st.sampled_from(["2026-03-12", "2026-03-11", "2027-01-01", "2026-02-30", "x"]), max_size=1
    ),
    "separator": st.just([]),
}
NUMBERS = st.lists(st.integers(0, 13).map(str), max_size=5)


@st.composite
def filled(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[list[Json], QueryDict]:
    """A form's fields, and what somebody posted."""
    kinds = draw(st.lists(st.sampled_from(sorted(SHAPES)), min_size=1, max_size=6))
    fields, data = [], QueryDict(mutable=True)
    for number, kind in enumerate(kinds):
        required = kind != "separator" and draw(st.booleans())
        field = {"id": f"f-{number}", "label": "A question", "type": kind, "required": required}
        fields.append(field | draw(SHAPES[kind]))
        data.setlist(f"answer-f-{number}", draw(ANSWERS.get(kind, NUMBERS)))
    return fields, data


@given(filled())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_passes_here_passes_there(
    navixy: Callable[[str], Client], sandbox: Sandbox, form: tuple[list[Json], QueryDict]
) -> None:
    fields, data = form
    client, tracker = navixy("owner"), next(one for one in sandbox.world.trackers.values() if not one.blocked)
    sandbox.world.templates[TEMPLATE] = replace(sandbox.world.templates[TEMPLATE], fields=fields)
    form_id = checkins.create_form(client, tracker_id=tracker.id, template_id=TEMPLATE)
    asked = forms.read_template(client, TEMPLATE).fields
    values = posted.read(asked, data)
    fine = not rules.wrong(asked, values, {}, Limits(today=now().date()))
    assert accepted(client, tracker.id, form_id, asked, values) or not fine


def accepted(client: Client, tracker_id: int, form_id: int, fields: tuple[Field, ...], values: Json) -> bool:
    submission = FormSubmission(form_id=form_id, values=sending.submission(fields, values, {}))
    try:
        checkins.create(client, tracker_id=tracker_id, lat=40.4, lng=-3.7, form=submission)
    except (InvalidAnswers, InvalidRequest):
        return False
    return True
