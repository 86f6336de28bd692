"""What a refused write means for the person who asked for it (ref 1.5). Sentences, never the API's own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from checkpoints.progress import status_label
from dashboard.navixy.errors import (
    BadReply,
    InvalidRequest,
    NavixyError,
    NotFound,
    NotSendable,
    RateLimited,
    Refused,
    Unavailable,
    Unreachable,
    WrongState,
)

INVALID_STATE = 255
MENDABLE = (InvalidRequest, WrongState)
# After these the form is shown again with all that was typed; the others are the middleware's.
KEPT = (
    InvalidRequest,
    WrongState,
    NotFound,
    Unreachable,
    BadReply,
    Unavailable,
    RateLimited,
    Refused,
)


def state_sentence(status: str, what: str) -> str:
    """What error 255 means, with the state that forbids it (ref 7.1)."""
    words = {"what": what, "status": status_label(status).lower()}
    return _("This %(what)s is already %(status)s; Navixy only lets planned ones be changed.") % words


def told(error: NavixyError, *, state: str = "") -> str:
    """`state`: the sentence for 255 when the present state is known. Parameters are shown, never used."""
    if isinstance(error, WrongState) and error.code == INVALID_STATE and state:
        return state
    if isinstance(error, InvalidRequest) and not isinstance(error, NotSendable) and error.parameters:
        named = "; ".join(f"{one.parameter}: {one.error}" for one in error.parameters)
        return f"{error.message} ({named})"
    return error.message
