"""What users print most is one line that says what matters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync import Bracket, Limit, Market, Orderly, topics

ETH = "PERP_ETH_USDC"
WAIT = 20.0


def test_the_objects_of_a_trading_day_print_as_one_line(ex: Orderly):
    """Short enough for a terminal, with market, kind, status and figures."""
    positions, balances = ex.stream(topics.position()), ex.stream(topics.algo_execution_report())
    filled = ex.place(Market.buy(ETH, quantity="0.5"))
    report = filled.wait("filled", WAIT)
    resting = ex.place(Limit.buy(ETH, quantity="0.1", price=Decimal(3300)))
    bracket = ex.place(Bracket.buy(ETH, quantity="0.1", take_profit=3500, stop_loss=3300))
    shown: list[Any] = [
        report,
        filled,
        resting,
        bracket,
        positions.get(timeout=WAIT),
        balances.get(timeout=WAIT),
        *ex.rest.orders.list(),
        *ex.rest.orders.fills(),
        *ex.rest.orders.list_algo()[0].nodes(),
        *ex.rest.positions.list(),
        *ex.rest.assets.holding(),
        ex.rest.market.futures_info(ETH),
        ex.rest.market.rules(ETH),
        ex.book(ETH),
        ex,
    ]
    lines = [repr(one) for one in shown]
    assert [line for line in lines if len(line) > 140 or "\n" in line] == []
    assert lines[0].startswith(f"ExecutionReport({ETH} MARKET BUY FILLED, order_id=")
    assert sum(ETH in line for line in lines) >= 10
