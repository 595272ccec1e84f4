"""What an event tells of, as text that is the same in every process and whoever told. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

__all__ = ["event_id"]


def event_id(topic: str, named: tuple[object, ...] | None, said: Mapping[str, object]) -> str:
    """An event's id: ``executionreport/1234/fill/77``.

    Args:
        topic: Its wire topic.
        named: What names it within the topic; None where the venue gives it nothing that does.
        said: All that it says, of which a digest stands for a name then.
    """
    if named is None:
        named = (hashlib.blake2b(repr(dict(said)).encode(), digest_size=12).hexdigest(),)
    return "/".join((topic, *map(_plain, named)))


def _plain(part: object) -> str:
    """One part: a number is the same number in whatever digits it is written, and 0 where it lacks."""
    if part is None or part == 0:
        return "0"
    if isinstance(part, (Decimal, float)):
        return format(Decimal(str(part)).normalize(), "f")
    return str(part.value if isinstance(part, Enum) else part)
