"""The surface as its users write it: every line type-checks and has the type that the documentation promises."""

from __future__ import annotations

from decimal import Decimal

from typing_extensions import assert_type

from orderly_sync import (
    AlgoExecutionReport,
    AlgoHandle,
    Bracket,
    Consumer,
    Credentials,
    Disconnected,
    ExecutionReport,
    Hook,
    Limit,
    MarginMode,
    Network,
    OrderHandle,
    Orderly,
    OrderSide,
    Rest,
    Resynced,
    Stop,
    Stream,
    Timeouts,
    Wallet,
    connect,
    topics,
)
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.market import FuturesInfo
from orderly_sync.models.order import Order
from orderly_sync.models.pages import CursorPage
from orderly_sync.models.position import Position
from orderly_sync.models.pushes import Bbo, Trade


def connecting() -> None:
    """By name, by value, with everything given."""
    assert_type(connect("paper"), Orderly)
    own = Network(
        name="own", rest="http://127.0.0.1:1", ws_public="ws://127.0.0.1:1", ws_private="ws://127.0.0.1:1"
    )
    with connect(own, credentials=Credentials.from_env(), timeouts=Timeouts(request=3), strict=True) as ex:
        assert_type(ex, Orderly)
        ex.run_forever()


def hooks(ex: Orderly) -> None:
    """As decorators and as calls, on topics and on session events, by functions, lambdas and methods."""

    @ex.on(topics.algo_execution_report(), symbol="PERP_ETH_USDC")
    def on_algo(report: AlgoExecutionReport) -> None:
        assert_type(report.algo_order_id, int)

    @ex.on(topics.execution_report())
    def on_fill(report: ExecutionReport) -> int:
        return report.order_id

    def on_anything(event: object) -> None:
        repr(event)

    seen: list[Bbo] = []
    ex.on(topics.bbo("PERP_ETH_USDC"), seen.append).remove()
    ex.on(topics.bbo("PERP_ETH_USDC"), lambda bbo: seen.insert(0, bbo))
    ex.on(topics.trade("PERP_ETH_USDC"), on_anything)
    ex.on(Resynced, on_anything)

    @ex.on(Disconnected)
    def on_loss(event: Disconnected) -> None:
        assert_type(event.final, bool)


def consumers(ex: Orderly) -> None:
    """Streams and waiters give what their topic delivers."""
    for trade in ex.stream(topics.trade("PERP_ETH_USDC"), idle=60):
        assert_type(trade, Trade)
    with ex.stream(topics.execution_report()) as reports:
        assert_type(reports.get(timeout=5), ExecutionReport)
    report = ex.wait_for(topics.algo_execution_report(), lambda r: r.is_triggered, timeout=30)
    assert_type(report, AlgoExecutionReport)
    assert_type(ex.wait_for(Disconnected, timeout=1), Disconnected)


def orders(ex: Orderly) -> None:
    """Placing gives the handle of its kind; prices and quantities are text, numbers or decimals."""
    algo = ex.place(Stop.sell("PERP_ETH_USDC", quantity="0.5", trigger="3400"))
    assert_type(algo, AlgoHandle)
    assert_type(algo.wait("triggered", timeout=30), AlgoExecutionReport)
    assert_type(algo.reports, tuple[AlgoExecutionReport, ...])
    algo.edit(trigger="3380")
    order = ex.place(Limit.buy("PERP_ETH_USDC", price=Decimal("3000.1"), quantity=1))
    assert_type(order, OrderHandle)
    assert_type(order.filled, Decimal)
    assert_type(order.wait("filled"), ExecutionReport)
    order.cancel()
    ex.place(Bracket.buy("PERP_ETH_USDC", quantity="1", price="3000", take_profit="3300", stop_loss="2900"))


def state(ex: Orderly) -> None:
    """Live state is read-only and typed."""
    assert_type(ex.positions, LivePositions)
    assert_type(ex.positions["PERP_ETH_USDC"], Position)
    assert_type(ex.orders[1], Order)


def halves() -> None:
    """Rest and Stream work alone."""
    rest = Rest("testnet")
    assert_type(rest.market.futures_info("PERP_ETH_USDC"), FuturesInfo)
    for order in rest.orders.list(symbol="PERP_ETH_USDC"):
        assert_type(order, Order)
    rest.orders.create(
        symbol="PERP_ETH_USDC", order_type="LIMIT", side="BUY", order_price="3000", order_quantity=0.1
    )
    with Stream("testnet") as stream:
        assert_type(stream.wait_for(topics.bbo("PERP_ETH_USDC"), timeout=5), Bbo)


def pages(page: CursorPage[Order]) -> None:
    """Pages give their rows."""
    for order in page:
        assert_type(order, Order)


def names_at_the_top(ex: Orderly) -> None:
    """What a program annotates with is imported from the package itself."""
    hook: Hook = ex.on(topics.execution_report(), print)
    hook.remove()
    queue: Consumer[AlgoExecutionReport] = ex.stream(topics.algo_execution_report())
    assert_type(queue.get(timeout=1), AlgoExecutionReport)
    side: OrderSide = Limit.buy("ETH", quantity=1, price=1, margin_mode=MarginMode.ISOLATED).side
    assert_type(side, OrderSide)
    assert_type(Wallet.generate(), Wallet)
