"""The parameters of a request, read by type; what cannot be read is refused with the venue's own code."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from orderly_sync.models.enums import OpenEnum
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.wire.error_codes import INVALID_PARAM, PRICE_FILTER, SIZE_FILTER

__all__ = ["Fields", "digits", "missing"]

_LONGEST_NUMBER = 64
_TOO_LARGE = 10**_LONGEST_NUMBER
_MOST_DIGITS = 15
"""Before the point: with a price and eight decimals it still fits the 28 digits that the venue computes with."""
_KINDS = {"quantity": SIZE_FILTER, "price": PRICE_FILTER, "Price": PRICE_FILTER}
E = TypeVar("E", bound=OpenEnum)


def missing(name: str) -> Refused:
    """The refusal for a parameter that is not there."""
    return Refused(INVALID_PARAM, f"{name} is required")


def digits(text: str) -> int | None:
    """The whole number that a text of digits stands for; None if it is another text, or longer than any number here."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


class Fields:
    """Parameters by name. Numbers and flags may come as text too: live clients send both. Null counts as absent."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def all(self) -> Mapping[str, object]:
        """Everything, as it came."""
        return self._values

    def raw(self, name: str) -> object:
        """The value as it came, None if absent."""
        return self._values.get(name)

    def text(self, name: str) -> str | None:
        """A text; a whole number counts as one."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _TOO_LARGE:
            return str(value)
        if not isinstance(value, str):
            raise Refused(INVALID_PARAM, f"{name} must be a text")
        return value

    def required_text(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name)
        if value is None:
            raise missing(name)
        return value

    def number(self, name: str) -> Decimal | None:
        """An exact finite number that can be reckoned with; a larger one is refused as the size or price it is."""
        number = self._exact(name)
        if number is not None and number.adjusted() >= _MOST_DIGITS:
            code = next((code for end, code in _KINDS.items() if name.endswith(end)), INVALID_PARAM)
            raise Refused(code, f"{name} is larger than any market")
        return number

    def _exact(self, name: str) -> Decimal | None:
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            number = Decimal(value)
        elif isinstance(value, str) and len(value) <= _LONGEST_NUMBER and "_" not in value:
            try:
                number = Decimal(value.strip())
            except InvalidOperation:
                raise Refused(INVALID_PARAM, f"{name} must be a number") from None
        else:
            raise Refused(INVALID_PARAM, f"{name} must be a number")
        if not number.is_finite() or abs(number.adjusted()) > _LONGEST_NUMBER:
            raise Refused(INVALID_PARAM, f"{name} must be a finite number of a usual size")
        return number

    def whole(self, name: str) -> int | None:
        """A whole number."""
        number = self._exact(name)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise Refused(INVALID_PARAM, f"{name} must be a whole number")
        return int(number)

    def required_whole(self, name: str) -> int:
        """A whole number that must be there."""
        value = self.whole(name)
        if value is None:
            raise missing(name)
        return value

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in {"true", "false"}:
            return value.lower() == "true"
        raise Refused(INVALID_PARAM, f"{name} must be true or false")

    def choice(self, name: str, kind: type[E]) -> E | None:
        """A member of an enumeration."""
        text = self.text(name)
        if text is None:
            return None
        member = kind(text)
        if not member.known:
            raise Refused(
                INVALID_PARAM, f"{name} {text!r} is none of {', '.join(each.value for each in kind)}"
            )
        return member

    def required_choice(self, name: str, kind: type[E]) -> E:
        """A member that must be there."""
        member = self.choice(name, kind)
        if member is None:
            raise missing(name)
        return member

    def objects(self, name: str) -> list[Fields]:
        """A list of objects, empty if absent."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise Refused(INVALID_PARAM, f"{name} must be a list of objects")
        return [Fields(item) for item in value]
