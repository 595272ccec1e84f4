"""From an order that the venue shows back to the request that places its like: what a handle needs of one it adopts.

An order may have been placed by an earlier run of a program, by ``rest.orders`` or by another machine. Pure.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.enums import AlgoType, OrderType
from orderly_sync.models.order import Order
from orderly_sync.trading.algo_requests import AlgoRequest, Stop, TrailingStop
from orderly_sync.trading.leg_requests import Bracket, PositionalTpSl, TpSl
from orderly_sync.trading.orders import Fok, Ioc, Limit, Market, OrderRequest, PostOnly

__all__ = ["ShownAlgo", "request_of"]

_LEGS = {"TAKE_PROFIT": "take_profit", "STOP_LOSS": "stop_loss"}
_ORDERS: dict[str, type[OrderRequest]] = {"LIMIT": Limit, "IOC": Ioc, "FOK": Fok, "POST_ONLY": PostOnly}


def request_of(row: Order | AlgoOrder) -> OrderRequest | AlgoRequest:
    """The request that would place an order like that row.

    Of ASK and BID, which follow the book, and of types that are not known yet, the nearest that can be said is a limit
    order at the price they stand at.
    """
    if not isinstance(row, AlgoOrder):
        return _order(row)
    try:
        return _algo(row)
    except UsageError:
        # It is not whole any more: a bracket whose entry has traded may be shown without its legs.
        return ShownAlgo(
            **_shared(row), kind=row.algo_type, quantity=_exact(row.quantity), price=_exact(row.price)
        )


@attrs.frozen(kw_only=True)
class ShownAlgo(AlgoRequest):
    """An algo order of which the venue shows too little to place its like."""

    kind: AlgoType | None
    """What the venue calls it."""
    quantity: Decimal | None = None
    price: Decimal | None = None

    @property
    def algo_type(self) -> AlgoType | None:  # type: ignore[override]  # of the row here, of the class elsewhere
        """What the venue calls it."""
        return self.kind

    def terms(self) -> dict[str, Any]:
        """None are known.

        Raises:
            UsageError: Always.
        """
        raise UsageError(
            f"this {self.kind} order was found at the venue, not placed here; it cannot be sent anew"
        )


def _order(row: Order) -> OrderRequest:
    shared = _shared(row)
    price, quantity = _exact(row.price), _exact(row.quantity)
    if row.type == OrderType.MARKET or not price:
        amount = None if quantity else _exact(row.amount)
        return Market(**shared, quantity=quantity if amount is None else None, amount=amount)
    return _ORDERS.get(str(row.type), Limit)(**shared, price=price, quantity=quantity)


def _algo(row: AlgoOrder) -> AlgoRequest:
    shared = _shared(row)
    quantity, price = _exact(row.quantity), _exact(row.price)
    if row.algo_type == AlgoType.TRAILING_STOP:
        names = ("callback_rate", "callback_value")
        back: dict[str, Any] = {name: _exact(getattr(row, name)) for name in names if getattr(row, name)}
        return TrailingStop(**shared, quantity=quantity, activation=_exact(row.activated_price), **back)
    if row.algo_type == AlgoType.POSITIONAL_TP_SL:
        return PositionalTpSl(**shared, **_legs(row, priced=False))
    if row.algo_type == AlgoType.TP_SL:
        return TpSl(**shared, quantity=quantity, **_legs(row, priced=True))
    if row.algo_type == AlgoType.BRACKET:
        positional = any(node.algo_type == AlgoType.POSITIONAL_TP_SL for node in row.nodes())
        legs = _legs(row, priced=not positional)
        return Bracket(**shared, quantity=quantity, price=price, positional=positional, **legs)
    return Stop(**shared, quantity=quantity, trigger=_exact(row.trigger_price), price=price)


def _shared(row: Order | AlgoOrder) -> dict[str, Any]:
    side = row.side
    if side is None and isinstance(row, AlgoOrder):  # a container has no side: its legs have
        side = next((node.side for node in row.nodes() if node.side is not None), None)
    return {
        "symbol": row.symbol,
        "side": side,
        "reduce_only": row.reduce_only,
        "client_order_id": row.client_order_id,
        "order_tag": row.order_tag,
        "margin_mode": row.margin_mode,
    }


def _legs(row: AlgoOrder, *, priced: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in row.nodes():
        name = _LEGS.get(str(node.algo_type))
        if name is not None:
            found[name] = _exact(node.trigger_price)
            if priced and node.type == OrderType.LIMIT:
                found[f"{name}_price"] = _exact(node.price)
    return found


def _exact(value: Any) -> Decimal | None:
    """A number of the wire, exact; none where there is none, or 0."""
    return Decimal(str(value)) if value else None
