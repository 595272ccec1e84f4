"""The public query: every type, its cursors, its refusals and its weights."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from decimal import Decimal

import pytest

from orderly_sync import Network, Rest
from orderly_sync.clock import ManualClock
from orderly_sync.errors import BadRequest, NotFound, RateLimited
from orderly_sync.venue.server.serve import Venue
from tests.support.venue_kit import DAY, ETH, WOO, whole


@pytest.fixture(scope="module")
def query(kit):
    """The second account holds ETH, the third is short of WOO; both have an open order and a stop."""
    kit.buy(1, "1")
    kit.sell(1, "0.25")
    kit.sell(2, "300", WOO)
    kit.user.orders.create(
        symbol=ETH, order_type="LIMIT", side="BUY", order_quantity="0.1", order_price="3350"
    )
    kit.user.orders.create_algo(
        symbol=ETH, algo_type="STOP", type="MARKET", side="SELL", quantity="0.2", trigger_price="3300"
    )
    kit.venue.advance(2 * DAY)
    return kit.admin.query


def test_markets_are_told_whole(kit, query):
    """All of them or some, with totals of those that are shown."""
    summary = whole(query.market_summary())
    assert len(summary.markets) == 12
    (eth,) = whole(query.market_summary(symbols=[ETH])).markets
    live = kit.admin.market.futures_info(ETH)
    assert (eth.mark_price, eth.open_interest) == (live.mark_price, live.open_interest)
    assert eth.max_leverage == 50
    assert summary.total_open_interest == sum(m.open_interest * m.mark_price for m in summary.markets)


def test_a_market_in_one_answer_holds_what_is_included(query):
    """The other parts are absent."""
    detail = whole(query.market_detail(ETH, orderbook_levels=3, candles_limit=5, candles_interval="1h"))
    assert (len(detail.orderbook.asks), len(detail.candles), bool(detail.recent_trades)) == (3, 5, True)
    only = whole(query.market_detail(ETH, include=["funding_history"], funding_history_limit=2))
    assert (only.orderbook, len(only.funding_history), only.candles) == (None, 2, ())


def test_the_book_has_a_middle(query):
    """Halfway between the best prices."""
    book = whole(query.orderbook(ETH, max_level=5))
    assert book.mid_price == (book.asks[0].price + book.bids[0].price) / 2
    assert book.spread == book.asks[0].price - book.bids[0].price > 0


def test_trades_name_who_made_them(kit, query):
    """An account of the venue, with its builder."""
    trades = whole(query.market_trades(ETH, limit=2))
    assert {row.address for row in trades} == {kit.address(1)}
    assert [row.executed_timestamp for row in trades] == sorted(
        (row.executed_timestamp for row in trades), reverse=True
    )


def test_candles_are_followed_by_cursor_without_gaps(kit, query):
    """Each an hour from the next, over all pages, as the chart has them."""
    start, end = kit.venue.now() - 30 * 3_600_000, kit.venue.now()
    page = whole(query.candles(ETH, "1h", start=start, end=end, limit=7))
    starts = [row.timestamp for row in page.each()]
    assert len(page) == 7
    assert starts == list(range(end // 3_600_000 * 3_600_000, start - 1, -3_600_000))
    assert whole(query.candles(ETH, "1h")).next_cursor is None


def test_funding_is_told_of_markets_and_wallets(kit, query):
    """The rates that were charged, and who paid by them."""
    rates = whole(query.funding_rate_history(ETH))
    assert len(rates) == 6
    payments = whole(query.funding_payments(kit.address(1), symbol=ETH))
    assert [row.funding_rate_timestamp for row in payments] == [row.funding_rate_timestamp for row in rates]
    assert payments[0].position_qty == Decimal("0.75")
    (row,) = whole(query.funding_comparison(symbol=ETH))
    assert row.exchanges[0].last == rates[0].funding_rate


def test_a_wallet_is_shown_as_it_sees_itself(kit, query):
    """Accounts, state, fees; the totals are the account's own."""
    address = kit.address(1)
    state, own = whole(query.account_state(address)), kit.user.positions.list()
    assert (state.free_collateral, state.margin_ratio) == (own.free_collateral, own.margin_ratio)
    (position,) = state.positions
    assert (position.side, position.position_qty) == ("LONG", Decimal("0.75"))
    (account,) = whole(query.accounts(address, broker_id="paper")).accounts
    assert (account.account_value, account.account_type) == (state.account_value, "main")
    fee = whole(query.fee_rate(address))
    assert (fee.taker_fee_rate, fee.maker_fee_rate) == (Decimal("0.0006"), Decimal("0.0003"))
    assert fee.volume_30d == kit.user.account.volume_statistics().perp_volume_last_30_days


def test_contexts_bring_their_parts_together(kit, query):
    """Of an agent, of a position, of a large wallet."""
    address = kit.address(1)
    agent = whole(query.agent_context(address))
    assert (agent.account.open_order_count, [m.symbol for m in agent.markets]) == (2, [ETH])
    context = whole(query.position_context(address, ETH))
    assert (len(context.open_orders), context.position.symbol) == (2, ETH)
    assert context.account_summary.free_collateral == agent.account.free_collateral
    assert whole(query.position_context(address, WOO)).position is None
    assert len(whole(query.whale_context(address, recent_trades_limit=1)).recent_trades) == 1


def test_orders_are_open_done_or_asked_for_one_by_one(kit, query):
    """Stops stand among them."""
    address = kit.address(1)
    opened = whole(query.open_orders(address))
    assert {(row.type, row.status) for row in opened} == {("LIMIT", "OPEN"), ("STOP_MARKET", "OPEN")}
    assert opened[0].trigger_price == 3300
    done = whole(query.historical_orders(address, start=kit.venue.now() - 5 * DAY, status="FILLED"))
    assert [row.order_id for row in done] == [row.order_id for row in kit.user.orders.list(status="FILLED")]
    one = whole(query.order_status(address, done[0].order_id))
    assert (one.status, one.total_executed_quantity) == ("FILLED", done[0].total_executed_quantity)
    with pytest.raises(NotFound):
        query.order_status(address, 1)


def test_fills_are_followed_by_cursor(kit, query):
    """None twice, none left out."""
    page = whole(query.trades(kit.address(1), limit=1))
    assert page.next_cursor
    assert [row.id for row in page.each()] == [row.id for row in kit.user.orders.fills()]


def test_values_over_time_end_now(kit, query):
    """The last point is the account's value, its PnL what was realised."""
    page = whole(query.portfolio(kit.address(1), interval="1d"))
    assert page[0].account_value == query.account_state(kit.address(1)).account_value
    assert page[0].cumulative_pnl == sum(row.realized_pnl - row.fee for row in kit.user.orders.fills())
    assert whole(query.user_deposits_withdrawals(kit.address(1), side="deposit")).rows == ()


def test_the_platform_is_the_sum_of_its_wallets(kit, query):
    """Positions with totals, wallets by what they hold."""
    positions = whole(query.platform_positions())
    longs = sum(row.notional for row in positions if row.side == "LONG")
    assert (positions.total_long_notional, positions.total_positions) == (longs, 2)
    assert len(whole(query.platform_positions(symbol=WOO))) == 1
    assert whole(query.platform_positions(min_notional="100000")).total_positions == 0
    top = whole(query.top_addresses(sort_by="volume_7d"))
    assert [row.address for row in top] == [kit.address(1), kit.address(2)]
    assert whole(query.top_addresses(limit=1)).next_cursor
    assert top.last_updated_time == kit.venue.now()
    assert whole(query.liquidations()).rows == ()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "UNKNOWN_TYPE"),
        ({"type": "weather"}, 400, "UNKNOWN_TYPE"),
        ({"type": "candles", "symbol": ETH}, 400, "MISSING_PARAM"),
        ({"type": "orderbook", "symbol": "PERP_NOT_USDC"}, 400, "INVALID_PARAM"),
        ({"type": "trades", "address": "0x00"}, 404, "ADDRESS_NOT_FOUND"),
        ({"type": "liquidations", "cursor": "%"}, 400, "INVALID_PARAM"),
        ({"type": "liquidations", "limit": 0}, 400, "INVALID_PARAM"),
        ({"type": "portfolio", "address": "0x00", "interval": "1x"}, 400, "INVALID_PARAM"),
    ],
)
def test_a_refusal_has_a_name(venue, body, status, code):
    """In an envelope with ts, under its own HTTP status."""
    answer = post(venue, body)
    assert (answer[0], answer[1]["code"], answer[1]["success"]) == (status, code, False)
    assert answer[1]["ts"] == venue.now()


def post(venue, body):
    request = urllib.request.Request(
        f"{venue.urls['rest']}/v1/public/query",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.loads(answer.read()), dict(answer.headers)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read()), dict(refused.headers)


def test_unknown_wallets_and_parameters_are_typed_errors(query):
    """For the client, too."""
    with pytest.raises(NotFound):
        query.accounts("0x" + "00" * 20)
    with pytest.raises(BadRequest):
        query.top_addresses(sort_by="luck")


def test_weight_is_used_up_and_told():
    """The header and the status say how much is left; then the venue refuses and says how long to wait."""
    with Venue(seed=3, market="frozen", clock=ManualClock()) as venue:
        first = post(venue, {"type": "platformPositions"})
        assert (first[2]["X-RateLimit-Weight"], first[2]["X-RateLimit-Remaining"]) == ("20", "1180")
        status = post(venue, {"type": "rateLimitStatus"})[1]["data"]
        assert (status["limit"], status["remaining"], status["tier"]) == (1200, 1180, "default")
        answers = [post(venue, {"type": "platformPositions"}) for _ in range(61)]
        refused = next(each for each in answers if each[0] == 429)
        assert (refused[1]["code"], refused[1]["retry_after"] > 0) == ("RATE_LIMIT_EXCEEDED", True)
        network = Network(
            name="paper", rest=venue.urls["rest"], ws_public="ws://127.0.0.1", ws_private="ws://127.0.0.1"
        )
        with Rest(network, rate_limits=False) as rest, pytest.raises(RateLimited):
            rest.query.platform_positions()
