"""Whether what the venue tells of is the very order that was sent, and how an order looks before its first report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest

from orderly_sync import Bracket, Limit, Market, PositionalTpSl, PostOnly, Stop, TpSl, TrailingStop
from orderly_sync.models.algo import CreatedAlgoOrder
from orderly_sync.models.base import Frame
from orderly_sync.models.enums import (
    AlgoType,
    OrderSide,
    OrderStatus,
    OrderType,
)
from orderly_sync.models.order import CreatedOrder
from orderly_sync.reports.from_rest import algo_tree
from orderly_sync.trading.sending import SKEW_MS, Sending, expected_order, expected_tree, same_terms
from tests.support.reports import algo_row, report, row

SINCE = 10_000
LIMIT = Limit.buy("ETH", quantity=1, price=3000, client_order_id="g1")
STOP = Stop.sell("ETH", quantity=1, trigger=2900, client_order_id="g1")
STOPPED: dict[str, Any] = {
    "side": OrderSide.SELL, "type": OrderType.MARKET, "trigger_price": "2900", "client_order_id": "g1",
}  # fmt: skip


def sending(request: Any = LIMIT, since: int | None = SINCE, others: tuple[int, ...] = ()) -> Sending:
    return Sending(request, since, set(others))


def test_the_order_that_was_sent_is_it():
    """By its row, by its reports, open or over."""
    one = sending()
    for status in ("NEW", "FILLED", "CANCELLED"):
        assert one.is_it(row(7, status, client_order_id="g1", created_time=SINCE))
        assert one.is_it(report(status, order_id=7, client_order_id="g1", timestamp=SINCE))
    assert one.is_it(report(order_id=7, client_order_id="g1", created_time=SINCE, timestamp=SINCE + 9))
    assert sending(STOP).is_it(algo_row(7, created_time=SINCE, **STOPPED))


def test_a_name_alone_is_not_enough():
    """Known before, too old, without a time, or another's name."""
    right = {"client_order_id": "g1", "created_time": SINCE}
    assert not sending(others=(7,)).is_it(row(7, **right))
    assert not sending(others=(10,), request=STOP).is_it(algo_row(10, created_time=SINCE, **STOPPED))
    for wrong in ({"created_time": SINCE - SKEW_MS - 1}, {"created_time": None}, {"client_order_id": "g2"}):
        assert not sending().is_it(row(7, **{**right, **wrong}))
    assert sending().is_it(row(7, **{**right, "created_time": SINCE - SKEW_MS}))
    assert not sending().is_it(report(order_id=7, client_order_id="g1", timestamp=SINCE - SKEW_MS - 1))
    assert not sending(STOP).is_it(algo_row(7, created_time=SINCE - SKEW_MS - 1, **STOPPED))


def test_without_a_time_of_the_venues_ids_and_terms_decide():
    """Nothing was heard before the send."""
    assert sending(since=None).is_it(row(7, client_order_id="g1", created_time=1))
    assert not sending(since=None).is_it(row(7, client_order_id="g1", price="2999"))


@pytest.mark.parametrize(
    "other",
    [
        {"symbol": "PERP_BTC_USDC"}, {"side": OrderSide.SELL}, {"side": None}, {"type": OrderType.POST_ONLY},
        {"type": OrderType("LATER")}, {"price": Decimal("3000.1")}, {"price": None}, {"quantity": Decimal("0.9")},
        {"quantity": Decimal(2)}, {"quantity": None}, {"amount": Decimal(3000)}, {"reduce_only": True},
    ],
)  # fmt: skip
def test_each_term_of_an_order_counts(other: dict[str, Any]):
    """One that differs, or is not told, and it is another."""
    assert not same_terms(LIMIT, attrs.evolve(row(), **other))
    if "amount" not in other and None not in other.values():
        assert not same_terms(LIMIT, attrs.evolve(report(), **other))


@pytest.mark.parametrize(
    ("request_", "told", "same"),
    [
        (Limit.buy("ETH", quantity=1, price=3000, reduce_only=True), {"quantity": "0.4", "reduce_only": True}, True),
        (Limit.buy("ETH", quantity=1, price=3000, reduce_only=True), {"quantity": "1.1", "reduce_only": True}, False),
        (Limit.buy("ETH", quantity=1, price=3000, reduce_only=True), {"reduce_only": False}, False),
        (Limit.buy("ETH", quantity=1, price=3000, reduce_only=False), {"reduce_only": False}, True),
        (Limit.buy("ETH", quantity=1, price=3000, margin_mode="CROSS"), {"margin_mode": "ISOLATED"}, False),
        (Limit.buy("ETH", quantity=1, price=3000, margin_mode="CROSS"), {"margin_mode": None}, True),
        (Limit.buy("ETH", quantity=1, price=3000), {"margin_mode": "ISOLATED"}, True),
        (Limit.buy("ETH", quantity=1, price=3000, order_tag="a"), {"order_tag": "b"}, False),
        (Limit.buy("ETH", quantity=1, price=3000, order_tag="a"), {"order_tag": "default"}, True),
        (Limit.buy("ETH", quantity="0.1", price="3000.5"), {"quantity": 0.1, "price": 3000.5}, True),
        (Limit.buy("ETH", quantity="0.1", price="3000.5"), {"quantity": 0.1, "price": 3000.6}, False),
    ],
)  # fmt: skip
def test_what_the_venue_may_alter_is_the_same(request_: Any, told: dict[str, Any], same: bool):
    """A reduce-only size is cut, never raised; floats are the decimals that they print."""
    shown = {
        name: Decimal(value) if type(value) is str and name == "quantity" else value
        for name, value in told.items()
    }
    assert same_terms(request_, attrs.evolve(row(), **shown)) is same


@pytest.mark.parametrize(
    ("side", "price", "same"),
    [("BUY", 2999, True), ("BUY", 3001, False), ("SELL", 3001, True), ("SELL", 2999, False)],
)
def test_a_post_only_price_moves_away_from_the_other_side_only(side: str, price: int, same: bool):
    """With adjust; without it the price stays."""
    moved = attrs.evolve(row(), side=OrderSide(side), type=OrderType.POST_ONLY, price=Decimal(price))
    terms = {"symbol": "ETH", "side": side, "quantity": 1, "price": 3000}
    assert same_terms(PostOnly(adjust=True, **terms), moved) is same
    assert not same_terms(PostOnly(**terms), moved)


def test_a_market_order_has_a_size_or_an_amount_and_no_price():
    """Reports do not tell of amounts; rows do."""
    bought = attrs.evolve(row(), type=OrderType.MARKET, price=None)
    assert same_terms(Market.buy("ETH", quantity=1), bought)
    assert same_terms(Market.buy("ETH", quantity=1), attrs.evolve(bought, price=Decimal(3001)))
    by_amount = attrs.evolve(bought, quantity=None, amount=Decimal(500))
    assert same_terms(Market.buy("ETH", amount=500), by_amount)
    assert not same_terms(Market.buy("ETH", amount=501), by_amount)
    assert not same_terms(Market.buy("ETH", quantity=1), attrs.evolve(bought, amount=Decimal(500)))
    assert same_terms(Market.buy("ETH", amount=500), attrs.evolve(report(), type=OrderType.MARKET))


def leg(node_id: int, kind: str, trigger: str, side: str = "SELL", parent: int = 10, **more: Any) -> Any:
    return algo_row(node_id, kind=kind, root=10, trigger_price=trigger, side=OrderSide(side), **more)


def both(profit: str = "3100", loss: str = "2900", side: str = "SELL") -> tuple[Any, ...]:
    return (leg(11, "TAKE_PROFIT", profit, side), leg(12, "STOP_LOSS", loss, side))


BRACKET = Bracket.buy("ETH", quantity=1, price=3000, take_profit=3100, stop_loss=2900)
ENTRY: dict[str, Any] = {"kind": "BRACKET", "side": OrderSide.BUY, "type": OrderType.LIMIT, "price": "3000"}


@pytest.mark.parametrize(
    ("request_", "shown", "same"),
    [
        (STOP, algo_row(**STOPPED), True),
        (STOP, algo_row(**{**STOPPED, "type": OrderType("MARKET_ORDER")}), True),
        (STOP, algo_row(**{**STOPPED, "type": OrderType.LIMIT}), False),
        (STOP, algo_row(**{**STOPPED, "trigger_price": "2901"}), False),
        (STOP, algo_row(**{**STOPPED, "side": OrderSide.BUY}), False),
        (STOP, algo_row(**{**STOPPED, "quantity": "2"}), False),
        (STOP, algo_row(kind="TRAILING_STOP", **STOPPED), False),
        (STOP, row(), False),
        (LIMIT, algo_row(**STOPPED), False),
        (Stop.sell("ETH", quantity=5, trigger=2900, reduce_only=True), algo_row(**{**STOPPED, "quantity": "3"}), True),
        (TpSl.sell("ETH", quantity=1, take_profit=3100, stop_loss=2900), algo_row(kind="TP_SL", child_orders=both()), True),
        (TpSl.sell("ETH", quantity=1, take_profit=3100, stop_loss=2900), algo_row(kind="TP_SL", child_orders=both("3101")), False),
        (TpSl.sell("ETH", quantity=1, take_profit=3100, stop_loss=2900), algo_row(kind="TP_SL", child_orders=both(side="BUY")), False),
        (TpSl.sell("ETH", quantity=1, take_profit=3100), algo_row(kind="TP_SL", child_orders=both()), False),
        (TpSl.sell("ETH", quantity=1, take_profit=3100), algo_row(kind="TP_SL"), False),
        (PositionalTpSl.sell("ETH", stop_loss=2900), algo_row(kind="POSITIONAL_TP_SL", quantity="0", child_orders=both()[1:]), True),
        (BRACKET, algo_row(child_orders=(algo_row(20, kind="TP_SL", root=10, child_orders=both()),), **ENTRY), True),
        (BRACKET, algo_row(child_orders=(algo_row(20, kind="TP_SL", root=10, child_orders=both(side="BUY")),), **ENTRY), False),
        (BRACKET, algo_row(child_orders=both(), **{**ENTRY, "price": "2999"}), False),
    ],
)  # fmt: skip
def test_an_algo_order_is_its_whole_tree(request_: Any, shown: Any, same: bool):
    """Kind, side, type, size, triggers, and each leg; as a row and as the reports of one frame."""
    assert same_terms(request_, shown) is same
    if hasattr(shown, "algo_type"):
        assert same_terms(request_, algo_tree(shown).root) is same


@pytest.mark.parametrize(
    ("terms", "same"),
    [
        ({"callback_rate": "0.01"}, True), ({"callback_rate": "0.02"}, False), ({"callback_value": 1}, False),
        ({"callback_rate": "0.01", "activation": 3050}, False),
    ],
)  # fmt: skip
def test_a_trailing_stop_is_its_distance(terms: dict[str, Any], same: bool):
    """And where it begins."""
    shown = algo_row(
        kind="TRAILING_STOP", side=OrderSide.SELL, type=OrderType.MARKET, callback_rate=Decimal("0.01")
    )
    assert same_terms(TrailingStop.sell("ETH", quantity=1, **terms), shown) is same


# Before the first report ---------------------------------------------------------------------------------------------


def test_an_order_looks_as_it_was_sent_until_the_venue_says_more():
    """The answer's price counts where the venue moved it; what nobody told of is None."""
    request = PostOnly.buy(
        "ETH", quantity="0.5", price=3000, adjust=True, client_order_id="g1", order_tag="t"
    )
    one = expected_order(request, 7, CreatedOrder(order_id=7, order_price=Decimal(2999)))
    assert (one.order_id, one.symbol, one.client_order_id, str(one.status)) == (
        7,
        "PERP_ETH_USDC",
        "g1",
        "NEW",
    )
    assert (one.price, one.quantity, one.filled, one.remaining) == (2999, Decimal("0.5"), 0, Decimal("0.5"))
    assert (one.created_time, one.margin_mode, one.order_tag, one.reduce_only) == (None, None, "t", False)
    assert expected_order(request, 7, None).price == 3000
    by_amount = expected_order(Market.buy("ETH", amount=500), 8, None, float)
    assert (by_amount.quantity, by_amount.amount, type(by_amount.amount)) == (None, 500, float)


def test_a_tree_is_what_the_answer_lists_or_else_its_root():
    """No times, no fills, not triggered."""
    answer = CreatedAlgoOrder(order_id=10)
    tree = expected_tree(BRACKET, 10, answer)
    root = tree.root
    assert (root.algo_order_id, root.is_root, str(root.algo_status), root.is_triggered) == (
        10,
        True,
        "NEW",
        False,
    )
    assert (root.price, root.quantity, str(root.side), str(root.type)) == (3000, 1, "BUY", "LIMIT")
    assert (root.timestamp, root.origin, root.reports, tree.legs) == (None, "rest", (root,), ())
    assert type(expected_tree(STOP, 10, None, float).root.trigger_price) is float
    listed = CreatedAlgoOrder(order_id=10, rows=(algo_row(child_orders=both(), **ENTRY),))
    assert [one.algo_order_id for one in expected_tree(BRACKET, 10, listed).nodes] == [10, 11, 12]
    flat = CreatedAlgoOrder(order_id=10, rows=(algo_row(99),))
    assert [one.algo_order_id for one in expected_tree(BRACKET, 10, flat).nodes] == [10]
    assert root.algo_type == AlgoType.BRACKET
    assert isinstance(root.frame, Frame)
    assert root.status is None or root.status == OrderStatus.NEW
