"""The form of a request: what is there, what is not, and which values mean anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from orderly_sync.models.enums import SENDABLE, OrderType
from orderly_sync.venue.engine.commands import PlaceOrder
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = [
    "FORM",
    "amount_or_quantity",
    "check_form",
    "client_order_id_form",
    "finite",
    "finite_numbers",
    "level_form",
    "order_tag_form",
    "post_only_adjust_form",
    "price_presence",
    "slippage_form",
    "type_known",
]

_PRICED = (OrderType.LIMIT, OrderType.IOC, OrderType.FOK, OrderType.POST_ONLY)
_BY_AMOUNT = (OrderType.MARKET, OrderType.ASK, OrderType.BID)
_CLIENT_ORDER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,35}")
_TAG_LENGTH = 128
_LEVELS = 5


def finite(**numbers: Decimal | None) -> None:
    """Refuse NaN and the infinities, by name."""
    for name, value in numbers.items():
        if value is not None and not value.is_finite():
            raise Refused(INVALID_PARAM, f"{name} {value} is not a number to trade with")


def type_known(command: PlaceOrder) -> None:
    """Only seven types can be sent; the others come back from the venue."""
    if command.order_type not in SENDABLE:
        known = ", ".join(str(kind) for kind in SENDABLE)
        raise Refused(INVALID_PARAM, f"order_type {command.order_type} cannot be sent; send one of {known}")


def finite_numbers(command: PlaceOrder) -> None:
    """All numbers are numbers."""
    finite(
        order_price=command.price,
        order_quantity=command.quantity,
        order_amount=command.amount,
        visible_quantity=command.visible_quantity,
        slippage=command.slippage,
    )


def client_order_id_form(command: PlaceOrder) -> None:
    """Up to 36 letters, digits and hyphens, no hyphen first."""
    text = command.client_order_id
    if text is not None and not _CLIENT_ORDER_ID.fullmatch(text):
        raise Refused(
            INVALID_PARAM,
            f"client_order_id {text!r} must be 1 to 36 letters, digits or hyphens, no hyphen first",
        )


def order_tag_form(command: PlaceOrder) -> None:
    """At most 128 characters."""
    if command.order_tag is not None and len(command.order_tag) > _TAG_LENGTH:
        raise Refused(
            INVALID_PARAM, f"order_tag has {len(command.order_tag)} characters, {_TAG_LENGTH} are allowed"
        )


def price_presence(command: PlaceOrder) -> None:
    """LIMIT, IOC, FOK and POST_ONLY name their price; the others' is ignored."""
    if command.order_type in _PRICED and command.price is None:
        raise Refused(INVALID_PARAM, f"order_price is required for {command.order_type}")


def amount_or_quantity(command: PlaceOrder) -> None:
    """One of the two, an amount only where the price is the market's."""
    if (command.quantity is None) == (command.amount is None):
        raise Refused(INVALID_PARAM, "exactly one of order_quantity and order_amount is required")
    if command.amount is None:
        return
    if command.order_type not in _BY_AMOUNT:
        raise Refused(
            INVALID_PARAM,
            f"order_amount is for MARKET, ASK and BID; {command.order_type} takes order_quantity",
        )
    if command.amount <= 0:
        raise Refused(INVALID_PARAM, "order_amount must be above 0")


def level_form(command: PlaceOrder) -> None:
    """0 to 4, with ASK and BID only."""
    if command.level is None:
        return
    if command.order_type not in {OrderType.ASK, OrderType.BID}:
        raise Refused(INVALID_PARAM, f"level is for ASK and BID, not for {command.order_type}")
    if not 0 <= command.level < _LEVELS:
        raise Refused(INVALID_PARAM, f"level {command.level} must be 0 to 4")


def slippage_form(command: PlaceOrder) -> None:
    """A fraction above 0, up to 1."""
    if command.slippage is not None and not 0 < command.slippage <= 1:
        raise Refused(INVALID_PARAM, f"slippage {command.slippage} must be a fraction above 0 and at most 1")


def post_only_adjust_form(command: PlaceOrder) -> None:
    """With POST_ONLY only."""
    if command.post_only_adjust and command.order_type is not OrderType.POST_ONLY:
        raise Refused(INVALID_PARAM, f"post_only_adjust is for POST_ONLY, not for {command.order_type}")


FORM: tuple[Callable[[PlaceOrder], None], ...] = (
    type_known,
    finite_numbers,
    client_order_id_form,
    order_tag_form,
    price_presence,
    amount_or_quantity,
    level_form,
    slippage_form,
    post_only_adjust_form,
)
"""What can be said of a request without looking at the market."""


def check_form(command: PlaceOrder) -> None:
    """Raise Refused at the first thing wrong with the request itself."""
    for rule in FORM:
        rule(command)
