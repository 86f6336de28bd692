"""Calls about the installation itself: limits, storage, health (ref 1.6, 2.7)."""

from __future__ import annotations

from dashboard.sandbox.actions import Asked, action
from dashboard.sandbox.actions.users import DEALER_ID
from dashboard.sandbox.envelope import Answer
from dashboard.sandbox.errors import ApiError
from dashboard.sandbox.people import COMPANY


@action("dealer/get_ui_config", credential="none")
def ui_config(asked: Asked) -> Answer:
    """Takes `domain` or a hash; without either, the installation's own settings."""
    domain = asked.params.text("domain")
    if domain == "unknown.example":
        raise ApiError(201)
    switches = asked.box.switches
    platform = {
        "iso_datetime_support": switches.iso_datetime_support,
        "history.max_limit": 1000,
        "report.max_time_span": f"P{switches.max_time_span.days}D",
        "stats.max_allowed_trackers": 128,
        "stats.max_time_span": "P31D",
        "file_storage.hard_max_file_size": switches.max_file_size,
        "form.max_fields_count": 128,
        "form.file_field.max_file_size": switches.max_file_size,
        "form.file_field.max_files_per_field": switches.max_files_per_field,
        "form.file_field.max_count": 16,
    }
    settings = {"domain": domain or "demo.example", "service_title": COMPANY, "locale": "en_GB"}
    return {"paas_id": DEALER_ID, "settings": settings, "platform": platform}


@action("file/stats/read")
def storage_stats(asked: Asked) -> Answer:
    count, size = asked.box.storage_used()
    return {"value": {"file_count": count, "total_size": size, "quota": asked.box.switches.quota}}


@action("base/nothing", get=True)
def nothing(_: Asked) -> Answer:
    return {}
