"""Signing in and out, and who is signed in (ref 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dashboard.navixy import values
from dashboard.navixy.client import Client, Secret
from dashboard.navixy.values import Record

ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`hash` is a session hash: a secret."""

    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A code was sent. `hash` is the credential for `verify_code` and `resend_code`, nothing else."""

    hash: str = field(repr=False)
    factor_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo:
    """Who this login is. `rights` None: none were told, so this is the owner, who has them all (ref 2.3)."""

    id: int
    master_id: int | None
    login: str
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    zone: str = "UTC"  # IANA name
    locale: str = "en_US"
    date_format: str = ""  # ddMMyyyy_dots … of ref 2.3; empty when not told
    hour_mode: str = ""  # TWENTY_FOUR_HOURS | TWELVE_HOURS
    measurement_system: str = "metric"
    demo: bool = False
    rights: frozenset[str] | None = None
    creation_date: datetime | None = None

    @property
    def account_id(self) -> int:
        """The account all records belong to: `user_id` on check-ins."""
        return self.master_id or self.id

    @property
    def is_owner(self) -> bool:
        return self.rights is None or ADMIN in self.rights

    def has(self, right: str) -> bool:
        """What the rights say. `checkin_update` does not follow them (ref 1.8): try, and mind NotAllowed."""
        return self.rights is None or ADMIN in self.rights or right in self.rights


@dataclass(frozen=True, slots=True, kw_only=True)
class UiConfig:
    """Live limits of the installation (ref 1.6), with the documented defaults for what it does not say."""

    iso_datetime_support: bool = True
    max_time_span: timedelta = timedelta(days=90)
    history_max_limit: int = 1000
    max_file_size: int = 16_777_216
    max_files_per_field: int = 6
    demo_login: str | None = None
    demo_password: str | None = field(default=None, repr=False)


def sign_in(client: Client, login: str, password: str) -> SignedIn | SecondFactor:
    """`user/auth`. Raises SignInFailed (102 to 105, 275, 11). Never repeated: attempts are counted."""
    words = {"login": login, "password": Secret(password)}
    del password  # a report of this frame's variables must not show it
    reply = client.acting_as(None).read("user/auth", words, again=False)
    if values.text(reply.body, "type") == "second_factor_required":
        return SecondFactor(reply.text("hash"), values.text(reply.body, "factor_type") or "email")
    return SignedIn(reply.text("hash"))  # older servers leave `type` out


def verify_code(client: Client, code: str) -> SignedIn:
    """`user/auth/code/verify`; the client's credential is the second factor's. Raises SignInFailed (282)."""
    return SignedIn(client.read("user/auth/code/verify", {"code": Secret(code)}, again=False).text("hash"))


def resend_code(client: Client) -> None:
    """`user/auth/code/resend`, at most every five minutes. Raises WrongState (264)."""
    client.read("user/auth/code/resend", again=False)


def renew(client: Client) -> None:
    """Give the session a full lifetime from now. Raises SessionEnded, for an API key as well (ref 1.3)."""
    client.read("user/session/renew", again=False)


def sign_out(client: Client) -> None:
    """End the session at once. Raises SessionEnded when it was over already."""
    client.read("user/logout", again=False)


def get_info(client: Client) -> UserInfo:
    """`user/get_info`: one call tells person, account, zone, formats and rights."""
    reply = client.read("user/get_info")
    return reply.read_as(lambda user: user_info_from(user, reply.body), "user_info")


def ui_config(client: Client, *, domain: str | None = None) -> UiConfig:
    """`dealer/get_ui_config`: needs no credential when `domain` is given."""
    body = client.read("dealer/get_ui_config", {"domain": domain} if domain else {}).body
    return ui_config_from(values.child(body, "platform"), values.child(body, "settings"))


def user_info_from(user: Record, body: Record) -> UserInfo:
    """Raises Unreadable without a user id."""
    return UserInfo(
        id=values.identity(user),
        master_id=values.integer(values.child(body, "master"), "id"),
        login=values.text(user, "login") or "",
        title=values.text(user, "title") or "",
        first_name=values.text(user, "first_name") or "",
        last_name=values.text(user, "last_name") or "",
        zone=values.text(user, "time_zone") or "UTC",
        locale=values.text(user, "locale") or "en_US",
        date_format=values.text(user, "date_format") or "",
        hour_mode=values.text(user, "hour_mode") or "",
        measurement_system=values.text(user, "measurement_system") or "metric",
        demo=values.boolean(user, "demo") or False,
        rights=_rights(body),
        creation_date=values.moment(user, "creation_date", UTC),
    )


def ui_config_from(platform: Record, settings: Record) -> UiConfig:
    plain = UiConfig()
    iso = values.boolean(platform, "iso_datetime_support")
    return UiConfig(
        iso_datetime_support=plain.iso_datetime_support if iso is None else iso,
        max_time_span=values.duration(platform, "report.max_time_span") or plain.max_time_span,
        history_max_limit=values.integer(platform, "history.max_limit") or plain.history_max_limit,
        max_file_size=values.integer(platform, "file_storage.hard_max_file_size") or plain.max_file_size,
        max_files_per_field=values.integer(platform, "form.file_field.max_files_per_field")
        or plain.max_files_per_field,
        demo_login=values.text(settings, "demo_login"),
        demo_password=values.text(settings, "demo_password"),
    )


def _rights(body: Record) -> frozenset[str] | None:
    """Privileges absent: the owner. Present and empty: a sub-user without any right."""
    if not isinstance(body.get("privileges"), dict):
        return None
    return frozenset(values.texts(values.child(body, "privileges"), "rights"))
