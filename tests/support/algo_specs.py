"""Algo orders as the tests of the venue write them: one short function for each kind, numbers as text where that is shorter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.models.enums import AlgoType, OrderSide, OrderType
from orderly_sync.venue.engine.commands import AlgoNodeSpec

ETH = "PERP_ETH_USDC"


def spec(kind: str, side: str | None = None, type: str | None = None, **more: Any) -> AlgoNodeSpec:
    """One node of an algo order in ETH; numbers may be given as text."""
    for name, value in more.items():
        if isinstance(value, (int, str)) and name not in {"client_order_id", "symbol", "trigger_price_type"}:
            more[name] = value if isinstance(value, bool) else Decimal(str(value))
    return AlgoNodeSpec(
        algo_type=AlgoType(kind),
        symbol=more.pop("symbol", ETH),
        side=None if side is None else OrderSide(side),
        type=None if type is None else OrderType(type),
        **more,
    )


def stop(side: str = "SELL", trigger: Any = 3390, quantity: Any = 1, **more: Any) -> AlgoNodeSpec:
    """A STOP, MARKET unless it has a price."""
    kind = "LIMIT" if "price" in more else "MARKET"
    return spec("STOP", side, kind, trigger_price=trigger, quantity=quantity, **more)


def legs(
    side: str, take: Any = None, loss: Any = None, type: str = "MARKET", **more: Any
) -> tuple[AlgoNodeSpec, ...]:
    """A take profit, a stop loss or both."""
    rows = (("TAKE_PROFIT", take), ("STOP_LOSS", loss))
    return tuple(spec(kind, side, type, trigger_price=at, **more) for kind, at in rows if at is not None)


def tp_sl(
    take: Any = 3420, loss: Any = 3380, quantity: Any = 1, side: str = "SELL", **more: Any
) -> AlgoNodeSpec:
    """A TP_SL that closes a long."""
    return spec("TP_SL", quantity=quantity, children=legs(side, take, loss, **more))


def positional(take: Any = 3450, loss: Any = 3370, side: str = "SELL", **more: Any) -> AlgoNodeSpec:
    """A POSITIONAL_TP_SL that closes a long."""
    return spec("POSITIONAL_TP_SL", children=legs(side, take, loss, "CLOSE_POSITION"), **more)


def trailing(side: str = "SELL", quantity: Any = 1, **more: Any) -> AlgoNodeSpec:
    """A TRAILING_STOP."""
    return spec("TRAILING_STOP", side, "MARKET", quantity=quantity, **more)


def bracket(
    child: str = "TP_SL",
    type: str = "LIMIT",
    take: Any = 3450,
    loss: Any = 3370,
    quantity: Any = 1,
    **more: Any,
) -> AlgoNodeSpec:
    """A BRACKET that buys."""
    closing = "MARKET" if child == "TP_SL" else "CLOSE_POSITION"
    inner = spec(child, children=legs("SELL", take, loss, closing))
    return spec("BRACKET", "BUY", type, quantity=quantity, children=(inner,), **more)
