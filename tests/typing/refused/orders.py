"""Orders, state and operations used wrongly: each marked line is refused, and no other line is."""

from __future__ import annotations

from orderly_sync import (
    Bracket,
    Credentials,
    Fok,
    Ioc,
    Limit,
    Market,
    Network,
    Orderly,
    PositionalTpSl,
    PostOnly,
    Rest,
    Stop,
    TpSl,
    TrailingStop,
    connect,
)
from orderly_sync.models.pushes import AlgoExecutionReport


def orders(ex: Orderly) -> None:
    """Only what can be placed, waited for and edited."""
    ex.place("PERP_ETH_USDC")  # refused
    order = ex.place(Limit.buy("PERP_ETH_USDC", price="3000", quantity="1"))
    algo = ex.place(Stop.sell("PERP_ETH_USDC", quantity="1", trigger="3400"))
    algo.wait("trigered")  # refused
    report: AlgoExecutionReport = order.wait()  # refused
    algo.client_order_id = "other"  # refused
    report.algo_order_id = 5  # refused
    ex.positions["PERP_ETH_USDC"] = 1  # refused


def operations(rest: Rest) -> None:
    """Names and values of the wire are checked."""
    rest.orders.create(symbol="PERP_ETH_USDC", order_type="LIMIT", side="BYU", order_price="1")  # refused
    rest.orders.create(symbol="PERP_ETH_USDC", order_type="LIMIT", side="BUY", prize="1")  # refused
    rest.market.futures_info()  # refused
    rest.ordrs.list()  # refused


def connecting() -> None:
    """Credentials are named, never positional texts."""
    Credentials("0x1", "secret")  # refused
    Network("own", rest="https://host", ws_public="wss://host", ws_private="wss://host")  # refused
    connect("paper", credentials="secret")  # refused


def misspelt_terms() -> None:
    """The keywords of each kind are known, and so are those it cannot do without."""
    Limit.buy("ETH", quantity="0.5", prise="3400")  # refused
    Limit.buy("ETH", quantity="0.5")  # refused
    Stop.sell("ETH", quantity=1, trigger=[3400])  # refused
    Market.buy("ETH", quantity=1, price=3400)  # refused
    Limit.buy("ETH", quantity="0.5", price=3400)
    Ioc.buy("ETH", quantity=1, price=3400, adjust=True)  # refused
    Fok.sell("ETH", quantity=1, price=3400, margin_mode="BOTH")  # refused
    PostOnly.buy("ETH", quantity=1, price=3400, side="BUY")  # refused
    PositionalTpSl.sell("ETH", quantity=1, stop_loss=2900)  # refused
    TpSl.sell("ETH", stop_loss=2900)  # refused
    Bracket.buy("ETH", quantity=1, take_profit_trigger=3400)  # refused
    TrailingStop.sell("ETH", callback_rate="0.01")  # refused
    TrailingStop.sell("ETH", 1, callback_rate="0.01")  # refused


def names_that_are_none() -> None:
    """The package has no name but its own."""
    from orderly_sync import Walet  # refused

    Walet()
