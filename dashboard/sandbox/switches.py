"""What the reference leaves open (ref 10), each with the reading taken unless a test says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(slots=True, kw_only=True)
class Switches:
    # rights (ref 10.1 to 10.3)
    enforce_checkin_read_right: bool = False  # reading check-ins asks for employee_update
    enforce_checkin_create_right: bool = False  # creating them asks for checkin_update
    checkin_update: bool = (
        True  # the account's features allow deleting; when off nobody can, the owner included
    )
    checkin_update_by_group: bool = False  # and a sub-user needs the right in the security group (DOC)
    owner_privileges: bool = False  # user/get_info lists the owner's rights too (ref 10.28)
    # check-in lists (ref 5.3, 10 "unknown")
    max_time_span: timedelta = timedelta(days=90)
    require_period: bool = False  # a list without from and to is refused with 7, parameter "interval"
    default_sort: tuple[str, ...] = ("marker_time=asc",)  # not the order a desk wants: it has to ask
    default_limit: int | None = None
    max_limit: int | None = None  # beyond it 212
    blocked_are_listed: bool = False  # "all available trackers" when none is named
    circle_includes_precision: bool = False
    tracker_is_linked: bool = False  # contains on tracker_id searches labels instead of the digits
    case_sensitive: bool = False
    delete_all_or_nothing: bool = True
    dealer_limit_exceeded: bool = False  # checkin/list answers 221
    # forms in bulk (ref 5.7)
    checkin_forms_are_listed: bool = True  # task/form/list covers the forms of check-ins
    # envelope
    unknown_members: bool = True  # members nobody documented are strewn into answers
    type_in_auth_answer: bool = True  # older servers leave `type` out (ref 2.1)
    iso_datetime_support: bool = True
    # tasks (ref 7)
    task_types_understood: bool = True  # task/list knows the undocumented `types` (ref 7.7)
    tasks_in_tariff: bool = True  # without it 236
    optimize_every: float = 0  # seconds between two calls of points/optimize; sooner is 264
    demo: bool = False  # writes to task forms answer 101
    max_history: int = 1000  # history lists: over it 212
    # sign-in
    auth_error: int | None = None  # every user/auth answers this code
    session_days: float = 30
    rate_per_second: int | None = None  # 50 in production (ref 1.6); None: no limit
    # files (ref 8)
    storage_mode: str = "internal"  # internal | s3
    file_field_name: str = "file"  # the guide shows example.png
    content_type_in_fields: bool = True
    upload_noticed_after: float = 0  # seconds a fresh upload stays in_progress
    max_file_size: int = 16_777_216
    max_files_per_field: int = 6
    quota: int = 256 * 1024**3
