"""The sentences people read: what happened, what is kept, what to do. Codes are those of ref 1.5 and 6.6."""

from __future__ import annotations

from math import ceil

FALLBACK = {
    "NavixyError": "Navixy could not do this. Nothing was changed; try again, or tell your administrator.",
    "Unreachable": "Navixy cannot be reached. What you see is kept; try again in a moment.",
    "BadReply": "Navixy's answer could not be read. What you see is kept; try again in a moment.",
    "SessionEnded": "Signed out by Navixy. Sign in again to continue; you come back to this place.",
    "SignInFailed": "Signing in did not work. Check what you entered and try again.",
    "NotAllowed": "Your account may not do this. Nothing was changed; ask the account's owner.",
    "NotFound": "This is not there any more, or is not visible to you. Go back to the list and refresh it.",
    "TooBroad": "That is too much for one request. Choose a shorter period or narrow the filter.",
    "InvalidRequest": "Navixy did not accept these values. What you entered is kept; correct it.",
    "InvalidAnswers": "Some answers were not accepted. All you entered is kept; correct the marked fields.",
    "WrongState": "This has changed meanwhile and no longer allows that. Refresh to see its state.",
    "StorageRefused": "Navixy did not store the file. What you entered is kept; try a smaller file.",
    "RateLimited": "Navixy is limiting requests. Nothing was lost; try again in a moment.",
    "Unavailable": "Navixy has a problem of its own. What you see is kept; try again in a few minutes.",
    "Refused": "Navixy refused this request. Nothing was changed; try again, or tell your administrator.",
}

_KEPT = "What you see is kept; try again"  # true where the error stands beside what was there

UNNAMED_ANSWERS = (
    "Navixy did not accept these answers and does not say which. All you entered is kept; check it again."
)

_UNKNOWN = "it is not known whether the change was made. Check before you repeat it."
BAD_REPLY_TO_WRITE = f"Navixy's answer could not be read, so {_UNKNOWN}"
UNAVAILABLE_FOR_WRITE = f"Navixy has a problem of its own, so {_UNKNOWN}"

_BY_CODE = {
    2: "Navixy could not check your access. Nothing was changed; try again in a few minutes.",
    5: "Navixy could not read the request. Nothing was changed; please report this to your administrator.",
    9: "That is more than Navixy takes in one request. What you entered is kept; choose fewer items.",
    11: "Navixy has closed access for this account. Ask your Navixy provider to open it again.",
    12: "Navixy does not know this installation. Ask your administrator to check the address.",
    13: "You do not have the right to do this on this account. Nothing was changed; ask the account's owner.",
    101: "The demo account does not allow changes. Nothing was changed.",
    102: "Login or password is wrong. Check both and try again.",
    103: "This login is not activated yet. Follow the link in the activation e-mail, then sign in.",
    104: "There are too many open sessions for this login. Sign out somewhere else, then try again.",
    105: "Too many attempts for this login. Wait a few minutes, then try again.",
    111: "Navixy does not offer this at the configured address. Ask your administrator to check the address.",
    112: "Navixy does not offer this at the configured address. Ask your administrator to check the address.",
    201: "This is not there any more, or is not visible to you. Go back to the list and refresh it.",
    203: "Something else still uses this, so it cannot be deleted. Nothing was changed.",
    204: "This is not there any more, or is not visible to you. Go back to the list and refresh it.",
    208: "This tracker is blocked. Nothing was changed; choose another tracker or have it unblocked.",
    210: "No place matches this address. Write it differently, or pick the place on the map.",
    211: "That period is too long for one request. Choose a shorter period.",
    212: "That is more than Navixy gives in one request. Ask for fewer rows.",
    213: "The device is offline. Nothing was changed; try again when it is connected.",
    215: "A service that Navixy relies on did not answer. What you see is kept; try again in a few minutes.",
    217: "A chosen tracker is no longer available. The filter is kept; remove that tracker.",
    219: "A cloned tracker does not allow this. Nothing was changed.",
    221: "The account has reached its limit of devices. Ask your Navixy provider.",
    225: "This kind of account does not allow this. Ask your Navixy provider.",
    229: "Navixy is still preparing this. Nothing was lost; try again in a moment.",
    231: "This field does not take files. What you entered is kept.",
    236: "The tariff of this tracker does not include this. Nothing was changed; ask the account's owner.",
    247: "This exists already. Nothing was changed; refresh to see it.",
    254: "Navixy could not save the file. What you entered is kept; try again.",
    255: "This stop is no longer in a state that can be changed. Refresh to see its present state.",
    264: "That was done only a moment ago. Wait a few minutes before you try again.",
    265: "This is done already. Refresh to see its present state.",
    267: "There are too many files for this field. Remove one and try again; the others are kept.",
    268: "The account's storage is full. What you entered is kept; free some space, then try again.",
    269: "A file is not completely uploaded yet. What you entered is kept; try again in a moment.",
    271: "The file is larger than Navixy accepts. What you entered is kept; use a smaller file.",
    275: "This login is blocked. Ask the account's owner to unblock it.",
    276: "This needs a login with a password; an API key cannot do it. Nothing was changed.",
    279: "The visit window is not valid. What you entered is kept; correct the times.",
    282: "The code is wrong or has expired. Enter the newest code from the e-mail.",
}

_BY_CALL = {  # where a code means something else than elsewhere
    ("task/route/points/optimize", 210): "This route is longer than the 5,000 km for which Navixy finds the"
    " best order. Nothing was changed; put the stops in order by hand, or split the route.",
}

FIELD_ERRORS = {
    1: "An answer is required here.",
    2: "This kind of answer does not fit the field.",
    3: "The answer is empty.",
    4: "This choice no longer exists in the form.",
    5: "The length or the number of items is not allowed.",
    6: "This is below the minimum.",
    7: "This is above the maximum.",
    8: "The answer refers to something that no longer exists.",
    9: "This type of file is not accepted here.",
    10: "The file is not completely uploaded yet.",
}

_NO_ANSWER = {
    "timeout": "Navixy did not answer in time.",
    "reset": "The connection to Navixy broke off.",
    "tls": "The connection to Navixy is not secure, so it was not used.",
    "address": "The configured address of Navixy is not valid.",
}


def for_code(code: int | None, action: str = "") -> str | None:
    return _BY_CALL.get((action, code)) or _BY_CODE.get(code) if code is not None else None


def for_field(code: int) -> str:
    """The sentence beside a form field for a code of ref 6.6."""
    return FIELD_ERRORS.get(code, "Navixy did not accept this answer.")


def on_its_own(message: str) -> str:
    """The sentence where it is all there is: nothing is seen that could be kept."""
    return message.replace(_KEPT, "Try again")


def unreachable(reason: str, *, maybe_written: bool) -> str:
    happened = _NO_ANSWER.get(reason, "Navixy cannot be reached.")
    if maybe_written:
        return f"{happened} It is not known whether the change was made; check before you repeat it."
    if reason in ("tls", "address"):
        return f"{happened} Tell your administrator."
    return f"{happened} What you see is kept; try again in a moment."


def rate_limited(retry_after: float | None, *, by_us: bool) -> str:
    happened = "Too many people and jobs are asking Navixy." if by_us else "Navixy is limiting requests."
    when = "a moment" if retry_after is None else f"{max(1, ceil(retry_after))} s"
    return f"{happened} Nothing was lost; try again in {when}."
