"""The company's form templates (ref 6.3 to 6.5) and plausible answers to them.

"Lift maintenance visit" uses all ten field types. One field of the solar template has a type the reference
does not know, as a newer server may send. One template has been deleted: its forms live on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from dashboard.sandbox.model import FormTemplate
from dashboard.sandbox.texts import AWKWARD, CLIMATE, LIFTS, SOLAR

MAX_FILE_SIZE = 16_777_216
PER_FIELD = 6  # ref 1.6: files a field can hold
FIELD_TYPES = (
    "text",
    "checkbox_group",
    "dropdown",
    "radio_group",
    "date",
    "rating",
    "file",
    "photo",
    "signature",
    "separator",
)

LIFT_VISIT, CLIMATE_VISIT, SOLAR_VISIT, CALL_OUT, SAFETY, HAND_OVER, ARCHIVED = (
    201,
    202,
    203,
    204,
    205,
    206,
    207,
)


def _field(kind: str, number: int, label: str, *, required: bool = False, **more: Any) -> dict[str, Any]:
    field_id = f"{kind.replace('_', '-')[:14]}-{number}"
    return {"id": field_id, "label": label, "required": required, "type": kind, **more}


def _text(
    number: int, label: str, *, required: bool = False, longest: int = 1024, **more: Any
) -> dict[str, Any]:
    least = 1 if required else 0
    return _field("text", number, label, required=required, min_length=least, max_length=longest, **more)


def _labels(*labels: str) -> list[dict[str, str]]:
    return [{"label": label} for label in labels]


def _checks(number: int, label: str, *labels: str, required: bool = False) -> dict[str, Any]:
    bounds: dict[str, Any] = {"min_checked": 1 if required else 0, "max_checked": len(labels)}
    return _field("checkbox_group", number, label, required=required, group=_labels(*labels), **bounds)


def _choice(kind: str, number: int, label: str, *labels: str, required: bool = False) -> dict[str, Any]:
    return _field(kind, number, label, required=required, options=_labels(*labels))


def _photos(number: int, label: str, *, most: int = 4, required: bool = False) -> dict[str, Any]:
    return _field("photo", number, label, required=required, max_files=most)


def _file(number: int, label: str, extensions: list[str] | None) -> dict[str, Any]:
    sizes: dict[str, Any] = {"min_file_size": 1, "max_file_size": MAX_FILE_SIZE}
    return _field("file", number, label, allowed_extensions=extensions, **sizes)


_LIFT = [
    _field("separator", 1, "Installation"),
    _text(2, "Lift number", required=True, longest=40, description="As on the plate in the cabin"),
    _choice("dropdown", 3, "Visit", "Quarterly", "Yearly", "Repair", "Official inspection", required=True),
    _checks(4, "Checked", "Doors", "Brake", "Ropes", "Pit", "Emergency phone", required=True),
    _choice("radio_group", 5, "Condition", "Good", "Needs work", "Out of service", required=True),
    _field("separator", 6, "Outcome"),
    _field("date", 7, "Next visit", disable_past=True, disable_future=False),
    _field("rating", 8, "Condition of the machine room", max_stars=5),
    _photos(9, "Evidence", most=6),
    _file(10, "Test protocol", ["pdf", "txt"]),
    _text(11, "Remarks"),
    _field("signature", 12, "Customer's signature", required=True),
]
_CLIMATE = [
    _choice("dropdown", 1, "Equipment", "Gas boiler", "Heat pump", "Split unit", "Chiller", required=True),
    _checks(2, "Work done", "Filters", "Pressure", "Refrigerant", "Drain", "Electrics", required=True),
    _text(3, "Readings", description="Pressure, temperatures, CO"),
    _photos(4, "Gauges", required=True),
    _choice("radio_group", 5, "Leaves in service", "Yes", "With restrictions", "No"),
    _field("signature", 6, "Signature"),
]
_SOLAR = [
    _choice("dropdown", 1, "Part", "Modules", "Inverter", "Strings", "Meter", "Fence, access", required=True),
    _field("temperature_probe", 2, "Module temperature", unit="celsius", channels=2),
    _field("date", 3, "Last cleaning", disable_future=True, disable_past=False),
    _photos(4, "Thermal pictures", most=6),
    _file(5, "Inverter log", None),
    _text(6, "Findings <none = leave empty>", longest=500),
]
_CALL_OUT = [
    _choice(
        "radio_group",
        1,
        "Reason",
        "Person trapped",
        "Water",
        "Fire alarm",
        "No heating",
        "Other",
        required=True,
    ),
    _text(2, "What was found", required=True, longest=1000),
    _photos(3, "Pictures on arrival", most=2),
    _field("rating", 4, "How urgent was it really?", max_stars=3),
    _field("signature", 5, "Signature of the person who called"),
]
_SAFETY = [
    _field("separator", 1, "Before starting"),
    _checks(2, "I wear", "Helmet", "Harness", "Gloves", "Glasses", required=True),
    _checks(3, "I have", "Locked out the supply", "Fenced off the area", "A colleague within call"),
    _field("date", 4, "Harness checked on", disable_future=True, disable_past=False),
    _field("signature", 5, "Signature", required=True),
]
_HAND_OVER = [
    _field("rating", 1, "How satisfied are you?", required=True, max_stars=10),
    _text(2, "What should we do better?"),
    _choice("radio_group", 3, "May we call you?", "Yes", "No"),
    _field("signature", 4, "Signature", required=True),
]
_WINTER = [
    _checks(1, "Ready for winter", "Antifreeze", "Snow chains", "Gritting salt"),
    _text(2, "Missing", longest=200),
]

# Id, label, description, version, fields, default.
_TEMPLATES: tuple[tuple[int, str, str, int, list[dict[str, Any]], bool], ...] = (
    (LIFT_VISIT, "Lift maintenance visit", "One form for each lift and visit", 7, _LIFT, False),
    (CLIMATE_VISIT, "Heating & cooling service", "", 4, _CLIMATE, False),
    (SOLAR_VISIT, "Solar plant inspection", "Monthly round of a plant", 5, _SOLAR, False),
    (CALL_OUT, "Emergency call-out", "To be filled before leaving", 3, _CALL_OUT, False),
    (SAFETY, "Safety briefing", "Every morning, everyone", 2, _SAFETY, True),
    (HAND_OVER, 'Hand-over "100 % satisfied?"', "Filled by the customer", 1, _HAND_OVER, False),
    (ARCHIVED, "Winter readiness (old)", "", 1, _WINTER, False),
)


def all_templates(now: datetime) -> dict[int, FormTemplate]:
    """Every template there ever was; the archived one is not among those the API lists."""
    return {row[0]: _template(row, now) for row in _TEMPLATES}


def _template(row: tuple[int, str, str, int, list[dict[str, Any]], bool], now: datetime) -> FormTemplate:
    number, label, description, version, fields, default = row
    return FormTemplate(
        id=number,
        label=label,
        description=description,
        version=version,
        fields=fields,
        created=now - timedelta(days=700 - number),
        updated=now - timedelta(days=150 + number % 7, hours=3),
        default=default,
    )


_USUAL: Mapping[str, tuple[int, ...]] = {
    LIFTS: (LIFT_VISIT, LIFT_VISIT, LIFT_VISIT, SAFETY, HAND_OVER, ARCHIVED),
    CLIMATE: (CLIMATE_VISIT, CLIMATE_VISIT, CLIMATE_VISIT, SAFETY, HAND_OVER, ARCHIVED),
    SOLAR: (SOLAR_VISIT, SOLAR_VISIT, SOLAR_VISIT, SOLAR_VISIT, SAFETY, ARCHIVED),
}


def usual_template(dice: Random, line: str, *, emergency: bool) -> int:
    """The template somebody of this line of work would fill now."""
    return CALL_OUT if emergency else dice.choice(_USUAL[line])


FileIds = Callable[[int, int], list[int]]  # (index of the field, how many) → ids of its files
_Answer = Callable[[Random, dict[str, Any], datetime, list[int]], dict[str, Any]]

_WORDS = (
    "RAE 4471/2",
    "28-M-1184",
    "1.6 bar, 71 °C / 52 °C",
    "Everything in order",
    "Bearing noise at the counterweight, watch it",
    "Revisado con el conserje",
    "CO 38 ppm, flue 112 °C",
    "Row 4: two modules with delamination",
    "Line one\nLine two",
    "Nothing, thank you",
)
_PLATES = tuple(f"RAE {number}/{cabin}" for number in (2214, 3087, 4471, 5120, 6653) for cabin in (1, 2))


def answers(
    dice: Random, template: FormTemplate, day: datetime, file_ids: FileIds, *, complete: bool = False
) -> dict[str, Any]:
    """Values by field id; fields that are not required are sometimes left out, as ref 5.4 asks."""
    values: dict[str, Any] = {}
    for index, field in enumerate(template.fields):
        answer = _ANSWERS.get(field["type"])
        if answer and (field["required"] or complete or dice.random() < 0.75):
            values[field["id"]] = answer(dice, field, day, _some_files(dice, field, index, file_ids))
    return values


def _some_files(dice: Random, field: dict[str, Any], index: int, file_ids: FileIds) -> list[int]:
    if field["type"] == "photo":
        return file_ids(index, dice.randint(1, min(3, field["max_files"])))
    return file_ids(index, 1) if field["type"] in {"file", "signature"} else []


def _text_answer(dice: Random, field: dict[str, Any], *_: object) -> dict[str, Any]:
    usual = _PLATES if field["label"].endswith(" number") else _WORDS
    text = dice.choice(AWKWARD if dice.random() < 0.05 else usual)
    return {"type": "text", "value": text[: field["max_length"]]}


def _checkbox_answer(dice: Random, field: dict[str, Any], *_: object) -> dict[str, Any]:
    checked = [dice.random() < 0.7 for _ in field["group"]]
    checked[dice.randrange(len(checked))] = True
    return {"type": "checkbox_group", "values": checked}


def _choice_answer(dice: Random, field: dict[str, Any], *_: object) -> dict[str, Any]:
    return {"type": field["type"], "value_index": dice.randrange(len(field["options"]))}


def _date_answer(dice: Random, field: dict[str, Any], day: datetime, _: object) -> dict[str, Any]:
    away = timedelta(days=dice.randint(1, 90))
    return {
        "type": "date",
        "value": (day - away if field["disable_future"] else day + away).date().isoformat(),
    }


def _rating_answer(dice: Random, field: dict[str, Any], *_: object) -> dict[str, Any]:
    return {"type": "rating", "value": dice.randint(max(1, field["max_stars"] // 2), field["max_stars"])}


def _files_answer(_: Random, field: dict[str, Any], __: datetime, ids: list[int]) -> dict[str, Any]:
    return {"type": field["type"], "file_ids": ids}


def _signature_answer(_: Random, __: dict[str, Any], ___: datetime, ids: list[int]) -> dict[str, Any]:
    return {"type": "file", "file_id": ids[0]}  # ref 10.11: the documented type of a signature's value


def _probe_answer(dice: Random, field: dict[str, Any], *_: object) -> dict[str, Any]:
    readings = [round(dice.uniform(18, 64), 1) for _ in range(field["channels"])]
    return {"type": "temperature_probe", "readings": readings, "unit": field["unit"]}


_ANSWERS: Mapping[str, _Answer] = {
    "text": _text_answer,
    "checkbox_group": _checkbox_answer,
    "dropdown": _choice_answer,
    "radio_group": _choice_answer,
    "date": _date_answer,
    "rating": _rating_answer,
    "file": _files_answer,
    "photo": _files_answer,
    "signature": _signature_answer,
    "temperature_probe": _probe_answer,
}
