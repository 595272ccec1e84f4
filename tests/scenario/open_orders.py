"""Orders of each kind that stay open, at prices away from the mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orderly_sync import (
    Bracket,
    Limit,
    PositionalTpSl,
    PostOnly,
    Stop,
    TpSl,
    TrailingStop,
)
from tests.support.paper import ETH, mark

BTC = "PERP_BTC_USDC"
ORDER, ALGO = "/v1/order", "/v1/algo/order"
REPORTS = ["executionreport", "algoexecutionreportv2"]
Make = Callable[[Any], Any]

RESTING: list[Make] = [
    lambda ex: Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50),
    lambda ex: PostOnly.sell(BTC, quantity="0.01", price=mark(ex, BTC) + 900),
    lambda ex: PostOnly.buy(ETH, quantity="0.1", price=mark(ex) + 20, adjust=True),
    lambda ex: Limit.sell(ETH, quantity="0.2", price=mark(ex) + 50, visible_quantity=0, order_tag="grid"),
]
WAITING: list[Make] = [
    lambda ex: Stop.sell(ETH, quantity="0.1", trigger=mark(ex) - 50),
    lambda ex: TpSl.sell(ETH, quantity="0.1", take_profit=mark(ex) + 50, stop_loss=mark(ex) - 50),
    lambda ex: PositionalTpSl.sell(ETH, stop_loss=mark(ex) - 50),
    lambda ex: Bracket.buy(ETH, quantity="0.1", price=mark(ex) - 50, take_profit=mark(ex) + 50),
    lambda ex: TrailingStop.sell(ETH, quantity="0.1", callback_rate="0.01"),
]
