"""Trades, candles and the invented past."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.facts import Traded
from orderly_sync.venue.engine.symbols import SYMBOLS
from orderly_sync.venue.engine.tape import DAY, MINUTE, Tape

ETH = "PERP_ETH_USDC"
OPENING = 1_767_225_600_000
HOUR = 60 * MINUTE


def tape(seed: int = 1) -> Tape:
    return Tape(SYMBOLS, seed, OPENING)


def trade(ts: int, price: object, quantity: object = 1) -> Traded:
    return Traded(
        ts=ts, symbol=ETH, price=Decimal(str(price)), quantity=Decimal(str(quantity)), side=OrderSide.BUY
    )


def test_the_past_ends_at_the_reference_price():
    """And is the same each time it is asked for, of one seed."""
    one, other = tape(), tape(2)

    assert one.price_at(ETH, OPENING) == one.last(ETH) == 3400
    assert one.price_at(ETH, OPENING - DAY) == tape().price_at(ETH, OPENING - DAY)
    assert one.price_at(ETH, OPENING - DAY) != other.price_at(ETH, OPENING - DAY)


@given(st.integers(1, 400), st.sampled_from([MINUTE, 5 * MINUTE, HOUR, DAY]))
def test_candles_of_the_past_are_well_formed_and_join(back, length):
    """High and low hold open and close; each opens where the one before closed; prices are on the tick."""
    start = (OPENING // length - back) * length
    one, two = tape().candle(ETH, start, length), tape().candle(ETH, start + length, length)

    assert one.low <= min(one.open, one.close) <= max(one.open, one.close) <= one.high
    assert one.close == two.open
    assert one.volume >= 0
    assert one.open % Decimal("0.1") == 0


@given(
    st.lists(
        st.tuples(st.integers(0, 3 * HOUR), st.integers(33_000, 35_000), st.integers(1, 50)), max_size=40
    )
)
def test_candles_add_up_to_the_trades(steps):
    """Volume, amount and count of the hours are those of the minutes and of the trades."""
    made = tape()
    trades = [trade(OPENING + at, Decimal(price) / 10, size) for at, price, size in sorted(steps)]
    for each in trades:
        made.record(each)

    for length in (MINUTE, 15 * MINUTE, HOUR):
        candles = [made.candle(ETH, OPENING + at, length) for at in range(0, 4 * HOUR, length)]
        assert sum(candle.volume for candle in candles) == sum(each.quantity for each in trades)
        assert sum(candle.amount for candle in candles) == sum(each.price * each.quantity for each in trades)
        assert sum(candle.count for candle in candles) == len(trades)
        assert candles[-1].close == made.last(ETH)
        assert max(candle.high for candle in candles) == max(
            [Decimal(3400), *(each.price for each in trades)]
        )


def test_an_interval_without_trades_stands_at_the_last_price():
    """With nothing traded in it."""
    made = tape()
    made.record(trade(OPENING + 10, 3410))

    quiet = made.candle(ETH, OPENING + 2 * HOUR, MINUTE)

    assert (quiet.open, quiet.high, quiet.low, quiet.close) == (3410, 3410, 3410, 3410)
    assert (quiet.volume, quiet.count) == (0, 0)


def test_a_candle_may_begin_before_the_opening_and_end_after():
    """It holds both."""
    made = tape()
    made.record(trade(OPENING + 10, 3500, 2))
    start = OPENING - OPENING % (5 * DAY)

    candle = made.candle(ETH, start, 5 * DAY)

    assert candle.high >= 3500
    assert candle.close == 3500
    assert candle.volume > 2


def test_the_day_is_the_last_24_hours():
    """Past and trades together; the close is the last price."""
    made = tape()
    made.record(trade(OPENING + 10, 3500, 2))

    early, late = made.day(ETH, OPENING + 20), made.day(ETH, OPENING + 3 * DAY)

    assert (early.close, early.high >= 3500, early.volume > 2) == (3500, True, True)
    assert (late.open, late.close, late.volume) == (3500, 3500, 0)


def test_trades_come_newest_first_and_are_counted():
    """As many as asked for."""
    made = tape()
    for step in range(5):
        made.record(trade(OPENING + step, 3400 + step))

    assert [each.price for each in made.trades(ETH, 2)] == [3404, 3403]
    assert (made.count(ETH), made.count("PERP_BTC_USDC")) == (5, 0)


def test_the_price_of_a_moment_is_that_of_the_trade_before_it():
    """By the minute."""
    made = tape()
    made.record(trade(OPENING + MINUTE, 3410))
    made.record(trade(OPENING + HOUR, 3420))

    assert [made.price_at(ETH, OPENING + at) for at in (0, 5 * MINUTE, 2 * HOUR)] == [3400, 3410, 3420]
