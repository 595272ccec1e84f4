"""Numbers as people have them, made exact: text, int, Decimal, float, Fraction, and the scalars of numpy.

Other libraries' scalars are known by the number tower of the standard library, so none of those libraries is imported:
numpy registers its integers as ``numbers.Integral`` and its floats as ``numbers.Real``.
"""

from __future__ import annotations

import operator
import re
from decimal import Context, Decimal, Inexact, InvalidOperation
from numbers import Integral, Rational, Real

from orderly_sync.errors import UsageError
from orderly_sync.values.arithmetic import EXACT

__all__ = ["Number", "finite", "float_text", "is_truth", "native", "number"]

Number = str | int | Decimal | float
"""A price, quantity, amount or rate; a float stands for its shortest text: 0.1 is 0.1."""

_PLAIN = re.compile(r"[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}")
_MAX_DIGITS = 40
_FRACTIONS = Context(prec=100, traps=[Inexact, InvalidOperation])


def is_truth(value: object) -> bool:
    """Whether it is a truth value, Python's own or numpy's, which is a class of its own."""
    kind = type(value)
    return kind is bool or (kind.__module__ == "numpy" and kind.__name__ in {"bool", "bool_"})


def float_text(value: float) -> str:
    """The shortest text that stands for a float; numpy's floats show their type in theirs."""
    return float.__repr__(value)


def native(value: object) -> object:
    """The value as Python's own type where it is a scalar of some other library; anything else as it came."""
    if isinstance(value, (str, int, float, Decimal)) or value is None:
        return value
    if is_truth(value):
        return bool(value)
    if isinstance(value, Integral):
        return operator.index(value)
    if isinstance(value, Real) and not isinstance(value, Rational):
        return finite(value, "the number")
    return value


def finite(value: object, name: str) -> Decimal:
    """A finite number of either sign, exact.

    Raises:
        UsageError: NaN, infinite, a fraction without an exact decimal, a truth value, or no number at all.
    """
    if isinstance(value, str):
        return _of_text(value, name)
    exact = _of_scalar(value, name)
    if not exact.is_finite():
        what = "NaN" if exact.is_nan() else "infinite"
        raise UsageError(f"{name} is {what}; pass a finite number")
    return exact


def _of_text(value: str, name: str) -> Decimal:
    text = str.strip(value)
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    if not _PLAIN.fullmatch(text):
        raise UsageError(f"{name}={str.__str__(value)[:60]!a} is not a plain positive number such as '0.25'")
    exact = EXACT.create_decimal(text)
    return exact if sign > 0 else exact.copy_negate()


def _of_scalar(value: object, name: str) -> Decimal:
    if not is_truth(value):
        if isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            return EXACT.create_decimal(float_text(value))
        if isinstance(value, Integral):
            return Decimal(operator.index(value))
        if isinstance(value, Rational):
            return _of_fraction(value, name)
        if isinstance(value, Real):
            # Its text is the shortest that stands for it at its own precision: 0.1 for a float of 32 bits.
            return _of_real(value, name)
    raise UsageError(f"{name} must be text, int, Decimal or float, not {type(value).__name__}")


def _of_real(value: Real, name: str) -> Decimal:
    try:
        return EXACT.create_decimal(str(value))
    except InvalidOperation:
        raise UsageError(
            f"{name}: a {type(value).__name__} shows no number; pass a Decimal or text"
        ) from None


def _of_fraction(value: Rational, name: str) -> Decimal:
    try:
        return _FRACTIONS.divide(Decimal(int(value.numerator)), Decimal(int(value.denominator)))
    except (Inexact, InvalidOperation):
        raise UsageError(f"{name}={value} has no exact decimal; round it before you pass it") from None


def number(value: Number | None, name: str) -> Decimal | None:
    """A finite number from zero upwards, exact.

    Raises:
        UsageError: NaN, infinite, negative, written with an exponent, a truth value, or no number at all.
    """
    if value is None:
        return None
    if isinstance(value, str) and str.strip(value).startswith("-"):
        raise UsageError(f"{name}={str.__str__(value)[:60]!a} is not a plain positive number such as '0.25'")
    exact = finite(value, name)
    if exact.is_signed() and exact:
        raise UsageError(f"{name}={value} is negative; the side says which way, the number how much")
    if exact.adjusted() > _MAX_DIGITS:
        raise UsageError(f"{name} is larger than any market; pass a plain number")
    return exact
