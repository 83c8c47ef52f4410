"""The project's tasks, on any system: `make demo` or `python tasks.py demo`.

Nothing but the standard library is used here: this is what makes the environment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PAGE = "off-road-bikes.html"


def run(*command: str | Path, **environment: str) -> None:
    """Run a command in the project's folder; its failure is ours."""
    status = subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **environment}, check=False)
    if status.returncode:
        sys.exit(status.returncode)


def environment(lock: str) -> None:
    """Make .venv hold what ``lock`` lists, by hash; nothing to do where it does already."""
    content = (ROOT / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    wanted = hashlib.sha256(content + sys.version.encode()).hexdigest()
    stamp = VENV / f"{lock}.stamp"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    if not BIN.is_dir():
        print("making the environment in .venv …", flush=True)
        venv.create(VENV, with_pip=True)
    pip = (BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "--requirement", lock)
    run(*pip, "--no-deps", "--editable", ".")
    stamp.write_text(wanted)


def env() -> None:
    """Make the environment with everything that development needs."""
    environment("requirements-dev.lock")


def demo() -> None:
    """Load the sample corpus, index it, search it three times, write a result page."""
    environment("requirements.lock")
    minutes = BIN / "minutes"

    def show(*command: str) -> None:
        quoted = " ".join(f'"{part}"' if " " in part else part for part in command)
        print(f"\n$ minutes {quoted}", flush=True)
        run(minutes, *command)

    start = time.monotonic()
    show("add", "corpus/sample", "--council", "thornmere")
    show("search", "off-road bikes", "--limit", "3", "--facets")
    show("search", "--decision", "deferred", "--topic", "knife-crime", "--facets")
    show("search", "leisure centre contract", "--restriction", "exempt", "--facets", "--limit", "2")
    show("export", "results", "off-road bikes", PAGE)
    typed = minutes.relative_to(ROOT)
    print(f"""
That took {time.monotonic() - start:.0f} s. The archive is this folder: corpus/ and index/. Now try:

  open {PAGE} in a browser
  {typed} search escooters
  {typed} facets flooding --since 2024/25
  {typed} show moderngov.thornmere.example/3171/21303 --evidence
  {typed} --archive my-council add YOUR-OWN-PAGES/""")


def test() -> None:
    """Run every test."""
    env()
    # Two at a time: the machines that this runs on have as many processors at least.
    run(BIN / "python", "-m", "pytest", "--numprocesses=2", *sys.argv[2:])


def kills() -> None:
    """Kill a crawl a hundred times: one class of the campaign."""
    env()
    run(BIN / "python", "-m", "faults.campaign", "--only", "resume", PYTHONPATH=os.pathsep.join(("src", "tests")))


def campaign() -> None:
    """Try every class of fault as often as docs/reliability.md says (an hour; it goes on where it was broken off)."""
    env()
    run(BIN / "python", "-m", "faults.campaign", *sys.argv[2:], PYTHONPATH=os.pathsep.join(("src", "tests")))


def load() -> None:
    """Measure what a crawl of 10,000 pages costs: processor time, memory (ten minutes)."""
    env()
    run(BIN / "python", "-m", "crawl.measure", *sys.argv[2:], PYTHONPATH=os.pathsep.join(("src", "tests")))


def agreement() -> None:
    """Ask the index and a plain loop 2,000 random queries: they must find the same items (two minutes)."""
    env()
    run(BIN / "python", "-m", "pytest", "tests/search/test_search_agreement.py", MINUTES_QUERIES="2000")


def lint() -> None:
    """Check the style."""
    env()
    run(BIN / "ruff", "check", ".")


def keepsake() -> None:
    """Pack a small archive as this version makes it, for the tests of later versions; once for every release."""
    env()
    run(BIN / "python", "-m", "upgrade.making", PYTHONPATH=f"src{os.pathsep}tests")


def types() -> None:
    """Check the types."""
    env()
    run(BIN / "mypy")


def accuracy() -> None:
    """Measure how true minutes are read (with --write into docs/accuracy.md), annotated, searched, traced and followed."""
    env()
    run(BIN / "python", "-m", "accuracy", *sys.argv[2:], PYTHONPATH="tests")
    for labels in ("", "held-back", "wider/shown", "wider/kept"):
        run(BIN / "python", "-m", "accuracy.annotation", "--labels", f"tests/gold/annotation/{labels}", PYTHONPATH="tests")
    for labels in ("", "held-back"):
        run(BIN / "python", "-m", "accuracy.tagging", "--labels", f"tests/gold/annotation/{labels}", PYTHONPATH="tests")
    run(BIN / "python", "-m", "accuracy.tracing", PYTHONPATH="tests")
    run(BIN / "python", "-m", "accuracy.threads", PYTHONPATH="tests")
    run(BIN / "python", "-m", "accuracy.search", PYTHONPATH="tests")


def sample() -> None:
    """Render the fictional council's pages anew into corpus/sample."""
    env()
    run(BIN / "python", "-m", "council.render", PYTHONPATH="tests")


def mutants() -> None:
    """Read 10,000 damaged pages: none may crash the reader, or lose text in silence (ten minutes)."""
    env()
    run(BIN / "python", "-m", "accuracy.mutants", *sys.argv[2:], PYTHONPATH="tests")


def speed() -> None:
    """Measure how fast pages are read and loaded, and what memory that takes (two minutes)."""
    env()
    run(BIN / "python", "-m", "accuracy.speed", *sys.argv[2:], PYTHONPATH="tests")


def site_load() -> None:
    """Export, search and change a site of 10,000 made-up items, and print what that takes (two minutes)."""
    env()
    run(BIN / "python", "tests/site/load.py", *sys.argv[2:], PYTHONPATH="tests")


def bench() -> None:
    """Measure indexing and searching beside other engines: OPTIONS="--items 100000 --stock" for more (a minute, or an hour)."""
    env()
    run(BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "tantivy==0.27.0")
    run(BIN / "python", "-m", "bench", *sys.argv[2:], PYTHONPATH="tests")


def lock() -> None:
    """Choose the newest versions that fit, for every system and Python, and write the lock files."""
    env()
    uv = shutil.which("uv") or sys.exit("uv is needed: pip install uv")
    common = (uv, "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url",
              "--no-header", "--upgrade", "--quiet", "pyproject.toml")
    run(*common, "--output-file", "requirements.lock")
    run(*common, "--group", "dev", "--output-file", "requirements-dev.lock")


TASKS: dict[str, Callable[[], None]] = {
    task.__name__.replace("_", "-"): task for task in (
        demo, test, lint, types, accuracy, agreement, mutants, kills, campaign, load, speed, site_load, bench, sample,
        keepsake, env, lock,
    )
}


def main() -> None:
    """Run the task that the command line names, or list them."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(f"minutes-archive runs on Python 3.11 to 3.13; this is {sys.version.split()[0]} ({sys.executable})")
    if len(sys.argv) < 2 or sys.argv[1] not in TASKS:
        width = max(map(len, TASKS))
        print("\n".join(f"{name:<{width}}  {task.__doc__}" for name, task in TASKS.items()))
        sys.exit(0 if len(sys.argv) < 2 else 2)
    TASKS[sys.argv[1]]()


if __name__ == "__main__":
    main()
