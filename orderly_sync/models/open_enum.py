"""The base of all enumerations: tomorrow's values do not break them."""

from __future__ import annotations

from enum import Enum

__all__ = ["OpenEnum"]


class OpenEnum(str, Enum):
    """An enumeration that tomorrow's values do not break.

    Members are strings (``OrderSide.BUY == "BUY"``). A value this package does not know becomes a member-like value
    that keeps its text, with ``.known`` False.
    """

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        stranger = str.__new__(cls, value)
        stranger._name_ = value
        stranger._value_ = value
        return stranger

    @property
    def known(self) -> bool:
        """Whether this package knows the value."""
        return self._value_ in type(self)._value2member_map_

    def __str__(self) -> str:
        return str(self._value_)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}.{self._name_}"
            if self.known
            else f"{type(self).__name__}({self._value_!a})"
        )
