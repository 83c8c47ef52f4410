"""Pages: templates to self-contained HTML. No script, no font, no request to anywhere; the style's own digest allows it alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from minutes_archive.export.wording import date_words, decision_words, label_of, restriction_words, short_date


def render(template: str, style: str, labels: Mapping[str, str], **values: Any) -> str:
    """The page that ``template`` makes of ``values``, with the stylesheets ``results.css`` and ``style`` in it.

    ``labels`` maps ids of topics to their preferred labels. Everything is escaped; the same values give the same text.
    """
    folder = resources.files("minutes_archive.export").joinpath("templates")
    sheet = "".join(folder.joinpath(name).read_text("utf-8") for name in dict.fromkeys(("results.css", style)))
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return templates(labels).get_template(template).render(style=Markup(sheet), style_hash=digest, **values) + "\n"


def templates(labels: Mapping[str, str]) -> Environment:
    """The templates of every page, with the filters that they share; ``labels`` as for ``render``. Everything is escaped."""
    environment = Environment(
        loader=PackageLoader("minutes_archive.export"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )
    filters: dict[str, Callable[..., Any]] = {
        "date": date_words, "short_date": short_date, "decision": decision_words, "restriction": restriction_words,
        "topic": lambda code: label_of(labels, code), "weblink": weblink,
    }
    environment.filters |= filters
    return environment


def weblink(url: str | None) -> str | None:
    """``url`` where it is one that a browser may be sent to; None otherwise."""
    if url and url.lower().startswith(("https://", "http://")):
        return url.replace(" ", "%20")
    return None
