"""How the exchange says no."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["Refused", "plain"]


class Refused(Exception):
    """The exchange refuses a command: the venue's own code and words.

    Args:
        code: Such as -1101; the server derives the HTTP status from it.
        message: What a user should read.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


def plain(value: Decimal) -> str:
    """A number as people read it: no exponent, no idle zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
