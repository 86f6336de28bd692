"""Everything that can go wrong between us and the API, as one tree.

NavixyError
├── Unreachable      no answer: refused, no such host, TLS, time-out, reset. `.sent`: it may have arrived
├── BadReply         an answer that is no envelope: HTML, cut short, not JSON, wrong shape
├── SessionEnded     3, 4: sign in again
├── SignInFailed     102, 103, 104, 105, 275, 282, and 11 while signing in
├── NotAllowed       13, 11, 101, tariff and clone restrictions
├── NotFound         201, 204, 210
├── TooBroad         211, 212: ask for less at once
├── InvalidRequest   5, 7, 9, 217 …: `.parameters` says which
│   └── NotSendable  refused here, before it was sent: a documented limit would be broken
├── InvalidAnswers   242: `.fields` says which form fields
├── WrongState       255, 269, 247, 264 …: the thing is not in the state this needs
├── StorageRefused   254, 267, 268, 271
├── RateLimited      15, or our own budget: `.retry_after`
├── Unavailable      1, 6, 8, 14, 215 and 5xx without an envelope
└── Refused          everything else

Callers branch on the class, sometimes on `.code`; never on HTTP numbers or the API's texts (ref 1.5, 10.15).
`str(error)` is the log line; `error.message` is for people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dashboard.navixy import messages


@dataclass(frozen=True, slots=True)
class ParameterError:
    """One item of error 7. `parameter` may be an internal name: show it, never decide by it (ref 1.4)."""

    parameter: str
    error: str


@dataclass(frozen=True, slots=True)
class FieldError:
    """One item of error 242; `code` is one of ref 6.6 (0 when the answer had none)."""

    field_id: str
    code: int
    error: str


class NavixyError(Exception):
    """Root of the tree. `description` is the API's own English text: for logs only."""

    def __init__(
        self,
        *,
        action: str = "",
        code: int | None = None,
        http_status: int | None = None,
        description: str = "",
        write: bool = False,
    ) -> None:
        super().__init__()
        self.action = action
        self.code = code
        self.http_status = http_status
        self.description = description
        self.write = write

    @property
    def message(self) -> str:
        """What happened, what is kept, what to do: one or two sentences for people."""
        return messages.for_code(self.code, self.action) or messages.FALLBACK[self._kind]

    @property
    def message_on_its_own(self) -> str:
        """The same where nothing else is shown: a whole page about the error, a list without its rows."""
        return messages.on_its_own(self.message)

    @property
    def log(self) -> str:
        """One line without secrets: class, action, codes, the API's text."""
        parts = [type(self).__name__, self.action or "-", f"code={self.code}", f"http={self.http_status}"]
        detail = self._detail()
        return " ".join(parts) + (f": {detail}" if detail else "")

    @property
    def maybe_applied(self) -> bool:
        """A write that failed like this may nevertheless have taken effect: look before repeating it."""
        return False

    def redact(self, secret: str) -> None:
        """Take the secret out of the API's own words."""
        self.description = _without(secret, self.description)

    def __str__(self) -> str:
        return self.log

    def _detail(self) -> str:
        return self.description

    @property
    def _kind(self) -> str:
        return next(c.__name__ for c in type(self).__mro__ if c.__name__ in messages.FALLBACK)


class Unreachable(NavixyError):
    """No answer. `reason`: refused, name, tls, timeout, reset, address. `sent`: it may have arrived."""

    def __init__(self, *, reason: str, sent: bool, action: str = "", write: bool = False) -> None:
        super().__init__(action=action, write=write, description=reason)
        self.reason = reason
        self.sent = sent

    @property
    def maybe_applied(self) -> bool:
        return self.sent

    @property
    def message(self) -> str:
        return messages.unreachable(self.reason, maybe_written=self.write and self.sent)


class BadReply(NavixyError):
    """An answer arrived and cannot be understood; `description` says what was wrong with it."""

    @property
    def maybe_applied(self) -> bool:
        return True

    @property
    def message(self) -> str:
        return messages.BAD_REPLY_TO_WRITE if self.write else messages.FALLBACK["BadReply"]


class SessionEnded(NavixyError):
    """The credential is unknown, revoked or expired. Never repeat the call: sign in again."""


class SignInFailed(NavixyError):
    """These words do not open a session; `code` says why."""


class NotAllowed(NavixyError):
    """A right, the tariff, the demo mode or the kind of session forbids it."""


class NotFound(NavixyError):
    """It does not exist, or this person may not see it (the API does not tell which)."""


class TooBroad(NavixyError):
    """The period (211) or the page (212) is larger than the API gives at once."""


class InvalidRequest(NavixyError):
    """The API found the request wrong; `parameters` names what, when it told."""

    def __init__(
        self,
        *,
        action: str = "",
        code: int | None = None,
        http_status: int | None = None,
        description: str = "",
        write: bool = False,
        parameters: tuple[ParameterError, ...] = (),
    ) -> None:
        super().__init__(
            action=action, code=code, http_status=http_status, description=description, write=write
        )
        self.parameters = parameters

    def redact(self, secret: str) -> None:
        super().redact(secret)
        self.parameters = tuple(replace(one, error=_without(secret, one.error)) for one in self.parameters)

    def _detail(self) -> str:
        return "; ".join([self.description, *(f"{p.parameter}: {p.error}" for p in self.parameters)]).strip(
            "; "
        )


class NotSendable(InvalidRequest, ValueError):
    """Refused here because a documented limit would be broken; `message` says which one."""

    def __init__(self, sentence: str) -> None:
        super().__init__(description=sentence)

    @property
    def message(self) -> str:
        return self.description


class InvalidAnswers(NavixyError):
    """Form answers were refused; one entry of `fields` per bad field."""

    def __init__(
        self,
        *,
        action: str = "",
        code: int | None = None,
        http_status: int | None = None,
        description: str = "",
        write: bool = False,
        fields: tuple[FieldError, ...] = (),
    ) -> None:
        super().__init__(
            action=action, code=code, http_status=http_status, description=description, write=write
        )
        self.fields = fields

    @property
    def message(self) -> str:
        return super().message if self.fields else messages.UNNAMED_ANSWERS

    def redact(self, secret: str) -> None:
        super().redact(secret)
        self.fields = tuple(replace(one, error=_without(secret, one.error)) for one in self.fields)

    def _detail(self) -> str:
        return "; ".join([self.description, *(f"{f.field_id}: {f.code}" for f in self.fields)]).strip("; ")


class WrongState(NavixyError):
    """The thing exists and is not in a state that allows this."""


class StorageRefused(NavixyError):
    """A file was not accepted: over quota, over the size limit, too many of them, or not stored."""


class RateLimited(NavixyError):
    """Too many requests. `retry_after` is in seconds, `None` when nobody said."""

    def __init__(
        self,
        *,
        action: str = "",
        code: int | None = None,
        http_status: int | None = None,
        description: str = "",
        write: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(
            action=action, code=code, http_status=http_status, description=description, write=write
        )
        self.retry_after = retry_after

    @property
    def is_ours(self) -> bool:
        """Our own budget was used up; nothing was sent."""
        return self.http_status is None

    @property
    def message(self) -> str:
        return messages.rate_limited(self.retry_after, by_us=self.is_ours)


class Unavailable(NavixyError):
    """The service itself is in trouble; the same call may work later."""

    @property
    def maybe_applied(self) -> bool:
        return True

    @property
    def message(self) -> str:
        return messages.UNAVAILABLE_FOR_WRITE if self.write else super().message


class Refused(NavixyError):
    """Any other documented or unknown code."""


def _without(secret: str, text: str) -> str:
    return text.replace(secret, "…") if secret else text
