"""Arguments that name a value of an enumeration: the one reader of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum
from typing import TypeVar

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import OpenEnum

__all__ = ["member_of", "one_of"]

E = TypeVar("E", bound=OpenEnum)


def one_of(kind: type[E], value: E | str | None, name: str, among: Collection[E] | None = None) -> str | None:
    """The wire text of an enumeration's value, or of one of ``among``; words count in any case.

    Answers are read with open enumerations; an argument, though, must be a value that the venue knows today.

    Raises:
        UsageError: It is none; the message lists what is.
    """
    if value is None:
        return None
    valid = tuple(kind) if among is None else tuple(among)
    member = member_of(valid, value)
    if member is not None:
        return str(member.value)
    names = ", ".join(str(member.value) for member in valid)
    raise UsageError(f"{name}={value!a:.60} is none of {names}")


def member_of(valid: Sequence[E], value: object) -> E | None:
    """The member that a text means: the very text, or the word in another case. 1M is no 1m: figures are not words."""
    if not isinstance(value, str):
        return None
    text = str(value.value) if isinstance(value, Enum) else str.__str__(value)
    exact = next((member for member in valid if member.value == text), None)
    if exact is not None or any(char.isdigit() for char in text):
        return exact
    same = [member for member in valid if member.value.lower() == text.strip().lower()]
    return same[0] if len(same) == 1 else None
