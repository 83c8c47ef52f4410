"""robots.txt: what RFC 9309 says of any file and any address, and not one request while the file cannot be had."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from urllib.parse import quote

from fakes.crawled import QUICK, crawled
from fakes.server import Reply
from faults.trial import Case, Trial
from minutes_archive.crawl.politeness import read_robots

SITE = "https://democracy.fenmoor.example"
PIECES = (
    "a",
    "A",
    "b",
    "documents",
    "mgAi.aspx",
    "x.pdf",
    "ieListDocuments.aspx",
    "?MId=1",
    "&T=10",
    "é",
    "%C3%A9",
    "a b",
    "$",
    ".",
    "+",
)
OTHERS = ("otherbot", "googlebot", "minutes", "archive-minutes", "bingbot")
OURS = ("minutes-archive", "Minutes-Archive", "MINUTES-ARCHIVE")
UNREACHABLE = (
    Reply(b"", 500),
    Reply(b"", 502),
    Reply(b"", 503, {"Retry-After": "7"}),
    Reply(b"", 504),
    Reply(b"", 429),
    Reply(b"no", 599),
    Reply(hang=True),
    Reply(raw=b""),
    Reply(b"User", cut=2, length=9),
    Reply(raw=b"junk\r\n\r\n"),
    Reply(b"\x1f\x8bx", fields={"Content-Encoding": "gzip"}),
)
Rule = tuple[bool, str]
# Of so many cases one is a whole crawl.
_CRAWLED = 10


def attempt(case: Case) -> str | None:
    """Hold one file of rules against a plain reading of the RFC; or crawl a site whose file cannot be had."""
    return _unreachable(case) if case.index % _CRAWLED == _CRAWLED - 1 else _rules(case.chance)


def _rules(chance: Random) -> str | None:
    groups = [(_agents(chance), [_rule(chance) for _ in range(chance.randint(0, 6))]) for _ in range(chance.randint(0, 4))]
    text = _written(groups, chance)
    robots = read_robots(200, text.encode())
    assert robots is not None
    for _ in range(20):
        path = _path(chance)
        expected = {allowed(groups, path, written) for written in (_encoded, _reserved_too)}
        if robots.allows(SITE + path) not in expected:
            return f"{path!r} is {'allowed' if True in expected else 'forbidden'} by:\n{text}"
    return None


def allowed(groups: list[tuple[list[str], list[Rule]]], path: str, written: Callable[[str], str]) -> bool:
    """RFC 9309, 2.2: the groups of our name, else those of "*"; the longest rule that matches, and of two as long the milder.

    A rule is as long as it has octets, ``written`` in one way or another.
    """
    ours = [rules for agents, rules in groups if any(one.lower() == "minutes-archive" for one in agents)]
    said = ours or [rules for agents, rules in groups if "*" in agents]
    found = [
        (len(written(pattern)), allow)
        for rules in said
        for allow, pattern in rules
        if pattern and _expression(_encoded(pattern)).match(_encoded(path))
    ]
    return max(found, default=(0, True))[1]


def _expression(pattern: str) -> re.Pattern[str]:
    body, end = (pattern[:-1], "$") if pattern.endswith("$") else (pattern, "")
    return re.compile(".*".join(map(re.escape, body.split("*"))) + end)


def _encoded(path: str) -> str:
    return quote(path, safe="/?&=%*$+.~-_")


def _reserved_too(path: str) -> str:
    """With the reserved characters encoded, "?" for one.

    RFC 9309, 2.2.2, wants that before paths are compared, and leaves open whether rules are measured before or after; crawlers
    do either, and it makes a difference for one made file in five hundred.
    """
    return quote(path, safe="/%*$.~-_")


def _agents(chance: Random) -> list[str]:
    return [chance.choice(("*", chance.choice(OURS), chance.choice(OTHERS))) for _ in range(chance.choice((1, 1, 1, 2)))]


def _path(chance: Random) -> str:
    return "/" + "/".join(chance.choices([piece for piece in PIECES if "$" not in piece], k=chance.randint(0, 3)))


def _rule(chance: Random) -> Rule:
    path = _path(chance)
    pattern = path[: chance.randint(1, len(path))] if chance.random() < 0.5 and "%" not in path else path
    if chance.random() < 0.4 and "%" not in pattern:
        at = chance.randint(1, len(pattern))
        pattern = f"{pattern[:at]}*{pattern[at + chance.randint(0, 2) :]}"
    # A star at the end means nothing; whether it makes a rule longer, the RFC does not say.
    return chance.random() < 0.5, pattern.rstrip(" *") + ("$" if chance.random() < 0.2 else "")


def _written(groups: list[tuple[list[str], list[Rule]]], chance: Random) -> str:
    """The file as servers write it: any case, blanks, comments, line ends, lines that mean nothing."""
    lines = []
    for agents, rules in groups:
        lines += [
            f"{chance.choice(('User-agent', 'user-agent', 'USER-AGENT'))}:{' ' * chance.randint(0, 2)}{one}" for one in agents
        ]
        if not rules:
            lines.append("Disallow:")
        for allow, pattern in rules:
            word = chance.choice(("Allow", "allow")) if allow else chance.choice(("Disallow", "DISALLOW"))
            lines.append(f"{word}: {pattern}{chance.choice(('', ' ', '  # why', chr(9)))}")
            if chance.random() < 0.1:
                lines.append(chance.choice(("Sitemap: https://x.example/s.xml", "# Disallow: /", "Noindex: /", "", "what?")))
        lines.append("")
    return chance.choice(("", "\ufeff")) + chance.choice(("\n", "\r\n")).join(lines)


def _unreachable(case: Case) -> str | None:
    answer = UNREACHABLE[case.index // _CRAWLED % len(UNREACHABLE)]
    with crawled(case.folder, robots=answer) as site:
        site.limits = QUICK
        site.council.meetings = {"3225": site.council.meetings["3225"]}
        done = site.run()
        if fetched := [one for one in site.asked() if not one.startswith("/robots.txt")]:
            return f"{fetched} were asked for while robots.txt answered {answer}"
        if not done.pending or site.records():
            return f"{done.pending} left to ask for, {len(site.records())} meetings recorded"
        site.council.robots = Reply(b"", 404)
        site.clock.pass_days(1)
        return None if site.run().pending == 0 and site.records() else "nothing was fetched once there were no rules"


TRIAL = Trial(
    12, "robots", "RFC 9309's reading of any robots.txt, 20 addresses each; no fetch while it is unreachable", 1_000, 30, attempt
)
