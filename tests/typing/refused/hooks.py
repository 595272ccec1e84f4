"""Hooks, streams and waiters of the wrong type: each marked line is refused, and no other line is."""

from __future__ import annotations

from orderly_sync import Disconnected, Orderly, topics
from orderly_sync.models.pushes import AlgoExecutionReport, ExecutionReport, Trade


def on_trade(trade: Trade) -> None:
    """Fit for trades only."""


def on_two(report: AlgoExecutionReport, more: int) -> None:
    """Fit for no topic."""


def hooks(ex: Orderly) -> None:
    """A hook takes exactly one event, of its topic's kind."""
    ex.on(topics.algo_execution_report(), on_trade)  # refused
    ex.on(topics.algo_execution_report(), on_two)  # refused
    ex.on(topics.algo_execution_report(), 5)  # refused
    ex.on(Disconnected, on_trade)  # refused
    ex.on("algoexecutionreport", on_trade)  # refused
    ex.on(topics.trade("PERP_ETH_USDC"), on_trade, symbl="PERP_ETH_USDC")  # refused
    ex.on(topics.trade("PERP_ETH_USDC"), lambda trade: trade.no_such_field)  # refused

    @ex.on(topics.execution_report())  # refused
    def on_report(report: AlgoExecutionReport) -> None:
        repr(report)


def consumers(ex: Orderly) -> None:
    """What comes out is of the topic's kind."""
    report: ExecutionReport = ex.stream(topics.trade("PERP_ETH_USDC")).get()  # refused
    for one in ex.stream(topics.trade("PERP_ETH_USDC")):
        on_trade(one)
        on_two(one, 1)  # refused
    ex.wait_for(topics.execution_report(), lambda r: r.is_triggered, timeout=1)  # refused
    ex.wait_for(topics.execution_report())  # refused
    repr(report)
