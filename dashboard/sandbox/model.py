"""The records of the emulated platform, as the reference describes them (ref 2, 3, 5, 6).

Moments are aware UTC; ids are positive integers; `None` stands for a member the answers leave out (ref 1.4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True, kw_only=True)
class Tracker:
    id: int
    label: str
    group_id: int = 0
    model: str = "xgps_mobile"
    device_id: str
    source_id: int
    phone: str | None = None
    blocked: bool = False
    has_checkin_feature: bool = True
    tag_ids: tuple[int, ...] = ()
    created: datetime


@dataclass(slots=True, kw_only=True)
class Employee:
    id: int
    tracker_id: int | None
    first_name: str
    middle_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    department_id: int | None = None
    personnel_number: str | None = None
    ssn: str | None = None
    driver_license_number: str = ""
    tag_ids: tuple[int, ...] = ()


@dataclass(slots=True, kw_only=True)
class Department:
    id: int
    label: str
    location: dict[str, Any] | None = None


@dataclass(slots=True, kw_only=True)
class Tag:
    id: int
    name: str
    color: str


@dataclass(slots=True, kw_only=True)
class FormTemplate:
    id: int
    label: str
    description: str
    version: int
    fields: list[dict[str, Any]]  # wire shape of ref 6.4 and 6.5
    created: datetime
    updated: datetime
    submit_in_zone: bool = False
    default: bool = False


@dataclass(slots=True, kw_only=True)
class Form:
    id: int
    label: str
    description: str
    fields: list[dict[str, Any]]
    values: dict[str, Any] | None
    created: datetime
    submitted: datetime | None
    template_id: int | None
    template_version: int | None
    tracker_id: int | None
    checkin_id: int | None = None
    task_id: int | None = None
    submit_location: dict[str, Any] | None = None
    submit_in_zone: bool = False


@dataclass(slots=True, kw_only=True)
class File:
    """A stored file. Its bytes are drawn on demand from `drawing`, unless it was uploaded: then they lie at
    `stored`."""

    id: int
    type: str  # image | file
    name: str
    size: int
    mime_type: str
    created: datetime
    uploaded: datetime | None
    state: str  # created | in_progress | uploaded | deleted
    key: str  # unguessable part of the download URL
    metadata: dict[str, Any] | None = None
    drawing: dict[str, Any] = field(
        default_factory=dict
    )  # what the picture shows: kind, place, time, orientation …
    stored: str | None = None


@dataclass(slots=True, kw_only=True)
class Checkin:
    id: int
    marker_time: datetime
    received: datetime  # late arrivals (offline mode, ref 5) have received > marker_time
    tracker_id: int
    employee_id: int | None
    lat: float
    lng: float
    address: str | None
    precision: int | None
    comment: str | None
    file_ids: tuple[int, ...]
    form_id: int | None
    form_label: str | None
    template_id: int | None  # what condition field `form` compares with


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the gazetteer: a street address or a town."""

    lat: float
    lng: float
    street: str
    house: str
    postcode: str
    locality: str
    province: str
    country: str = "Spain"
    population: int = 0

    @property
    def address(self) -> str:
        """One line as a geocoder writes it; towns have no street."""
        street = f"{self.street} {self.house}, " if self.street else ""
        return f"{street}{self.postcode} {self.locality}, {self.country}"
