"""Completion of the values of filters, in bash, zsh and fish: what a person may type after ``--topic`` and its like."""

from __future__ import annotations

from collections.abc import Callable

import click

from minutes_archive.archive import Archive
from minutes_archive.cli.settings import Settings
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.model import DECISION_TYPES, RESTRICTIONS
from minutes_archive.search.entry import facet_key

Completer = Callable[[click.Context, click.Parameter, str], list[str]]

_FIXED = {"decision": DECISION_TYPES, "restriction": RESTRICTIONS}


def values_of(facet: str) -> Completer:
    """Completes the values that the facet has: those that the audience may see, where the archive tells them."""

    def complete(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
        known = _FIXED.get(facet) or _held(context, facet)
        return [value for value in known if value.startswith((begun, facet_key(facet, begun)))]

    return complete


def _held(context: click.Context, facet: str) -> tuple[str, ...]:
    settings = context.find_object(Settings) or Settings()
    try:
        with Archive.open(settings.archive, settings.viewer) as archive:
            # As keys: no shell need quote them.
            return tuple(sorted({facet_key(facet, value) for value in archive.facets()[facet]}))
    except (MinutesArchiveError, OSError):
        return ()  # whoever completes is typing: no message belongs there
