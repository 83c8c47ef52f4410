"""Fields: what a capture, or a later word on one, looks like in the header of a WARC record, and back.

Values are percent-encoded, so that no name or URL can break a header; what is not known has no field.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import uuid
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from minutes_archive.access import Audience, understood
from minutes_archive.capture.members import UnreadableError
from minutes_archive.model import Capture, Exchange

_ABOUT = "classification"
_WITHDRAWAL = "withdrawal"
# How WARC writes a media type that is not known; a Capture then has "".
_UNKNOWN_TYPE = "application/octet-stream"
# What may stand in a header field as it is: printable ASCII but for "%" and the blank.
_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "%")
_URI = ":/?#[]@!$&'()*+,;=%~-._"


@dataclass(frozen=True)
class Restatement:
    """A later word on a capture: from ``sequence`` on it is classified so."""

    sha256: str
    sequence: int
    audience: Audience
    council: str | None


@dataclass(frozen=True)
class Sighting:
    """A later look at the page that a capture is of: there as it was, or (``gone_at``, a time) taken down.

    ``whole`` tells that all of it came; ``url`` where it was seen.
    """

    sha256: str
    sequence: int
    url: str | None = None
    whole: bool = True
    gone_at: str | None = None


def apply_sighting(capture: Capture, seen: Sighting) -> Capture:
    """``capture`` as it stands after a sighting."""
    whole = seen.whole and not seen.gone_at
    return replace(
        capture, sequence=seen.sequence, withdrawn_at=seen.gone_at, url=capture.url or seen.url,
        truncated="" if whole else capture.truncated,
    )


def timestamp(moment: dt.datetime) -> str:
    """``moment`` (aware) as WARC and the records write it: UTC, to the second, "2024-07-17T09:00:00Z"."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain_text(text: str | None) -> str | None:
    """``text`` as Unicode can hold it (stray bytes in a file name become escapes); None for an empty one."""
    return text.encode("utf-8", "backslashreplace").decode() if text else None


def plain_type(media_type: str) -> str:
    """``media_type`` as a header can hold it; "" where it says nothing."""
    told = " ".join(re.sub(r"[^\x20-\x7e]", " ", media_type).split())
    return "" if told == _UNKNOWN_TYPE else told


def warc_type(media_type: str) -> str:
    """A capture's media type as its WARC record has it."""
    return media_type or _UNKNOWN_TYPE


def record_id(capture: Capture) -> str:
    """The id of the capture's resource record: made of what is known of it, so that later words can refer to it."""
    name = f"{capture.sha256}/{capture.first or capture.sequence}/{capture.captured_at}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def target_uri(capture: Capture) -> str:
    """The URI that other tools know the capture by."""
    if capture.url:
        return quote(capture.url, safe=_URI)
    if capture.path:
        return "file:///" + quote(capture.path.replace("\\", "/").lstrip("/"))
    return f"urn:sha256:{capture.sha256}"


def digest_field(digest: bytes) -> str:
    """A SHA-256 as WARC writes it."""
    return "sha256:" + base64.b32encode(digest).decode()


def write_capture(capture: Capture) -> dict[str, str]:
    """The fields of the resource or response record of ``capture``."""
    told = {"Minutes-Path": capture.path, "Minutes-Url": capture.url, "Minutes-Council": capture.council}
    cut = {"WARC-Truncated": capture.truncated} if capture.truncated else {}
    return {
        "WARC-Record-ID": record_id(capture),
        "WARC-Date": capture.captured_at,
        "Minutes-Sha256": capture.sha256,
        "Minutes-Sequence": str(capture.sequence),
        "Minutes-Audience": capture.audience.value,
        **{name: quote(value, safe=_PLAIN) for name, value in told.items() if value is not None},
        **cut,
    }


def write_answer(capture: Capture, exchange: Exchange) -> dict[str, str]:
    """The fields of the response record of ``capture``: the media type stands in the answer, and here."""
    address = {"WARC-IP-Address": exchange.address} if exchange.address else {}
    return {**write_capture(capture), "Minutes-Type": quote(capture.media_type, safe=_PLAIN), **address}


def read_capture(fields: dict[str, str], size: int) -> Capture:
    """The capture of ``size`` bytes that a resource or response record tells of; names of ``fields`` are in lower case.

    An audience that is missing or not understood is officer. Raises ``UnreadableError`` without a sequence number.
    """

    def told(name: str) -> str | None:
        return unquote(fields[name], errors="replace") if name in fields else None

    number = _sequence(fields)
    media_type = unquote(fields["minutes-type"]) if "minutes-type" in fields else fields.get("content-type", "")
    return Capture(
        sha256=fields["minutes-sha256"], size=size, sequence=number, first=number,
        captured_at=fields.get("warc-date", ""), media_type=plain_type(media_type),
        path=told("minutes-path"), url=told("minutes-url"), council=told("minutes-council"),
        audience=understood(fields.get("minutes-audience")), truncated=fields.get("warc-truncated", ""),
    )


def write_sighting(capture: Capture, seen: Sighting, moment: str) -> dict[str, str]:
    """The fields of the revisit record, or of the metadata record where the page is gone, that tells of a sighting."""
    url = {"Minutes-Url": quote(seen.url, safe=_PLAIN)} if seen.url else {}
    cut = {} if seen.whole else {"WARC-Truncated": "unspecified"}
    refers = {"WARC-Refers-To-Target-URI": target_uri(capture), "WARC-Refers-To-Date": capture.captured_at}
    return {
        "WARC-Refers-To": record_id(capture), **({} if seen.gone_at else refers), "WARC-Date": moment,
        "Minutes-Sha256": capture.sha256, "Minutes-Sequence": str(seen.sequence), **url, **cut,
    }


def read_sighting(fields: dict[str, str]) -> Sighting:
    """The sighting that a revisit record tells of. Raises ``UnreadableError`` without a sequence number."""
    url = unquote(fields["minutes-url"], errors="replace") if "minutes-url" in fields else None
    return Sighting(fields["minutes-sha256"], _sequence(fields), url, "warc-truncated" not in fields)


def write_absence(at: str, status: int) -> bytes:
    """The payload of the metadata record that says: the page was taken down, found so at ``at``, answered by ``status``."""
    return json.dumps({"about": _WITHDRAWAL, "at": at, "status": status}, sort_keys=True).encode()


def write_word(capture: Capture, sequence: int, now: dt.datetime) -> tuple[dict[str, str], bytes]:
    """Fields and payload of the metadata record that says: ``capture`` is now classified as it says."""
    fields = {
        "WARC-Refers-To": record_id(capture), "WARC-Date": timestamp(now),
        "Minutes-Sha256": capture.sha256, "Minutes-Sequence": str(sequence),
    }
    statement = {"about": _ABOUT, "audience": capture.audience.value, "council": capture.council}
    return fields, json.dumps(statement, sort_keys=True).encode()


def read_word(fields: dict[str, str], payload: bytes) -> Restatement | Sighting | None:
    """What a metadata record says of a classification, or that a page is gone; None where it is about something else."""
    try:
        statement = json.loads(payload)
    except ValueError as error:
        raise UnreadableError("the metadata is not JSON") from error
    if isinstance(statement, dict) and statement.get("about") == _WITHDRAWAL:
        return replace(read_sighting(fields), gone_at=str(statement.get("at")))
    if not isinstance(statement, dict) or statement.get("about") != _ABOUT:
        return None
    council = statement.get("council")
    return Restatement(
        fields["minutes-sha256"], _sequence(fields), understood(statement.get("audience")),
        council if isinstance(council, str) else None,
    )


def _sequence(fields: dict[str, str]) -> int:
    number = fields.get("minutes-sequence", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise UnreadableError("the record has no sequence number")
    return int(number)
