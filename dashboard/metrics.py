"""What /metrics tells: calls to Navixy by outcome and how long they took. No names, no ids.

With several web processes set PROMETHEUS_MULTIPROC_DIR, as the Prometheus client documents: then any of them
tells for all.
"""

import os

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from dashboard.navixy.client import CallRecord

CALLS = Counter("fielddesk_navixy_calls", "Calls to the Navixy API", ["action", "outcome"])
SECONDS = Histogram("fielddesk_navixy_seconds", "Time of a call, tries included", ["action"])


def record(call: CallRecord) -> None:
    if settings.METRICS:
        CALLS.labels(call.action, call.outcome).inc()
        SECONDS.labels(call.action).observe(call.ms / 1000)


def exposition() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    MultiProcessCollector(registry := CollectorRegistry())  # type: ignore[no-untyped-call]  # not typed there
    return generate_latest(registry)
