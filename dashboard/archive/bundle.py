"""An archived record as a zip file that can be read anywhere: what was received, the files, a page."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from markupsafe import Markup

from dashboard import answers
from dashboard.archive import keeping
from dashboard.archive.models import Archived, ArchivedFile
from dashboard.clock import Clock, now
from dashboard.navixy import forms
from dashboard.navixy.forms import Form
from dashboard.photos.packs.names import extension, plain
from dashboard.reports.names import file_name

_BLOCK = 256 * 1024
_SHOWN = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp")
_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"
_STYLE = """
:root{color-scheme:light dark}.quiet{opacity:.75}
body{margin:2rem auto;max-width:60rem;padding:0 1rem;font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
dl{display:grid;grid-template-columns:12rem 1fr;gap:.25rem 1rem;overflow-wrap:anywhere}
dt{opacity:.75}dd{margin:0;white-space:pre-wrap}
ul{display:flex;flex-wrap:wrap;gap:.75rem;padding:0;list-style:none;overflow-wrap:anywhere}
li{width:14rem;font-size:.8rem}img{display:block;width:14rem;height:10.5rem;object-fit:contain;background:#8882}
"""


def name_of(archived: Archived) -> str:
    return file_name("archive", archived.kind, str(archived.upstream_id), ending="zip")


def write(archived: Archived, into: BinaryIO, clock: Clock) -> None:
    """Files stay as they were uploaded; a name of theirs is never a path, and nothing runs when opened."""
    names = dict(_names(archived))
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("record.json", json.dumps(_facts(archived, names), ensure_ascii=False, indent=1))
        pack.writestr("index.html", _page(archived, names, clock))
        for kept in archived.files.exclude(key=""):
            _add(pack, kept, names[kept.pk])


def _names(archived: Archived) -> Iterator[tuple[int, str]]:
    for number, kept in enumerate(archived.files.exclude(key=""), 1):
        stem = plain(kept.name.rpartition(".")[0])[:60].strip("-") or "file"
        yield kept.pk, f"files/{number:02}_{stem}{extension(kept.name, kept.mime_type)}"


def _add(pack: zipfile.ZipFile, kept: ArchivedFile, name: str) -> None:
    local = now()  # a zip knows no zones
    info = zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    info.external_attr = 0o644 << 16
    with keeping.opened(kept) as source, pack.open(info, "w") as target:
        shutil.copyfileobj(source, target, _BLOCK)


def _facts(archived: Archived, names: dict[int, str]) -> dict[str, Any]:
    return {
        "kind": archived.kind,
        "id": archived.upstream_id,
        "title": archived.title,
        "removed": archived.removed.isoformat() if archived.removed else None,
        "removed_by": archived.who,
        "shown": dict(archived.names),
        "record": archived.record,
        "forms": archived.forms,
        "files": [
            {
                "file": names.get(kept.pk),
                "id": kept.upstream_id,
                "name": kept.name,
                "mime_type": kept.mime_type,
                "size": kept.size,
                "sha256": kept.sha256,
                "form_id": kept.form_id,
                "field_id": kept.field_id,
                "problem": kept.problem,
            }
            for kept in archived.files.all()
        ],
    }


def _page(archived: Archived, names: dict[int, str], clock: Clock) -> str:
    removed = clock.long(archived.removed) if archived.removed else ""
    parts = [
        Markup(
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta http-equiv="Content-Security-Policy" content="{}">'
            '<meta name="viewport" content="width=device-width"><title>{}</title><style>{}</style></head>\n'
            '<body><h1>{}</h1><p class="quiet">Removed {} ({}) by {}. As it was then.</p>\n'
        ).format(
            Markup(_POLICY),  # noqa: S704  our own words, quotes and all
            archived.title,
            Markup(_STYLE),  # noqa: S704  likewise
            archived.title,
            removed,
            clock.zone.key,
            archived.who,
        ),
        _list((label, text) for label, text in archived.names),
        _files("Files", archived.files.filter(form_id=None), names),
    ]
    for form in read_forms(archived):
        parts.append(Markup("<h2>{}</h2>\n").format(form.label))
        parts.append(_list(_answers(form, clock)))
    parts.append(_files("Files of the form", archived.files.exclude(form_id=None), names))
    return "".join([*parts, "</body></html>\n"])


def read_forms(archived: Archived) -> list[Form]:
    return [forms.form_from(record) for record in archived.forms if isinstance(record.get("id"), int)]


def _answers(form: Form, clock: Clock) -> Iterator[tuple[str, str]]:
    found: tuple[answers.AnswerRow[str], ...] = answers.rows(form, files={}, day=clock.day)
    for row in found:
        if row.kind == "heading":
            yield row.label, ""
        elif row.kind == "ticks":
            yield row.label, ", ".join(tick.label for tick in row.ticks if tick.on)
        elif row.kind == "rating":
            yield row.label, f"{row.stars_given} / {len(row.stars)}" if row.answered else ""
        else:
            yield row.label, row.text or (f"{row.missing}" if row.kind in ("files", "signature") else "")


def _list(pairs: Iterator[tuple[str, str]]) -> Markup:
    lines = [Markup("<dt>{}</dt><dd>{}</dd>\n").format(label, text or "–") for label, text in pairs]
    return Markup("<dl>\n{}</dl>\n").format(Markup("").join(lines)) if lines else Markup("")


def _files(title: str, kept: Any, names: dict[int, str]) -> Markup:
    items = [_item(file, names.get(file.pk, "")) for file in kept]
    if not items:
        return Markup("")
    return Markup("<h2>{}</h2><ul>\n{}</ul>\n").format(title, Markup("").join(items))


def _item(file: ArchivedFile, name: str) -> Markup:
    if not name:
        return Markup("<li>{}: {}</li>\n").format(file.name, file.problem)
    picture = Markup('<img src="{}" alt="" loading="lazy">').format(name) if name.endswith(_SHOWN) else ""
    return Markup('<li><a href="{}">{}{}</a></li>\n').format(name, picture, file.name or name)
