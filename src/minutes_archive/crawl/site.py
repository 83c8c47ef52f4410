"""Site: which platform an address is of, and where its pages stand; told by the address, or by the page there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from minutes_archive.crawl import cmis, moderngov
from minutes_archive.crawl.page import links, unwrapped
from minutes_archive.crawl.task import Platform, Scope
from minutes_archive.identity import absolute_url, slug

PLATFORMS: dict[str, Callable[[Scope], Platform]] = {"moderngov": moderngov.ModernGov, "cmis": cmis.Cmis}
# How hosts of democratic services begin (dossier 1.1); what follows is the council's name.
_PREFIXES = frozenset({
    "www", "democracy", "moderngov", "modgov", "mgov", "mg", "committees", "committee", "meetings", "minutes", "councillors",
    "mycouncil", "cds", "governance", "decisionmaking", "councildecisions", "edemocracy", "democratic", "democraticservices",
    "cabinet", "councilmeetings", "councilportal", "committeeadmin", "moderngovwebpublic", "cms", "cmis", "council",
    "democratiaeth", "cyfarfodyddpwyllgor",
})
_SUFFIXES = (".moderngov.co.uk", ".cmis.uk.com", ".gov.uk", ".gov.wales", ".gov.scot", ".org.uk", ".co.uk")


@dataclass(frozen=True)
class Site:
    """A recognised site: its platform and the folder of its pages (with a final slash)."""

    platform: str
    base: str


def recognise_address(url: str) -> Site | None:
    """The site that ``url`` is a page of, where the address alone tells."""
    url = unwrapped(url)
    if base := moderngov.base_of(url):
        return Site("moderngov", base)
    if base := cmis.base_of(url):
        return Site("cmis", base)
    return None


def recognise_page(url: str, content: bytes) -> Site | None:
    """The site that the page at ``url`` is of, or leads to; None where it shows nothing of a platform we know."""
    if found := recognise_address(url):
        return found
    if moderngov.shows_site(content):
        bases = [base for link in links(content) if (full := absolute_url(link.href, url)) and (base := moderngov.base_of(full))]
        own = [base for base in bases if urlsplit(base).netloc.lower() == urlsplit(url).netloc.lower()]
        if bases:
            return Site("moderngov", max(own or bases, key=(own or bases).count))
        return Site("moderngov", urljoin(url, "."))
    if cmis.shows_site(content):
        return Site("cmis", urljoin(url, "."))
    return None


def council_of(url: str) -> str:
    """A short name for the council, made of its host: democracy.fenmoor.gov.uk gives fenmoor."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host.replace(".", "").isdigit() or ":" in host:
        return slug(f"{host} {parts.port or ''}")
    for suffix in _SUFFIXES:
        if host.endswith(suffix):
            host = host.removesuffix(suffix)
            break
    names = host.split(".")
    told = [name for name in names if name not in _PREFIXES and name.rstrip("0123456789") != "minutes"]
    return slug((told or names)[0] + (f" {parts.port}" if parts.port else ""))
