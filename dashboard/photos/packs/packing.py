"""From check-ins to zip files, as a job.

How it survives: which check-ins and files go in is decided first and kept in the file store (the plan). Files
are fetched into the job's folder under their id and stay there until the part they belong to lies in the file
store. So after `kill -9` or a pause nothing that had arrived is fetched again on this machine, and only the
part under way is written anew; another machine fetches that part's files once more. A part ends between two
check-ins.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain, islice

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import connect
from dashboard.clock import now
from dashboard.jobs import files
from dashboard.jobs.kinds import JobFailed, Result, StoredFile
from dashboard.jobs.pages import size_text
from dashboard.jobs.running import Running
from dashboard.photos.packs import plan
from dashboard.photos.packs.fetching import Fetcher, Gathered
from dashboard.photos.packs.index import About
from dashboard.photos.packs.parts import Part
from dashboard.photos.packs.plan import Batch, Planned

SPARE = 200_000_000  # bytes of the disk that a pack leaves free
Listing = Callable[[], Iterator[Batch]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`first`, `last`: dates of the check-ins, for the name of the zip; empty without any."""

    stored: StoredFile
    checkins: int
    size: int
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What lies in the file store already: `next` is the place of the first check-in that does not."""

    next: int = 0
    files: int = 0
    failed: int = 0
    parts: tuple[StoredFile, ...] = ()


def pack(job: Running, listing: Listing) -> Result:
    """`listing` gives the check-ins in the order of the pack; asked only while there is no plan yet."""
    found = _plan(job, listing)
    if not found.checkins:
        raise JobFailed(_("No check-in is left that matches."))
    _need_room(job, found)
    stand = _packed(job, found)
    if not stand.parts:
        return Result(message=_("None of these check-ins has a picture or a file."))
    return Result(message=_summary(found, stand), files=_named(found, stand.parts))


def _plan(job: Running, listing: Listing) -> Plan:
    if kept := job.saved.get("plan"):
        return Plan(**kept | {"stored": files.stored(kept["stored"])})
    path = job.folder / f"plan-{job.lease.token[:12]}.jsonl"
    seen: set[int] = set()
    size, days = 0, set[str]()
    with path.open("w", encoding="ascii") as lines:
        for batch in listing():
            for item in batch.items:
                if item.id in seen:  # something came in while the list was read
                    continue
                seen.add(item.id)
                size += item.size
                lines.write(plan.line_of(item))
                days = _first_and_last(days, job, item)
            job.progress(0, None, _finding(len(seen), batch.total))
    found = Plan(
        stored=job.store(path, path.name),
        checkins=len(seen),
        size=size,
        first=min(days, default=""),
        last=max(days, default=""),
    )
    packed = {name: getattr(found, name) for name in ("checkins", "size", "first", "last")}
    job.save(0, found.checkins, plan=packed | {"stored": found.stored.packed()})
    return found


def _finding(seen: int, total: int) -> str:
    return _("Finding the check-ins: %(seen)s of %(total)s") % {"seen": f"{seen:,}", "total": f"{total:,}"}


def _first_and_last(days: set[str], job: Running, item: Planned) -> set[str]:
    if item.time is None:
        return days
    days = days | {f"{item.time.astimezone(job.account.zone):%Y-%m-%d}"}
    return {min(days), max(days)}


def _need_room(job: Running, found: Plan) -> None:
    """Sizes in records are what was reserved, so this errs on the safe side."""
    part = min(found.size, _part_size())
    needed = found.size + 2 * part + SPARE
    free = shutil.disk_usage(job.folder).free
    if free < needed:
        raise JobFailed(
            _("About %(needed)s of space are needed, and this site has %(free)s. Choose fewer check-ins.")
            % {"needed": size_text(needed), "free": size_text(free)}
        )


def _packed(job: Running, found: Plan) -> Stand:
    stand = _stand(job)
    about = _about(job, found)
    fetcher = Fetcher(job.client, connect.storage(job.account.api_url), job.folder / "files")
    with closing(_items(found, stand.next)) as items, closing(fetcher.gather(items)) as gathered:
        rest: Iterator[Gathered] = gathered
        while stand.next < found.checkins:
            stand, following = _part(job, found, stand, about, rest, fetcher)
            rest = chain([following] if following else [], gathered)
    return stand


def _part(
    job: Running, found: Plan, stand: Stand, about: About, gathered: Iterator[Gathered], fetcher: Fetcher
) -> tuple[Stand, Gathered | None]:
    """One part from where we stand into the file store; and the check-in that did not fit in any more."""
    taken: list[Gathered] = []
    following: Gathered | None = None
    with Part(job.folder, about, len(stand.parts) + 1, token=job.lease.token) as part:
        for one in gathered:
            if part.files and part.size + one.size > _part_size():
                following = one
                break
            part.add(one)
            taken.append(one)
            job.progress(stand.next + len(taken), found.checkins, _words(stand, part))
        part.finish()
    if not taken:
        raise JobFailed(_("What was prepared for it has been lost. Ask for it again."))
    after = replace(
        stand,
        next=stand.next + len(taken),
        files=stand.files + part.files,
        failed=stand.failed + part.failed,
    )
    if not part.is_empty:
        stored = job.store(part.path, "")
        after = replace(after, parts=(*stand.parts, stored))
    job.save(after.next, found.checkins, _words(after, None), stand=_packed_stand(after))
    for one in taken:
        fetcher.forget(one)
    return after, following


def _items(found: Plan, start: int) -> Generator[Planned]:
    file = files.opened(found.stored)
    if file is None:
        raise JobFailed(_("What was prepared for it has been lost. Ask for it again."))
    with file:
        yield from islice(plan.items_in(file), start, None)


def _about(job: Running, found: Plan) -> About:
    clock = job.account.clock
    return About(
        title=ngettext("Photos of %s check-in", "Photos of %s check-ins", found.checkins)
        % f"{found.checkins:,}",
        clock=clock,
        made=clock.moment(now()),
    )


def title(checkins: int) -> str:
    return ngettext("Photos of %s check-in", "Photos of %s check-ins", checkins) % f"{checkins:,}"


def _stand(job: Running) -> Stand:
    kept = job.saved.get("stand")
    return Stand(**kept | {"parts": tuple(map(files.stored, kept["parts"]))}) if kept else Stand()


def _packed_stand(stand: Stand) -> dict[str, object]:
    return {
        "next": stand.next,
        "files": stand.files,
        "failed": stand.failed,
        "parts": [part.packed() for part in stand.parts],
    }


def _words(stand: Stand, part: Part | None) -> str:
    count = stand.files + (part.files if part else 0)
    failed = stand.failed + (part.failed if part else 0)
    words = ngettext("%s file so far", "%s files so far", count) % f"{count:,}"
    return words + (_(", %s could not be had") % f"{failed:,}" if failed else "")


def _summary(found: Plan, stand: Stand) -> str:
    values = {"files": f"{stand.files:,}", "checkins": f"{found.checkins:,}", "parts": len(stand.parts)}
    words = _("%(files)s files of %(checkins)s check-ins.") % values
    if len(stand.parts) > 1:
        words = _("%(files)s files of %(checkins)s check-ins, in %(parts)d zip files.") % values
    if stand.failed:
        words += " " + (
            ngettext(
                "%s could not be had; the index in the zip file says why.",
                "%s could not be had; the index in the zip file says why.",
                stand.failed,
            )
            % f"{stand.failed:,}"
        )
    return words


def _named(found: Plan, parts: tuple[StoredFile, ...]) -> tuple[StoredFile, ...]:
    days = "_".join(dict.fromkeys(filter(None, (found.first, found.last))))
    base = "_".join(filter(None, ("photos", days, f"{found.checkins}-checkins")))
    if len(parts) == 1:
        return (replace(parts[0], name=f"{base}.zip"),)
    return tuple(replace(part, name=f"{base}_part-{n}.zip") for n, part in enumerate(parts, 1))


def _part_size() -> int:
    return int(settings.PACK_PART_MB * 1_000_000)
