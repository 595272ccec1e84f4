"""The keywords of ``Limit.buy(...)`` and its like, for type checkers; nothing here is imported at run time.

Numbers are str, int, Decimal or float: prices in quote units (USDC), quantities in base units.
"""

from __future__ import annotations

from typing import TypedDict

from typing_extensions import Required

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
]


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
