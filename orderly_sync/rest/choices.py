"""Arguments that take one of a few values: a member of the enumeration, or its text."""

from __future__ import annotations

from typing import Literal

from orderly_sync.models.enums import (
    AlgoType,
    KlineInterval,
    MarginMode,
    OrderSide,
    OrderStatusFilter,
    OrderType,
)

__all__ = ["Algo", "Interval", "Listed", "Margin", "Side", "Status", "Type"]

Side = OrderSide | Literal["BUY", "SELL"]
Type = OrderType | Literal["LIMIT", "MARKET", "IOC", "FOK", "POST_ONLY", "ASK", "BID"]
Margin = MarginMode | Literal["CROSS", "ISOLATED"]
Status = (
    OrderStatusFilter
    | Literal["NEW", "CANCELLED", "PARTIAL_FILLED", "FILLED", "REJECTED", "INCOMPLETE", "COMPLETED"]
)
Algo = (
    AlgoType
    | Literal["STOP", "TP_SL", "POSITIONAL_TP_SL", "BRACKET", "TRAILING_STOP", "TAKE_PROFIT", "STOP_LOSS"]
)

Listed = Literal["LIMIT", "MARKET"] | OrderType
Interval = KlineInterval | Literal["1m", "5m", "15m", "30m", "1h", "4h", "12h", "1d", "1w", "1mon", "1y"]
