"""The answers of the trading and account operations: what live venues send beyond their pages is read all the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from orderly_sync.errors import DecodingError
from orderly_sync.models import account, algo, fill, holding, order, position
from orderly_sync.models.base import Page, Rows
from orderly_sync.models.enums import (
    AlgoStatus,
    MarginMode,
    OrderAck,
    OrderSide,
    OrderStatus,
    OrderType,
)
from orderly_sync.wire.converter import structure, to_wire
from orderly_sync.wire.json import decode, encode
from tests.unit.models.answers import MS, NOON, answer, digits, read

ORDER = {"order_id": 1, "symbol": "PERP_ETH_USDC"}


@pytest.mark.parametrize(("sent", "kept"), [(0, None), ("", None), (None, None), (12, "12"), ("abc", "abc")])
def test_a_client_order_id_is_text_or_none(sent, kept):
    """The pages type it a number; venues send 0 and "" for none."""
    assert read(order.Order, **ORDER, client_order_id=sent).client_order_id == kept


@pytest.mark.parametrize("sent", [78151, "78151"])
def test_order_ids_are_whole_numbers(sent):
    """Also where they come as text."""
    assert read(order.Order, order_id=sent, symbol="A").order_id == 78151


def test_an_order_may_lack_nearly_everything():
    """Only what makes it an order is required; null is None, not zero."""
    made = read(order.Order, **ORDER, price=None, amount=None, reduce_only=None, order_tag=None)
    assert (made.price, made.amount, made.reduce_only, made.side, made.status) == (None,) * 5
    assert (made.filled, made.is_final, made.time, made.updated) == (0, False, None, None)
    with pytest.raises(DecodingError, match="order_id"):
        read(order.Order, symbol="A")


def test_an_order_reads_either_name():
    """Filled and shown sizes have two names each."""
    made = read(
        order.Order, **ORDER, executed="1.5", visible=2, type="LIMIT_ORDER", status="FILLED", created_time=MS
    )
    assert (made.filled, made.visible_quantity, made.type, made.is_final, made.time) == (
        Decimal("1.5"), 2, OrderType.LIMIT, True, NOON,
    )  # fmt: skip


def test_an_order_keeps_what_it_does_not_know():
    """New statuses and new fields."""
    made = read(order.Order, **ORDER, status="FROZEN", colour="red", updated_time=MS)
    assert (made.status, made.status.known, made.is_final) == ("FROZEN", False, False)
    assert made.extra == {"colour": "red"}
    assert made.updated == NOON


@pytest.mark.parametrize("envelope", [{"data": {"status": "CANCEL_SENT"}}, {"status": "CANCEL_SENT"}])
def test_a_cancel_is_acknowledged_inside_or_outside(envelope):
    """The status stands in data or beside success."""
    made = answer(order.Sent, envelope)
    assert (made.status, made.time) == (OrderAck.CANCEL_SENT, NOON)


def test_a_dead_mans_switch_tells_when_it_fires():
    """A number typed, a text sent."""
    made = read(order.CancelAllAfter, expected_trigger_time=str(MS))
    assert (made.expected_trigger_time, made.time) == (MS, NOON)
    assert read(order.CancelAllAfter).time is None


def test_an_algo_order_is_read_in_both_spellings():
    """Statuses, flags and prices have names of the pages and names of the clients."""
    said = read(
        algo.AlgoOrder,
        algo_order_id=1,
        root_algo_order_status="NEW",
        is_triggered="false",
        created_time=str(MS),
    )
    sent = read(
        algo.AlgoOrder,
        algo_order_id=1,
        root_algo_status="NEW",
        triggered=False,
        activated=True,
        avg_price="2",
    )
    assert said.root_algo_status is sent.root_algo_status is AlgoStatus.NEW
    assert said.is_triggered is sent.is_triggered is False
    assert (sent.is_activated, sent.average_executed_price, said.time) == (True, 2, NOON)


def test_an_algo_orders_fields_beyond_the_page_are_read():
    """Price, status, trailing figures: live rows have them."""
    made = read(
        algo.AlgoOrder,
        algo_order_id=1,
        price=2.5,
        status="FILLED",
        reduce_only=True,
        client_order_id="c",
        callback_rate="0.01",
        callback_value=None,
        extreme_price=3,
        activated_price="4",
        algo_status="FILLED",
        updated_time=MS,
    )
    assert (made.price, made.status, made.callback_rate) == (
        Decimal("2.5"),
        OrderStatus.FILLED,
        Decimal("0.01"),
    )
    assert (made.is_final, made.updated, made.extra) == (True, NOON, {})


def test_an_algo_order_is_a_tree():
    """Children are nodes themselves; containers and children may lack what the root has."""
    made = read(
        algo.AlgoOrder,
        algo_order_id=1,
        root_algo_order_id=1,
        parent_algo_order_id=0,
        symbol="A",
        child_orders=[
            {
                "algo_order_id": 2,
                "parent_algo_order_id": 1,
                "child_orders": [{"algo_order_id": 3, "parent_algo_order_id": 2}],
            },
            {"algo_order_id": 4, "parent_algo_order_id": 1, "trigger_price": None},
        ],
    )
    assert [node.algo_order_id for node in made.nodes()] == [1, 2, 3, 4]
    assert [node.is_root for node in made.nodes()] == [True, False, False, False]
    assert [node.is_final for node in made.nodes()] == [False] * 4


def test_a_placed_algo_order_is_named_either_way():
    """order_id on the page, algo_order_id on some hosts."""
    assert read(algo.CreatedAlgoOrder, order_id=13).order_id == 13
    assert read(algo.CreatedAlgoOrder, algo_order_id=13).order_id == 13
    with pytest.raises(DecodingError, match="missing"):
        read(algo.CreatedAlgoOrder)


@pytest.mark.parametrize("sent", [1773456866666462001, "1773456866666462001"])
def test_a_match_is_named_exactly(sent):
    """A number beyond what a float holds, or its text."""
    assert read(fill.Fill, id=1, order_id=2, match_id=sent).match_id == "1773456866666462001"


@pytest.mark.parametrize(
    ("sent", "kept"), [(1, True), (0, False), (True, True), ("false", False), (None, None)]
)
def test_a_fill_is_makers_or_takers(sent, kept):
    """1 and 0 over REST, true and false elsewhere."""
    assert read(fill.Fill, id=1, order_id=2, is_maker=sent).is_maker is kept


def test_a_fills_id_may_be_text_of_16_digits():
    """As one client captured it."""
    made = read(fill.Fill, id="1234567890123456", order_id="2", executed_price=2, executed_quantity="0.5")
    assert (made.id, made.order_id, made.notional, made.time) == (1234567890123456, 2, 1, None)
    assert read(fill.Fill, id=1, order_id=2).notional is None
    assert read(fill.Fill, id=1, order_id=2, executed_timestamp=MS).time == NOON


def test_a_position_has_the_wires_odd_names():
    """Capitals, an odd "withdraw", underscores before 24."""
    sent = {"symbol": "A", "IMR_withdraw_orders": 0.1, "MMR_with_orders": 0.05, "pnl_24_h": 1, "fee_24_h": 2}
    made = read(position.Position, **sent, seq=1730181536341943600)
    assert (made.imr_withdraw_orders, made.mmr_with_orders) == (Decimal("0.1"), Decimal("0.05"))
    assert (made.pnl_24_h, made.fee_24_h, made.seq) == (1, 2, 1730181536341943600)
    assert {key: Decimal(str(value)) for key, value in sent.items() if key != "symbol"} == {
        key: value for key, value in to_wire(made).items() if key in sent and key != "symbol"
    }


@pytest.mark.parametrize(
    ("quantity", "side", "notional"),
    [("-5", OrderSide.SELL, -10), (5, OrderSide.BUY, 10), (0, None, 0), (None, None, 0)],
)
def test_a_position_has_a_side(quantity, side, notional):
    """Negative is short; none is neither."""
    made = read(position.Position, symbol="A", position_qty=quantity, mark_price=2, timestamp=MS)
    assert (made.side, made.notional, made.time) == (side, notional, NOON)
    assert read(position.Position, symbol="A").notional is None


def test_positions_come_with_the_accounts_figures():
    """total_pnl_24_h here, total_pnl_24h elsewhere; rows are iterated and found."""
    rows = [
        {"symbol": "A", "margin_mode": "CROSS"},
        {"symbol": "A", "margin_mode": "ISOLATED"},
        {"symbol": "B"},
    ]
    made = read(position.OpenPositions, total_pnl_24h=1, rows=rows)
    assert (len(made), made.total_pnl_24_h, [row.symbol for row in made]) == (3, 1, ["A", "A", "B"])
    assert made.get("A").margin_mode is MarginMode.CROSS
    assert made.get("A", MarginMode.ISOLATED).margin_mode is MarginMode.ISOLATED
    assert made.get("B").margin_mode is None
    assert made.get("C") is None


def test_a_past_position_is_read_in_both_spellings():
    """The status and the last change have two names each; a margin mode of 1; no liquidation."""
    said = read(
        position.PastPosition, position_id=1, status="closed", last_update_timestamp=MS, liquidation_id=None
    )
    sent = read(
        position.PastPosition, position_id=1, position_status="closed", last_update_time=MS, margin_mode=1
    )
    assert (
        (said.status, said.last_update_timestamp)
        == (sent.status, sent.last_update_timestamp)
        == ("closed", MS)
    )
    assert sent.margin_mode == "1"
    assert read(position.PastPosition, position_id=1, open_timestamp=MS, close_timestamp=MS).opened == NOON
    assert said.closed is None


def test_holdings_are_found_by_token():
    """The page says pending_short, the stream pendingShortQty; older hosts know no isolated margin."""
    row = {
        "token": "USDC",
        "holding": "1.5",
        "pending_short": -2,
        "updated_time": MS,
        "isolated_order_frozen": -3,
    }
    made = read(holding.Holdings, holding=[row])
    assert (len(made), made["USDC"].holding, made["USDC"].pending_short) == (1, Decimal("1.5"), -2)
    assert ([one.time for one in made], made["USDC"].isolated_margin) == ([NOON], None)
    with pytest.raises(KeyError):
        made["ETH"]


def test_an_account_is_read_whatever_its_mode():
    """FUTURES on the page, SPOT_FUTURES seen; factors by symbol, with exponents on the wire."""
    body = decode(b'{"account_id":"a","account_mode":"SPOT_FUTURES","imr_factor":{"A":9.1e-08}}', "x")
    made = structure(body, account.AccountInfo, "x")
    assert (made.account_mode, made.imr_factor["A"]) == ("SPOT_FUTURES", Decimal("0.000000091"))
    assert made.max_notional == {}


def test_the_accounts_pnl_has_two_names():
    """total_pnl_24h on this page, total_pnl_24_h on the other."""
    assert read(account.AccountOverview, total_pnl_24h=1) == read(account.AccountOverview, total_pnl_24_h=1)


def test_days_have_their_figures():
    """A day is a date, its snapshot a moment."""
    assert read(account.DailyVolume, date="2026-01-31", perp_volume="1").day == dt.date(2026, 1, 31)
    assert read(account.DailyStatistics, date="2026-01-31", snapshot_time=MS).time == NOON


@pytest.mark.parametrize("data", [{"symbol": "A", "leverage": 5}, {"rows": [{"symbol": "A", "leverage": 5}]}])
def test_one_object_is_read_where_a_list_of_one_is_drawn(data):
    """Pages and venues disagree about it for leverages and markets."""
    assert answer(account.LeverageSetting, {"data": data}).leverage == 5
    assert answer(Rows[account.LeverageSetting], {"data": data})[0].leverage == 5


def test_leverages_to_choose_from():
    """A text of numbers."""
    assert read(account.LeverageOptions, available_futures_leverage="1,2,3,20").leverages == (1, 2, 3, 20)
    assert read(account.LeverageOptions).leverages == ()
    assert read(account.MaxLeverage, max_futures_leverage="100").max_futures_leverage == 100


def test_a_page_without_meta_is_the_only_one():
    """Its rows are all there are."""
    made = answer(Page[order.Order], {"data": {"rows": [ORDER]}})
    assert (made.meta.total, next(made.each()).order_id) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (order.Order, b'{"order_id":9223372036854775807,"symbol":"A","price":0.10,"quantity":1E-8}'),
        (fill.Fill, b'{"id":1,"order_id":2,"executed_price":123456789.123456789,"fee":-0.000000010}'),
        (position.Position, b'{"symbol":"A","seq":1730181536341943600,"IMR_withdraw_orders":0.1000}'),
    ],
)
def test_no_digit_is_lost_on_the_way_through(kind, text):
    """Wire text, model, wire text: the same numbers."""
    data = decode(text, "x")
    back = decode(
        encode({k: v for k, v in to_wire(structure(data, kind, "x")).items() if v is not None}), "x"
    )
    assert {name: digits(back[name]) for name in data} == {
        name: digits(value) for name, value in data.items()
    }
