"""Fields that public sources show beyond the venue's OpenAPI file."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.base import Frame
from orderly_sync.models.enums import AlgoType, SymbolStatus
from orderly_sync.models.market import Book, FuturesInfo, SymbolRules, best_first
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.account import PositionUpdate
from orderly_sync.models.token import Token
from orderly_sync.wire.converter import structure, to_wire

MARKET = {
    "symbol": "PERP_CAP_USDC_mythos",
    "display_symbol_name": "CAP",
    "broker_id": "mythos",
    "is_pretge": True,
    "status": "ACTIVE",
}


@pytest.mark.parametrize("kind", [SymbolRules, FuturesInfo])
def test_a_market_says_whose_it_is(kind):
    """A builder's own market has its builder's id; the venue's have null."""
    mine = structure(MARKET, kind, "row")
    theirs = structure({**MARKET, "broker_id": None, "is_pretge": "false"}, kind, "row")

    assert (mine.display_symbol_name, mine.broker_id, mine.is_pretge) == ("CAP", "mythos", True)
    assert (theirs.broker_id, theirs.is_pretge, mine.extra) == (None, False, {})
    assert mine.status is SymbolStatus.ACTIVE


def test_a_market_without_status_is_not_taken_for_one_that_rests():
    """None is neither active nor suspended."""
    assert structure({"symbol": "PERP_ETH_USDC"}, FuturesInfo, "row").status is None


def test_rules_keep_the_deviation_of_mark_and_index():
    """Exact, and with nothing left over."""
    sent = {
        "symbol": "PERP_ETH_USDC",
        "mark_index_price_deviation_floor": Decimal("0.0050"),
        "mark_index_price_deviation_cap": "0.05",
        "deviation_factor": 1,
    }
    rules = structure(sent, SymbolRules, "row")

    assert rules.mark_index_price_deviation_floor == Decimal("0.005")
    assert (rules.mark_index_price_deviation_cap, rules.deviation_factor) == (Decimal("0.05"), 1)
    assert rules.extra == {}


@pytest.mark.parametrize(
    "fees", [{"withdraw_fee": 2}, {"withdrawal_fee": "2"}, {"withdraw_fee": None, "withdrawal_fee": 2}]
)
@pytest.mark.parametrize("chain", [4663, "4663", 46630, "46630", Decimal(42161)])
def test_a_tokens_chain_is_read_either_way(fees, chain):
    """The fee under both of its names, the chain as a number or as text."""
    token = structure(
        {"token": "USDT", "user_max_qty": -1, "chain_details": [{"chain_id": chain, **fees}]}, Token, "row"
    )
    (detail,) = token.chain_details

    assert (detail.withdraw_fee, detail.chain_id) == (2, int(chain))
    assert (token.user_max_qty, detail.extra) == (-1, {})


def test_both_names_of_a_fee_are_one_fee():
    """Sent together, nothing is left over and the page's name counts."""
    token = structure(
        {"token": "ETH", "chain_details": [{"chain_id": "1", "withdrawal_fee": 3, "withdraw_fee": 3}]},
        Token,
        "row",
    )
    assert (token.chain_details[0].withdraw_fee, token.chain_details[0].extra) == (3, {})


def test_a_position_update_tells_opening_and_change_apart():
    """``timestamp`` is when it was opened; adding to it moves ``updatedTime`` only."""
    sent = {
        "symbol": "PERP_BTC_USDC",
        "positionQty": "-0.3",
        "accruedFundingFee": "0.0421",
        "marginToken": "USDC",
        "timestamp": 1_700_000_000_000,
        "updatedTime": 1_700_000_060_000,
    }
    update = structure(sent, PositionUpdate, "push")

    assert (update.accrued_funding_fee, update.margin_token) == (Decimal("0.0421"), "USDC")
    assert update.opened == datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)
    assert update.time == datetime(2023, 11, 14, 22, 14, 20, tzinfo=timezone.utc)
    assert update.extra == {}


def test_an_update_without_its_time_has_the_frames():
    """Never the time of opening."""
    frame = Frame("position", 1_700_000_060_000)
    update = PositionUpdate(symbol="PERP_BTC_USDC", position_qty=Decimal(1), timestamp=5, frame=frame)
    assert update.time == datetime(2023, 11, 14, 22, 14, 20, tzinfo=timezone.utc)


def test_a_position_names_the_token_of_its_margin():
    """Read and written."""
    held = structure({"symbol": "PERP_BTC_USDC", "margin_token": "USDT", "margin": 5}, Position, "row")
    assert (held.margin_token, to_wire(held)["margin_token"], held.extra) == ("USDT", "USDT", {})


def test_an_algo_node_says_what_its_parent_is():
    """Null on the root."""
    leg = {"algo_order_id": 3, "parent_algo_order_id": 2, "parent_algo_type": "TP_SL"}
    root = structure(
        {
            "algo_order_id": 1,
            "parent_algo_type": None,
            "child_orders": [
                {
                    "algo_order_id": 2,
                    "parent_algo_order_id": 1,
                    "parent_algo_type": "BRACKET",
                    "child_orders": [leg],
                }
            ],
        },
        AlgoOrder,
        "row",
    )
    assert [node.parent_algo_type for node in root.nodes()] == [None, AlgoType.BRACKET, AlgoType.TP_SL]
    assert all(not node.extra for node in root.nodes())


@pytest.mark.parametrize("asks", [["3.1", "3", "3.05"], ["3", "3.05", "3.1"], ["3.1", "3.05", "3"]])
@pytest.mark.parametrize("bids", [["2", "2.9", "1"], ["2.9", "2", "1"], ["1", "2", "2.9"], []])
def test_a_book_is_sorted_here(asks, bids):
    """Best prices first on both sides, whatever order they came in."""
    sent = {
        "asks": [{"price": json.loads(price), "quantity": 1} for price in asks],
        "bids": [{"price": price, "quantity": "1"} for price in bids],
    }
    book = best_first(structure(sent, Book, "book"))

    assert [level.price for level in book.asks] == [Decimal(3), Decimal("3.05"), Decimal("3.1")]
    assert [level.price for level in book.bids] == sorted(map(Decimal, bids), reverse=True)
    assert (book.best_ask, book.best_bid) == (book.asks[0], book.bids[0] if bids else None)
