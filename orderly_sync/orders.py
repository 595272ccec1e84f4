"""What one can place: each kind of ordinary order as a value, checked before it is sent.

``ex.place(Limit.buy("PERP_ETH_USDC", quantity="0.5", price="3400"))``. Prices are in quote units (USDC),
quantities in base units; both take str, int, Decimal or float.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from orderly_sync.errors import BadRequest, UsageError
from orderly_sync.models.enums import MarginMode, OrderSide, OrderType
from orderly_sync.models.market import SymbolRules
from orderly_sync.models.order import CreatedOrder
from orderly_sync.order_terms import check_terms
from orderly_sync.rest.bodies import client_order_id as checked_client_order_id
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.rest.request import number, one_of, quantity
from orderly_sync.rules import check_notional, check_price, check_quantity
from orderly_sync.wire.symbols import symbol as native_symbol

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from orderly_sync.order_terms import MarketTerms, PostOnlyTerms, PricedTerms

__all__ = [
    "Fok",
    "Ioc",
    "Limit",
    "Market",
    "OrderRequest",
    "Placement",
    "PostOnly",
    "number_field",
    "quantity_field",
]


def number_field(name: str) -> Any:
    """An optional number, checked and made exact."""
    return attrs.field(default=None, converter=lambda value: number(value, name))


def quantity_field(name: str = "quantity") -> Any:
    """An optional quantity of at most eight decimals."""
    return attrs.field(default=None, converter=lambda value: quantity(value, name))


def _side(value: OrderSide | str) -> OrderSide:
    return OrderSide(one_of(OrderSide, value, "side"))


def _margin(value: MarginMode | str | None) -> MarginMode | None:
    return None if value is None else MarginMode(one_of(MarginMode, value, "margin_mode"))


@attrs.frozen(kw_only=True)
class Placement:
    """What every order has."""

    symbol: str = attrs.field(converter=native_symbol)
    side: OrderSide = attrs.field(converter=_side)
    reduce_only: bool | None = None
    client_order_id: str = attrs.field(default=None, converter=checked_client_order_id)
    """Yours, or one made here: how its reports are told from all others."""
    order_tag: str | None = attrs.field(default=None, repr=ascii)
    margin_mode: MarginMode | None = attrs.field(default=None, converter=_margin)

    if not TYPE_CHECKING:
        # Each kind tells the type checker its own keywords.

        def __new__(cls, *args: Any, **terms: Any) -> Self:
            """Refuse what has no keyword here; called without any by pickle and copy."""
            check_terms(cls, args, terms)
            return object.__new__(cls)

        @classmethod
        def buy(cls, symbol: str, *args: Any, **terms: Any) -> Self:
            """The same with ``side="BUY"``."""
            check_terms(cls, args, terms)
            return cls(symbol=symbol, side=OrderSide.BUY, **terms)

        @classmethod
        def sell(cls, symbol: str, *args: Any, **terms: Any) -> Self:
            """The same with ``side="SELL"``."""
            check_terms(cls, args, terms)
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
class OrderRequest(Placement):
    """An ordinary order."""

    order_type: ClassVar[OrderType]

    quantity: Decimal | None = quantity_field()
    price: Decimal | None = number_field("price")
    visible_quantity: Decimal | None = quantity_field("visible_quantity")

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

    def send(self, orders: Orders) -> CreatedOrder:
        """Place it; the venue's answer.

        Raises:
            BadRequest: The venue answered with an error of its own inside a success.
        """
        created = orders.create(
            order_type=self.order_type,
            side=self.side,
            order_price=self.price,
            order_quantity=self.quantity,
            visible_quantity=self.visible_quantity,
            **self._extra(),
            **self._shared(),
        )
        if created.error is not None:
            raise BadRequest(None, created.error, 200, "/v1/order", "POST")
        return created

    def _extra(self) -> Mapping[str, Any]:
        return {}


@attrs.frozen(kw_only=True)
class Limit(OrderRequest):
    """Trades at the price or better; the rest stays on the book. ``visible_quantity`` 0 hides it."""

    order_type = OrderType.LIMIT

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[PricedTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[PricedTerms]) -> Self:
            """The same with ``side="SELL"``."""


@attrs.frozen(kw_only=True)
class Ioc(OrderRequest):
    """Trades what it can at the price or better now; the rest is cancelled."""

    order_type = OrderType.IOC

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[PricedTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[PricedTerms]) -> Self:
            """The same with ``side="SELL"``."""


@attrs.frozen(kw_only=True)
class Fok(OrderRequest):
    """Trades whole at the price or better now, or not at all."""

    order_type = OrderType.FOK

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[PricedTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[PricedTerms]) -> Self:
            """The same with ``side="SELL"``."""


@attrs.frozen(kw_only=True)
class PostOnly(OrderRequest):
    """Only ever a maker: cancelled if it would trade at once, or moved one tick away with ``adjust``."""

    order_type = OrderType.POST_ONLY

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[PostOnlyTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[PostOnlyTerms]) -> Self:
            """The same with ``side="SELL"``."""

    adjust: bool = False

    def _extra(self) -> Mapping[str, Any]:
        return {"post_only_adjust": True} if self.adjust else {}


@attrs.frozen(kw_only=True)
class Market(OrderRequest):
    """Trades now at whatever the book offers within the price range; by ``quantity``, or by ``amount`` in USDC."""

    order_type = OrderType.MARKET

    if TYPE_CHECKING:

        @classmethod
        def buy(cls, symbol: str, **terms: Unpack[MarketTerms]) -> Self:
            """The same with ``side="BUY"``."""

        @classmethod
        def sell(cls, symbol: str, **terms: Unpack[MarketTerms]) -> Self:
            """The same with ``side="SELL"``."""

    amount: Decimal | None = number_field("amount")
    slippage: Decimal | None = number_field("slippage")

    def _check(self) -> None:
        if (self.quantity is None) is (self.amount is None):
            raise UsageError("a MARKET order needs either a quantity or an amount")
        if self.price is not None:
            raise UsageError("a MARKET order has no price; use Ioc or Limit")

    def _extra(self) -> Mapping[str, Any]:
        return {"order_amount": self.amount, "slippage": self.slippage}
