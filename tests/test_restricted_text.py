"""Nothing restricted gets out: what is for officers by the user's word, by a mark, or by one that is not understood.

The campaign over every way in and out at once is in ``test_canaries``.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from command_line import SAMPLE, Minutes
from leaks import leaks
from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.intake import Request
from minutes_archive.pipeline import Archiver
from minutes_archive.workspace import Workspace

CANARIES = ("Quillonby", "Vexmarrow", "Drumblewick", "Zarnwhistle")
PAGE = f"""<html><head><title>x</title></head><body><div id="modgov">
<div class="mgHeader"><h1 class="mgMainTitleTxt">Agenda and minutes</h1></div>
<div class="mgSubTitle"><h2 class="mgSubTitleTxt">Urgency Committee - Monday 3 June 2024 6.00 pm</h2></div>
<div class="mgContent"><p><span class="mgLabel">Venue: </span>{CANARIES[0]} House</p>
<table class="mgItemTable" id="mgItemTable">
<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="AI501"></a>1.</p></td>
<td><p class="mgAiTitleTxt">Purchase of {CANARIES[1]} Mill</p>
<p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara"><p>Members AGREED to pay {CANARIES[2]} Holdings.</p></div>
<p class="mgSubItemTitleTxt">Additional documents:</p>
<ul class="mgBulletList"><li><a href="documents/s9/{CANARIES[3]}.pdf">{CANARIES[3]} valuation</a></li></ul></td></tr>
</table></div></div></body></html>"""
PUBLIC_PAGE = SAMPLE / "cabinet" / "ieListDocuments-3102.html"


def seen_by_the_public(minutes: Minutes, archive: Path, tmp_path: Path) -> str:
    """Everything that the commands say to the public when asked for the planted words."""
    said = []
    for word in CANARIES:
        file = tmp_path / "page.html"
        for command in (
            ("search", word, "--json", "--facets"), ("search", word.lower()[:-1] + "~"), ("search", word[:5] + "*", "--csv"),
            ("search", "purchase mill pay holdings valuation", "--match", "any", "--full-text", "--facets"),
            ("facets",), ("facets", "--json"), ("show", "urgency-committee/2024-06-03-1800"),
            ("export", "results", f"mill {word}", file), ("check",),
        ):
            done = minutes("--archive", archive, *command)
            # A query is the asker's own words; what it is answered with is ours.
            said.append((done.out + done.err).replace(f'"query": "{word}"', ""))
        said.append(file.read_text("utf-8").replace(f"mill {word}", ""))
    return "\n".join(said)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "secret.html"
    path.write_text(PAGE, "utf-8")
    return path


def test_the_scanner_finds_what_it_should(minutes: Minutes, tmp_path: Path, page: Path):
    minutes("--archive", tmp_path / "archive", "add", page)
    found = leaks(tmp_path / "archive" / "index" / "public", CANARIES)
    assert {leak.split(": ")[1] for leak in found} >= set(CANARIES[1:])


def test_officers_files_leave_no_trace_in_public(minutes: Minutes, tmp_path: Path, page: Path):
    archive = tmp_path / "archive"
    assert minutes("--archive", archive, "add", PUBLIC_PAGE).status == 0
    assert minutes("--archive", archive, "add", page, "--audience", "officer").status == 0
    assert leaks(archive / "index" / "public", CANARIES) == []
    said = seen_by_the_public(minutes, archive, tmp_path)
    assert not [word for word in CANARIES if word.lower() in said.lower()]
    assert "Urgency Committee" not in said
    officer = minutes("--archive", archive, "--audience", "officer", "search", CANARIES[1], "--json")
    assert json.loads(officer.out)["total"] == 1


def test_public_first_and_restricted_later(minutes: Minutes, tmp_path: Path, page: Path):
    archive = tmp_path / "archive"
    minutes("--archive", archive, "add", PUBLIC_PAGE, page)
    done = minutes("--archive", archive, "add", page, "--audience", "officer")
    assert "1 reclassified" in done.err
    assert leaks(archive / "index" / "public", CANARIES) == []
    assert leaks(archive / "index" / "public", ["urgency-committee"]) == []
    said = seen_by_the_public(minutes, archive, tmp_path)
    assert not [word for word in CANARIES if word.lower() in said.lower()]


def test_adding_again_without_a_word_does_not_make_it_public(minutes: Minutes, tmp_path: Path, page: Path):
    archive = tmp_path / "archive"
    minutes("--archive", archive, "add", page, "--audience", "officer")
    done = minutes("--archive", archive, "add", page)
    assert done.status == 0
    assert "stays so" in done.err
    assert leaks(archive / "index" / "public", CANARIES) == []
    minutes("--archive", archive, "add", page, "--audience", "public")
    assert json.loads(minutes("--archive", archive, "search", CANARIES[1], "--json").out)["total"] == 1


def test_a_lost_catalogue_does_not_make_it_public(minutes: Minutes, tmp_path: Path, page: Path):
    archive = tmp_path / "archive"
    minutes("--archive", archive, "add", page, "--audience", "officer")
    for path in (archive / "corpus" / "captures").glob("catalogue*"):
        path.unlink()
    minutes("--archive", archive, "add", PUBLIC_PAGE)
    assert leaks(archive / "index" / "public", CANARIES) == []
    assert json.loads(minutes("--archive", archive, "search", CANARIES[1], "--json").out)["total"] == 0


def record(**marks: object) -> str:
    item = {"id": "b/2024-01-01/one", "title": f"{CANARIES[0]} {CANARIES[1]}", "minutes_text": CANARIES[2],
            "documents": [{"title": CANARIES[3], "restricted": False}], **marks}
    meeting = {"id": "b/2024-01-01", "date": "2024-01-01"}
    return json.dumps({"schema": "minutes-archive/meeting/1", "meeting": meeting, "items": [item]})


@pytest.mark.parametrize("marks", [
    {}, {"audience": None}, {"audience": "officer"}, {"audience": "Public"}, {"audience": "pubIic"}, {"audience": ""},
    {"audience": "public "}, {"audience": "öffentlich"}, {"audience": "public,officer"},
])
def test_records_whose_mark_is_not_understood_are_for_officers(minutes: Minutes, tmp_path: Path, marks: dict[str, object]):
    file = tmp_path / "records.jsonl"
    file.write_text(record(**marks) + "\n", "utf-8")
    archive = tmp_path / "archive"
    assert minutes("--archive", archive, "add", file).status == 0
    assert leaks(archive / "index" / "public", CANARIES) == []
    assert minutes("--archive", archive, "search", CANARIES[0]).status == 1
    assert minutes("--archive", archive, "--audience", "officer", "search", CANARIES[0]).status == 0


def test_public_records_loaded_for_officers_are_for_officers(minutes: Minutes, tmp_path: Path):
    file = tmp_path / "records.jsonl"
    file.write_text(record(audience="public") + "\n", "utf-8")
    archive = tmp_path / "archive"
    minutes("--archive", archive, "add", file, "--audience", "officer")
    assert minutes("--archive", archive, "search", CANARIES[0]).status == 1
    for path in (archive / "corpus" / "captures").glob("catalogue*"):
        path.unlink()
    minutes("--archive", archive, "add", PUBLIC_PAGE)
    assert leaks(archive / "index" / "public", CANARIES) == []


SERVICE = f"""<?xml version="1.0" encoding="utf-8"?>
<meeting><meetingid>5</meetingid><meetingdate>03/06/2024</meetingdate><committeetitle>Cabinet</committeetitle><agendaitems>
<agendaitem><agendaitemid>71</agendaitemid><agendaitemtitle>Mill Lane</agendaitemtitle>
<minutesnonemptyhtmlbody>Members agreed to mend the lane.</minutesnonemptyhtmlbody>
<isrestricted>False</isrestricted><isdisplayallowed>True</isdisplayallowed>
<linkeddocuments><linkeddoc><title>{CANARIES[3]}</title><url>https://democracy.marlwick.example/mgConvert2PDF.aspx?ID=9</url>
<isrestricted>True</isrestricted></linkeddoc></linkeddocuments></agendaitem>
<agendaitem><agendaitemid>72</agendaitemid><agendaitemtitle>{CANARIES[0]}</agendaitemtitle>
<minutesnonemptyhtmlbody>{CANARIES[1]} was sold to {CANARIES[2]}.</minutesnonemptyhtmlbody>
<isrestricted>Partly</isrestricted><isdisplayallowed>True</isdisplayallowed></agendaitem></agendaitems></meeting>"""
SITE_PAGE = f"""<!-- saved from url=(0099)https://democracy.marlwick.example/ieListDocuments.aspx?MId=5 -->
<html><body><h1 class="mgMainTitleTxt">Agenda and minutes</h1><h2 class="mgSubTitleTxt">Cabinet - Monday 3 June 2024</h2>
<div class="mgContent"><table class="mgItemTable"><tr><td class="mgItemNumberCell"><a name="AI71"></a>1.</td>
<td><p class="mgAiTitleTxt">Mill Lane</p><p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara"><p>Members agreed to
mend the lane.</p></div></td></tr><tr><td class="mgItemNumberCell"><a name="AI72"></a>2.</td><td>
<p class="mgAiTitleTxt">{CANARIES[0]}</p><p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara"><p>{CANARIES[1]} sold
to {CANARIES[2]}.</p></div></td></tr></table></div></body></html>"""


@pytest.mark.parametrize("order", ["service", "page service", "service page", "page service later"])
@pytest.mark.parametrize("audience", ["public", "officer"])
def test_what_the_service_withholds_is_nowhere_in_public(
    minutes: Minutes, tmp_path: Path, order: str, audience: str
):
    archive = tmp_path / "archive"
    texts = {"service": SERVICE, "page": SITE_PAGE, "later": SITE_PAGE.replace("mend the", "repair the")}
    for name in order.split():
        file = tmp_path / f"{name}.{'xml' if name == 'service' else 'html'}"
        file.write_text(texts[name], "utf-8")
        said = ("--audience", audience) if name == "service" else ()
        assert minutes("--archive", archive, "add", file, *said).status == 0
    assert leaks(archive / "index" / "public", CANARIES) == []
    shown = minutes("--archive", archive, "show", "democracy.marlwick.example/5", "--evidence")
    public = seen_by_the_public(minutes, archive, tmp_path) + shown.out + shown.err
    assert not [word for word in CANARIES if word.lower() in public.lower()]
    assert ("Mill Lane" in public) is (audience == "public" or "page" in order)
    assert json.loads(minutes("--archive", archive, "--audience", "officer", "search", CANARIES[2], "--json").out)["total"] >= 1


def test_the_name_of_a_restricted_document_is_not_told(minutes: Minutes, tmp_path: Path):
    title = f"{CANARIES[0]} tender prices"
    page = PAGE.replace("</ul></td>", (
        f"<li>{title} (restricted)</li></ul><ul class='mgActionList'><li><a href='mgReasonsRestricted.aspx?ID=1&OID=501&OT=A'>"
        f"View the reasons why document '{title}' is restricted</a></li></ul></td>"
    )).replace(f"{CANARIES[0]} House", "Town Hall")
    file = tmp_path / "page.html"
    file.write_text(page, "utf-8")
    archive = tmp_path / "archive"
    minutes("--archive", archive, "add", file)
    assert leaks(archive / "index" / "public", [CANARIES[0]]) == []
    page_json = minutes("--archive", archive, "search", CANARIES[1], "--json", "--full-text").out
    hit = json.loads(page_json)["hits"][0]
    assert hit["restriction"] == "restricted_enclosure"
    assert CANARIES[0] not in page_json
    shown = minutes("--archive", archive, "show", hit["id"], "--evidence")
    assert "a restricted document" in shown.out
    assert CANARIES[0] not in shown.out + shown.err
    officer = minutes("--archive", archive, "--audience", "officer", "show", hit["id"])
    assert CANARIES[0] in officer.out


def test_the_public_index_is_that_of_an_archive_without_the_rest(tmp_path: Path, page: Path):
    def public_index(name: str, *, with_officers: bool) -> dict[str, bytes]:
        workspace = Workspace.open(tmp_path / name, writing=True)
        with workspace.writer_lock():
            archiver = Archiver(workspace, lambda: datetime(2026, 1, 1, tzinfo=UTC), lambda problem: None)
            if with_officers:
                archiver.add([page], Request(audience=Audience.OFFICER))
            archiver.add([PUBLIC_PAGE])
            update_index(workspace)
        folder = workspace.index / "public"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert public_index("with", with_officers=True) == public_index("without", with_officers=False)
