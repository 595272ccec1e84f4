"""One request as a handler sees it: who asks, and its parameters, read by type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from orderly_sync.models.open_enum import OpenEnum
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.accounts import OrderlyKey
from orderly_sync.venue.server.limits import Budget
from orderly_sync.venue.server.registry import Member
from orderly_sync.wire.error_codes import INVALID_PARAM, PRICE_FILTER, SIZE_FILTER

if TYPE_CHECKING:
    from orderly_sync.venue.server.core import Core

__all__ = ["Bare", "Call", "Declined", "Fields", "Handler", "digits", "missing", "paged", "rows"]

_LONGEST_NUMBER = 64
_TOO_LARGE = 10**_LONGEST_NUMBER
_MOST_DIGITS = 15
"""Before the point: with a price and eight decimals it still fits the 28 digits that the venue computes with."""
_KINDS = {"quantity": SIZE_FILTER, "price": PRICE_FILTER, "Price": PRICE_FILTER}
_DEFAULT_SIZE, _MOST_SIZE = 25, 500
E = TypeVar("E", bound=OpenEnum)
T = TypeVar("T")


def missing(name: str) -> Refused:
    """The refusal for a parameter that is not there."""
    return Refused(INVALID_PARAM, f"{name} is required")


def digits(text: str) -> int | None:
    """The whole number that a text of digits stands for; None if it is another text, or longer than any number here."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


class Fields:
    """Parameters by name. Numbers and flags may come as text too: live clients send both. Null counts as absent."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def all(self) -> Mapping[str, Any]:
        """Everything, as it came."""
        return self._values

    def raw(self, name: str) -> Any:
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


@attrs.frozen(kw_only=True)
class Call:
    """One request, admitted: signed where it must be, within its limits."""

    core: Core
    method: str
    path: str
    now: int
    """The venue's time, ms."""
    slots: Mapping[str, str] = attrs.field(factory=dict)
    """Values of the ``{…}`` in the path template."""
    query: Fields = attrs.field(factory=lambda: Fields({}))
    body: Fields = attrs.field(factory=lambda: Fields({}))
    account: Member | None = None
    """Whose account it is about: the key's own, or a sub-account of it."""
    key: OrderlyKey | None = None
    who: str = ""
    """The caller's address."""
    operations: Mapping[tuple[str, str], Handler] = attrs.field(factory=dict, repr=False)
    """The handlers of all operations by method and path template, for those that answer as another one would."""
    budget: Budget = attrs.field(factory=lambda: Budget(None, "", 0.0))
    """What the caller may still ask."""

    @property
    def operation(self) -> str:
        """``"GET /v1/orders"``, as limits name it."""
        return f"{self.method} {self.path}"

    @property
    def member(self) -> Member:
        """The account that asks; private operations only."""
        assert self.account is not None
        return self.account

    @property
    def account_id(self) -> str:
        """The id of the account that asks; private operations only."""
        return self.member.account_id

    def slot_id(self, name: str) -> int:
        """A path slot that holds an id."""
        number = digits(self.slots[name])
        if number is None:
            raise Refused(INVALID_PARAM, f"{name} must be a whole number")
        return number

    def symbol(self, *, required: bool = False) -> str | None:
        """The ``symbol`` of the query, checked."""
        name = self.query.text("symbol")
        if name is None:
            if required:
                raise missing("symbol")
            return None
        return self.core.symbol(name)


Handler = Callable[[Call], Any]
"""A route: takes a call, gives the ``data`` of the answer or None, raises Refused."""


@attrs.frozen
class Bare:
    """An answer that is not wrapped in the usual envelope."""

    value: Any
    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)


class Declined(Exception):
    """A refusal whose envelope is not the usual one.

    Args:
        answer: What to answer instead.
    """

    def __init__(self, answer: Bare) -> None:
        super().__init__(answer)
        self.answer = answer


def rows(items: Iterable[T], shape: Callable[[T], Any]) -> dict[str, Any]:
    """``data`` with all rows."""
    return {"rows": [shape(item) for item in items]}


def paged(
    call: Call, items: list[T], shape: Callable[[T], Any], default: int = _DEFAULT_SIZE
) -> dict[str, Any]:
    """``data`` with one page of rows and its meta; pages count from 1, a page holds 500 at most."""
    size = call.query.whole("size") or default
    page = call.query.whole("page") or 1
    if size < 1 or page < 1:
        raise Refused(INVALID_PARAM, "page and size count from 1")
    size = min(size, _MOST_SIZE)
    part = items[(page - 1) * size : page * size]
    return {
        "meta": {"total": len(items), "records_per_page": size, "current_page": page},
        "rows": [shape(item) for item in part],
    }
