"""Spanish towns and their streets, searched both ways.

Streets are common names laid out around the town's centre by arithmetic, so the same address always lies at
the same spot; in coastal towns they lie inland of the centre.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

from dashboard.sandbox.model import Place
from dashboard.sandbox.towns import TOWNS, Town

KM_PER_DEGREE = 111.32
MAX_TOWN_KM = 12.0
MAX_REGION_KM = 90.0
STREETS_PER_TOWN = 28
HOUSE_STEP_M = 9.0


@dataclass(frozen=True, slots=True)
class Street:
    """A straight line of houses: number n stands `n × HOUSE_STEP_M` along `bearing` from the start."""

    town: Town
    name: str
    lat: float
    lng: float
    bearing: float
    houses: int
    words: frozenset[str]


def moved(lat: float, lng: float, *, bearing: float, metres: float) -> tuple[float, float]:
    """The point `metres` away; flat arithmetic, good to a few kilometres."""
    angle = math.radians(bearing)
    north = metres / 1000 / KM_PER_DEGREE * math.cos(angle)
    east = metres / 1000 / KM_PER_DEGREE * math.sin(angle) / math.cos(math.radians(lat))
    return lat + north, lng + east


def distance_km(lat: float, lng: float, to_lat: float, to_lng: float) -> float:
    """Great-circle distance."""
    one, other = math.radians(lat), math.radians(to_lat)
    half = math.sin((other - one) / 2) ** 2
    half += math.cos(one) * math.cos(other) * math.sin(math.radians(to_lng - lng) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(half)))


def words(text: str) -> list[str]:
    """Lower-case words without accents, as search compares them."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in plain).split()


def _fractions(*parts: object) -> tuple[float, ...]:
    digest = blake2b("|".join(map(str, parts)).encode(), digest_size=16).digest()
    return tuple(int.from_bytes(digest[at : at + 4], "big") / 2**32 for at in range(0, 16, 4))


@cache
def streets(town: Town) -> tuple[Street, ...]:
    """The streets of a town, the same ones every time."""
    main, *others = town.street_names
    others.sort(key=lambda name: _fractions(town.name, name))
    return tuple(_street(town, name) for name in [main, *others[: STREETS_PER_TOWN - 1]])


def _street(town: Town, name: str) -> Street:
    turn, far, bearing, size = _fractions("at", town.name, name)
    direction = turn * 360 if town.inland is None else town.inland + (turn - 0.5) * 130
    lat, lng = moved(
        town.lat, town.lng, bearing=direction, metres=1000 * town.spread * (0.08 + 0.9 * far**0.7)
    )
    houses = int((18 if town.inland is not None else 24) + size * (20 if town.spread < 1 else 46))
    along = bearing * 360 if town.inland is None else town.inland + (bearing - 0.5) * 120
    known = frozenset(words(f"{name} {town.name} {town.province} Spain España"))
    return Street(town, name, lat, lng, along, houses, known)


def address_at(street: Street, house: int) -> Place:
    """The address of one house."""
    lat, lng = moved(street.lat, street.lng, bearing=street.bearing, metres=house * HOUSE_STEP_M)
    town = street.town
    return Place(
        lat=round(lat, 6),
        lng=round(lng, 6),
        street=street.name,
        house=str(house),
        postcode=town.postcode,
        locality=town.name,
        province=town.province,
        population=town.population,
    )


def town_place(town: Town) -> Place:
    """A town as a whole: no street, no house."""
    return Place(
        lat=town.lat,
        lng=town.lng,
        street="",
        house="",
        postcode=town.postcode,
        locality=town.name,
        province=town.province,
        population=town.population,
    )


def nearest_address(lat: float, lng: float) -> Place | None:
    """Reverse geocoding: the closest house in town, the town from afar, None far away from all of them."""
    town = min(TOWNS, key=lambda one: distance_km(lat, lng, one.lat, one.lng))
    away = distance_km(lat, lng, town.lat, town.lng)
    if away > MAX_REGION_KM:
        return None
    if away > MAX_TOWN_KM:
        return town_place(town)
    found = (_closest_house(street, lat, lng) for street in streets(town))
    return min(found, key=lambda place: distance_km(lat, lng, place.lat, place.lng))


def _closest_house(street: Street, lat: float, lng: float) -> Place:
    north = (lat - street.lat) * KM_PER_DEGREE * 1000
    east = (lng - street.lng) * KM_PER_DEGREE * 1000 * math.cos(math.radians(street.lat))
    angle = math.radians(street.bearing)
    along = north * math.cos(angle) + east * math.sin(angle)
    return address_at(street, max(1, min(street.houses, round(along / HOUSE_STEP_M))))


Bounds = Mapping[str, Mapping[str, float]]  # {"nw": {lat, lng}, "se": {lat, lng}} as in ref 3.5


def search_places(q: str, bounds: Bounds | None = None, *, limit: int = 10) -> list[Place]:
    """Forward geocoding, best first; every word of `q` must fit (the last one may be unfinished)."""
    asked = words(q)
    house = next((word for word in asked if word.isdigit() and len(word) <= 3), None)
    terms = [word for word in asked if word != house]
    if not terms:
        return []
    hits = [*_town_hits(terms, house), *_street_hits(terms, house)]
    hits.sort(key=lambda hit: (-hit[0] - _preference(hit[1], bounds), -hit[1].population, hit[1].address))
    return [place for _, place in hits[:limit]]


def _town_hits(terms: list[str], house: str | None) -> Iterator[tuple[float, Place]]:
    if house is not None:
        return
    for town in TOWNS:
        known = frozenset(words(f"{town.name} {town.province} {town.postcode} Spain España"))
        if _fits(terms, known):
            exact = sum(term in words(town.name) for term in terms)
            yield 3.0 + exact, town_place(town)


def _street_hits(terms: list[str], house: str | None) -> Iterator[tuple[float, Place]]:
    for street in _all_streets():
        if _fits(terms, street.words | {street.town.postcode}):
            own = set(words(street.name))
            score = 1.0 + sum(term in own for term in terms)
            yield score, address_at(street, min(int(house), street.houses) if house else 1)


@cache
def _all_streets() -> tuple[Street, ...]:
    return tuple(street for town in TOWNS for street in streets(town))


def _fits(terms: list[str], known: frozenset[str]) -> bool:
    *whole, last = terms
    if not all(term in known for term in whole):
        return False
    return last in known or (len(last) >= 3 and any(word.startswith(last) for word in known))


def _preference(place: Place, bounds: Bounds | None) -> float:
    if not bounds:
        return 0.0
    north_west, south_east = bounds["nw"], bounds["se"]
    inside = south_east["lat"] <= place.lat <= north_west["lat"]
    return 2.0 if inside and north_west["lng"] <= place.lng <= south_east["lng"] else 0.0
