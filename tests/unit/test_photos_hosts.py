"""Which hosts and addresses files may be fetched from."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from dashboard.navixy.filehosts import FileHosts, HostRefused, is_public

CLOUD = FileHosts.of("https://api.navixy.com/v2", ["static.navixy.com", ".amazonaws.com"])
DEMO = FileHosts.of("http://127.0.0.1:8001/v2", ["static.navixy.com"])


@pytest.mark.parametrize(
    "url",
    [
        "https://api.navixy.com/file/1",
        "https://static.navixy.com/dl/key/a%20b.jpg",
        "https://STATIC.navixy.com./dl/key/photo.jpg",
        "https://bucket.s3.eu-west-1.amazonaws.com/key?X-Amz-Signature=1",
    ],
)
def test_own_and_named_hosts_are_permitted(url: str) -> None:
    assert CLOUD.checked(url).host


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/photo.jpg",
        "https://amazonaws.com/photo.jpg",
        "https://xamazonaws.com/photo.jpg",
        "https://static.navixy.com.evil.example/photo.jpg",
        "https://static.navixy.com@evil.example/photo.jpg",
        "https://evil.example\\@static.navixy.com/photo.jpg",
        "https://user:word@static.navixy.com/photo.jpg",
        "https://api.navixy.com:6379/photo.jpg",
        "https://static.navixy.com:6379/photo.jpg",
        "https://bucket.s3.amazonaws.com:22/photo.jpg",
        "http://static.navixy.com/photo.jpg",
        "ftp://static.navixy.com/photo.jpg",
        "file:///etc/passwd",
        "//static.navixy.com/photo.jpg",
        "static.navixy.com/photo.jpg",
        "https://127.0.0.1/photo.jpg",
        "https://127.1/photo.jpg",
        "https://2130706433/photo.jpg",
        "https://0x7f000001/photo.jpg",
        "https://[::1]/photo.jpg",
        "https://[::ffff:127.0.0.1]/photo.jpg",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/photo.jpg",
        "https://static.navixy.com /photo.jpg",
        "https://static.navixy.com\r\nHost: evil/photo.jpg",
        "https://",
        "",
    ],
)
def test_every_other_url_is_refused(url: str) -> None:
    with pytest.raises(HostRefused):
        CLOUD.checked(url)


def test_the_apis_own_host_serves_files_on_its_own_port_only() -> None:
    assert DEMO.checked("http://127.0.0.1:8001/storage/1").port == 8001
    with pytest.raises(HostRefused):
        DEMO.checked("http://127.0.0.1:6379/")


@pytest.mark.parametrize("entry", ["files.local:9000", ".local:9000", "10.1.2.3:9000", "[fd00::1]:9000"])
def test_an_entry_with_a_port_means_that_port(entry: str) -> None:
    hosts = FileHosts.of("https://api.navixy.com", [entry])
    host = {".local:9000": "files.local:9000"}.get(entry, entry)
    assert hosts.checked(f"https://{host}/a").port == 9000
    with pytest.raises(HostRefused):
        hosts.checked(f"https://{host.replace('9000', '9001')}/a")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::808:808"),
        *("64:ff9b:1::1", "2002:7f00:1::1", "2001:0:4136:e378::1", "3fff::1", "5f00::1", "100::1"),
    ],
)
def test_addresses_that_are_not_the_open_internet(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(HostRefused):
        CLOUD.check_address("static.navixy.com", address)


@pytest.mark.parametrize("address", ["8.8.8.8", "52.218.1.1", "2a00:1450::1", "::ffff:8.8.8.8"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_public(ip_address(address))


def test_a_private_address_is_opened_by_naming_it_not_by_naming_a_host() -> None:
    named = FileHosts.of("https://api.navixy.com", ["files.local", "10.1.0.0/16"])
    named.check_address("files.local", "10.1.2.3")
    with pytest.raises(HostRefused):
        named.check_address("files.local", "10.2.0.1")


def test_the_apis_own_host_may_be_private() -> None:
    DEMO.check_address("127.0.0.1", "127.0.0.1")
    with pytest.raises(HostRefused):
        DEMO.check_address("static.navixy.com", "127.0.0.1")
