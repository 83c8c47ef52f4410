"""``minutes show``: one item or meeting in full, with its source and the words each annotation rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from minutes_archive.cli.messages import report
from minutes_archive.cli.search_options import open_archive
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.cli.terminal import facts, page_lines, wrapped
from minutes_archive.errors import NotFoundError
from minutes_archive.export.formats import page_json
from minutes_archive.export.wording import date_words, decision_words, restriction_words
from minutes_archive.model import Item, Meeting, Source, Vote
from minutes_archive.records import write_record
from minutes_archive.records.schema import item_record

_TEXTS = (("Agenda", "agenda_text"), ("Decision", "decision_text"), ("Minutes", "minutes_text"))


@click.command("show", short_help="Show one item or meeting in full.")
@click.argument("identity", metavar="ID")
@click.option("--evidence", is_flag=True, help="The exact words that each annotation rests on, marked in the text.")
@click.option("--similar", is_flag=True, help="Items like it.")
@click.option("--json", "as_json", is_flag=True, help="The record of the meeting, or of the item.")
@common_options
@pass_settings
def command(settings: Settings, identity: str, evidence: bool, similar: bool, as_json: bool) -> int:
    """Show one item or meeting in full, with its source. Ids stand beside the hits of `minutes search`.

    \b
    Example:
      minutes show moderngov.thornmere.example/3171
      minutes show moderngov.thornmere.example/3171/21303 --evidence
    """
    with open_archive(settings) as archive:
        try:
            meeting, item = archive.show(identity)
        except NotFoundError as error:
            click.echo(f"minutes: {error}", err=True)
            return 1
        if similar and item is None:
            raise click.UsageError("--similar takes the id of an item")
        page = archive.similar(identity) if similar else None
    if as_json:
        click.echo(page_json(page) if page else _json(meeting, item))
        return 0
    lines = _item(meeting, item, evidence) if item else _meeting(meeting)
    for line in lines:
        click.echo(line)
    if page is not None:
        click.echo("Items like it:\n")
        for line in page_lines(page, settings.colored):
            click.echo(line)
    for problem in meeting.problems:
        if item is None or problem.where == item.id:
            report(problem)
    return 0


def _json(meeting: Meeting, item: Item | None) -> str:
    record = json.loads(write_record(meeting)) if item is None else item_record(item)
    return json.dumps(record, ensure_ascii=False, indent=1)


def _meeting(meeting: Meeting) -> Iterator[str]:
    yield facts(meeting.body or "Body not known", date_words(meeting.date), meeting.time, meeting.council)
    yield facts(meeting.status, f"minutes: {meeting.minutes_status}", meeting.venue)
    yield facts(f"contact: {meeting.contact}" if meeting.contact else None)
    yield from _source(meeting.source)
    for item in meeting.items:
        yield ""
        yield f"{item.ordinal:>3}. " + facts(" ".join(part for part in (item.number, item.title) if part))
        yield "     " + facts(_outcome(item), item.id)


def _item(meeting: Meeting, item: Item, evidence: bool) -> Iterator[str]:
    yield facts(" ".join(part for part in (item.number, item.title) if part))
    yield facts(meeting.body or "Body not known", date_words(meeting.date), meeting.time, meeting.council)
    yield facts(_outcome(item), ", ".join(item.topics), "cut off by the source" if item.truncated else None)
    for document in item.documents:
        title = document.title or "a restricted document"
        kind = facts(f"{document.type.upper()} {document.size or ''}".strip(), "restricted" if document.restricted else None)
        yield f"Document: {facts(title, kind, document.reason)}"
    for name, field in _TEXTS:
        if text := getattr(item, field):
            yield f"\n{name}\n"
            yield wrapped(_marked(item, field) if evidence else text)
    for vote in item.votes:
        yield f"\nVote: {_vote(vote)}"
    yield ""
    if evidence:
        yield from _evidence(meeting, item)
    yield from _source(meeting.source)
    for field, source in item.text_sources.items():
        yield f"{field} came from:"
        yield from _source(source)
    yield facts("id " + item.id, f"meeting {meeting.id}", item.url)


def _outcome(item: Item) -> str:
    outcome = ", ".join(decision_words(one) for one in dict.fromkeys(decision.type for decision in item.decisions))
    paragraphs = f" (paragraph {', '.join(item.exempt_paragraphs)})" if item.exempt_paragraphs else ""
    return facts(outcome, restriction_words(item.restriction) + paragraphs if item.restriction != "open" else None)


def _marked(item: Item, field: str) -> str:
    """A text of ``item`` with the words of its evidence between « and », each with the numbers of what rests on them."""
    text: str = getattr(item, field)
    numbers: dict[tuple[int, int], list[int]] = {}
    for number, one in enumerate(item.evidence, 1):
        if one.field == field:
            numbers.setdefault((one.start, one.end), []).append(number)
    # What opens later stands inside what opened before; at one place what closes comes first.
    marks = [(start, 1, -end, "«") for start, end in numbers]
    marks += [(end, 0, -start, f"»[{', '.join(map(str, found))}]") for (start, end), found in numbers.items()]
    for at, _, _, mark in sorted(marks, reverse=True):
        text = text[:at] + mark + text[at:]
    return text


def _evidence(meeting: Meeting, item: Item) -> Iterator[str]:
    yield facts("Evidence", f"annotated by {meeting.annotator}" if meeting.annotator else None)
    for number, one in enumerate(item.evidence, 1):
        yield ""
        yield facts(f"  [{number}] {one.about}", f"{one.field} {one.start}-{one.end}", f"rule {one.rule}")
        yield wrapped(f"“{one.text}”")
    if not item.evidence:
        yield "    none: nothing that was said rests on words"
    yield ""


def _vote(vote: Vote) -> str:
    counts = ", ".join(
        f"{number} {word}" for number, word in ((vote.in_favour, "for"), (vote.against, "against"), (vote.abstain, "abstaining"))
        if number is not None
    )
    people = (f"moved by {vote.mover}" if vote.mover else None, f"seconded by {vote.seconder}" if vote.seconder else None)
    return facts(counts, "unanimous" if vote.unanimous else None, vote.result, *people)


def _source(source: Source) -> Iterator[str]:
    yield "source " + (facts(source.url, source.path) or "not known")
    yield facts(f"sha256 {source.sha256}", f"captured {source.fetched_at}" if source.fetched_at else None, source.parser)
