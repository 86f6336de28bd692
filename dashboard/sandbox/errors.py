"""The platform's errors: code, text and HTTP status of ref 1.5."""

from __future__ import annotations

from typing import Any, NamedTuple


class Known(NamedTuple):
    text: str
    http: int = 400


KNOWN = {
    1: Known("Database error", 500),
    2: Known("Service Auth error", 403),
    3: Known("Wrong hash"),
    4: Known("User or API key not found or session ended"),
    5: Known("Wrong request format"),
    6: Known("Unexpected error", 500),
    7: Known("Invalid parameters"),
    8: Known("Queue service error, try again later", 503),
    9: Known("Too large request", 412),
    11: Known("Access denied", 403),
    12: Known("Dealer not found"),
    13: Known("Operation not permitted", 403),
    14: Known("Database unavailable", 503),
    15: Known("Too many requests", 429),
    101: Known("In demo mode this function disabled", 403),
    102: Known("Wrong login or password"),
    103: Known("User not activated"),
    104: Known("Logins limit exceeded, please reuse existing sessions instead"),
    105: Known("Login attempts limit exceeded, try again later"),
    111: Known("Wrong handler"),
    112: Known("Wrong method"),
    201: Known("Not found in the database"),
    204: Known("Entity not found", 404),
    208: Known("Device blocked", 403),
    210: Known("Geocoding failed"),
    211: Known("Requested time span is too big"),
    212: Known("Requested limit is too big"),
    217: Known("List contains nonexistent entities"),
    219: Known("Not allowed for clones of the device", 403),
    221: Known("Device limit exceeded", 403),
    225: Known("Not allowed for this legal type", 403),
    229: Known("Requested data is not ready yet", 404),
    231: Known("Entity type mismatch", 409),
    236: Known("Feature unavailable due to tariff restrictions", 402),
    238: Known("Tariff change forbidden", 403),
    239: Known("Tariff not found", 404),
    240: Known("Tariff changes are too frequent", 403),
    242: Known("There were errors during content validation"),
    247: Known("Entity already exists", 409),
    249: Known("Operation available for clones only", 403),
    250: Known("Not allowed for deleted devices", 403),
    251: Known("Insufficient funds", 403),
    254: Known("Cannot save file", 500),
    255: Known("Invalid task state"),
    257: Known("Registration forbidden", 403),
    258: Known("Bundle not found", 404),
    261: Known("Entity has external links", 403),
    264: Known("Timeout not reached", 403),
    265: Known("Already done", 403),
    266: Known("Operation not allowed for this device status", 403),
    267: Known("Too many entities"),
    268: Known("Over quota", 402),
    269: Known("Invalid file state"),
    271: Known("File size is larger than the maximum", 413),
    275: Known("User blocked", 403),
    276: Known("Not allowed for this kind of session", 403),
    277: Known("Security group is in use", 409),
    278: Known("Security group is the default one", 409),
    282: Known("Wrong second factor code"),
}
UNLISTED = Known("Operation failed")


class ApiError(Exception):
    """A refusal the platform tells in its envelope; `extra` holds the siblings of `status` (ref 1.4)."""

    def __init__(self, code: int, text: str | None = None, **extra: Any) -> None:
        known = KNOWN.get(code, UNLISTED)
        super().__init__(f"{code} {text or known.text}")
        self.code = code
        self.text = text or known.text
        self.http = known.http
        self.extra = extra
        self.headers: dict[str, str] = {}


def invalid(parameter: str, error: str) -> ApiError:
    """Error 7 about one parameter."""
    return ApiError(7, errors=[{"parameter": parameter, "error": error}])


class AnswerNothing(ConnectionResetError):
    """The connection has to die without an answer: the server turns this into a TCP reset."""
