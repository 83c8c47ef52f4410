"""Addresses: which may be connected to. Only those of the public internet, however they are written.

``ipaddress`` takes some embeddings of private addresses for global ones, so every IPv4 address inside an IPv6
one is taken out and looked at by itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

_V4_MAPPED_NAT = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_V4_LOCAL_NAT = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215: of one network alone
_V4_TRANSLATED = ipaddress.ip_network("::ffff:0:0:0/96")  # RFC 2765
_V4_COMPATIBLE = ipaddress.ip_network("::/96")  # RFC 4291, deprecated
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")  # RFC 5214


def is_global(address: str) -> bool:
    """Whether ``address`` (as a socket names it) and every address inside it are of the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if not _is_open(found):
        return False
    return isinstance(found, ipaddress.IPv4Address) or all(_is_open(inner) for inner in _embedded(found))


def _is_open(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and _holds_v4(address):
        return True  # what it holds decides
    closed = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback or address.is_link_local
    if isinstance(address, ipaddress.IPv6Address) and (address.is_site_local or address in _V4_LOCAL_NAT):
        return False
    return address.is_global and not closed


def _holds_v4(address: ipaddress.IPv6Address) -> bool:
    if address.is_unspecified or address.is_loopback:
        return False
    return address.ipv4_mapped is not None or any(
        address in net for net in (_V4_MAPPED_NAT, _V4_TRANSLATED, _V4_COMPATIBLE)
    )


def _embedded(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    raw = address.packed
    if _holds_v4(address):
        yield ipaddress.IPv4Address(raw[12:])
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if raw[8:12] in _ISATAP:
        yield ipaddress.IPv4Address(raw[12:])
