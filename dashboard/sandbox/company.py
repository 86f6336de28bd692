"""Talaia Field Services: departments, tags, trackers, employees, and the crews with the sites they visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from dashboard.sandbox.gazetteer import address_at, distance_km, streets
from dashboard.sandbox.model import Department, Employee, Tag, Tracker
from dashboard.sandbox.texts import CLIMATE, CUSTOMER_NAMES, CUSTOMERS, LIFTS, SOLAR
from dashboard.sandbox.towns import BY_NAME, TOWNS, Town

PENINSULA = ZoneInfo("Europe/Madrid")
CANARIES = ZoneInfo("Atlantic/Canary")
CANARY_PROVINCES = frozenset({"Las Palmas", "Santa Cruz de Tenerife"})

FIRST_TRACKER = 3001
FIRST_EMPLOYEE = 7001
BLOCKED = frozenset({3019, 3036})
WITHOUT_EMPLOYEE = frozenset({3007, 3024, 3036})
NEARBY_KM = 28.0

# Base town and line of work of each tracker, in the order of their ids.
BASES: tuple[tuple[str, str], ...] = (
    ("Madrid", LIFTS),
    ("Madrid", LIFTS),
    ("Madrid", CLIMATE),
    ("Madrid", SOLAR),
    ("Getafe", LIFTS),
    ("Alcalá de Henares", CLIMATE),
    ("Toledo", SOLAR),
    ("Barcelona", LIFTS),
    ("Barcelona", LIFTS),
    ("Barcelona", CLIMATE),
    ("Sabadell", SOLAR),
    ("Tarragona", CLIMATE),
    ("Girona", LIFTS),
    ("Valencia", LIFTS),
    ("Valencia", CLIMATE),
    ("Alicante", SOLAR),
    ("Murcia", SOLAR),
    ("Zaragoza", LIFTS),
    ("Zaragoza", CLIMATE),
    ("Bilbao", LIFTS),
    ("Pamplona", CLIMATE),
    ("Santander", LIFTS),
    ("Oviedo", CLIMATE),
    ("A Coruña", LIFTS),
    ("Valladolid", CLIMATE),
    ("Sevilla", SOLAR),
    ("Sevilla", LIFTS),
    ("Málaga", CLIMATE),
    ("Granada", SOLAR),
    ("Badajoz", SOLAR),
    ("Palma", LIFTS),
    ("Palma", CLIMATE),
    ("Manacor", SOLAR),
    ("Eivissa", CLIMATE),
    ("Las Palmas de Gran Canaria", LIFTS),
    ("Telde", SOLAR),
    ("Arrecife", CLIMATE),
    ("Santa Cruz de Tenerife", LIFTS),
    ("Adeje", CLIMATE),
    ("Puerto del Rosario", SOLAR),
)

_TRACKERS = range(FIRST_TRACKER, FIRST_TRACKER + len(BASES))
# The dispatcher sees Madrid and around, the Balearics, the Canaries and a few crews between: 24 trackers.
DISPATCHER_SCOPE = frozenset({*range(3001, 3008), *range(3014, 3018), *range(3028, 3041)})
VIEWER_SCOPE = frozenset({3001, 3002, 3003, 3005, 3014, 3031, 3032, 3035, 3038})

DEPARTMENTS: tuple[tuple[int, str, str], ...] = (
    (51, "Lift maintenance", "Madrid"),
    (52, "Heating & cooling", "Barcelona"),
    (53, "Solar", "Sevilla"),
    (54, "Islands", "Palma"),
    (55, "Emergency call-out <24 h>", "Zaragoza"),
)
TAGS: tuple[tuple[int, str, str], ...] = (
    (81, "Night shift", "3F51B5"),
    (82, "Apprentice", "8BC34A"),
    (83, "High-voltage licence", "F44336"),
    (84, "Crane truck", "FF9800"),
    (85, "Rope access", "9C27B0"),
    (86, "F-gas certificate", "00BCD4"),
    (87, "Electric van ⚡", "4CAF50"),
    (88, "Subcontractor", "795548"),
)

# First, middle and last name; the odd ones are there on purpose.
NAMES: tuple[tuple[str, str, str], ...] = (
    ("Ana", "", "García Molina"),
    ("Javier", "", "Ortega Ruiz"),
    ("Lucía 🌞", "", "Ferrer"),
    ("Miguel", "Ángel", "Santos Vega"),
    ("Carmen", "", "Navarro Gil"),
    ("أحمد", "", "بن سالم"),
    ("Núria", "", "Puig i Soler"),
    ("Jordi", "", "Casals Vidal"),
    ("Montse", "", "Roca Ferré"),
    ("Álvaro", "", "Domínguez Peña"),
    ("Paco", "", ""),
    ("Marc", "", "Bosch Serra"),
    ("Elena", "", "Sanchis Mira"),
    ("Vicent", "", "Blasco Ibars"),
    ("<b>Nacho</b>", "", "<img src=x onerror=alert(1)>"),
    ("Rosa", "", "Cánovas Egea"),
    ("Pilar", "", "Lahoz Aznar"),
    ("Sergio", "", "Gracia Royo"),
    ("Iñaki", "", "Etxeberria Goñi"),
    ("Maite", "", "Iturralde Zubiri"),
    ("=SUM(1;2)", "", "+Robledo"),
    ("Covadonga", "", "Suárez Prendes"),
    ("Xoán", "", "Castro Rey"),
    ("Beatriz", "", "Herrero Calvo"),
    ("Rafael", "", "Romero Campos"),
    ("Rocío", "", "Jiménez Heredia"),
    ("Antonio", "", "Molina Torres"),
    ("נועה", "", "לוי"),
    ("Guadalupe", "", "Carrasco Rubio"),
    ("Maximiliano Alejandro Sebastián Bartolomé de la Santísima Trinidad", "", "Fernández de Córdoba y Ruiz"),
    ("Tomeu", "", "Ferragut Mas"),
    ("Joana", "", "Vives Amengual"),
    ("Pep", "", "Marí Ribas"),
    ("Ayoze", "", "Hernández Quintana"),
    ("Nayra", "", "Perdomo Cabrera"),
    ("Echedey", "", "Betancor Cruz"),
    ("Dácil", "", "Afonso Rivero"),
    ("Isabel", "", "Prieto Lozano"),  # the rest have no tracker
    ("Zoë", "", "O'Connor"),
    ("Władysław", "", "Żółkiewski"),
    ("李", "", "伟"),
    ("Olga", "", '"la Jefa" Marín'),
    ("Daniel", "", "Cano Vera"),
    ("@Sofía", "", "Lara"),
    ("Manuel", "Jesús", "Gallego Prado"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A customer's place a crew returns to."""

    customer: str
    lat: float
    lng: float
    address: str | None
    town: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """A tracker with its line of work and its round of sites, grouped by town; weights favour a few."""

    tracker_id: int
    employee_id: int | None
    line: str
    base: Town
    zone: ZoneInfo
    towns: tuple[tuple[Site, ...], ...]
    weights: tuple[tuple[float, ...], ...]

    @property
    def sites(self) -> tuple[Site, ...]:
        return tuple(site for town in self.towns for site in town)


def zone_of(town: Town) -> ZoneInfo:
    return CANARIES if town.province in CANARY_PROVINCES else PENINSULA


def departments() -> dict[int, Department]:
    return {number: _department(number, label, BY_NAME[town]) for number, label, town in DEPARTMENTS}


def _department(number: int, label: str, town: Town) -> Department:
    office = address_at(streets(town)[1], 4)
    location = {"lat": office.lat, "lng": office.lng, "address": office.address, "radius": 150}
    return Department(id=number, label=label, location=location)


def tags() -> dict[int, Tag]:
    return {number: Tag(id=number, name=name, color=color) for number, name, color in TAGS}


def trackers(dice: Random, now: datetime) -> dict[int, Tracker]:
    return {number: _tracker(dice, number, now) for number in _TRACKERS}


_ODD_LABELS = {
    3012: "=Van 12+0",
    3022: "<i>Furgo 22</i> “Sardinero”",
    3030: "Unidad 30 – Badajoz, Mérida, Zafra, Almendralejo y comarca",
}
_LINE_WORDS = {LIFTS: "Lifts", CLIMATE: "Climate", SOLAR: "Solar"}


def _tracker(dice: Random, number: int, now: datetime) -> Tracker:
    town, line = BASES[number - FIRST_TRACKER]
    plain = f"Van {number - 3000:02d} · {town} · {_LINE_WORDS[line]}"
    return Tracker(
        id=number,
        label=_ODD_LABELS.get(number, plain),
        group_id=900 + (number % 3),
        model=dice.choice(("mobile_unknown_xgps", "xgps_android", "xgps_ios")),
        device_id=str(865_413_050_000_000 + dice.randrange(10**8)),
        source_id=number + 20_000,
        phone=f"346{dice.randrange(10**8):08d}" if number % 5 else None,
        blocked=number in BLOCKED,
        tag_ids=tuple(sorted(dice.sample(range(81, 89), dice.choice((0, 0, 1, 2))))),
        created=now - timedelta(days=dice.randint(200, 900)),
    )


def employees(dice: Random) -> dict[int, Employee]:
    """45 people; the first 37 drive the trackers that have a driver."""
    driven = [number for number in _TRACKERS if number not in WITHOUT_EMPLOYEE]
    assigned: list[int | None] = [*driven, *([None] * (len(NAMES) - len(driven)))]
    return {
        FIRST_EMPLOYEE + at: _employee(dice, FIRST_EMPLOYEE + at, names, assigned[at])
        for at, names in enumerate(NAMES)
    }


def _employee(dice: Random, number: int, names: tuple[str, str, str], tracker_id: int | None) -> Employee:
    first, middle, last = names
    return Employee(
        id=number,
        tracker_id=tracker_id,
        first_name=first,
        middle_name=middle,
        last_name=last,
        email=f"p{number}@talaia.example" if number % 6 else "",
        phone=f"346{dice.randrange(10**8):08d}" if number % 4 else "",
        department_id=_department_id(tracker_id, number),
        personnel_number=f"TFS-{number - 7000:04d}" if number % 7 else None,
        ssn=f"{dice.randrange(10**9):09d}",
        driver_license_number=f"B{dice.randrange(10**7):07d}",
        tag_ids=tuple(sorted(dice.sample(range(81, 89), dice.choice((0, 1, 1, 2))))),
    )


def _department_id(tracker_id: int | None, number: int) -> int | None:
    if tracker_id is None:
        return 55 if number % 2 else None
    town, line = BASES[tracker_id - FIRST_TRACKER]
    if zone_of(BY_NAME[town]) is CANARIES or BY_NAME[town].province == "Illes Balears":
        return 54
    return {LIFTS: 51, CLIMATE: 52, SOLAR: 53}[line]


def crews(dice: Random, people: dict[int, Employee]) -> dict[int, Crew]:
    """The crew behind each tracker. Crews of one base share its sites, so colleagues meet at the doors."""
    drivers = {one.tracker_id: one.id for one in people.values() if one.tracker_id is not None}
    rounds = {town.name: _sites(dice, town) for town in TOWNS}
    return {number: _crew(number, drivers.get(number), rounds) for number in _TRACKERS}


def _sites(dice: Random, town: Town) -> tuple[Site, ...]:
    count = 26 if town.population > 500_000 else 14
    return tuple(_site(dice, town) for _ in range(count))


def _site(dice: Random, town: Town) -> Site:
    street = dice.choice(streets(town))
    place = address_at(street, dice.randint(1, street.houses))
    customer = dice.choice(CUSTOMERS).format(place=dice.choice(CUSTOMER_NAMES))
    address = None if dice.random() < 0.03 else place.address
    return Site(customer=customer, lat=place.lat, lng=place.lng, address=address, town=town.name)


def _crew(number: int, employee_id: int | None, rounds: dict[str, tuple[Site, ...]]) -> Crew:
    name, line = BASES[number - FIRST_TRACKER]
    base = BY_NAME[name]
    near = sorted(_neighbours(base), key=lambda town: distance_km(base.lat, base.lng, town.lat, town.lng))
    groups = tuple(rounds[town.name] for town in near[:4])
    return Crew(
        tracker_id=number,
        employee_id=employee_id,
        line=line,
        base=base,
        zone=zone_of(base),
        towns=groups,
        weights=tuple(_weights(number, len(group)) for group in groups),
    )


def _neighbours(base: Town) -> list[Town]:
    """Towns on the same island or coast within a morning's drive, the base among them."""
    near = (town for town in TOWNS if distance_km(base.lat, base.lng, town.lat, town.lng) <= NEARBY_KM)
    return [town for town in near if town.province == base.province]


def _weights(number: int, size: int) -> tuple[float, ...]:
    """Cumulative weights: each crew has favourites of its own among shared sites."""
    return tuple(accumulate(1.0 / (1 + (at * 7 + number * 5) % size) for at in range(size)))
