"""Documentation: every command has help with an example that works, and an entry in docs/cli.md."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from command_line import Minutes
from minutes_archive.cli.main import COMMANDS, group

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs" / "cli.md"


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for inner, sub in command.commands.items():
                yield f"{name} {inner}", sub


ALL = dict(commands())


@pytest.mark.parametrize("name", ALL)
def test_every_command_has_help_and_an_example(name: str):
    text = ALL[name].help or ""
    assert len(text.splitlines()[0]) > 20
    examples = re.findall(r"^ +(minutes .+)$", text, re.MULTILINE)
    assert any(example.startswith(f"minutes {name}") for example in examples), f"no example of {name}"


@pytest.mark.parametrize("name", ALL)
def test_every_option_is_explained(name: str):
    for parameter in ALL[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_has_its_entry_in_the_docs(name: str):
    # The entry of a command is its section; a sub-command without one is told in its group's.
    sections = re.split(r"^## ", DOCS.read_text("utf-8"), flags=re.MULTILINE)
    entries = {section.split("\n", 1)[0].removeprefix("minutes "): section for section in sections}
    text = entries.get(name) or next(text for title, text in entries.items() if title.split()[0] == name.split(maxsplit=1)[0])
    assert f"minutes {name}" in text, f"docs/cli.md has no entry for {name}"
    text += "".join(sections[0]) + entries["search"] * (name in {"facets", "export results", "trace", "register", "watch add"})
    for parameter in ALL[name].params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert max(parameter.opts, key=len) in text, f"docs/cli.md does not name {parameter.opts} of {name}"


@pytest.mark.parametrize("file", ["README.md", "docs/cli.md"])
def test_commands_in_the_docs_are_commands(file: str):
    lines = re.findall(r"^(?:    |\$ )\$? ?minutes ((?!\[)[^\n|&]+)", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    assert lines
    for line in lines:
        words = shlex.split(line)
        while words[:1] == ["--archive"]:
            words = words[2:]
        name = " ".join(words[:2]) if " ".join(words[:2]) in ALL else words[0]
        known = {option for parameter in ALL[name].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("name", ["", *ALL])
def test_help_is_shown(minutes: Minutes, name: str):
    done = minutes(*name.split(), "--help")
    assert done.status == 0
    assert "Example:" in done.out
    assert done.err == ""


def test_links_in_the_docs_lead_somewhere():
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links {target}"


def test_the_glossary_has_the_words_of_the_field():
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    for word in ("agenda item", "capture", "facet", "snippet", "posting", "WARC"):
        assert f"| {word} |" in text
