from pathlib import Path

import pytest

from dashboard.agents import browser_name, is_handheld
from dashboard.environment import file_storage, image_source, key_file, regions


def test_regions_keep_their_order_and_lose_a_trailing_slash() -> None:
    assert regions("US=https://us.example/v2/, EU=https://eu.example/v2") == {
        "US": "https://us.example/v2",
        "EU": "https://eu.example/v2",
    }


def test_a_region_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="no address for EU"):
        regions("EU")


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("", []),
        ("https://tiles.example/{z}/{x}/{y}.png", ["https://tiles.example"]),
        ("https://{s}.tiles.example:8443/{z}/{x}/{y}.png?key=1", ["https://*.tiles.example:8443"]),
    ],
)
def test_the_tile_host_is_all_the_policy_lets_in(url: str, source: list[str]) -> None:
    assert image_source(url) == source


def test_the_key_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    assert key_file(path) == key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_empty_key_file_is_not_a_key(tmp_path: Path) -> None:
    (path := tmp_path / "secret_key").touch()
    with pytest.raises(ValueError, match="holds no key"):
        key_file(path)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox 145 on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge 142 on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari 19 on iPhone",
        ),
        ("curl/8.9", "curl"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_for_people(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
    assert is_handheld(user_agent) == ("iPhone" in user_agent)


def test_pictures_go_to_a_bucket_when_one_is_named() -> None:
    local = {"BACKEND": "local"}
    assert file_storage("", prefix="pictures", otherwise=local) is local
    found = file_storage(
        "s3://bucket/desk?endpoint_url=https://s3.example", prefix="pictures", otherwise=local
    )
    assert found["OPTIONS"] == {
        "bucket_name": "bucket",
        "location": "desk/pictures",
        "file_overwrite": True,
        "endpoint_url": "https://s3.example",
    }


@pytest.mark.parametrize("url", ["https://bucket", "s3://", "s3://key:secret@bucket"])
def test_a_bucket_address_with_keys_or_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="FILES_BUCKET_URL"):
        file_storage(url, prefix="pictures", otherwise={})
