"""The people who can sign in to the demo account, and what each of them shows."""

from __future__ import annotations

# ruff: noqa: S106 - these passwords are printed on the demo's sign-in page
from dataclasses import dataclass, field

ACCOUNT_ID = 48211
COMPANY = "Talaia Field Services"

GRANTABLE_RIGHTS = frozenset(
    {
        "tracker_update",
        "tracker_configure",
        "tracker_set_output",
        "tracker_register",
        "tracker_rule_update",
        "tag_update",
        "task_update",
        "form_template_update",
        "zone_update",
        "place_update",
        "places_custom_fields_update",
        "employee_update",
        "vehicle_update",
        "video_monitoring",
    }
)  # ref 1.8: what a security group can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A login of the account. `rights` is None for the owner, who holds them all (ref 1.8)."""

    key: str
    user_id: int
    login: str
    password: str = field(repr=False)
    first_name: str
    last_name: str
    role: str  # owner | sub_user
    zone: str
    locale: str
    date_format: str
    hour_mode: str
    measurement_system: str = "metric"
    rights: frozenset[str] | None
    security_group_id: int | None = None
    api_key: str | None = field(default=None, repr=False)
    second_factor_code: str | None = field(default=None, repr=False)
    shows: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"


OWNER = Person(
    key="owner",
    user_id=ACCOUNT_ID,
    login="owner@demo.example",
    password="demo-owner",
    first_name="Marta",
    last_name="Oliver",
    role="owner",
    zone="Europe/Madrid",
    locale="en_GB",
    date_format="ddMMyyyy_slashes",
    hour_mode="TWENTY_FOUR_HOURS",
    rights=None,
    shows="The whole company: every crew, every right, Madrid time.",
)

DISPATCHER = Person(
    key="dispatcher",
    user_id=48302,
    login="dispatcher@demo.example",
    password="demo-dispatcher",
    first_name="Yeray",
    last_name="Santana",
    role="sub_user",
    zone="Atlantic/Canary",
    locale="en_GB",
    date_format="ddMMyyyy_dots",
    hour_mode="TWENTY_FOUR_HOURS",
    rights=frozenset({"task_update", "employee_update"}),
    security_group_id=611,
    shows="A dispatcher in the Canary Islands: 24 of the 40 trackers, one hour behind Madrid.",
)

VIEWER = Person(
    key="viewer",
    user_id=48303,
    login="viewer@demo.example",
    password="demo-viewer",
    first_name="Grace",
    last_name="Whitfield",
    role="sub_user",
    zone="America/New_York",
    locale="en_US",
    date_format="MMddyyyy_hyphens",
    hour_mode="TWELVE_HOURS",
    measurement_system="us",
    rights=frozenset(),
    shows="A customer's auditor in New York: a few crews, no rights at all, American dates and miles.",
)

SECOND_FACTOR = Person(
    key="mfa",
    user_id=48304,
    login="mfa@demo.example",
    password="demo-mfa",
    first_name="Iker",
    last_name="Zabaleta",
    role="sub_user",
    zone="Europe/Madrid",
    locale="en_GB",
    date_format="yyyyMMdd_hyphens",
    hour_mode="TWENTY_FOUR_HOURS",
    rights=GRANTABLE_RIGHTS,
    security_group_id=612,
    second_factor_code="246810",
    shows="A deputy with every right a group can grant; signing in asks for a second factor (246810).",
)

API = Person(
    key="api",
    user_id=ACCOUNT_ID,
    login="owner@demo.example",
    password="demo-owner",
    first_name="Marta",
    last_name="Oliver",
    role="owner",
    zone="Europe/Madrid",
    locale="en_GB",
    date_format="ddMMyyyy_slashes",
    hour_mode="TWENTY_FOUR_HOURS",
    rights=None,
    api_key="5f1d7a84c02b4e6f9a3d8e7b1c6f2a90",
    shows="The owner's account through an API key instead of a password.",
)

DEMO_PEOPLE: tuple[Person, ...] = (OWNER, DISPATCHER, VIEWER, SECOND_FACTOR, API)


def person(key: str) -> Person:
    """The demo person with this key; KeyError for an unknown one."""
    return {one.key: one for one in DEMO_PEOPLE}[key]
