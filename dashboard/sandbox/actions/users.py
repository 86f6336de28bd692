"""Signing in and out, and who one is (ref 2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.auth import RESEND_PAUSE, Session
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError, invalid
from dashboard.sandbox.people import COMPANY, Person

DEALER_ID = 4
MFA_LIFE = timedelta(minutes=15)
SPECIAL_LOGINS = {  # logins that fail in one known way, whatever the password
    "dealer-blocked@demo.example": 11,
    "inactive@demo.example": 103,
    "too-many-sessions@demo.example": 104,
    "too-many-attempts@demo.example": 105,
    "blocked@demo.example": 275,
}
CREATED = "2019-05-06"


@action("user/auth", credential="none")
def auth(asked: Asked) -> Answer:
    login, password = asked.params.need_text("login"), asked.params.need_text("password")
    if not (1 <= len(password) <= 40 and password.isprintable()):
        raise invalid("password", "must be 1 to 40 printable characters")
    person = _checked(asked, login, password)
    if person.second_factor_code:
        session = _open(asked, person, kind="second_factor", life=MFA_LIFE)
        return {"type": "second_factor_required", "factor_type": "email", "hash": session.hash}
    session = _open(asked, person, kind="session", life=asked.box.session_life())
    named = asked.box.switches.type_in_auth_answer
    return {"type": "authenticated" if named else None, "hash": session.hash}


@action("user/auth/code/verify", credential="second_factor")
def verify_code(asked: Asked) -> Answer:
    code = asked.params.need_text("code")
    if code != asked.person.second_factor_code:
        raise ApiError(282)
    asked.box.sessions.revoke(asked.session)
    session = _open(asked, asked.person, kind="session", life=asked.box.session_life())
    return {"hash": session.hash}


@action("user/auth/code/resend", credential="second_factor")
def resend_code(asked: Asked) -> Answer:
    now, sent = asked.box.clock.now(), asked.session.code_sent
    if sent is not None and now - sent < RESEND_PAUSE:
        raise ApiError(264)
    asked.session.code_sent = now
    return {}


@action("user/session/renew", get=True, credential="session")
def renew(asked: Asked) -> Answer:
    asked.session.deadline = asked.box.clock.now() + asked.box.session_life()
    return {}


@action("user/logout", get=True, credential="session")
def logout(asked: Asked) -> Answer:
    asked.box.sessions.revoke(asked.session)
    return {}


@action("user/get_info", get=True)
def get_info(asked: Asked) -> Answer:
    asked.params.text("application")
    return {
        "paas_id": DEALER_ID,
        "paas_settings": _dealer_settings(asked),
        "user_info": _user_info(asked.person),
        "master": None if asked.person.is_owner else _master(asked),
        "tariff_restrictions": {"allowed_maps": ["roadmap", "osm"]},
        "privileges": _privileges(asked),
        "features": ["branding_web", "navixy_label"],
        "premium_gis": False,
    }


@action("user/settings/read", get=True)
def read_settings(asked: Asked) -> Answer:
    one = asked.person
    settings = {
        "time_zone": one.zone,
        "locale": one.locale,
        "measurement_system": one.measurement_system,
        "date_format": one.date_format,
        "hour_mode": one.hour_mode,
        "geocoder": "osm",
        "route_provider": "osrm",
        "translit": False,
    }
    storage = {"auto_overwrite": False} if asked.box.may(one, "admin") else None
    return {"settings": settings, "file_storage_settings": storage}


def _checked(asked: Asked, login: str, password: str) -> Person:
    """The person behind login and password, or the refusal a switch or a special login asks for."""
    asked.params.integer("dealer_id")
    code = asked.box.switches.auth_error or SPECIAL_LOGINS.get(login.lower())
    if code is not None:
        raise ApiError(code)
    people = [one for one in asked.box.people if not one.api_key and one.login == login.lower()]
    if not people or people[0].password != password:
        raise ApiError(102)
    if asked.params.has("dealer_id") and asked.params.integer("dealer_id") != DEALER_ID:
        raise ApiError(102)
    return people[0]


def _open(asked: Asked, person: Person, *, kind: str, life: timedelta) -> Session:
    return asked.box.sessions.open(person, kind=kind, now=asked.box.clock.now(), life=life)


def _privileges(asked: Asked) -> dict[str, Any] | None:
    rights = asked.box.rights_of(asked.person)
    if rights is not None:
        return {"rights": sorted(rights)}
    return {"rights": ["admin"]} if asked.box.switches.owner_privileges else None


def _user_info(one: Person) -> dict[str, Any]:
    return {
        "id": one.user_id,
        "login": one.login,
        "title": COMPANY if one.is_owner else one.name,
        "first_name": one.first_name,
        "middle_name": "",
        "last_name": one.last_name,
        "legal_name": COMPANY if one.is_owner else None,
        "phone": "34900100200" if one.is_owner else None,
        "locale": one.locale,
        "time_zone": one.zone,
        "demo": False,
        "verified": True,
        "phone_verified": False,
        "measurement_system": one.measurement_system,
        "date_format": one.date_format,
        "hour_mode": one.hour_mode,
        "default_geocoder": "osm",
        "route_provider": "osrm",
        "creation_date": CREATED,
        "balance": 120.5 if one.is_owner else 0.0,
        "bonus": 0.0,
        "security_group_id": one.security_group_id,
    }


def _master(asked: Asked) -> dict[str, Any]:
    owner = asked.box.person("owner")
    return {
        "id": owner.user_id,
        "demo": False,
        "legal_type": "legal_entity",
        "first_name": owner.first_name,
        "last_name": owner.last_name,
        "title": COMPANY,
        "balance": 120.5,
        "bonus": 0.0,
    }


def _dealer_settings(asked: Asked) -> dict[str, Any]:
    return {
        "domain": "demo.example",
        "service_title": COMPANY,
        "locale": asked.person.locale,
        "currency": "EUR",
        "maps": ["roadmap", "osm"],
        "default_map": {"type": "osm", "location": {"lat": 40.4, "lng": -3.7}, "zoom": 6},
    }
