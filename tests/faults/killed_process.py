"""Killed processes: ``kill -9`` inside a command, at one of the steps by which it writes; half of them half-way through a write.

What SQLite writes has no half-way here (see ``steps``), so that half is drawn among the writes of files.

After it every capture that counted is there; each store is as before the command or as after it, and none is ahead of what it
is made from; the same command, typed again, brings all of them to the end, and leaves nothing behind.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

from faults.child import KILLED, run
from faults.commands import COMMANDS, INDEX, Command, left_over, minutes, outcome, prepare, rehearse, told_by_check
from faults.state import State, apart, look
from faults.steps import Step
from faults.trial import Case, Trial


def attempt(case: Case) -> str | None:
    """Kill one command at one step."""
    chance = case.chance
    command = COMMANDS[case.index % len(COMMANDS)]
    folder = case.folder.resolve()
    before = prepare(command, folder)
    # Each command has both by turns. The stores that it changes have their turns; else most kills would come while it exports.
    half = sum(divmod(case.index, len(COMMANDS))) % 2 == 1
    by_store = points(command, writes=half)
    fatal = chance.choice(by_store[chance.choice(sorted(by_store))])
    ended = run(command.typed(folder), folder, fatal, half)
    if ended.status != KILLED:
        return f"{command.name} came to its end ({ended.status}) instead of being killed at step {fatal}: {ended.told}"
    fault = after_the_fault(command, folder, before, ended.acknowledged)
    return fault and f"{command.name}, killed at step {fatal}{', half-way through its write' * half}: {fault}"


def after_the_fault(
    command: Command, folder: Path, before: State, acknowledged: frozenset[str] = frozenset(), *, reading_lost: bool = False
) -> str | None:
    """What is not as it should be after ``command`` was broken off; it is then typed again.

    ``reading_lost``: the catalogue may be lost, or an older one, and what it alone holds with it: ``minutes index`` then has to
    read captures again, and what only the WARC files still tell of is taken in by it. That is looked at in a copy: what is typed
    again, which may bring back what was lost, finds all as the fault left it.
    """
    after = outcome(command)
    state = _whole(look(folder / "archive", folder / "out"), before, folder)
    read_again = _after_index(folder) if reading_lost else state
    if lost := acknowledged - {sha256 for sha256, *_ in read_again.captures}:
        return f"lost, though acknowledged: {sorted(lost)}"
    # An older catalogue may be behind the records that were made of a newer one, until it has read the captures again.
    if (fault := apart(state, before, after)) and (not reading_lost or apart(read_again, before, after)):
        return fault
    if problems := told_by_check(folder, {"uncatalogued", "index_behind"}):
        return f"check: {problems}"
    if reading_lost and command.exports:
        minutes(["--archive", str(folder / "archive"), "index"])
        after = replace(after, public=outcome(INDEX).public, officer=outcome(INDEX).officer)
    status, told = minutes(command.typed(folder))
    if status not in {0, command.needless}:
        return f"typed again it ended with {status}: {told}"
    state = look(folder / "archive", folder / "out")
    if lost := acknowledged - {sha256 for sha256, *_ in state.captures}:
        return f"lost for good, though acknowledged: {sorted(lost)}"
    if state != after:
        return f"typed again, it came to something else: {apart(state, after, after)}"
    if problems := told_by_check(folder, {"index_behind"} if command.exports else ()):
        return f"check, in the end: {problems}"
    return left_over(folder)


def _after_index(folder: Path) -> State:
    """The state that ``minutes index`` leads to, tried in a copy of the archive; the exports are as they are."""
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder / "archive", Path(copy, "archive"))
        status, told = minutes(INDEX.typed(Path(copy)))
        assert status == 0, told
        return look(Path(copy, "archive"), folder / "out")


def _whole(state: State, before: State, folder: Path) -> State:
    """Between its two renames an export leaves the old site beside its place, where the next one finds it."""
    if not state.site and (folder / "out" / ".site.old").is_dir():
        return replace(state, site=before.site)
    return state


@cache
def points(command: Command, *, writes: bool = False) -> dict[str, list[int]]:
    """The numbers of the steps of a command that change something, by store; of ``writes`` of files alone, where asked."""
    found: dict[str, list[int]] = {}
    numbers = count()

    def note(folder: Path, step: Step) -> None:
        if not step.changes:
            return
        number = next(numbers)
        if step.call == "write" or not writes:
            found.setdefault("/".join(step.path.relative_to(folder).parts[:3][:-1]), []).append(number)

    rehearse(command, note)
    return found


TRIAL = Trial(
    1, "killed-process",
    "a process killed inside a write of captures, records, index or export: nothing lost that counted, before or after, "
    "and the next command brings it to its end",
    full=200, short=4, attempt=attempt,
)
