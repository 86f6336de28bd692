"""`make demo` as a person runs it: real processes, hashed static files, one signal ends all."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests import running

PRODUCTION = {"PRODUCTION": "1", "SECRET_KEY": "0123456789" * 6, "ALLOWED_HOSTS": "desk.example"}


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all, as compressing the static files takes the longest."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(var_dir: Path) -> Iterator[running.Demo]:
    with running.demo(var_dir=var_dir) as one:
        yield one


def test_it_says_where_it_is_and_who_may_sign_in(demo: running.Demo) -> None:
    assert demo.url in demo.said
    assert re.search(r"owner@demo\.example\s+\S+", demo.said)


def test_it_answers_when_it_says_so(demo: running.Demo) -> None:
    assert requests.get(f"{demo.url}/sign-in/", timeout=10).status_code == 200


def test_every_static_file_of_a_page_has_a_hashed_name_that_answers(demo: running.Demo) -> None:
    page = requests.get(f"{demo.url}/sign-in/", timeout=10).text
    names = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert len(names) >= 3
    assert all(re.search(r"\.[0-9a-f]{12}\.", name) for name in names)
    assert {requests.get(demo.url + name, timeout=10).status_code for name in names} == {200}


def test_a_second_demo_on_the_same_port_says_so(demo: running.Demo) -> None:
    second = running.start("demo", running.clean() | {"PORT": f"{demo.port}"})
    said, _ = second.communicate(timeout=60)
    assert second.returncode != 0
    assert f"Port {demo.port} is in use" in said


def test_a_second_instance_beside_it_is_ended_whole_by_one_signal(demo: running.Demo, var_dir: Path) -> None:
    with running.demo(var_dir=var_dir) as one:
        assert one.end() == 0
        assert not any(listens(port) for port in (one.port, one.sandbox_port))
    assert listens(demo.port)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS lets every host in"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({}, "the environment names no Navixy"),
    ],
)
def test_serve_refuses_unsafe_settings_in_a_sentence(settings: dict[str, str], sentence: str) -> None:
    process = running.start("serve", running.clean() | PRODUCTION | settings)
    said, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert sentence in said
    assert "Traceback" not in said


def test_production_redirects_strangers_to_https_and_answers_the_balancer(var_dir: Path) -> None:
    port = running.free_port()
    api = {"NAVIXY_API_URL": "https://api.eu.navixy.com/v2", "PORT": f"{port}", "VAR_DIR": f"{var_dir}"}
    process = running.start("serve", running.clean() | PRODUCTION | api)
    try:
        running.until(process, "Fielddesk: ")
        page = ask(port, "/sign-in/")
        assert (page.status_code, page.headers["Location"]) == (301, "https://desk.example/sign-in/")
        assert ask(port, "/readyz").status_code == 200
    finally:
        running.stop(process)


def ask(port: int, path: str) -> requests.Response:
    url, host = f"http://127.0.0.1:{port}{path}", {"Host": "desk.example"}
    return requests.get(url, headers=host, timeout=10, allow_redirects=False)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_run_asks_for_an_address_in_a_sentence() -> None:
    process = running.start("run", running.clean())
    said, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Which Navixy? Set NAVIXY_API_URL" in said
    assert "Traceback" not in said
