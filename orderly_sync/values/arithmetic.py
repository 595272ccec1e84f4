"""The decimal contexts of this package: what it computes never depends on the caller's.

A decimal operation rounds, traps and compares as the *current* context of its thread says, and that one is the user's:
a notebook may have set a precision of 6 for its tables. So whatever computes here does it in ``CONTEXT``, and whatever
reads a number does it in ``EXACT``, where no digit of a usual number is lost.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import wraps
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

__all__ = ["CONTEXT", "EXACT", "adopt", "all_owned", "own", "owned", "places"]

_ANY = Context(prec=decimal.MAX_PREC, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX, traps=[])

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)

_TRAPS = [InvalidOperation, DivisionByZero, Overflow]

CONTEXT = Context(prec=28, traps=_TRAPS)
"""What this package computes in: 28 digits, half even."""

EXACT = Context(prec=1000, Emin=-999_999, Emax=999_999, traps=_TRAPS)
"""Wide enough to read and to write any number that a market knows without rounding it."""


def places(value: Decimal) -> int:
    """How many decimals a finite number has, trailing zeros not counted; exact for a number of any size."""
    exponent = value.normalize(_ANY).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def own() -> AbstractContextManager[Context]:
    """A block in which decimals are computed in this package's context."""
    return decimal.localcontext(CONTEXT)


def owned(function: F) -> F:
    """A function that computes in this package's context, whoever calls it."""

    @wraps(function)
    def within(*args: object, **kwargs: object) -> Any:
        with decimal.localcontext(CONTEXT):
            return function(*args, **kwargs)

    return within  # type: ignore[return-value]


def all_owned(cls: C) -> C:
    """A class whose methods and properties all compute in this package's context."""
    for name, member in list(vars(cls).items()):
        if isinstance(member, FunctionType) and not name.startswith("__"):
            setattr(cls, name, owned(member))
        elif isinstance(member, property) and member.fget is not None:
            setattr(cls, name, property(owned(member.fget), doc=member.__doc__))
    return cls


def adopt() -> None:
    """Make this package's context that of the running thread, which is one of its own."""
    decimal.setcontext(CONTEXT.copy())
