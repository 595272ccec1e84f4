"""The keywords of ``Limit.buy(...)`` and its like: for type checkers, and for who gave another one.

Numbers are str, int, Decimal or float: prices in quote units (USDC), quantities in base units.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import TypedDict

import attrs
from typing_extensions import Required

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import MarginMode
from orderly_sync.rest.request import Number

__all__ = [
    "BracketTerms",
    "MarketTerms",
    "PositionalTerms",
    "PostOnlyTerms",
    "PricedTerms",
    "SharedTerms",
    "StopTerms",
    "TpSlTerms",
    "TrailingTerms",
    "check_terms",
]

_MEANT = {
    "quantity": (
        "qty",
        "size",
        "amount",
        "base_quantity",
        "order_quantity",
        "contracts",
        "volume",
        "q",
        "sz",
    ),
    "price": ("limit_price", "order_price", "px", "limit", "p"),
    "trigger": ("trigger_price", "stop_price", "stop", "stoppx", "trigger_px"),
    "take_profit": (
        "tp",
        "take_profit_trigger",
        "tp_trigger",
        "tp_trigger_price",
        "take_profit_trigger_price",
    ),
    "stop_loss": ("sl", "stop_loss_trigger", "sl_trigger", "sl_trigger_price", "stop_loss_trigger_price"),
    "take_profit_price": ("tp_price", "take_profit_limit"),
    "stop_loss_price": ("sl_price", "stop_loss_limit"),
    "client_order_id": ("client_id", "cl_ord_id", "clordid", "cid", "clientorderid", "new_client_order_id"),
    "reduce_only": ("reduceonly", "close_only"),
    "visible_quantity": ("visible", "iceberg", "display_quantity", "visible_size", "hidden"),
    "order_tag": ("tag", "label"),
    "margin_mode": ("mode", "margin", "margin_type"),
    "amount": ("order_amount", "quote_quantity", "notional", "quote_amount", "cost", "usd"),
    "slippage": ("max_slippage", "slippage_tolerance"),
    "callback_rate": ("trailing_percent", "trail_percent", "callback", "trailing_rate"),
    "callback_value": ("trailing_amount", "trail_value", "trailing_value", "trail"),
    "activation": ("activation_price", "activated_price", "activate_price"),
    "adjust": ("post_only_adjust",),
}
"""What else the same thing is called, elsewhere and on the wire."""
_KINDS = {
    "post_only": "use PostOnly for an order that only ever makes",
    "time_in_force": "use Limit, Ioc, Fok or PostOnly",
    "tif": "use Limit, Ioc, Fok or PostOnly",
    "type": "the class says it: Limit, Market, Ioc, Fok, PostOnly or Stop",
    "order_type": "the class says it: Limit, Market, Ioc, Fok, PostOnly or Stop",
    "ioc": "use Ioc",
    "fok": "use Fok",
    "leverage": "it belongs to the account: ex.rest.config.set_leverage(leverage=..., symbol=...)",
}
"""What is no keyword of any order, and what to use."""


def check_terms(kind: type, args: Sequence[object], terms: Collection[str]) -> None:
    """Refuse arguments that a kind of order does not have.

    Raises:
        UsageError: Values without their keywords, or a keyword that is none; the message names the right one.
    """
    name = kind.__name__
    own = [field.name for field in attrs.fields(kind) if field.init]
    if args:
        first = ", ".join(f"{each}=..." for each in own if each in {"quantity", "price", "trigger"})
        raise UsageError(f"{name} takes its terms by keyword: {name}.buy(symbol, {first or '...'})")
    for term in terms:
        if term not in own:
            raise UsageError(f"{name} has no {term!a:.60}: {_advice(term, own)}")


def _advice(term: str, own: Sequence[str]) -> str:
    word = term.lower()
    meant = [right for right, others in _MEANT.items() if right in own and word in {right, *others}]
    if meant:
        return f"write {meant[0]}="
    if word in _KINDS:
        return _KINDS[word]
    known = [each for each in own if each not in {"symbol", "side"}]
    near = get_close_matches(word, known, 1)
    return f"write {near[0]}=" if near else f"it takes {', '.join(known)}"


class SharedTerms(TypedDict, total=False):
    """What every order may have."""

    reduce_only: bool | None
    client_order_id: str
    order_tag: str | None
    margin_mode: MarginMode | str | None


class PricedTerms(SharedTerms, total=False):
    """Of Limit, Ioc and Fok."""

    quantity: Required[Number]
    price: Required[Number]
    visible_quantity: Number


class PostOnlyTerms(PricedTerms, total=False):
    """Of PostOnly."""

    adjust: bool


class MarketTerms(SharedTerms, total=False):
    """Of Market: a quantity or an amount."""

    quantity: Number
    amount: Number
    slippage: Number


class StopTerms(SharedTerms, total=False):
    """Of Stop."""

    quantity: Required[Number]
    trigger: Required[Number]
    price: Number


class PositionalTerms(SharedTerms, total=False):
    """Of PositionalTpSl: one leg or both."""

    take_profit: Number
    stop_loss: Number


class TpSlTerms(PositionalTerms, total=False):
    """Of TpSl."""

    quantity: Required[Number]
    take_profit_price: Number
    stop_loss_price: Number


class BracketTerms(TpSlTerms, total=False):
    """Of Bracket."""

    price: Number
    positional: bool


class TrailingTerms(SharedTerms, total=False):
    """Of TrailingStop: a rate or a value."""

    quantity: Required[Number]
    callback_rate: Number
    callback_value: Number
    activation: Number
