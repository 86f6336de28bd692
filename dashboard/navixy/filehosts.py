"""Where files may be fetched from and sent to: first the host of the URL, then the address connected to.

An entry of the list is a host (`static.navixy.com`), a suffix (`.amazonaws.com`: what lies below it), an
address or a network (`10.0.0.5`, `10.0.0.0/8`). It means the ports of the web, 80 and 443; with `:port` that
port alone. A host's name opens public addresses only; private, loopback and link-local ones want naming, save
for the API's own host.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from dashboard.navixy.errors import NavixyError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Python's is_global holds some of these to be public: protocol assignments, 6to4 and its relays, ORCHID …
_V4_SPECIAL = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15")))
_V6_UNICAST = IPv6Network("2000::/3")
_V6_SPECIAL = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


class HostRefused(NavixyError):
    """A file's address leads where nothing may be fetched from; `description` says by which rule."""

    def __init__(self, reason: str) -> None:
        super().__init__(action="file", description=reason)

    @property
    def message(self) -> str:
        return "The file is kept at a place this site does not fetch from. Tell your administrator."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    host: str = ""
    network: Network | None = None
    port: int | None = None

    def names(self, host: str, port: int) -> bool:
        ports = (self.port,) if self.port else _DEFAULT_PORTS.values()
        return port in ports and self._matches(host)

    def _matches(self, host: str) -> bool:
        if self.network is not None:
            address = literal(host)
            return address is not None and _inside(address, self.network)
        return host.endswith(self.host) if self.host.startswith(".") else host == self.host


@dataclass(frozen=True, slots=True)
class FileHosts:
    """The rule for one API address and one list of further hosts."""

    api: Url
    entries: tuple[_Entry, ...]

    @classmethod
    def of(cls, api_url: str, named: Iterable[str]) -> FileHosts:
        """Raises ValueError for an entry that is neither host nor address."""
        return cls(parse_url(api_url), tuple(_entry(text) for text in named if text.strip()))

    def checked(self, url: str) -> Url:
        """The URL in its parts, when its host may be asked. Raises HostRefused."""
        parts = _parsed(url)
        host, port = host_of(parts), port_of(parts)
        if parts.scheme != "https" and self.api.scheme != "http":
            raise HostRefused("not https")
        if not (self._is_own(host, port) or any(entry.names(host, port) for entry in self.entries)):
            raise HostRefused("host not in the list")
        return parts

    def check_address(self, host: str, address: str) -> None:
        """Raises HostRefused when a permitted host leads to an address that is not."""
        found = ip_address(address)
        if host.rstrip(".") == host_of(self.api) or is_public(found):
            return
        if not any(entry.network and _inside(found, entry.network) for entry in self.entries):
            raise HostRefused("address not public")

    def _is_own(self, host: str, port: int) -> bool:
        ports = {port_of(self.api), *_DEFAULT_PORTS.values()}
        return host == host_of(self.api) and port in ports


def is_public(address: Address) -> bool:
    """An address of the open internet. Forms that carry another inside are refused, save the mapped one."""
    if isinstance(address, IPv4Address):
        special = any(address in network for network in _V4_SPECIAL)
        return address.is_global and not (address.is_multicast or address.is_reserved or special)
    if address.ipv4_mapped:
        return is_public(address.ipv4_mapped)
    special = any(address in network for network in _V6_SPECIAL)
    return address.is_global and address in _V6_UNICAST and not special


def literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def host_of(url: Url) -> str:
    return (url.host or "").strip("[]").rstrip(".").lower()


def port_of(url: Url) -> int:
    return url.port or _DEFAULT_PORTS[url.scheme or "https"]


def _parsed(url: str) -> Url:
    if "\\" in url or not url.isprintable() or " " in url:
        raise HostRefused("not a plain URL")
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise HostRefused("not a URL") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.host:
        raise HostRefused("not a web address")
    if parts.auth:
        raise HostRefused("carries a login")
    return parts


def _entry(text: str) -> _Entry:
    text = text.strip().lower()
    if "/" in text or literal(text.strip("[]")):
        return _Entry(network=ip_network(text.strip("[]"), strict=False))
    name, colon, port = text.rpartition(":")
    if colon:
        return _with_port(name, int(port))
    return _Entry(host=text)


def _with_port(name: str, port: int) -> _Entry:
    address = literal(name.strip("[]"))
    return _Entry(network=ip_network(address), port=port) if address else _Entry(host=name, port=port)


def _inside(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network
