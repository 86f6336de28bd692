"""Results of jobs in the file store: on disk, or in a bucket."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from dashboard.jobs.kinds import StoredFile


class Finished(File):  # type: ignore[type-arg]  # Django's File is no generic at run time
    """A file of ours that the store may move instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def put(job_id: int, token: str, path: Path, name: str) -> StoredFile:
    """Takes the file away. The key names the attempt, so that two of them never write the same file."""
    size = path.stat().st_size
    with path.open("rb") as content:
        key = _storage().save(f"{job_id}/{token[:12]}-{path.name}", Finished(content, str(path)))
    path.unlink(missing_ok=True)
    return StoredFile(key=key, name=name, size=size)


def opened(stored: StoredFile) -> File[bytes] | None:
    try:
        return _storage().open(stored.key)
    except FileNotFoundError:
        return None


def remove(key: str) -> None:
    _storage().delete(key)


def remove_all(job_id: int) -> None:
    """What the job has stored, and what attempts that died have left."""
    keep_only(job_id, ())
    storage = _storage()
    if isinstance(storage, FileSystemStorage) and storage.exists(str(job_id)):
        storage.delete(str(job_id))


def keep_only(job_id: int, kept: Iterable[StoredFile]) -> None:
    """The results of a job that is done; away with plans and the like."""
    keys, storage = {file.key for file in kept}, _storage()
    try:
        names = storage.listdir(str(job_id))[1]
    except FileNotFoundError:
        return
    for name in names:
        if f"{job_id}/{name}" not in keys:
            storage.delete(f"{job_id}/{name}")


def scratch(job_id: int) -> Path:
    """A folder of the job on this machine; stays through restarts until the job is over."""
    folder = _scratch() / str(job_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def remove_scratch(job_id: int) -> None:
    shutil.rmtree(_scratch() / str(job_id), ignore_errors=True)


def scratches() -> list[int]:
    """Jobs with a folder on this machine."""
    folder = _scratch()
    return [int(path.name) for path in folder.iterdir() if path.name.isdigit()] if folder.is_dir() else []


def stored(packed: dict[str, Any]) -> StoredFile:
    return StoredFile(**packed)


def _scratch() -> Path:
    return Path(settings.VAR_DIR) / "jobs"


def _storage() -> Storage:
    return storages["results"]
