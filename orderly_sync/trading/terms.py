"""The terms of an order: what each keyword means, how its number is read, and what else it is called elsewhere.

A new keyword of an order is one row of ``TERMS``, one field of a class, and one parameter of its ``buy`` and ``sell``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple

import attrs

from orderly_sync.wire.numbers import Number
from orderly_sync.wire.order_numbers import NUMBERS

__all__ = ["TERMS", "Term", "advice", "number_field", "numbers_of", "read_number"]


class Term(NamedTuple):
    """One keyword of an order."""

    meaning: str
    """With its unit, and what None is."""
    number: str | None = None
    """What it is on the wire, if it is a number: that decides how it is read and what rule it is held to."""
    also: tuple[str, ...] = ()
    """What it is called by other libraries and on the wire, in small letters."""


_QUOTE = "USDC a unit of the base, a multiple of the symbol's quote_tick"

TERMS: Mapping[str, Term] = {
    "symbol": Term(
        "The market: ``PERP_ETH_USDC``, or ``ETH``, ``ETH-PERP``, ``ETH/USDC:USDC`` for it.",
    ),
    "side": Term(
        "BUY or SELL.",
    ),
    "quantity": Term(
        "How much, base units (ETH of PERP_ETH_USDC); at most 8 decimals, a multiple of the symbol's tick.",
        "quantity",
        ("qty", "size", "amount", "base_quantity", "order_quantity", "contracts", "volume", "q", "sz"),
    ),
    "price": Term(
        f"The worst price that it may trade at, {_QUOTE}; where it may be absent, None is a market order.",
        "price",
        ("limit_price", "order_price", "px", "limit", "p"),
    ),
    "visible_quantity": Term(
        "How much of it the book shows, base units; 0 hides it, None shows all; of a Limit only.",
        "visible_quantity",
        ("visible", "iceberg", "display_quantity", "visible_size", "hidden"),
    ),
    "adjust": Term(
        "True: rather than be cancelled, it moves to one tick from the best of the other side.",
        also=("post_only_adjust",),
    ),
    "amount": Term(
        "How much it may cost or bring, USDC, instead of ``quantity``.",
        "amount",
        ("order_amount", "quote_quantity", "notional", "quote_amount", "cost", "usd"),
    ),
    "slippage": Term(
        "The most that it may slip, a fraction: 0.01 is 1 %.",
        "slippage",
        ("max_slippage", "slippage_tolerance"),
    ),
    "trigger": Term(
        f"The mark price that sets it off, {_QUOTE}.",
        "trigger_price",
        ("trigger_price", "stop_price", "stop", "stoppx", "trigger_px"),
    ),
    "take_profit": Term(
        f"The mark price at which the profit is taken, {_QUOTE}; None for no such leg.",
        "trigger_price",
        ("tp", "take_profit_trigger", "tp_trigger", "tp_trigger_price", "take_profit_trigger_price"),
    ),
    "stop_loss": Term(
        f"The mark price at which the loss is stopped, {_QUOTE}; None for no such leg.",
        "trigger_price",
        ("sl", "stop_loss_trigger", "sl_trigger", "sl_trigger_price", "stop_loss_trigger_price"),
    ),
    "take_profit_price": Term(
        f"Limit price of the take profit, {_QUOTE}; None sends a market order.",
        "price",
        ("tp_price", "take_profit_limit"),
    ),
    "stop_loss_price": Term(
        f"Limit price of the stop loss, {_QUOTE}; None sends a market order.",
        "price",
        ("sl_price", "stop_loss_limit"),
    ),
    "positional": Term(
        "True: a leg closes the whole position; False: the quantity that the entry executed.",
    ),
    "callback_rate": Term(
        "How far the mark price turns back to set it off, a fraction of its best: 0.01 is 1 %.",
        "callback_rate",
        ("trailing_percent", "trail_percent", "callback", "trailing_rate"),
    ),
    "callback_value": Term(
        "How far the mark price turns back to set it off, USDC, instead of ``callback_rate``.",
        "callback_value",
        ("trailing_amount", "trail_value", "trailing_value", "trail"),
    ),
    "activation": Term(
        f"The mark price from which on it trails, {_QUOTE}; None trails at once.",
        "activated_price",
        ("activation_price", "activated_price", "activate_price"),
    ),
    "reduce_only": Term(
        "True: it may only shrink the position; the venue cuts or refuses what goes beyond.",
        also=("reduceonly", "close_only"),
    ),
    "client_order_id": Term(
        "Yours: 1 to 36 letters, digits and hyphens, of no other open order; None has one made.",
        also=("client_id", "cl_ord_id", "clordid", "cid", "clientorderid", "new_client_order_id"),
    ),
    "order_tag": Term(
        "Comes back with every report; at most 128 characters.",
        also=("tag", "label"),
    ),
    "margin_mode": Term(
        "CROSS or ISOLATED; None is what the symbol is set to.",
        also=("mode", "margin", "margin_type"),
    ),
}
_NO_TERM = {
    "post_only": "use PostOnly for an order that only ever makes",
    "time_in_force": "use Limit, Ioc, Fok or PostOnly",
    "tif": "use Limit, Ioc, Fok or PostOnly",
    "type": "the class says it: Limit, Market, Ioc, Fok, PostOnly or Stop",
    "order_type": "the class says it: Limit, Market, Ioc, Fok, PostOnly or Stop",
    "ioc": "use Ioc",
    "fok": "use Fok",
    "side": "buy and sell say it",
    "leverage": "it belongs to the account: ex.rest.config.set_leverage(leverage=..., symbol=...)",
}
"""What is no keyword of any order, and what to use."""


def read_number(name: str, value: Number | None) -> Decimal | None:
    """The number that was given under that keyword, checked and made exact.

    Raises:
        UsageError: It cannot be right; the message names the keyword.
    """
    return NUMBERS[TERMS[name].number or name](value, name)


def number_field(name: str) -> Any:
    """The field of an optional number."""

    def read(value: Number | None) -> Decimal | None:
        return read_number(name, value)

    return attrs.field(default=None, converter=read)


def numbers_of(order: Any) -> list[tuple[str, str, Decimal]]:
    """The numbers that an order has: what each is on the wire, its name here, its value."""
    # A class of the user's own may have fields that are no terms.
    own = [field.name for field in attrs.fields(type(order)) if field.name in TERMS]
    given = [(TERMS[name].number, name, getattr(order, name)) for name in own]
    return [(what, name, value) for what, name, value in given if what is not None and value is not None]


def advice(term: str, own: Sequence[str]) -> str:
    """What to write instead of a keyword that is none of an order's own."""
    word = term.lower()
    meant = [name for name in own if word == name or word in TERMS[name].also]
    if meant:
        return f"write {meant[0]}="
    if word in _NO_TERM:
        return _NO_TERM[word]
    known = [each for each in own if each not in {"symbol", "side"}]
    near = get_close_matches(word, known, 1)
    return f"write {near[0]}=" if near else f"it takes {', '.join(known)}"
