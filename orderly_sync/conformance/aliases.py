"""Stable aliases: what a report says instead of an account's ids, keys, addresses and amounts. Pure.

One value has one alias within one report, so that a reader still sees that two answers speak of one order. Nothing of a
value is in its alias but what it is: ``account-1``, ``address-2``, ``id-7``, ``number-3``, ``text-4``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["Aliases"]

_SYMBOL = re.compile(r"(?:PERP|SPOT)_[A-Z0-9]+_[A-Z0-9]+")
_WORD = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
"""How the venue writes values of enumerations."""
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[A-Za-z0-9_]{1,40}")
_IDS = re.compile(r"[0-9]{6}|[0-9a-fA-F]{16}|(?i:0x)")
_HEX = re.compile(r"0x[0-9a-fA-F]+|[0-9a-fA-F]{24,}")

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("account", re.compile(r"0x[0-9a-fA-F]{64}")),
    ("address", re.compile(r"0x[0-9a-fA-F]{40}")),
    ("hex", _HEX),
    ("key", re.compile(r"ed25519:\w+|[1-9A-HJ-NP-Za-km-z]{32,}")),
    ("ip", re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")),
    ("number", _NUMBER),
)
_IN_TEXT = re.compile(
    r"\bed25519:\w+|\b0x[0-9a-fA-F]+|(?:[0-9]{1,3}\.){3}[0-9]{1,3}|\b[0-9A-Za-z_+/=-]{20,}|"
    r"(?<![\w.-])-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w])"
)
"""What may be somebody's in a sentence of the venue's: keys, ids, addresses, and every number."""
_TIMES = range(1_500_000_000_000, 4_000_000_000_000)


class Aliases:
    """The aliases of one report."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def own(self, kind: str, value: str) -> None:
        """Give a value of the account's own its alias at once, so that it is the first of its kind."""
        self._named(kind, value)

    def of(self, value: object) -> str:
        """What a report says instead of a value of JSON, by what it is; flags and null are themselves."""
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, (dict, list)):
            return "an object" if isinstance(value, dict) else "a list"
        return self._of_text(str(value))

    def _of_text(self, text: str) -> str:
        if text == "" or _SYMBOL.fullmatch(text):
            return text or '""'
        for kind, pattern in _KINDS:
            if pattern.fullmatch(text):
                return self._named(_time_or(kind, text), text)
        return self._named("text", text)

    def _named(self, kind: str, value: str) -> str:
        known = self._given.get(value.lower())
        if known is None:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            known = self._given[value.lower()] = f"{kind}-{self._counts[kind]}"
        return known

    def word(self, text: str) -> str:
        """A value of an enumeration as it is, for it is nobody's; whatever does not look like one, by its alias."""
        return text if _WORD.fullmatch(text) else self.of(text)

    def name(self, text: str) -> str:
        """The name of a field as it is; an id or a key that stands for one, by its alias."""
        return text if _NAME.fullmatch(text) and not _IDS.search(text) else self.of(text)

    def sentence(self, text: str, *, numbers: bool = True) -> str:
        """A sentence of the venue's, or of an error, with what may be somebody's replaced; numbers, unless told not."""
        for value, alias in sorted(self._given.items(), key=_longest_first):
            if len(value) > 3 and not value.isdigit():  # noqa: PLR2004 - shorter ones stand in words
                text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", alias, text, flags=re.IGNORECASE)
        return _IN_TEXT.sub(self._replaced(numbers), text)

    def _replaced(self, numbers: bool) -> Callable[[re.Match[str]], str]:
        def replaced(found: re.Match[str]) -> str:
            text = found.group()
            if not numbers and _NUMBER.fullmatch(text):
                return text
            is_word = _WORD.fullmatch(text) and not _HEX.fullmatch(text)
            return text if _SYMBOL.fullmatch(text) or is_word else self._of_text(text)

        return replaced


def _longest_first(given: tuple[str, str]) -> int:
    return -len(given[0])


def _time_or(kind: str, text: str) -> str:
    """A number as it may be: a time in ms, an id, or an amount."""
    if kind != "number" or not text.isdigit():
        return kind
    if int(text) in _TIMES:
        return "time"
    return "id" if len(text) >= 6 else kind  # noqa: PLR2004 - shorter ones are counts and amounts
