"""Settings as another process reads them: production refuses what is unsafe, the demo needs nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "kQ7-vR2_xT9zLm4Wp8Yc3Nb6Hd1Jf5Ga0Se-uXiOoPqErTyUwZaS",
    "ALLOWED_HOSTS": "desk.example",
    "NAVIXY_API_URL": "https://api.eu.navixy.com/v2/",
}
ASK = """
import json, django
from django.conf import settings
django.setup()
print(json.dumps({name: getattr(settings, name) for name in %s}, default=str))
"""


def run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ours = {"DJANGO_SETTINGS_MODULE": "dashboard.settings", "VAR_DIR": str(tmp_path / "var")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=clean | ours | environment, capture_output=True, text=True
    )


def settings_of(tmp_path: Path, *names: str, **environment: str) -> dict[str, Any]:
    done = run(tmp_path, "-c", ASK % repr(names), **environment)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_production_passes_djangos_own_check(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **SAFE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50 characters"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS lets every host in"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"NAVIXY_API_URL": ""}, "names no Navixy"),
        ({"NAVIXY_API_URL": "http://api.eu.navixy.com/v2"}, "without TLS"),
        ({"NAVIXY_REGIONS": "EU=http://api.eu.navixy.com/v2"}, "without TLS"),
    ],
)
def test_production_refuses(tmp_path: Path, wrong: dict[str, str], sentence: str) -> None:
    done = run(tmp_path, "manage.py", "check", **SAFE | wrong)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_production_cookies_and_transport(tmp_path: Path) -> None:
    found = settings_of(
        tmp_path,
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "SECURE_SSL_REDIRECT",
        "DEMO",
        "NAVIXY_API_URL",
        **SAFE,
    )
    assert found == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
        "DEMO": False,
        "NAVIXY_API_URL": "https://api.eu.navixy.com/v2",
    }


def test_nothing_set_is_the_demo(tmp_path: Path) -> None:
    found = settings_of(
        tmp_path, "DEMO", "NAVIXY_API_URL", "DEBUG", "SECRET_KEY", PORT="9100", SANDBOX_PORT="9101"
    )
    assert (found["DEMO"], found["NAVIXY_API_URL"], found["DEBUG"]) == (
        True,
        "http://127.0.0.1:9101/v2",
        False,
    )
    assert len(found["SECRET_KEY"]) >= 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_everything_written_is_below_var(tmp_path: Path) -> None:
    found = settings_of(tmp_path, "STATIC_ROOT", "MEDIA_ROOT", "DATABASES", "CACHES", "SECRET_KEY_FALLBACKS")
    for place in (
        found["STATIC_ROOT"],
        found["MEDIA_ROOT"],
        found["DATABASES"]["default"]["NAME"],
        found["CACHES"]["default"]["LOCATION"],
    ):
        assert Path(place).is_relative_to(tmp_path / "var")


def test_services_by_address(tmp_path: Path) -> None:
    found = settings_of(
        tmp_path,
        "DATABASES",
        "CACHES",
        DATABASE_URL="postgres://desk:pw@db.example:5432/desk",
        REDIS_URL="redis://cache.example:6379/0",
    )
    assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert found["CACHES"]["default"]["BACKEND"].endswith("RedisCache")


def test_a_tile_server_is_let_into_the_policy(tmp_path: Path) -> None:
    found = settings_of(
        tmp_path, "CONTENT_SECURITY_POLICY", MAP_TILE_URL="https://{s}.tiles.example/{z}/{x}/{y}.png"
    )
    assert "https://*.tiles.example" in found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["img-src"]


def test_migrations_are_complete(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout
