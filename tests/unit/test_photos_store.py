"""The picture store, the locks, and the cache they stand on."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from dashboard.photos import locks, store
from dashboard.photos.store import LocalPictures
from dashboard.sqlite_cache import SqliteCache


def saved(pictures: LocalPictures, name: str, size: int, age: float = 0) -> Path:
    pictures.save(f"ab/{name}", ContentFile(bytes(size)))
    path = Path(pictures.path(f"ab/{name}"))
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_a_picture_put_twice_is_there_once(tmp_path: Path) -> None:
    pictures = LocalPictures(tmp_path)
    saved(pictures, "one", 10)
    saved(pictures, "one", 20)
    assert [(path.name, path.stat().st_size) for path in (tmp_path / "ab").iterdir()] == [("one", 20)]


def test_over_the_cap_the_least_used_go(tmp_path: Path) -> None:
    pictures = LocalPictures(tmp_path, cap=256 * 1000)
    paths = [saved(pictures, f"{age}", 300, age=age * 86_400) for age in (5, 1, 4, 2)]
    pictures.sweep(tmp_path / "ab")
    assert [path.name for path in paths if path.exists()] == ["1", "4", "2"]


def test_below_the_cap_all_stay(tmp_path: Path) -> None:
    pictures = LocalPictures(tmp_path, cap=256 * 1000)
    saved(pictures, "one", 900)
    pictures.sweep(tmp_path / "ab")
    assert (tmp_path / "ab" / "one").exists()


def test_use_keeps_a_picture_young(tmp_path: Path) -> None:
    pictures = LocalPictures(tmp_path)
    path = saved(pictures, "one", 10, age=3 * 86_400)
    pictures.open("ab/one").close()
    assert time.time() - path.stat().st_mtime < 60


def test_writes_sweep_by_themselves(tmp_path: Path) -> None:
    pictures = LocalPictures(tmp_path, cap=256 * 10_000)
    for n in range(400):
        pictures.save(f"ab/{n}", ContentFile(bytes(1000)))
    left = sum(path.stat().st_size for path in (tmp_path / "ab").iterdir())
    assert left < 150_000


def test_a_picture_that_is_not_there_is_none() -> None:
    assert store.opened("00-nothing") is None


def test_one_thread_at_a_time_holds_a_lock(tmp_path: Path, settings: Settings) -> None:
    settings.VAR_DIR = tmp_path
    inside, most = [], []

    def work(_: int) -> None:
        with locks.hold("one"):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.001)
            inside.pop()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(200)))
    assert (max(most), len(most)) == (1, 200)
    assert not list((tmp_path / "locks").iterdir())


def test_other_locks_are_free(tmp_path: Path, settings: Settings) -> None:
    settings.VAR_DIR = tmp_path
    got = threading.Event()

    def other() -> None:
        with locks.hold("two"):
            got.set()

    with locks.hold("one"):
        threading.Thread(target=other).start()
        assert got.wait(5)


@pytest.fixture
def cache(tmp_path: Path) -> SqliteCache:
    return SqliteCache(str(tmp_path / "cache.sqlite3"), {"OPTIONS": {"MAX_ENTRIES": 3000}})


def test_the_cache_gives_back_what_it_holds(cache: SqliteCache) -> None:
    cache.set_many({f"key {n}": (n, b"bytes", None) for n in range(1200)})
    found = cache.get_many([f"key {n}" for n in range(0, 2000, 2)])
    assert found == {f"key {n}": (n, b"bytes", None) for n in range(0, 1200, 2)}
    assert cache.get("nothing", "default") == "default"


def test_the_cache_forgets_in_time(cache: SqliteCache) -> None:
    cache.set("soon", 1, 0.05)
    cache.set("never", 1, None)
    cache.set("at once", 1, 0)
    time.sleep(0.06)
    assert cache.get_many(["soon", "never", "at once"]) == {"never": 1}


def test_the_cache_adds_once(cache: SqliteCache) -> None:
    assert [cache.add("key", 1), cache.add("key", 2), cache.get("key")] == [True, False, 1]
    cache.set("old", 1, -1)
    assert [cache.add("old", 2), cache.get("old")] == [True, 2]


def test_the_cache_touches_deletes_and_clears(cache: SqliteCache) -> None:
    cache.set("key", 1, 0.05)
    assert cache.touch("key", 60)
    time.sleep(0.06)
    assert (cache.get("key"), cache.delete("key"), cache.delete("key"), cache.touch("key")) == (
        1,
        True,
        False,
        False,
    )
    cache.set("key", 1)
    cache.clear()
    assert cache.get("key") is None


def test_counting_needs_a_key(cache: SqliteCache) -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")


def test_processes_and_threads_count_together(cache: SqliteCache, tmp_path: Path) -> None:
    cache.set("count", 0)
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_count, args=(str(tmp_path / "cache.sqlite3"),)) for _ in range(2)]
    for other in others:
        other.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: cache.incr("count"), range(100)))
    for other in others:
        other.join(30)
    assert cache.get("count") == 300


def _count(path: str) -> None:
    shared = SqliteCache(path, {})
    for _ in range(100):
        shared.incr("count")


def test_the_cache_keeps_to_its_size(cache: SqliteCache) -> None:
    for batch in range(8):
        cache.set_many({f"{batch}-{n}": n for n in range(1000)})
    left = cache.get_many([f"{batch}-{n}" for batch in range(8) for n in range(1000)])
    assert 2000 <= len(left) <= 3000
    assert left["7-999"] == 999
