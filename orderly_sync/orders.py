"""What one can place: each kind of order as a value, checked against the symbol's rules before it is sent.

``ex.place(Stop.sell("PERP_ETH_USDC", quantity="0.5", trigger="3400"))``. Prices are in quote units (USDC),
quantities in base units; both take str, int, Decimal or float.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

import attrs
from typing_extensions import Self

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import AlgoType, MarginMode, OrderSide, OrderType
from orderly_sync.models.market import SymbolRules
from orderly_sync.rest.bodies import client_order_id as checked_client_order_id
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.rest.request import number, one_of, quantity
from orderly_sync.rules import check_notional, check_price, check_quantity
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = [
    "AlgoRequest",
    "Bracket",
    "Fok",
    "Ioc",
    "Limit",
    "Market",
    "OrderRequest",
    "PositionalTpSl",
    "PostOnly",
    "Stop",
    "TpSl",
    "TrailingStop",
]

R = TypeVar("R", bound="_Request")


def _number(name: str) -> Any:
    return attrs.field(default=None, converter=lambda value: number(value, name))


def _quantity(name: str = "quantity") -> Any:
    return attrs.field(default=None, converter=lambda value: quantity(value, name))


def _side(value: OrderSide | str) -> OrderSide:
    return OrderSide(one_of(OrderSide, value, "side"))


def _margin(value: MarginMode | str | None) -> MarginMode | None:
    return None if value is None else MarginMode(one_of(MarginMode, value, "margin_mode"))


@attrs.frozen(kw_only=True)
class _Request:
    """What every order has."""

    symbol: str = attrs.field(converter=native_symbol)
    side: OrderSide = attrs.field(converter=_side)
    reduce_only: bool | None = None
    client_order_id: str = attrs.field(default=None, converter=checked_client_order_id)
    """Yours, or one made here: how its reports are told from all others."""
    order_tag: str | None = None
    margin_mode: MarginMode | None = attrs.field(default=None, converter=_margin)

    @classmethod
    def buy(cls, symbol: str, **terms: Any) -> Self:
        """The same with ``side="BUY"``."""
        return cls(symbol=symbol, side=OrderSide.BUY, **terms)

    @classmethod
    def sell(cls, symbol: str, **terms: Any) -> Self:
        """The same with ``side="SELL"``."""
        return cls(symbol=symbol, side=OrderSide.SELL, **terms)

    def _shared(self) -> dict[str, Any]:
        return {
            "symbol": self.symbol,
            "reduce_only": self.reduce_only,
            "client_order_id": self.client_order_id,
            "order_tag": self.order_tag,
            "margin_mode": self.margin_mode,
        }


@attrs.frozen(kw_only=True)
class OrderRequest(_Request):
    """An ordinary order."""

    order_type: ClassVar[OrderType]

    quantity: Decimal | None = _quantity()
    price: Decimal | None = _number("price")
    visible_quantity: Decimal | None = _quantity("visible_quantity")

    def __attrs_post_init__(self) -> None:
        self._check()

    def _check(self) -> None:
        if self.price is None or self.quantity is None:
            raise UsageError(f"a {self.order_type} order needs a price and a quantity")

    def check(self, rules: SymbolRules) -> None:
        """Hold it against the symbol's rules.

        Raises:
            InvalidOrder: Price, quantity or notional; the message names the nearest valid value.
        """
        if self.price is not None:
            check_price(rules, self.price)
        if self.quantity is not None:
            check_quantity(rules, self.quantity)
        if self.price is not None and self.quantity is not None:
            check_notional(rules, self.price, self.quantity)

    def send(self, orders: Orders) -> int | None:
        """Place it; the order id."""
        return orders.create(
            order_type=self.order_type,
            side=self.side,
            order_price=self.price,
            order_quantity=self.quantity,
            visible_quantity=self.visible_quantity,
            **self._extra(),
            **self._shared(),
        ).order_id

    def _extra(self) -> Mapping[str, Any]:
        return {}


@attrs.frozen(kw_only=True)
class Limit(OrderRequest):
    """Trades at the price or better; the rest stays on the book. ``visible_quantity`` 0 hides it."""

    order_type = OrderType.LIMIT


@attrs.frozen(kw_only=True)
class Ioc(OrderRequest):
    """Trades what it can at the price or better now; the rest is cancelled."""

    order_type = OrderType.IOC


@attrs.frozen(kw_only=True)
class Fok(OrderRequest):
    """Trades whole at the price or better now, or not at all."""

    order_type = OrderType.FOK


@attrs.frozen(kw_only=True)
class PostOnly(OrderRequest):
    """Only ever a maker: cancelled if it would trade at once, or moved one tick away with ``adjust``."""

    order_type = OrderType.POST_ONLY

    adjust: bool = False

    def _extra(self) -> Mapping[str, Any]:
        return {"post_only_adjust": True} if self.adjust else {}


@attrs.frozen(kw_only=True)
class Market(OrderRequest):
    """Trades now at whatever the book offers within the price range; by ``quantity``, or by ``amount`` in USDC."""

    order_type = OrderType.MARKET

    amount: Decimal | None = _number("amount")
    slippage: Decimal | None = _number("slippage")

    def _check(self) -> None:
        if (self.quantity is None) is (self.amount is None):
            raise UsageError("a MARKET order needs either a quantity or an amount")
        if self.price is not None:
            raise UsageError("a MARKET order has no price; use Ioc or Limit")

    def _extra(self) -> Mapping[str, Any]:
        return {"order_amount": self.amount, "slippage": self.slippage}


@attrs.frozen(kw_only=True)
class AlgoRequest(_Request):
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

    def send(self, orders: Orders) -> int | None:
        """Place it; the root's id."""
        return orders.create_algo(algo_type=self.algo_type, **self._terms(), **self._shared()).order_id

    def _prices(self) -> Iterator[tuple[str, Decimal | None]]:
        for field in attrs.fields(type(self)):
            if field.name in _PRICES:
                yield field.name, getattr(self, field.name)

    def _terms(self) -> dict[str, Any]:
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

    quantity: Decimal | None = _quantity()
    trigger: Decimal | None = _number("trigger")
    price: Decimal | None = _number("price")

    def __attrs_post_init__(self) -> None:
        if self.quantity is None or self.trigger is None:
            raise UsageError("a Stop needs a quantity and a trigger")

    def _terms(self) -> dict[str, Any]:
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

    take_profit: Decimal | None = _number("take_profit")
    stop_loss: Decimal | None = _number("stop_loss")

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

    quantity: Decimal | None = _quantity()
    take_profit_price: Decimal | None = _number("take_profit_price")
    """Limit price of the take profit; market if absent."""
    stop_loss_price: Decimal | None = _number("stop_loss_price")
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

    def _terms(self) -> dict[str, Any]:
        return {
            "quantity": self.quantity,
            "trigger_price_type": "MARK_PRICE",
            "child_orders": self._sized_legs(),
        }


@attrs.frozen(kw_only=True)
class PositionalTpSl(_Legs):
    """Take profit and stop loss for the whole position, whatever its size when one fires."""

    algo_type = AlgoType.POSITIONAL_TP_SL

    def _terms(self) -> dict[str, Any]:
        return {"trigger_price_type": "MARK_PRICE", "child_orders": self._closing_legs()}


@attrs.frozen(kw_only=True)
class Bracket(AlgoRequest):
    """An entry at once (limit at ``price``, else market) whose take profit and stop loss arm when it executes.

    ``side`` is the entry's. With ``positional`` the legs close the whole position, else the executed quantity.
    """

    algo_type = AlgoType.BRACKET

    quantity: Decimal | None = _quantity()
    price: Decimal | None = _number("price")
    take_profit: Decimal | None = _number("take_profit")
    stop_loss: Decimal | None = _number("stop_loss")
    take_profit_price: Decimal | None = _number("take_profit_price")
    stop_loss_price: Decimal | None = _number("stop_loss_price")
    positional: bool = False

    def __attrs_post_init__(self) -> None:
        if self.quantity is None:
            raise UsageError("a Bracket needs a quantity")
        if self.take_profit is None and self.stop_loss is None:
            raise UsageError("a Bracket needs a take_profit, a stop_loss or both")

    def _terms(self) -> dict[str, Any]:
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

    quantity: Decimal | None = _quantity()
    callback_rate: Decimal | None = _number("callback_rate")
    callback_value: Decimal | None = _number("callback_value")
    activation: Decimal | None = _number("activation")

    def __attrs_post_init__(self) -> None:
        if self.quantity is None:
            raise UsageError("a TrailingStop needs a quantity")
        if (self.callback_rate is None) is (self.callback_value is None):
            raise UsageError("a TrailingStop needs either a callback_rate or a callback_value")

    def _terms(self) -> dict[str, Any]:
        return {
            "side": self.side,
            "type": OrderType.MARKET,
            "quantity": self.quantity,
            "trigger_price_type": "MARK_PRICE",
            "callback_rate": self.callback_rate,
            "callback_value": self.callback_value,
            "activated_price": self.activation,
        }
