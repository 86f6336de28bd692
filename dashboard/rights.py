"""The rights of ref 1.8 in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from dashboard.accounts import Account

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    name: str
    title: StrOrPromise
    allows: StrOrPromise
    here: bool = False  # whether anything on this site depends on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    right: Right
    held: bool
    depends: bool = False  # follows from the tariff, not from a group: only Navixy's answer tells


RIGHTS = (
    Right(
        name="employee_update",
        title=_("Employees and check-ins"),
        allows=_("Change employees and departments. Navixy names it for reading check-ins as well."),
        here=True,
    ),
    Right(
        name="checkin_update",
        title=_("Changing check-ins"),
        allows=_(
            "Create and delete check-ins. No group grants it: it comes with the tariff, so only a try tells."
        ),
        here=True,
    ),
    Right(
        name="task_update",
        title=_("Tasks and routes"),
        allows=_("Change tasks, routes, checkpoints, schedules and the forms of tasks."),
        here=True,
    ),
    Right(
        name="completed_form_update",
        title=_("Completed forms"),
        allows=_("Correct the forms of tasks that are done, failed or late."),
        here=True,
    ),
    Right(
        name="form_template_update",
        title=_("Form templates"),
        allows=_("Change the templates forms are made from."),
    ),
    Right(name="tag_update", title=_("Tags"), allows=_("Change tags.")),
    Right(name="place_update", title=_("Places"), allows=_("Change places of interest.")),
    Right(
        name="places_custom_fields_update",
        title=_("Fields of places"),
        allows=_("Change which custom fields places have."),
    ),
    Right(name="zone_update", title=_("Geofences"), allows=_("Change geofences.")),
    Right(name="vehicle_update", title=_("Vehicles"), allows=_("Change vehicles and garages.")),
    Right(name="tracker_update", title=_("Trackers"), allows=_("Change the names and groups of trackers.")),
    Right(
        name="tracker_configure",
        title=_("Tracker settings"),
        allows=_("Change how the hardware of trackers is set up."),
    ),
    Right(name="tracker_register", title=_("Activating trackers"), allows=_("Add and activate trackers.")),
    Right(
        name="tracker_rule_update", title=_("Alert rules"), allows=_("Change the rules that raise alerts.")
    ),
    Right(name="tracker_set_output", title=_("Tracker outputs"), allows=_("Switch the outputs of trackers.")),
    Right(name="video_monitoring", title=_("Video"), allows=_("Watch video of vehicles.")),
    Right(name="reports", title=_("Navixy reports"), allows=_("Build reports in Navixy itself.")),
    Right(name="payment_create", title=_("Payments"), allows=_("Pay for the account.")),
    Right(
        name="weblocator_session_create",
        title=_("Location links"),
        allows=_("Share links to live positions."),
    ),
    Right(
        name="delivery_session_create", title=_("Delivery tracking"), allows=_("Share links to a delivery.")
    ),
    Right(
        name="admin",
        title=_("Administration"),
        allows=_("Manage logins, keys, billing and storage. Only the owner of the account can."),
    ),
)


def mirror(account: Account) -> tuple[Held, ...]:
    """Every documented right and whether this login holds it, then those nobody documented."""
    known = {right.name for right in RIGHTS}
    others = (
        Right(name=name, title=name, allows=_("Not described in Navixy's documentation."))
        for name in sorted((account.rights or frozenset()) - known)
    )
    return tuple(_held(account, right) for right in (*RIGHTS, *others))


def title_of(name: str) -> StrOrPromise:
    return next((right.title for right in RIGHTS if right.name == name), name)


def _held(account: Account, right: Right) -> Held:
    held = account.has(right.name)
    return Held(right=right, held=held, depends=right.name == "checkin_update" and not held)
