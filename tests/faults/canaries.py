"""Canaries: two hundred planted words, in every place where officers' and withdrawn text can stand; not one in any public byte.

Looked through are the public index, its records, saved searches, and all that the commands say and write for the public, of
damaged copies too. The scanner is held to account in the same attempt: words that it planted itself, in every spelling and
container, it has to find.
"""

from __future__ import annotations

from faults.damaged import said_of_damage
from faults.planted import OPEN_WORD, Planted, planted_archive, said_to_the_public
from faults.trial import Case, Trial
from leaks import found_in, leaks
from test_leaks import CONTAINERS, SPELLINGS


def attempt(case: Case) -> str | None:
    """Plant other words for every case, and look for them."""
    chance = case.chance
    planted = Planted(case.folder / "planted", chance.randrange(1 << 30))
    archive = planted_archive(case.folder / "archive", planted)
    out = case.folder / "out"
    out.mkdir()
    said = found_in(said_to_the_public(archive, planted, out), planted.used)
    said |= found_in(said_of_damage(archive, case.folder / "damaged"), planted.used)
    public = (archive / "index" / "public", archive / "index" / "public.records", archive / "watches", out)
    found = [leak for place in public for leak in leaks(place, planted.used)]
    if said or found:
        return f"said: {sorted(said)}; written: {found}"
    if not leaks(out, ["Thornmere"]) or not leaks(archive / "index" / "public", [OPEN_WORD]):
        return "nothing public was looked through"
    host = next(path for path in sorted((out / "site").rglob("*.html")))
    for word in chance.sample(planted.used, 20):
        spelling, container = chance.choice(list(SPELLINGS)), chance.choice(list(CONTAINERS))
        leaked = CONTAINERS[container](SPELLINGS[spelling](word))
        if found_in(host.read_bytes() + leaked, planted.used) != {word}:
            return f"the scanner does not see {word} as {spelling} in {container}"
    return None


TRIAL = Trial(
    16, "canaries", "200 planted words: 0 in all public bytes; all leaks that the trial plants are found", 10, 1, attempt
)
