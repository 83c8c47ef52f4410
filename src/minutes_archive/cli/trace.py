"""``minutes trace``: a theme over meetings and bodies, oldest first, with quotes and references."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from minutes_archive.cli.files import write_file
from minutes_archive.cli.messages import counted, printable, say
from minutes_archive.cli.search_options import FILTERS, chosen_filters, filter_options, open_archive
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.cli.terminal import facts, wrapped
from minutes_archive.coverage import coverage
from minutes_archive.export.briefing import briefing_page
from minutes_archive.export.traces import trace_csv, trace_record
from minutes_archive.export.wording import date_words, decision_words, restriction_words
from minutes_archive.trace.timeline import Timeline
from minutes_archive.trace.tracing import FEW_MOVES, Discussion, Sitting, Term, Trace
from minutes_archive.workspace import Workspace

_BAR = 40
_SHOWN = 12


@click.command("trace", short_help="Follow a theme over meetings, with quotes.")
@click.argument("theme", nargs=-1, required=True)
@filter_options
@click.option("--match", type=click.Choice(["most", "all", "any"]), default="all", help="How many of the words it takes (all).")
@click.option("--expand/--no-expand", default=None, help="With related words or without (with, for a topic).")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write a briefing, for screen and A4.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV, one row a discussion.")
@common_options
@pass_settings
def command(
    settings: Settings, /, theme: tuple[str, ...], match: Any, expand: bool | None, page: Path | None, as_json: bool,
    as_csv: bool, **options: Any,
) -> int:
    """Follow a theme across meetings, oldest first: date, body, item, what was decided, the best exact quote, its reference.

    THEME is a theme saved in `themes.toml`, a topic (`minutes topics`), or any query. Mentions in business of form
    (apologies, previous minutes) are counted, not listed.

    \b
    Example:
      minutes trace "off-road bikes"
      minutes trace knife-crime --body cabinet --since 2023/24 --csv
      minutes trace "leisure centre" --html briefing.html
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    filters = chosen_filters(options)
    with open_archive(settings) as archive:
        found = archive.trace(" ".join(theme), match=match, expand=expand, **filters)
        labels = {topic.id: topic.pref_label for topic in archive.vocabulary().topics}
    if page is not None:
        workspace = Workspace(settings.archive)
        lines = coverage(Workspace.of_archive(settings.archive), settings.viewer, datetime.now(UTC))
        named = {name: list(options[name]) for name in (*FILTERS, "since", "until")}
        write_file(page, briefing_page(found, named, labels, lines).encode(), workspace)
        say(f"{page}: {_counts(found)}")
    if as_json:
        click.echo(json.dumps(trace_record(found), ensure_ascii=False, indent=1))
    elif as_csv:
        click.echo(trace_csv(found).encode(), nl=False)
    elif page is None:
        for line in _lines(found, labels, settings.colored):
            click.echo(line)
    if not found.sittings:
        say("nothing found" + (f"; did you mean: {found.did_you_mean}" if found.did_you_mean else ""))
    return 0 if found.sittings else 1


def _lines(trace: Trace, labels: dict[str, str], colored: bool) -> Iterator[str]:
    for term, added in trace.expanded.items():
        say(f"also searched for {term}: {', '.join(added)} (--no-expand leaves them out)")
    if not trace.sittings:
        return
    yield facts(trace.theme.title, _counts(trace))
    yield ""
    yield from _chart(trace.timeline)
    for sitting in trace.sittings:
        yield ""
        head = facts(date_words(sitting.date), sitting.body or "Body not known", sitting.council)
        yield click.style(head, bold=True) if colored else head
        for one in sitting.discussions:
            yield from _discussion(one, colored)
    yield ""
    yield from _account(trace, labels)


def _discussion(one: Discussion, colored: bool) -> Iterator[str]:
    yield ""
    yield wrapped(facts(" ".join(part for part in (one.number, one.title) if part)), "  ")
    outcome = ", ".join(decision_words(code) for code in one.decisions)
    restriction = restriction_words(one.restriction) if one.restriction != "open" else None
    yield "    " + facts(outcome, restriction, "in passing" if one.in_passing else None)
    quote = one.quote
    if quote:
        yield wrapped(f"“{'…' * quote.cut_start}{quote.text}{'…' * quote.cut_end}”")
    if one.decided and (quote is None or one.decided not in quote.text):
        yield wrapped(f"decided: {one.decided}")
    line = f"    {printable(str(one.reference))}"
    yield click.style(line, dim=True) if colored else line


def _chart(timeline: Timeline) -> Iterator[str]:
    most = max((count for _, count in timeline.counts), default=0)
    for label, count in timeline.counts:
        bar = "█" * max(1, round(count * min(_BAR, most) / most)) if count else ""
        yield f"  {label:<7} {bar}{' ' if bar else ''}{count}"
    if timeline.undated:
        yield f"  undated {timeline.undated}"


def _account(trace: Trace, labels: dict[str, str]) -> Iterator[str]:
    """What the discussions tell together."""
    yield "words, with the day of first and last use"
    yield from _terms(trace.words, {})
    if trace.beside:
        yield "other topics of these items"
        yield from _terms(trace.beside, labels)
    yield "bodies"
    for one in trace.stays:
        yield f"{one.discussions:>5}  {facts(one.body or 'Body not known', one.council)}  {_days(one.first, one.last)}"
    if 1 < len(trace.moves) <= FEW_MOVES:
        path = " → ".join(body or "body not known" for _, body in trace.moves)
        yield wrapped(f"from body to body: {path}", "  ")
    elif trace.moves:
        yield f"  {counted(len(trace.moves) - 1, 'move')} from one body to another"


def _terms(terms: tuple[Term, ...], labels: dict[str, str]) -> Iterator[str]:
    for one in terms[:_SHOWN]:
        new = "  new" if one.new else ""
        yield f"{one.discussions:>5}  {printable(labels.get(one.label, one.label))}  {_days(one.first, one.last)}{new}"
    if len(terms) > _SHOWN:
        yield f"{'':>5}  and {len(terms) - _SHOWN} more"


def _days(first: str | None, last: str | None) -> str:
    if first is None:
        return "undated"
    return first if first == last else f"{first} to {last}"


def _counts(trace: Trace) -> str:
    sittings: tuple[Sitting, ...] = trace.sittings
    items = sum(len(one.discussions) for one in sittings)
    told = f"{counted(items, 'discussion')} at {counted(len(sittings), 'meeting')}"
    told += f" of {counted(len(trace.stays), 'body', 'bodies')}"
    told += f"; {counted(trace.folded, 'mention')} in business of form" if trace.folded else ""
    return told + (f"; {trace.left_out:,} more items were left out: narrow the theme" if trace.left_out else "")
