"""Measure how well the search finds: ``python -m accuracy.search [--held-back] [--faults]``.

Real files are found below the folder that $MINUTES_SHARED names; without it only the sample corpus is measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from accuracy.search.collection import judged_files, load
from accuracy.search.judgements import COLLECTIONS, KINDS, NO_ANSWER, path_of, read_queries
from accuracy.search.measures import interval, mean
from accuracy.search.run import FTS5, METHODS, OURS, Answer, answer_all, spelt_alike, with_answer, without_answer

SEEN, HELD = "seen", "held back"
HEAD = ("| | queries | nDCG@10 | 95 % | MRR | recall@20 | success@1 | none for no-answer | items for no-answer |\n"
        "|---|---:|---:|:---:|---:|---:|---:|---:|---:|")
POOR = 0.7


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    options = argparse.ArgumentParser(prog="accuracy.search", description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--held-back", action="store_true", help="measure what was held back too: totals alone")
    options.add_argument("--faults", action="store_true", help="list the queries answered poorly; never of what was held back")
    chosen = options.parse_args(arguments)
    parts = (SEEN, HELD) if chosen.held_back else (SEEN,)
    answers: dict[str, list[Answer]] = {part: [] for part in parts}
    for name in COLLECTIONS:
        files = judged_files(name)
        if files is None:
            print(f"{name}: not measured: $MINUTES_SHARED names no folder that holds realdata/.\n")
            continue
        with tempfile.TemporaryDirectory() as folder:
            collection = load(files, Path(folder))
            for part in parts:
                found = answer_all(collection, read_queries(path_of(name, part == HELD)))
                answers[part] += found
                print("\n".join(totals(f"{name}, {part}: {len(collection.items)} items", found)) + "\n")
    for part in parts:
        print("\n".join(totals(f"All that was measured, {part}", answers[part])) + "\n")
    print("\n".join(by_kind([answer for part in parts for answer in answers[part]])))
    if chosen.faults:
        print("\n" + "\n".join(faults(answers[SEEN])))
    return 0


def totals(heading: str, answers: Sequence[Answer]) -> Iterator[str]:
    """The measures of every method over some queries, and how far ours is above FTS5."""
    asked, silent = with_answer(answers), without_answer(answers)
    yield f"**{heading}**\n\n{HEAD}"
    for method in METHODS:
        scores = mean([answer.scores(method) for answer in asked])
        low, high = interval([(answer.query.theme, answer.scores(method).ndcg) for answer in asked])
        given = [len(answer.found[method]) for answer in silent]
        figures = f"{scores.mrr:.3f} | {scores.recall:.3f} | {scores.success:.3f}"
        junk = f"{given.count(0)} of {len(given)} | {sum(given) / max(len(given), 1):.1f}"
        yield f"| {method} | {len(asked)} | {scores.ndcg:.3f} | {low:.3f} to {high:.3f} | {figures} | {junk} |"
    gains = [(answer.query.theme, answer.scores(OURS).ndcg - answer.scores(FTS5).ndcg) for answer in asked]
    low, high = interval(gains)
    same, spellings = spelt_alike(answers)
    yield f"\nnDCG@10 above FTS5: {sum(gain for _, gain in gains) / len(gains):+.3f} ({low:+.3f} to {high:+.3f})."
    yield f"Spellings that give the same items as their theme: {same} of {spellings}."


def by_kind(answers: Sequence[Answer]) -> Iterator[str]:
    """nDCG@10 of every method for each kind of query, over all parts together."""
    yield "**nDCG@10 by kind of query**\n\n| kind | queries | " + " | ".join(METHODS) + " |\n|---|---:|" + "---:|" * len(METHODS)
    for kind in (kind for kind in KINDS if kind != NO_ANSWER):
        some = [answer for answer in answers if answer.query.kind == kind]
        if some:
            means = (mean([answer.scores(method) for answer in some]).ndcg for method in METHODS)
            yield f"| {kind} | {len(some)} | " + " | ".join(f"{figure:.3f}" for figure in means) + " |"


def faults(answers: Sequence[Answer]) -> Iterator[str]:
    """What was answered poorly: the worst first, with the judged items that are missing from the first twenty."""
    for answer in sorted(with_answer(answers), key=lambda answer: answer.scores(OURS).ndcg):
        ours, peer = answer.scores(OURS), answer.scores(FTS5)
        if ours.ndcg < max(POOR, peer.ndcg):
            missed = [key for key, grade in answer.query.grades.items() if grade == 2 and key not in answer.found[OURS][:20]]
            yield f"{ours.ndcg:.3f} (FTS5 {peer.ndcg:.3f}) {answer.query.kind}: {answer.query.text} {answer.query.filters or ''}"
            yield from (f"        missed: {key}" for key in missed)
    for answer in without_answer(answers):
        if answer.found[OURS]:
            yield f"{NO_ANSWER}: {answer.query.text}: {len(answer.found[OURS])} items, first {answer.found[OURS][0]}"


if __name__ == "__main__":
    sys.exit(main())
