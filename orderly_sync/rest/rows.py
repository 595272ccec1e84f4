"""The rows that some operations take inside: orders of a batch, legs of an algo order. Dicts with known keys.

Prices are in quote units (USDC), quantities in base units; both as str, int, Decimal or float.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypedDict

from orderly_sync.models.enums import OrderType, TriggerPriceType
from orderly_sync.rest.choices import Algo, Margin, Side, Type
from orderly_sync.wire.numbers import Number

__all__ = ["AlgoLeg", "AlgoLegEdit", "BatchOrder"]


class BatchOrder(TypedDict, total=False):
    """One order of a batch, as ``create`` takes it; symbol, order_type and side are needed."""

    symbol: str
    order_type: Type
    side: Side
    order_price: Number
    order_quantity: Number
    order_amount: Number
    client_order_id: str
    visible_quantity: Number
    order_tag: str
    margin_mode: Margin


class AlgoLeg(TypedDict, total=False):
    """One node below the root of an algo order."""

    symbol: str
    algo_type: Algo
    side: Side
    type: Type | Literal["CLOSE_POSITION"] | OrderType
    quantity: Number
    price: Number
    trigger_price: Number
    trigger_price_type: TriggerPriceType | Literal["MARK_PRICE"]
    reduce_only: bool
    visible_quantity: Number
    order_tag: str
    margin_mode: Margin
    child_orders: Iterable[AlgoLeg]


class AlgoLegEdit(TypedDict, total=False):
    """What changes on one node below the root; ``order_id`` is needed.

    ``is_activated`` False switches a leg off; a new ``trigger_price`` brings it back, with another ``order_type`` too.
    """

    order_id: int | str
    order_type: Type | Literal["CLOSE_POSITION"] | OrderType
    price: Number
    quantity: Number
    trigger_price: Number
    trigger_price_type: TriggerPriceType | Literal["MARK_PRICE"]
    is_activated: bool
    child_orders: Iterable[AlgoLegEdit]
