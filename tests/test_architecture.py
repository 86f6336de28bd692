"""The rules of the layout that import contracts cannot say (pyproject.toml has those)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("dashboard", "checkins", "checkpoints")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
API_SETTINGS = {"NAVIXY_API_URL", "NAVIXY_REGIONS", "NAVIXY_FILE_HOSTS", "RATE_PER_SECOND"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def names_used(tree: ast.AST) -> set[str]:
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return attributes | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return found


def users_of(names: set[str], *, but: set[str]) -> dict[str, set[str]]:
    found = {path: names_used(tree) & names for path, tree in modules() if path not in but}
    return {path: used for path, used in found.items() if used}


def test_only_connect_reads_api_settings() -> None:
    assert users_of(API_SETTINGS, but={"dashboard/connect.py", "dashboard/settings.py"}) == {}


def test_only_accounts_reads_session_keys() -> None:
    readers = {path for path, tree in modules() if any(reads_session(node) for node in ast.walk(tree))}
    assert {path for path in readers if not path.startswith("dashboard/sandbox/")} <= {
        "dashboard/accounts.py"
    }


def reads_session(node: ast.AST) -> bool:
    """`….session[…]`, `….session.get(…)` and their like; handing the session on is fine."""
    if isinstance(node, ast.Subscript):
        return is_session(node.value)
    keyed = {"get", "pop", "setdefault", "update", "keys", "items"}
    return isinstance(node, ast.Attribute) and node.attr in keyed and is_session(node.value)


def is_session(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).split(".")[-1] == "session"


def test_only_middleware_turns_api_errors_into_answers() -> None:
    handlers = {path for path, tree in modules() if "process_exception" in functions(tree)}
    assert handlers == {"dashboard/middleware.py"}


def functions(tree: ast.AST) -> set[str]:
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_only_client_sandbox_and_supervisor_speak_http() -> None:
    speakers = {
        path for path, tree in modules() if imported(tree) & {"http.client", "urllib.request", "socket"}
    }
    assert {one for one in speakers if not one.startswith(("dashboard/navixy/", "dashboard/sandbox/"))} <= {
        "dashboard/server.py"
    }


def test_views_parse_no_dates() -> None:
    parsers = {"strptime", "fromisoformat", "parse_local"}
    views = {path: names_used(tree) & parsers for path, tree in modules() if path.endswith("views.py")}
    assert {path: used for path, used in views.items() if used} == {}


def test_the_site_takes_the_time_from_its_clock() -> None:
    """`datetime.now` and `timezone.now` cannot be stopped by a test; the sandbox has a clock of its own."""
    pure = {p: t for p, t in modules() if not p.startswith(("dashboard/navixy/", "dashboard/sandbox/"))}
    calls = {
        path: [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and is_now(node.func)]
        for path, tree in pure.items()
        if path != "dashboard/clock.py"
    }
    assert {path: lines for path, lines in calls.items() if lines} == {}


def is_now(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in {"now", "utcnow", "today", "localdate"}
        and isinstance(function.value, ast.Name)
        and function.value.id in {"datetime", "date", "timezone"}
    )


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.name.startswith("_")], ids=lambda p: p.name)
def test_a_partial_says_first_what_it_expects(path: Path) -> None:
    assert re.match(r"\{# .{10,} #\}", path.read_text(encoding="utf-8").splitlines()[0])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_a_template_obeys_the_content_policy(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    unsafe = r"\sstyle=|\son[a-z]+=|\shx-on|hx-vals=.js:|<style"
    inline = r"""<script(?![^>]*(\ssrc=|type="application/json"))"""
    assert re.findall(f"{unsafe}|{inline}", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_a_template_shows_values_and_trusts_none(path: Path) -> None:
    """Nothing raw from the API, nothing marked safe: what a row cannot show as text, rows.py prepares."""
    found = re.findall(
        r"\|\s*safe\b|autoescape off|\.raw\b|navixy\.|reply\.", path.read_text(encoding="utf-8")
    )
    assert found == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_a_script_writes_no_markup_from_strings(path: Path) -> None:
    """Markup comes from the server; a fragment it answered may become elements as it is."""
    text = re.sub(r"\.innerHTML = await \w+\.text\(\);", "", path.read_text(encoding="utf-8"))
    assert re.findall(r"\beval\(|new Function|\.innerHTML\s*=|insertAdjacentHTML|document\.write", text) == []


def test_third_party_code_stays_out_of_the_repository() -> None:
    theirs = r"\.min\.|^(htmx|leaflet.*|topojson.*|photoswipe.*)\.(js|css)$"
    assert [path for path in (ROOT / "static").rglob("*") if re.search(theirs, path.name)] == []


def test_top_level_is_what_the_layout_says() -> None:
    allowed = {
        *(
            "manage.py",
            "pyproject.toml",
            "package.json",
            "package-lock.json",
            "Makefile",
            "README.md",
            "LICENSE",
        ),
        *("requirements.lock", "requirements-dev.lock", "requirements-node.lock"),
        *("dashboard", "checkins", "checkpoints", "templates", "static", "tests", "node_modules", "var"),
    }
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} <= allowed
