"""What every order has that one can place, and what it asks of REST to be placed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.models.algo import CreatedAlgoOrder
from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.models.market import SymbolRules
from orderly_sync.models.order import CreatedOrder
from orderly_sync.trading.rules import check_numbers
from orderly_sync.trading.terms import numbers_of
from orderly_sync.wire.client_order_id import client_order_id as checked_client_order_id
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["OrderCalls", "Placement"]


class OrderCalls(Protocol):
    """The two operations that place an order; the group ``orders`` of REST has them, and says what each term means."""

    @property
    def create(self) -> Callable[..., CreatedOrder]:
        """Places an ordinary order."""

    @property
    def create_algo(self) -> Callable[..., CreatedAlgoOrder]:
        """Places an algo order."""


def _side(value: OrderSide | str) -> OrderSide:
    if value is None:  # Type checkers forbid it, notebooks do not.
        raise UsageError("side=None is none of BUY, SELL")
    return OrderSide(one_of(OrderSide, value, "side"))


def _client_order_id(value: str | None) -> str:
    return checked_client_order_id(value)


def _margin(value: MarginMode | str | None) -> MarginMode | None:
    return None if value is None else MarginMode(one_of(MarginMode, value, "margin_mode"))


@attrs.frozen(kw_only=True)
class Placement:
    """What every order has."""

    page: ClassVar[str]
    """Where the venue describes it."""
    refused: ClassVar[Mapping[str, str]] = {}
    """What a kind of order has not, though its like have; and what is said to who gives it."""

    symbol: str = attrs.field(converter=native_symbol)
    side: OrderSide = attrs.field(converter=_side)
    reduce_only: bool | None = None
    client_order_id: str = attrs.field(default=None, converter=_client_order_id)
    """Yours, or one made here: how its reports are told from all others."""
    order_tag: str | None = attrs.field(default=None, repr=ascii)
    margin_mode: MarginMode | None = attrs.field(default=None, converter=_margin)

    def check(self, rules: SymbolRules) -> None:
        """Hold its prices and its quantity against the symbol's rules.

        Raises:
            InvalidOrder: The message names the nearest valid value.
        """
        check_numbers(rules, numbers_of(self))

    def _shared(self) -> dict[str, Any]:
        return {
            "symbol": self.symbol,
            "reduce_only": self.reduce_only,
            "client_order_id": self.client_order_id,
            "order_tag": self.order_tag,
            "margin_mode": self.margin_mode,
        }
