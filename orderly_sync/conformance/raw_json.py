"""JSON as it was written: every number keeps its own text, for how a number is spelt is part of what is compared."""

from __future__ import annotations

import json
import re

__all__ = ["NumberText", "json_kind", "read_raw"]

_INTEGER = re.compile(r"-?[0-9]+")
_TEXT_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class NumberText(str):
    """A JSON number by its own text; a JSON string is a plain ``str``."""

    __slots__ = ()


def read_raw(text: bytes | str) -> object:
    """The value of a JSON text; None where it is none.

    Objects are dictionaries, arrays lists, strings ``str``, numbers ``NumberText``.
    """
    try:
        return json.loads(text, parse_float=NumberText, parse_int=NumberText, parse_constant=NumberText)
    except (ValueError, RecursionError):
        return None


def json_kind(value: object) -> str:
    """What JSON calls a value; of numbers how they are spelt: ``integer``, ``decimal`` or ``exponent``."""
    if isinstance(value, NumberText):
        if _INTEGER.fullmatch(value):
            return "integer"
        return "exponent" if "e" in value.lower() else "decimal"
    if isinstance(value, str):
        return "number in text" if _TEXT_NUMBER.fullmatch(value) else "text"
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return "object" if isinstance(value, dict) else "list"
