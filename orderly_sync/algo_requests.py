"""Algo orders one can place: they wait at the venue until the mark price sets them off.

``ex.place(Stop.sell("PERP_ETH_USDC", quantity="0.5", trigger="3400"))``. Prices are in quote units (USDC),
quantities in base units; both take str, int, Decimal or float.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.models.algo import CreatedAlgoOrder
from orderly_sync.models.enums import AlgoType, OrderType
from orderly_sync.models.market import SymbolRules
from orderly_sync.orders import Placement, number_field, quantity_field
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.rules import check_price, check_quantity

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from orderly_sync.order_terms import BracketTerms, PositionalTerms, StopTerms, TpSlTerms, TrailingTerms

__all__ = ["AlgoRequest", "Bracket", "PositionalTpSl", "Stop", "TpSl", "TrailingStop"]


@attrs.frozen(kw_only=True)
class AlgoRequest(Placement):
    """An algo order: it waits at the venue until the mark price sets it off."""

    algo_type: ClassVar[AlgoType]

    def check(self, rules: SymbolRules) -> None:
        """Hold prices and quantity against the symbol's rules.

        Raises:
            InvalidOrder: The message names the nearest valid value.
        """
        for name, price in self._prices():
            if price is not None:
                check_price(rules, price, name)
        size: Decimal | None = getattr(self, "quantity", None)
        if size is not None:
            check_quantity(rules, size)

    def send(self, orders: Orders) -> CreatedAlgoOrder:
        """Place it; the venue's answer, with the root's id."""
        return orders.create_algo(algo_type=self.algo_type, **self.terms(), **self._shared())

    def _prices(self) -> Iterator[tuple[str, Decimal | None]]:
        for field in attrs.fields(type(self)):
            if field.name in _PRICES:
                yield field.name, getattr(self, field.name)

    def terms(self) -> dict[str, Any]:
        """What is sent of it, save what every order has."""
        raise NotImplementedError


_PRICES = frozenset(
    {"trigger", "price", "take_profit", "stop_loss", "take_profit_price", "stop_loss_price", "activation"}
)


def _order_type(price: Decimal | None) -> OrderType:
    return OrderType.MARKET if price is None else OrderType.LIMIT


@attrs.frozen(kw_only=True)
class Stop(AlgoRequest):
    """Set off when the mark price reaches ``trigger``: a market order, or a limit order at ``price``."""

    algo_type = AlgoType.STOP

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[StopTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[StopTerms]) -> Self:
            """The same with ``side="SELL"``."""

    quantity: Decimal | None = quantity_field()
    trigger: Decimal | None = number_field("trigger")
    price: Decimal | None = number_field("price")

    def __attrs_post_init__(self) -> None:
        if self.quantity is None or self.trigger is None:
            raise UsageError("a Stop needs a quantity and a trigger")

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        return {
            "side": self.side,
            "type": _order_type(self.price),
            "quantity": self.quantity,
            "price": self.price,
            "trigger_price": self.trigger,
            "trigger_price_type": "MARK_PRICE",
        }


@attrs.frozen(kw_only=True)
class _Legs(AlgoRequest):
    """Take profit, stop loss or both; ``side`` is the side of the legs, so SELL protects a long position."""

    take_profit: Decimal | None = number_field("take_profit")
    stop_loss: Decimal | None = number_field("stop_loss")

    def __attrs_post_init__(self) -> None:
        if self.take_profit is None and self.stop_loss is None:
            raise UsageError(f"a {type(self).__name__} needs a take_profit, a stop_loss or both")

    def _leg(
        self, kind: AlgoType, trigger: Decimal, order_type: OrderType, price: Decimal | None
    ) -> dict[str, Any]:
        leg = {
            "symbol": self.symbol,
            "algo_type": kind,
            "side": self.side,
            "type": order_type,
            "trigger_price": trigger,
            "reduce_only": True,
        }
        return leg if price is None else {**leg, "price": price}

    def _closing_legs(self) -> list[dict[str, Any]]:
        pairs = ((AlgoType.TAKE_PROFIT, self.take_profit), (AlgoType.STOP_LOSS, self.stop_loss))
        return [self._leg(kind, at, OrderType.CLOSE_POSITION, None) for kind, at in pairs if at is not None]


@attrs.frozen(kw_only=True)
class TpSl(_Legs):
    """Take profit and stop loss for a quantity; the first to fire cancels the other."""

    algo_type = AlgoType.TP_SL

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[TpSlTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[TpSlTerms]) -> Self:
            """The same with ``side="SELL"``."""

    quantity: Decimal | None = quantity_field()
    take_profit_price: Decimal | None = number_field("take_profit_price")
    """Limit price of the take profit; market if absent."""
    stop_loss_price: Decimal | None = number_field("stop_loss_price")
    """Limit price of the stop loss; market if absent."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.quantity is None:
            raise UsageError("a TpSl needs a quantity; PositionalTpSl closes whatever the position is")

    def _sized_legs(self) -> list[dict[str, Any]]:
        rows = (
            (AlgoType.TAKE_PROFIT, self.take_profit, self.take_profit_price),
            (AlgoType.STOP_LOSS, self.stop_loss, self.stop_loss_price),
        )
        return [self._leg(kind, at, _order_type(price), price) for kind, at, price in rows if at is not None]

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        return {
            "quantity": self.quantity,
            "trigger_price_type": "MARK_PRICE",
            "child_orders": self._sized_legs(),
        }


@attrs.frozen(kw_only=True)
class PositionalTpSl(_Legs):
    """Take profit and stop loss for the whole position, whatever its size when one fires."""

    algo_type = AlgoType.POSITIONAL_TP_SL

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[PositionalTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[PositionalTerms]) -> Self:
            """The same with ``side="SELL"``."""

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        return {"trigger_price_type": "MARK_PRICE", "child_orders": self._closing_legs()}


@attrs.frozen(kw_only=True)
class Bracket(AlgoRequest):
    """An entry at once (limit at ``price``, else market) whose take profit and stop loss arm when it executes.

    ``side`` is the entry's. With ``positional`` the legs close the whole position, else the executed quantity.
    """

    algo_type = AlgoType.BRACKET

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[BracketTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[BracketTerms]) -> Self:
            """The same with ``side="SELL"``."""

    quantity: Decimal | None = quantity_field()
    price: Decimal | None = number_field("price")
    take_profit: Decimal | None = number_field("take_profit")
    stop_loss: Decimal | None = number_field("stop_loss")
    take_profit_price: Decimal | None = number_field("take_profit_price")
    stop_loss_price: Decimal | None = number_field("stop_loss_price")
    positional: bool = False

    def __attrs_post_init__(self) -> None:
        if self.quantity is None:
            raise UsageError("a Bracket needs a quantity")
        if self.take_profit is None and self.stop_loss is None:
            raise UsageError("a Bracket needs a take_profit, a stop_loss or both")

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        legs = TpSl(
            symbol=self.symbol,
            side=self.side.opposite,
            quantity=self.quantity,
            take_profit=self.take_profit,
            stop_loss=self.stop_loss,
            take_profit_price=self.take_profit_price,
            stop_loss_price=self.stop_loss_price,
        )
        kind = AlgoType.POSITIONAL_TP_SL if self.positional else AlgoType.TP_SL
        children = legs._closing_legs() if self.positional else legs._sized_legs()  # noqa: SLF001
        return {
            "side": self.side,
            "type": _order_type(self.price),
            "quantity": self.quantity,
            "price": self.price,
            "child_orders": [{"symbol": self.symbol, "algo_type": kind, "child_orders": children}],
        }


@attrs.frozen(kw_only=True)
class TrailingStop(AlgoRequest):
    """A market order set off when the mark price turns back from its best, by a rate or by a value in USDC.

    A rate of 0.01 is 1 %. It trails at once, or from the moment the mark price reaches ``activation``.
    """

    algo_type = AlgoType.TRAILING_STOP

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[TrailingTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[TrailingTerms]) -> Self:
            """The same with ``side="SELL"``."""

    quantity: Decimal | None = quantity_field()
    callback_rate: Decimal | None = number_field("callback_rate")
    callback_value: Decimal | None = number_field("callback_value")
    activation: Decimal | None = number_field("activation")

    def __attrs_post_init__(self) -> None:
        if self.quantity is None:
            raise UsageError("a TrailingStop needs a quantity")
        if (self.callback_rate is None) is (self.callback_value is None):
            raise UsageError("a TrailingStop needs either a callback_rate or a callback_value")

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        return {
            "side": self.side,
            "type": OrderType.MARKET,
            "quantity": self.quantity,
            "trigger_price_type": "MARK_PRICE",
            "callback_rate": self.callback_rate,
            "callback_value": self.callback_value,
            "activated_price": self.activation,
        }
