"""Execution reports, positions, balances and the rest of the account's pushes."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderly_sync.errors import DecodingError
from orderly_sync.models import pushes
from orderly_sync.models.base import Push
from orderly_sync.models.enums import AssetStatus, MarginMode, OrderStatus
from orderly_sync.wire.converter import structure, to_wire
from orderly_sync.wire.json import decode, encode

ORDER = {"symbol": "PERP_ETH_USDC", "orderId": 1, "side": "BUY", "type": "LIMIT", "status": "NEW"}
MS = 1_700_000_000_000
MOMENT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)


def execution(**more):
    return structure({**ORDER, **more}, pushes.ExecutionReport, "test")


def position(**more):
    return structure({"symbol": "A", **more}, pushes.PositionUpdate, "test")


@pytest.mark.parametrize("name", list(ORDER))
def test_an_order_must_be_known(name):
    """Without market, id, side, type or status a report means nothing."""
    with pytest.raises(DecodingError, match=name):
        structure({**ORDER, name: None}, pushes.ExecutionReport, "test")


@pytest.mark.parametrize("name", ["avgExecutedPrice", "averageExecutedPrice", "avgPrice"])
def test_the_mean_price_has_three_names(name):
    """All of them have been seen on the live stream."""
    assert execution(**{name: 3}).average_executed_price == 3


def test_ids_are_exact_whatever_their_type():
    """Ids beyond 2^53 keep every digit, as numbers and as text."""
    report = execution(tradeId="1715179456664012", seq=1730181536341943601, match_id=1707119522287540609)

    assert (report.trade_id, report.seq) == (1715179456664012, 1730181536341943601)
    assert report.match_id == "1707119522287540609"


def test_the_rest_of_an_order_follows_from_its_report():
    """Final, fill, filled and remaining are read off."""
    new = execution(quantity=2)
    fill = execution(quantity=2, tradeId=5, totalExecutedQuantity=2, status="FILLED", timestamp=MS)

    assert (new.is_final, new.is_fill, new.filled, new.remaining, new.time) == (False, False, 0, 2, None)
    assert (fill.is_final, fill.is_fill, fill.filled, fill.remaining, fill.time) == (True, True, 2, 0, MOMENT)
    assert execution().remaining is None


def test_an_edit_is_reported_as_replaced_and_not_final():
    """The order goes on after it."""
    assert execution(status="REPLACED").status is OrderStatus.REPLACED
    assert not execution(status="REPLACED").is_final


@pytest.mark.parametrize("given_id", ["", 0, "0", None])
def test_no_client_order_id_is_none(given_id):
    """Four spellings of nothing."""
    assert execution(clientOrderId=given_id).client_order_id is None


def test_odd_spellings_of_a_position_have_places():
    """imrwithOrders, pnl24H, updated_time: no rule of camelCase gives these."""
    sent = {
        "positionQty": -2,
        "imrwithOrders": 1,
        "mmrwithOrders": 2,
        "pnl24H": 3,
        "fee24H": 4,
        "updated_time": MS,
    }
    made = position(**sent, timestamp=MS, marginMode="ISOLATED")

    assert (made.imr_with_orders, made.mmr_with_orders, made.pnl_24h, made.fee_24h) == (1, 2, 3, 4)
    assert (made.updated_time, made.time, made.margin_mode) == (MS, MOMENT, MarginMode.ISOLATED)
    assert not made.extra
    assert sent.items() <= to_wire(made).items()


def test_a_position_values_itself():
    """Short from 100, marked at 90, is 20 ahead; flat has no entry price; unknown prices give no number."""
    short = position(positionQty=-2, averageOpenPrice=100, markPrice=90)

    assert (short.quantity, short.entry_price, short.unrealized_pnl) == (-2, 100, 20)
    assert position(positionQty=0, averageOpenPrice=0, markPrice=90).entry_price is None
    assert position(positionQty=0, averageOpenPrice=0, markPrice=90).unrealized_pnl == 0
    assert position(positionQty=1, markPrice=90).unrealized_pnl is None
    assert position(positionQty=1, averageOpenPrice=90).unrealized_pnl is None


def test_a_position_may_be_called_holding():
    """An older name of the same number."""
    assert position(holding=3).quantity == 3


def test_a_conversion_a_wallet_and_a_settlement_are_typed():
    """Ids of the wallet are text, those of the others numbers."""
    convert = structure({"convertId": 1, "timestamp": MS}, pushes.AssetConversion, "test")
    wallet = structure({"id": 23, "chain_id": 421614, "trans_status": "FAILED"}, pushes.WalletUpdate, "test")
    settle = structure({"id": "7", "settled_amount": -1000}, pushes.SettleUpdate, "test")

    assert (convert.convert_id, convert.time) == (1, MOMENT)
    assert (wallet.id, wallet.chain_id, wallet.trans_status) == ("23", "421614", AssetStatus.FAILED)
    assert (settle.id, settle.settled_amount) == (7, -1000)


def test_liquidations_keep_both_names_of_the_fee():
    """One topic tells what the account pays, the other what the liquidator receives."""
    paid = {"liquidationId": 1, "timestamp": MS, "positionsByPerp": [{"symbol": "A", "absLiquidationFee": 3}]}
    received = {"liquidationId": 1, "positionsByPerp": [{"symbol": "A", "absLiquidatorFee": 2}]}
    account = structure(paid, pushes.AccountLiquidation, "test")
    liquidator = structure(received, pushes.LiquidatorLiquidation, "test")

    assert (account.positions_by_perp[0].abs_liquidation_fee, account.time) == (3, MOMENT)
    assert liquidator.positions_by_perp[0].abs_liquidator_fee == 2
    assert (
        structure(
            {"liquidationId": 1, "positionsByPerp": None}, pushes.LiquidationUpdate, "x"
        ).positions_by_perp
        == ()
    )


EVERY = [getattr(pushes, name) for name in pushes.__all__ if name != "Level"]
IDENTITY = {
    "symbol": "A", "orderId": 1, "side": "BUY", "type": "1m", "status": 0, "positionQty": 1, "token": "USDC",
    "holding": 1, "id": 1, "convertId": 1, "liquidationId": 1, "price": 1, "size": 1, "prevTs": 1, "openInterest": 1,
    "fundingRate": 1, "announcement_id": 1, "ts": 1, "algoOrderId": 1, "rootAlgoOrderId": 1, "parentAlgoOrderId": 0,
    "algoType": "STOP",
}  # fmt: skip


@settings(max_examples=10)
@pytest.mark.parametrize("kind", EVERY)
@given(number=st.integers(2**53, 2**63), name=st.text(min_size=1).map("x".__add__))
def test_every_push_keeps_strangers_and_nulls(kind, number, name):
    """A field of tomorrow survives the way through, and a null field stays null."""
    identity = {**IDENTITY, "status": "NEW"} if kind is pushes.ExecutionReport else IDENTITY
    wanted = {key: value for key, value in identity.items() if key not in _strangers(kind, identity)}
    made = structure({**wanted, name: number}, kind, "test")
    back = decode(encode(to_wire(made)), "")

    assert made.extra == {name: number}
    assert back[name] == number


def _strangers(kind, data):
    return structure(data, kind, "test").extra


def test_announcements_and_market_rows_read_off_what_follows():
    """Small conveniences of the public models."""
    bbo = pushes.Bbo(symbol="A", ask=Decimal(3), bid=Decimal(1))
    candle = pushes.KlineUpdate(symbol="A", type="1m", start_time=MS)
    funding = pushes.EstFundingRate(symbol="A", funding_rate=Decimal(0), funding_ts=MS)
    trade = structure({"symbol": "A", "price": 1, "size": 2, "side": "SELL"}, pushes.Trade, "test")

    assert (bbo.mid, bbo.spread) == (2, 2)
    assert (pushes.Bbo(symbol="A").mid, pushes.Bbo(symbol="A", ask=Decimal(1)).spread) == (None, None)
    assert (candle.time, funding.funding_time) == (MOMENT, MOMENT)
    assert (trade.quantity, trade.time) == (2, None)


def test_a_pushed_book_knows_its_moment_and_its_best_levels():
    """An answer to a request carries the book's own time, a push the frame's; levels compare as pairs."""
    data = decode('{"symbol":"A","asks":[[15.10,3],["15",4]],"bids":[[14,1],[13.5,2]]}', "")
    pushed = structure(data, pushes.OrderBook, "test")
    asked = structure({**data, "ts": 5}, pushes.OrderBook, "test")

    assert (pushed.as_of, asked.as_of) == (None, 5)
    assert (pushed.best_bid, pushed.best_ask) == ((14, 1), (15, 4))
    assert (pushed.asks[0].price, str(pushed.asks[0].price), pushed.asks[0].quantity) == (
        Decimal("15.1"),
        "15.10",
        3,
    )
    assert (pushes.OrderBook(symbol="A").best_bid, pushes.OrderBook(symbol="A").best_ask) == (None, None)
    assert encode(to_wire(asked)) == (
        b'{"symbol":"A","asks":[[15.10,3],[15,4]],"bids":[[14,1],[13.5,2]],"ts":5}'
    )


EVENTS = [one for one in vars(pushes).values() if isinstance(one, type) and issubclass(one, Push)]


@pytest.mark.parametrize("model", EVENTS, ids=lambda model: model.__name__)
def test_no_field_hides_what_every_event_says_of_itself(model):
    """A field of the data called ``ts`` or ``topic`` would be taken for the frame's own."""
    own = {name for name, value in vars(Push).items() if isinstance(value, property)}
    fields = {one.name for one in attrs.fields(model)}

    assert {"ts", "topic", "origin", "recovered"} <= own
    assert not fields & own
