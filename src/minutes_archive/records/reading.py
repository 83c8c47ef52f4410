"""Reading of JSON that may come from anywhere: each value checked, each fault named by its path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from minutes_archive.errors import RecordError
from minutes_archive.model import TextField

_FIELDS: tuple[TextField, ...] = ("title", "agenda_text", "decision_text", "minutes_text")


class Reader:
    """One JSON object; ``path`` is where it stands ("items[3].", "" at the top). Every method raises ``RecordError``."""

    def __init__(self, raw: Any, path: str) -> None:
        if not isinstance(raw, dict):
            raise RecordError(f"{path.rstrip('.') or 'the record'} is no JSON object")
        self._raw = raw
        self.path = path

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def get(self, key: str) -> Any:
        """The value as it is, None where the key is missing."""
        return self._raw.get(key)

    def _fault(self, key: str, wanted: str) -> RecordError:
        return RecordError(f"{self.path}{key} must be {wanted}, not {str(self._raw.get(key))[:60]!r}")

    def text(self, key: str) -> str:
        """A string that must be there."""
        value = self._raw.get(key)
        if not isinstance(value, str) or not value:
            raise self._fault(key, "a text")
        return value

    def optional(self, key: str) -> str | None:
        """A string, or None where it is missing or null."""
        value = self._raw.get(key)
        if value is not None and not isinstance(value, str):
            raise self._fault(key, "a text or null")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where it is missing."""
        value = self._raw.get(key)
        if value is not None and not isinstance(value, bool):
            raise self._fault(key, "true or false")
        return bool(value)

    def number(self, key: str) -> int | None:
        """A whole number from 0, or None where it is missing or null."""
        value = self._raw.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise self._fault(key, "a whole number from 0")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty where it is missing."""
        value = self._raw.get(key) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._fault(key, "a list of texts")
        return tuple(value)

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of ``allowed``; ``default`` where it is missing."""
        value = self._raw.get(key)
        if value is None and default is not None:
            return default
        if value not in allowed:
            raise self._fault(key, "one of " + ", ".join(allowed))
        return str(value)

    def field(self, key: str) -> TextField | None:
        """The name of a text field of an item, or None."""
        value = self._raw.get(key)
        if value is None:
            return None
        for name in _FIELDS:
            if value == name:
                return name
        raise self._fault(key, "the name of a text field")

    def date(self, key: str) -> str | None:
        """A day as YYYY-MM-DD, or None."""
        value = self.optional(key)
        if value is None:
            return None
        try:
            return dt.date.fromisoformat(value).isoformat()
        except ValueError:
            raise self._fault(key, "a day as YYYY-MM-DD") from None

    def inner(self, key: str) -> Reader:
        """The object at ``key``, which must be there."""
        return Reader(self._raw.get(key), f"{self.path}{key}.")

    def inner_or_empty(self, key: str) -> Reader:
        """The object at ``key``, an empty one where it is missing or null."""
        return Reader(self._raw.get(key) or {}, f"{self.path}{key}.")

    def inners(self, key: str) -> list[Reader]:
        """The objects of a list; none where it is missing."""
        value = self._raw.get(key) or []
        if not isinstance(value, list):
            raise self._fault(key, "a list")
        return [Reader(one, f"{self.path}{key}[{at}].") for at, one in enumerate(value)]
