"""A report in a second program: LibreOffice opens it without repair and reads the same words and numbers."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.test import Client as Browserless

from dashboard.sandbox import Sandbox, awkward
from dashboard.sandbox.texts import AWKWARD
from tests.web.test_reports import ODD, content, made, patient  # noqa: F401  for every test here

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice here"),
]
# Every sheet, as UTF-8 with commas, cells as they are shown, quoted where they are text
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"


def converted(path: Path, to: str, folder: Path) -> str:
    done = subprocess.run(
        [
            *("soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile"),
            *("--convert-to", to, "--outdir", str(folder / "out"), str(path)),
        ],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_libreoffice_reads_what_was_written(
    signed_in: Callable[..., Browserless], sandbox: Sandbox, tmp_path: Path
) -> None:
    web = signed_in()
    job = made(web, ids=ODD, columns="all", pictures="on")
    path = tmp_path / "report.xlsx"
    path.write_bytes(content(web, f"/reports/{job.pk}/download/"))
    said = converted(path, CSV, tmp_path)
    assert "repair" not in said.lower()
    assert "error" not in said.lower()
    book = openpyxl.load_workbook(path)
    sheets = {one.name for one in (tmp_path / "out").iterdir()}
    assert len(sheets) == len(book.sheetnames)
    text = (tmp_path / "out" / "report-Check-ins.csv").read_text("utf-8")
    rows = {row["Check-in no."]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert len(rows) == len(ODD)
    for number, comment in enumerate(AWKWARD, awkward.FIRST_TEXT):
        assert rows[str(number)]["Comment"] == comment
    one = sandbox.world.checkin(ODD[0])
    assert one
    assert rows[str(one.id)]["Latitude"] == f"{one.lat:.6f}"
    assert rows[str(one.id)]["Time (UTC)"] == f"{one.marker_time:%Y-%m-%dT%H:%M:%SZ}"
