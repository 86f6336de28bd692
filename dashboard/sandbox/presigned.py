"""Presigned POST forms of S3: made, and judged the way Amazon documents it (ref 8.1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

BUCKET, REGION, ACCESS_KEY = "sandbox-bucket", "eu-central-1", "SANDBOX"
SECRET = secrets.token_hex(20)
FILENAME = "${filename}"
_UNJUDGED = {"policy", "x-amz-signature", "file"}
_STAMP = "%Y%m%dT%H%M%SZ"


class Wrong(Exception):
    """A form that S3 would refuse: its status, its code, and why."""

    def __init__(self, status: int, code: str, why: str) -> None:
        super().__init__(why)
        self.status, self.code, self.why = status, code, why


def fields(
    folder: str, *, largest: int, now: datetime, until: datetime, content_type: str | None
) -> dict[str, str]:
    """What a browser sends beside the file to put it into `folder`, as often as it likes, until then."""
    scope = f"{now:%Y%m%d}/{REGION}/s3/aws4_request"
    given = {
        "success_action_status": "200",
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"{ACCESS_KEY}/{scope}",
        "x-amz-date": now.strftime(_STAMP),
        "x-amz-server-side-encryption": "AES256",
    }
    if content_type is not None:
        given["content-type"] = content_type
    conditions: list[Any] = [{name: value} for name, value in given.items()]
    conditions += [
        {"bucket": BUCKET},
        ["starts-with", "$key", f"{folder}/"],
        ["content-length-range", 1, largest],
    ]
    policy = _packed({"expiration": f"{until:%Y-%m-%dT%H:%M:%S.000Z}", "conditions": conditions})
    signature = _signature(policy, scope)
    return {"policy": policy, "key": f"{folder}/{FILENAME}", **given, "x-amz-signature": signature}


def key_of(form: Mapping[str, str], filename: str) -> str:
    """Where the object goes. Raises Wrong."""
    if "key" not in form:
        raise Wrong(400, "InvalidArgument", "the form has no key")
    return form["key"].replace(FILENAME, filename)


def judge(form: Mapping[str, str], *, key: str, size: int, now: datetime) -> None:
    """Names of `form` in lower case. Raises Wrong for what the policy does not allow."""
    policy = _trusted(form)
    expiration = datetime.fromisoformat(policy["expiration"])
    if expiration <= now:
        raise Wrong(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
    seen = {**form, "key": key, "bucket": BUCKET}
    named: set[str] = set()
    for condition in policy["conditions"]:
        named.add(_check(condition, seen, size))
    extra = {name for name in form if not name.startswith("x-ignore-")} - named - _UNJUDGED
    if extra:
        raise Wrong(403, "AccessDenied", f"Invalid according to Policy: Extra input fields: {sorted(extra)}")


def _trusted(form: Mapping[str, str]) -> dict[str, Any]:
    """The policy, when it is ours and unchanged."""
    for name in ("policy", "x-amz-signature", "x-amz-credential", "x-amz-algorithm", "x-amz-date"):
        if name not in form:
            raise Wrong(403, "AccessDenied", f"{name} is missing")
    key, _, scope = form["x-amz-credential"].partition("/")
    if key != ACCESS_KEY:
        raise Wrong(403, "InvalidAccessKeyId", "this access key does not exist")
    if not hmac.compare_digest(_signature(form["policy"], scope), form["x-amz-signature"]):
        raise Wrong(403, "SignatureDoesNotMatch", "the signature is not that of the policy")
    return dict(json.loads(base64.b64decode(form["policy"])))


def _check(condition: Any, seen: Mapping[str, str], size: int) -> str:
    """The name it is about. Raises Wrong."""
    match condition:
        case ["content-length-range", least, most]:
            if size < least:
                raise Wrong(400, "EntityTooSmall", f"at least {least} bytes")
            if size > most:
                raise Wrong(400, "EntityTooLarge", f"at most {most} bytes")
            return ""
        case ["starts-with", name, start]:
            field = str(name).removeprefix("$").lower()
            _hold(seen.get(field, "").startswith(start), condition)
            return field
        case {**members} if len(members) == 1:
            ((name, value),) = members.items()
            _hold(seen.get(str(name).lower()) == value, condition)
            return str(name).lower()
    raise Wrong(400, "InvalidPolicyDocument", f"no condition: {condition}")


def _hold(holds: bool, condition: Any) -> None:
    if not holds:
        raise Wrong(403, "AccessDenied", f"Invalid according to Policy: Policy Condition failed: {condition}")


def _packed(policy: Mapping[str, Any]) -> str:
    return base64.b64encode(json.dumps(policy).encode()).decode()


def _signature(policy: str, scope: str) -> str:
    """Version 4: the key is derived from the secret along the scope."""
    key = b"AWS4" + SECRET.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, policy.encode(), hashlib.sha256).hexdigest()
