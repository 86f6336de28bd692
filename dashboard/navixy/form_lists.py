"""Filled forms in bulk: `task/form/list`, which by its words covers those of check-ins too (ref 5.7, 7.8)."""

from __future__ import annotations

from datetime import datetime

from dashboard.navixy import values
from dashboard.navixy.client import Client
from dashboard.navixy.conditions import wire_time
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.forms import Form, form_from
from dashboard.navixy.paging import Page
from dashboard.navixy.values import Record

MOST = 100_000  # of one call (ref 1.6)


def list_forms(
    client: Client, *, template_id: int, start: datetime, end: datetime, limit: int, offset: int = 0
) -> Page[Form]:
    """Forms of a template submitted from `start` to `end`, the oldest first, with answers.

    Their `files` are empty: `forms.read_form` has them. Whether the forms of check-ins are among them is the
    installation's choice: who needs one that is missing reads it alone. Raises NotFound (204).
    """
    if not 1 <= limit <= MOST:
        raise NotSendable(f"Navixy gives at most {MOST:,} forms at once.")
    reply = client.read(
        "task/form/list",
        {
            "template_id": template_id,
            "include_unsubmitted": False,
            "submit_period": {"from": wire_time(start), "to": wire_time(end)},
            "order_by": "submitted",
            "ascending": True,
            "limit": limit,
            "offset": offset,
        },
    )

    def read(item: Record) -> Form:
        return form_from(values.child(item, "form"), client.zone)

    records = reply.records()
    items = values.read_all(records, read, what="task/form/list")
    total = max(reply.count(offset + len(records)), offset + len(items))
    return Page(items=items, total=total, offset=offset, limit=limit)
