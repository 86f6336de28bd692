"""What the keys of the audit are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ACTIONS: dict[str, StrOrPromise] = {
    "create": _("Created"),
    "update": _("Changed"),
    "delete": _("Deleted"),
    "assign": _("Assigned"),
    "transmute": _("Turned into another kind"),
    "attach_form": _("Form attached"),
    "detach_form": _("Form taken away"),
    "correct_form": _("Answers corrected"),
    "import": _("Imported"),
    "purge": _("Removed from the archive"),
}
KINDS: dict[str, StrOrPromise] = {
    "checkin": _("Check-in"),
    "route": _("Route"),
    "checkpoint": _("Checkpoint"),
    "task": _("Task"),
    "form": _("Form"),
    "archive": _("Archive"),
}
RESULTS: dict[str, StrOrPromise] = {
    "done": _("Done"),
    "failed": _("Failed"),
    "unknown": _("Not known"),
}
BADGES = {"done": "badge-ok", "failed": "badge-danger", "unknown": "badge-warn"}


def action(key: str) -> str:
    return str(ACTIONS.get(key, key))


def kind(key: str) -> str:
    return str(KINDS.get(key, key))


def result(key: str) -> str:
    return str(RESULTS.get(key, key))
