"""``minutes topics``: the vocabulary, what a text would be tagged with, and the vocabulary as SKOS."""

from __future__ import annotations

import json
from pathlib import Path

import click

from minutes_archive.annotate.skos import to_skos_turtle
from minutes_archive.annotate.topics import explain
from minutes_archive.annotate.vocabulary import load_vocabulary
from minutes_archive.cli.files import write_file
from minutes_archive.cli.messages import printable, say
from minutes_archive.cli.settings import Settings, common_options, pass_settings
from minutes_archive.workspace import Workspace


@click.group("topics", invoke_without_command=True, short_help="Show the vocabulary of topics.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.option("--skos", metavar="FILE", type=click.Path(path_type=Path), help="Write the vocabulary as SKOS Turtle.")
@common_options
@click.pass_context
@pass_settings
def command(settings: Settings, context: click.Context, as_json: bool, skos: Path | None) -> None:
    """Show the vocabulary of topics: id, label and the words that stand for it. Your own `topics.toml` adds to it.

    \b
    Example:
      minutes topics
      minutes topics test "Quads and scramblers on the common"
      minutes topics --skos topics.ttl
    """
    if context.invoked_subcommand:
        return
    vocabulary = load_vocabulary(Workspace.open(settings.archive).topics)
    if skos is not None:
        write_file(skos, to_skos_turtle(vocabulary).encode(), Workspace(settings.archive))
        say(f"{skos}: {len(vocabulary.topics)} topics")
    elif as_json:
        topics = [{"id": one.id, "label": one.pref_label, "words": list(one.alt_labels)} for one in vocabulary.topics]
        click.echo(json.dumps(topics, ensure_ascii=False, indent=1))
    else:
        for one in vocabulary.topics:
            click.echo(f"{one.id:<26}  {one.pref_label}: {', '.join(one.alt_labels)}")


@command.command("test")
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@common_options
@pass_settings
def test(settings: Settings, text: tuple[str, ...], as_json: bool) -> int:
    """Show what a text would be tagged with, and the words that earn it.

    \b
    Example:
      minutes topics test "Quads and scramblers on the common"
    """
    words = " ".join(text)
    found = explain(words, load_vocabulary(Workspace.open(settings.archive).topics))
    tagged = [one for one in found if one.tagged]
    if as_json:
        click.echo(json.dumps(
            [{"id": one.topic, "score": one.score, "tagged": one.tagged, "words": [words[s.start : s.end] for s in one.spans]}
             for one in found], ensure_ascii=False, indent=1,
        ))
        return 0 if tagged else 1
    for one in found:
        state = "tagged" if one.tagged else "below the threshold"
        quoted = ", ".join(f"“{printable(words[span.start : span.end])}”" for span in one.spans)
        click.echo(f"{one.topic:<26}  {one.score:>4.1f}  {state}: {quoted}")
    if not tagged:
        say("no topic")
    return 0 if tagged else 1
