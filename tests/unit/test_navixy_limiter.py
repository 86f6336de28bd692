import multiprocessing
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis as redis_library

from dashboard.navixy.budgets import FileBudget, MemoryBudget, RedisBudget
from dashboard.navixy.errors import RateLimited
from dashboard.navixy.limiter import RateLimiter, Shares, shared_limiter


class Clock:
    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class FakeRedis:
    """Answers as Redis would to a store that is empty; or not at all."""

    def __init__(self) -> None:
        self.away = False
        self.asked = 0

    def _answer(self, value: Any) -> Any:
        self.asked += 1
        if self.away:
            raise redis_library.ConnectionError("gone")
        return value

    def time(self) -> Any:
        return self._answer((1_700_000_000, 0))

    def register_script(self, _lua: str) -> Callable[..., Any]:
        return lambda **_: self._answer([-1, 0])


def limiter(clock: Clock, budget: Any = None, per_second: int = 40, **options: Any) -> RateLimiter:
    return RateLimiter(
        budget or MemoryBudget(clock),
        Shares(per_second=per_second),
        sleep=clock.sleep,
        clock=clock,
        jitter=lambda: 0.0,
        **options,
    )


def granted_in(seconds: float, one: RateLimiter, clock: Clock, **how: Any) -> int:
    end, number = clock.now + seconds, 0
    while True:
        one.acquire("api", **how)
        if clock.now >= end:
            return number
        number += 1


@pytest.fixture(params=["memory", "file"])
def budget(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Clock], Any]:
    return MemoryBudget if request.param == "memory" else lambda clock: FileBudget(tmp_path / "rate", clock)


def test_the_first_second_stays_below_what_the_api_allows(budget: Callable[[Clock], Any]) -> None:
    clock = Clock()
    assert 40 <= granted_in(1, limiter(clock, budget(clock)), clock) <= 48


def test_the_steady_rate_is_the_configured_one(budget: Callable[[Clock], Any]) -> None:
    clock = Clock()
    assert 400 <= granted_in(10, limiter(clock, budget(clock)), clock) <= 408


def test_a_small_burst_does_not_wait() -> None:
    clock = Clock()
    one = limiter(clock)
    for _ in range(8):
        one.acquire("api")
    assert clock.now == 1000.0


def test_jobs_get_a_part_of_the_rate_only() -> None:
    clock = Clock()
    assert 190 <= granted_in(10, limiter(clock), clock, priority="job") <= 205


def test_people_find_room_beside_a_busy_job() -> None:
    clock = Clock()
    one = limiter(clock)
    granted_in(5, one, clock, priority="job")
    before = clock.now
    for _ in range(4):
        one.acquire("api")
    assert clock.now == before


def test_jobs_wait_while_people_need_everything() -> None:
    clock = Clock()
    one = limiter(clock)
    for _ in range(8):
        one.acquire("api")
    with pytest.raises(RateLimited):
        one.acquire("api", priority="job", at_most=0.05)
    one.acquire("api", at_most=0.05)


def test_each_api_address_has_its_own_budget(budget: Callable[[Clock], Any]) -> None:
    clock = Clock()
    one = limiter(clock, budget(clock), per_second=5)
    one.acquire("api.eu")
    one.acquire("api.us")
    assert clock.now == 1000.0


def test_waiting_is_bounded_and_says_how_long() -> None:
    clock = Clock()
    one = limiter(clock, per_second=1)
    one.acquire("api")
    with pytest.raises(RateLimited) as caught:
        one.acquire("api", at_most=0.4)
    assert caught.value.retry_after == pytest.approx(1.0, abs=0.01)
    assert clock.now == 1000.0


def test_a_clock_that_starts_anew_does_not_block(tmp_path: Path) -> None:
    before, after = Clock(now=500_000.0), Clock(now=12.0)
    limiter(before, FileBudget(tmp_path, before)).acquire("api")
    limiter(after, FileBudget(tmp_path, after)).acquire("api")
    assert after.now == 12.0


def test_a_spoiled_file_is_an_empty_budget(tmp_path: Path) -> None:
    clock = Clock()
    limiter(clock, FileBudget(tmp_path, clock)).acquire("api")
    (spoiled,) = tmp_path.iterdir()
    spoiled.write_bytes(b"x")
    limiter(clock, FileBudget(tmp_path, clock)).acquire("api")
    assert len(spoiled.read_bytes()) == 16


def test_without_its_file_a_process_counts_alone_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("no folder")
    clock = Clock()
    one = limiter(clock, FileBudget(tmp_path / "taken", clock), per_second=5)
    one.acquire("api")
    with pytest.raises(RateLimited):
        one.acquire("api", at_most=0.1)
    assert caplog.text.count("counts alone") == 1


def test_threads_share_one_budget(budget: Callable[[Clock], Any]) -> None:
    one = RateLimiter(budget(time.monotonic), Shares(per_second=50))  # type: ignore[arg-type]
    times: list[float] = []

    def work() -> None:
        for _ in range(10):
            one.acquire("api")
            times.append(time.monotonic())

    workers = [threading.Thread(target=work) for _ in range(6)]
    started = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(times) == 60
    assert max(times) - started >= (60 - 10 - 1) / 50


def _take_some(folder: Path, times: Any) -> None:
    one = shared_limiter(per_second=50, folder=folder)
    for _ in range(15):
        one.acquire("api")
        times.append(time.monotonic())


def test_processes_share_one_budget(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager:
        times = manager.list()
        workers = [spawn.Process(target=_take_some, args=(tmp_path, times)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        taken = sorted(times)
    assert len(taken) == 30
    windows = [sum(1 for other in taken if moment <= other < moment + 0.2) for moment in taken]
    assert max(windows) <= 10 + 0.2 * 50 + 1


def test_redis_is_asked_and_its_clock_used() -> None:
    redis, clock = FakeRedis(), Clock()
    limiter(clock, RedisBudget(redis, clock)).acquire("api")  # type: ignore[arg-type]
    assert redis.asked == 2


def test_without_redis_a_process_counts_alone_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    redis, clock = FakeRedis(), Clock()
    redis.away = True
    one = limiter(clock, RedisBudget(redis, clock), per_second=5)  # type: ignore[arg-type]
    one.acquire("api")
    with pytest.raises(RateLimited):
        one.acquire("api", at_most=0.1)
    assert redis.asked == 1
    assert caplog.text.count("Redis is away (ConnectionError)") == 1


def test_redis_is_asked_again_after_a_while() -> None:
    redis, clock = FakeRedis(), Clock()
    redis.away = True
    one = limiter(clock, RedisBudget(redis, clock))  # type: ignore[arg-type]
    one.acquire("api")
    redis.away = False
    clock.sleep(6)
    one.acquire("api")
    assert redis.asked == 3


@pytest.fixture
def real_redis() -> redis_library.Redis:
    client = redis_library.Redis.from_url("redis://127.0.0.1:6379/9", socket_connect_timeout=0.2)
    try:
        client.ping()
    except redis_library.RedisError:
        pytest.skip("no Redis on loopback")
    return client


def test_two_machines_share_a_budget_in_redis(real_redis: redis_library.Redis) -> None:
    key = f"test-{time.time_ns()}"
    here = RateLimiter(RedisBudget(real_redis), Shares(per_second=50))
    there = RateLimiter(RedisBudget(real_redis), Shares(per_second=50))
    started = time.monotonic()
    for _ in range(20):
        here.acquire(key)
        there.acquire(key)
    assert time.monotonic() - started >= (40 - 10 - 1) / 50


def test_jobs_and_people_share_a_budget_in_redis(real_redis: redis_library.Redis) -> None:
    key = f"test-{time.time_ns()}"
    one = RateLimiter(RedisBudget(real_redis), Shares(per_second=20))
    for _ in range(4):
        one.acquire(key)
    with pytest.raises(RateLimited):
        one.acquire(key, priority="job", at_most=0.01)
