"""A real S3 server in the place of the emulated storage: its presigned forms, and what has arrived there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dashboard.sandbox.presigned import FILENAME

LIFE = 3600  # seconds


@dataclass(frozen=True, kw_only=True)
class S3Server:
    """Reached by path, not by host name: `http://127.0.0.1:8333/bucket`."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)

    def form(self, folder: str, *, largest: int, content_type: str | None) -> tuple[str, dict[str, str]]:
        """URL and fields of a form, as the platform hands them out (ref 8.1)."""
        fields = {"success_action_status": "200", "x-amz-server-side-encryption": "AES256"}
        if content_type is not None:
            fields["content-type"] = content_type
        conditions: list[Any] = [{name: value} for name, value in fields.items()]
        conditions.append(["content-length-range", 1, largest])
        made = self._client.generate_presigned_post(
            self.bucket, f"{folder}/{FILENAME}", Fields=fields, Conditions=conditions, ExpiresIn=LIFE
        )
        return made["url"], made["fields"]

    def fetch(self, folder: str, into: Path) -> str | None:
        """The one object in the folder, written to `into`, and its type; None while there is none."""
        found = self._client.list_objects_v2(Bucket=self.bucket, Prefix=f"{folder}/").get("Contents", [])
        if not found:
            return None
        answer = self._client.get_object(Bucket=self.bucket, Key=found[0]["Key"])
        with into.open("wb") as file:
            for chunk in answer["Body"].iter_chunks(64 * 1024):
                file.write(chunk)
        return str(answer.get("ContentType", ""))

    def make_bucket(self) -> None:
        self._client.create_bucket(Bucket=self.bucket)

    @cached_property
    def _client(self) -> Any:
        import boto3  # half a second that a sandbox without such a server need not wait for
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
            config=Config(
                signature_version="s3v4", s3={"addressing_style": "path"}, retries={"max_attempts": 1}
            ),
        )
