"""The worker process: some slots that each run the queue library's loop, a heartbeat, and housekeeping."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from uuid import uuid4

from django.db import OperationalError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from dashboard.asked_to_end import Wait, asked_to_end
from dashboard.jobs import housekeeping, leases, queue
from dashboard.jobs.leases import length
from dashboard.jobs.runner import beat, held
from dashboard.jobs.running import stopping

log = logging.getLogger("fielddesk.jobs")
INTERVAL = 0.5  # seconds between two looks into the queue, per slot
WAKE_EVERY = 2.0
TIDY_EVERY = 60.0
GRACE = 6.0  # seconds that jobs have to reach a stop; the supervisor waits ten
MENDING = 2.0


def serve(slots: int) -> None:
    """Until SIGTERM or SIGINT. Jobs under way stop where they can and go back into the queue."""
    workers = [_worker() for _ in range(slots)]
    threads = [threading.Thread(target=_slot, args=(one,), daemon=True) for one in workers]
    threads.append(threading.Thread(target=_heart, daemon=True))
    with asked_to_end(signal.SIGTERM, signal.SIGINT) as asked:
        for thread in threads:
            thread.start()
        _keep_house(asked)
        stopping.set()
        _finish(workers, threads)


def _finish(workers: list[Worker], threads: list[threading.Thread]) -> None:
    for worker in workers:
        worker.running = False
    _wait_for(threads)
    leases.give_back(held.tokens())
    logging.shutdown()
    os._exit(0)  # a thread that waits for Navixy must not keep the process; its lease is gone


def _worker() -> Worker:
    return Worker(
        queue_names=["default"],
        interval=INTERVAL,
        batch=False,
        backend_name="default",
        startup_delay=True,
        max_tasks=None,
        worker_id=uuid4().hex,
        excluded_queue_names=[],
    )


def _slot(worker: Worker) -> None:
    while worker.running and not stopping.is_set():
        try:
            worker.run()
        except OperationalError:
            log.exception("the database does not answer; trying again")
            close_old_connections()
            stopping.wait(MENDING)


def _heart() -> None:
    while True:
        try:
            beat()
        except OperationalError:
            log.exception("no heartbeat")
        time.sleep(length().total_seconds() / 4)


def _keep_house(asked: Wait) -> None:
    """In the main thread, where signals arrive."""
    tidied = -TIDY_EVERY
    while not asked(WAKE_EVERY):
        try:
            queue.wake_if_needed()
            if time.monotonic() - tidied >= TIDY_EVERY:
                housekeeping.tidy()
                tidied = time.monotonic()
        except OperationalError:
            log.exception("housekeeping put off")
        close_old_connections()


def _wait_for(threads: list[threading.Thread]) -> None:
    until = time.monotonic() + GRACE
    while held.tokens() and time.monotonic() < until:
        time.sleep(0.05)
    for thread in threads[:-1]:
        thread.join(max(0.0, min(0.7, until - time.monotonic())))
