"""How a public query is read and refused: parameters, wallets, cursors, numbers as text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import TypeVar

import attrs

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Call
from orderly_sync.venue.server.fields import Fields
from orderly_sync.venue.server.registry import Member
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["Query", "QueryCall", "QueryRefused", "listed", "written"]

T = TypeVar("T")

_MOST_ROWS = 500


class QueryRefused(Exception):
    """A query that cannot be answered: the name of the reason, words, and the HTTP status."""

    def __init__(self, name: str, message: str, status: int = 400) -> None:
        super().__init__(name, message)
        self.name = name
        self.message = message
        self.status = status


@attrs.frozen
class QueryCall:
    """One query: its parameters and the venue."""

    call: Call

    @property
    def now(self) -> int:
        """The venue's time, ms."""
        return self.call.now

    @property
    def fields(self) -> Fields:
        """The parameters."""
        return self.call.body

    def required(self, name: str) -> str:
        """A text that must be there; raises QueryRefused."""
        value = self.fields.text(name)
        if value is None:
            raise QueryRefused("MISSING_PARAM", f"{name} is required")
        return value

    def symbol(self) -> str | None:
        """The market asked for, if one is."""
        name = self.fields.text("symbol")
        return None if name is None else self.call.markets.symbol(name)

    def required_symbol(self) -> str:
        """The market asked for."""
        return self.call.markets.symbol(self.required("symbol"))

    def limit(self, default: int, name: str = "limit") -> int:
        """How many rows are wanted, 500 at most."""
        value = self.fields.whole(name)
        if value is not None and value < 1:
            raise Refused(INVALID_PARAM, f"{name} must be above 0")
        return min(default if value is None else value, _MOST_ROWS)

    def window(self) -> tuple[int, int]:
        """``start_time`` and ``end_time``, both included; as far as there is anything where they are absent."""
        start, end = self.fields.whole("start_time"), self.fields.whole("end_time")
        first, last = start or 0, 2**62 if end is None else end
        if first > last:
            raise Refused(INVALID_PARAM, "start_time lies after end_time")
        return first, last

    def cursor(self) -> str | None:
        """What the cursor says, if there is one."""
        text = self.fields.text("cursor")
        try:
            return None if text is None else base64.urlsafe_b64decode(text.encode()).decode()
        except (binascii.Error, ValueError):
            raise Refused(INVALID_PARAM, "cursor is not one that this venue gave") from None

    def texts(self, name: str) -> list[str] | None:
        """A list of texts, if it is there."""
        value = self.fields.raw(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise Refused(INVALID_PARAM, f"{name} must be a list of texts")
        return value

    def accounts(self) -> list[Member]:
        """The accounts of the wallet asked for, at one builder or of one id where they are named, main ones first.

        Raises:
            QueryRefused: MISSING_PARAM or ADDRESS_NOT_FOUND.
        """
        address = self.required("address")
        broker_id, account_id = self.fields.text("broker_id"), self.fields.text("account_id")
        found = [
            each
            for each in self.call.accounts.of_wallet(address, broker_id)
            if account_id is None or each.account_id.lower() == account_id.lower()
        ]
        if not found:
            raise QueryRefused("ADDRESS_NOT_FOUND", f"the wallet {address} has no such account", 404)
        return found

    def account(self) -> Member:
        """The first of the accounts asked for."""
        return self.accounts()[0]


Query = Callable[[QueryCall], object]
"""Takes a query, gives the ``data`` of the answer."""


def written(cursor: str) -> str:
    """A cursor as the wire carries it."""
    return base64.urlsafe_b64encode(cursor.encode()).decode()


def listed(
    query: QueryCall, items: list[T], identity: Callable[[T], str], row: Callable[[T], object], default: int
) -> Mapping[str, object]:
    """One page of rows and the cursor of the next; ``identity`` tells a row, so that new ones hide no others."""
    size, start = query.limit(default), 0
    last = query.cursor()
    if last is not None:
        place = next((index for index, item in enumerate(items) if identity(item) == last), None)
        if place is None:
            raise Refused(INVALID_PARAM, "cursor is not one that this venue gave for these parameters")
        start = place + 1
    part = items[start : start + size]
    more = start + size < len(items)
    return {
        "rows": [row(item) for item in part],
        "next_cursor": written(identity(part[-1])) if more else None,
    }
