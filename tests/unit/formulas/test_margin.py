"""The margin formulas: the documented numbers, and the venue's own numbers for accounts that chance has made."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderly_sync.formulas import margin
from orderly_sync.formulas.margin import Exposure
from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine.commands import SetLeverage
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.symbols import SYMBOLS
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal
RULES = {rules.symbol: rules for rules in SYMBOLS}
NEAR = "PERP_NEAR_USDC"


def exposure(**given: Any) -> Exposure:
    """An exposure in ETH at 3400 and leverage 10, but for what is given."""
    rules = RULES[ETH]
    values: dict[str, Any] = {
        "symbol": ETH,
        "mark_price": D(3400),
        "leverage": 10,
        "base_imr": rules.base_imr,
        "base_mmr": rules.base_mmr,
        "imr_factor": rules.imr_factor,
    }
    return Exposure(**{**values, **given})


# The documented numbers


def test_imr_of_the_worked_example():
    """3 ETH short at 1638.41 with factor 3.754e-7 and leverage 10 need 10 %."""
    notional = D(-3) * D("1638.41")

    assert margin.imr(notional, leverage=10, base_imr=D("0.1"), imr_factor=D("3.754e-7")) == D("0.1")


def test_maintenance_margin_of_the_worked_example():
    """0.2 BTC at 25986.2 with a base rate of 5 % need 259.86 USDC."""
    held = exposure(
        mark_price=D("25986.2"),
        quantity=D("0.2"),
        base_imr=D("0.1"),
        base_mmr=D("0.05"),
        imr_factor=D("1e-7"),
    )

    assert round(margin.maintenance_margin([held]), 2) == D("259.86")


def test_total_collateral_of_the_worked_example():
    """2000 USDC and an unsettled loss of 18.34 make 1981.66."""
    assert margin.total_collateral(D(2000), D("-18.34")) == D("1981.66")


def test_large_notionals_need_more_and_the_curve_meets_the_leverage_at_the_largest():
    """Beyond the knee both ratios grow with notional^0.8, in the proportion of the base ratios."""
    rules = RULES[NEAR]
    base = {"base_imr": rules.base_imr, "imr_factor": rules.imr_factor}
    at = margin.max_notional(5, rules.imr_factor)

    assert round(rules.imr_factor * at ** D("0.8"), 12) == D("0.2")
    high = margin.imr(D(10**7), leverage=10, **base)
    assert high == rules.imr_factor * D(10**7) ** D("0.8") > rules.base_imr
    assert margin.mmr(D(10**7), base_mmr=rules.base_mmr, **base) == high * rules.base_mmr / rules.base_imr


# What the formulas mean


def test_pnl_settled_and_realised_differ_by_fees_and_funding():
    """Unsettled counts cost and funding due, unrealized the entry price only."""
    unsettled = margin.unsettled_pnl(
        D(2), D(3500), D("6802.4"), sum_unitary_funding=D(5), last_sum_unitary_funding=D(3)
    )

    assert unsettled == 7000 - D("6802.4") - 4
    assert margin.unrealized_pnl(D(2), D(3500), D(3400)) == 200
    assert margin.unrealized_pnl(D(-2), D(3500), D(3400)) == -200


def test_orders_count_on_the_side_that_makes_the_position_larger():
    """The larger of all buys filled and all sells filled."""
    assert exposure(quantity=D(2), bought=D(3), sold=D(4)).quantity_with_orders == 5
    assert exposure(quantity=D(-2), bought=D(3), sold=D(4)).notional_with_orders == 6 * 3400
    assert exposure(quantity=D(2), sold=D(5)).notional == 6800


def test_collateral_leaves_out_what_is_held_back_whatever_its_sign():
    """Hosts differ in the sign of what isolated orders freeze."""
    for sign in (1, -1):
        left = margin.total_collateral(
            D(1000),
            D(-10),
            frozen=D(100),
            isolated_order_frozen=D(50) * sign,
            pending_short=D(-5),
            tokens=D(7),
        )
        assert left == 1000 - 10 - 100 - 50 - 5 + 7


def test_tokens_count_less_the_more_there_is_of_them():
    """Up to a cap, by a weight that falls with the value held."""
    weights = {"base_weight": D("0.9"), "discount_factor": D("0.00001")}

    assert margin.token_collateral(D(2), D(100), **weights) == 2 * 100 * D("0.9")
    assert margin.token_collateral(D(2), D(100), cap=D(1), **weights) == 100 * D("0.9")
    assert margin.token_weight(D(10**6), **weights) == D("1.2") / (1 + D("0.00001") * D(10**6) ** D("0.8"))


@pytest.mark.parametrize("cap", [None, D(-1), D("-0.5"), D(2857)])
def test_a_token_without_a_cap_counts_whole(cap: Decimal | None):
    """The venue writes -1 for no cap; a cap beyond what is held changes nothing."""
    held, index = D("2856.650393"), D("14079.0075")
    weights = {"base_weight": D("0.9"), "discount_factor": D("0.00001")}
    counted = margin.token_collateral(held, index, cap=cap, **weights)
    assert round(counted, 2) == D("3678230.65")


def test_a_cap_of_nothing_counts_nothing():
    """0 is a cap, -1 is none."""
    weights = {"base_weight": D("0.9"), "discount_factor": D(0)}
    assert margin.token_collateral(D(2), D(100), cap=D(0), **weights) == 0


@pytest.mark.parametrize("cap", [None, D(-1), D(0), D(1)])
def test_a_token_that_is_owed_counts_with_its_full_price(cap: Decimal | None):
    """A debt is not discounted, and no cap makes it smaller."""
    weights = {"base_weight": D("0.9"), "discount_factor": D("0.001")}
    assert margin.token_collateral(D("-0.5"), D(3000), cap=cap, **weights) == -1500


def test_ratios_of_an_account_without_positions():
    """1000 % margin, nothing asked for."""
    assert margin.margin_ratio(D(500), []) == 10
    assert (margin.initial_margin_ratio([]), margin.maintenance_margin_ratio([])) == (0, 0)


def test_nothing_is_free_below_zero_and_profit_stays_until_settled():
    """Free collateral and withdrawable end at 0."""
    assert margin.free_collateral(D(10), D(20)) == 0
    assert margin.withdrawable(D(100), D(150), D(30)) == 100
    assert margin.withdrawable(D(100), D(110), D(30)) == 80
    assert margin.withdrawable(D(100), D(20), D(30)) == 0


@pytest.mark.parametrize("quantity", [D(5), D(-5), D(900_000), D(-900_000)])
def test_at_the_liquidation_price_collateral_equals_maintenance(quantity: Decimal):
    """Also where the curve makes the ratio depend on the price it leads to."""
    rules = RULES[NEAR]
    held = exposure(
        mark_price=D(5),
        quantity=quantity,
        base_imr=rules.base_imr,
        base_mmr=rules.base_mmr,
        imr_factor=rules.imr_factor,
    )
    collateral = abs(quantity)
    price = margin.liquidation_price(collateral, held, D(1))
    notional = abs(quantity) * price

    assert abs(collateral + quantity * (price - 5) - notional * held.mmr(notional) - 1) < D("0.01")


def test_no_liquidation_price_without_a_position_or_without_danger():
    """0 says so."""
    assert margin.liquidation_price(D(100), exposure()) == 0
    assert margin.liquidation_price(D(10**6), exposure(quantity=D(1))) == 0
    assert (
        margin.isolated_liquidation_price(D(1), margin=D(5000), cost_position=D(3400), rate=D("0.012")) == 0
    )


def test_an_isolated_position_is_liquidated_where_its_own_margin_ends():
    """A long of 1 ETH at 3400 with 342 USDC; what it can spare is beyond its initial margin."""
    price = margin.isolated_liquidation_price(
        D(1), margin=D(342), cost_position=D("3402.04"), rate=D("0.012")
    )

    assert abs(342 + price - D("3402.04") - price * D("0.012")) < D("1e-20")
    assert margin.removable_margin(D(400), D(-3400), D("0.1"), D(-10)) == 50
    assert margin.removable_margin(D(400), D(3400), D("0.1"), D(-80)) == 0
    assert margin.isolated_order_margin(D(2), D(3390), 10) == 2 * 3390 * D("0.1006")


def test_the_largest_order_ends_on_the_step_or_at_zero():
    """Between base_min and base_max."""
    bounds = {"base_min": D("0.01"), "base_max": D(600), "base_tick": D("0.01")}
    none = margin.max_quantity(exposure(), buy=True, collateral=D(3), **bounds)
    some = margin.max_quantity(exposure(), buy=True, collateral=D(1000), **bounds)
    held = exposure(quantity=D(-1))
    more = margin.max_quantity(held, buy=True, collateral=D(1000), **bounds)

    assert (none, some) == (0, D("2.92"))
    assert more == some + 1
    assert margin.max_quantity(exposure(), buy=False, collateral=D(10**9), **bounds) == 600


@pytest.mark.parametrize(
    ("leverage", "rate"), [(10, "0.1006"), (3, "0.3339333334"), (7, "0.1434571429"), (1, "1.0006")]
)
def test_an_isolated_order_freezes_a_rate_rounded_up(leverage: int, rate: str):
    """1 / leverage to 10 decimals, the amount to 6, both up, whichever the sign of the quantity."""
    assert margin.isolated_margin_rate(leverage) == D(rate)
    assert margin.isolated_order_margin(D(2), D(3450), 10) == D("694.14")
    assert margin.isolated_order_margin(D("-0.01"), D("3390.1"), 3) == D("11.320674")


@pytest.mark.parametrize(
    ("free", "usdc", "unsettled", "short", "available"),
    [
        (900, 900, 0, 0, 900),  # nothing but USDC
        (1_500, 500, 1_000, 0, 1_500),  # profit stands in for USDC
        (90_000, 0, 0, 0, 50_000),  # tokens do, up to the limit
        (90_000, -47_000, -400, -500, 2_100),  # what is owed already counts
        (90_000, -49_899, 0, -200, 0),
        (0, 900, 0, 0, 0),
    ],
)
def test_isolated_orders_may_freeze_free_collateral_up_to_the_borrow_limit(
    free: int, usdc: int, unsettled: int, short: int, available: int
):
    """Of the smaller of the two, and never below 0; another limit gives another bound."""
    found = margin.available_for_isolated(D(free), D(usdc), D(unsettled), pending_short=D(short))
    assert found == available
    none = margin.available_for_isolated(
        D(free), D(usdc), D(unsettled), pending_short=D(short), borrow_limit=D(0)
    )
    assert none == max(0, min(free, usdc + unsettled + short))


def test_the_largest_isolated_order_ends_at_the_curve():
    """However much is free: held and ordered together stay at max_notional; closing comes on top."""
    bounds = {"base_min": D("0.01"), "base_max": D(10**6), "base_tick": D("0.01")}
    most = margin.max_notional(10, exposure().imr_factor) / exposure().mark_price
    rich = {"available": D(10**12), **bounds}
    for quantity, bought, room in ((0, 0, most), (3, 2, most - 5), (-4, 1, most + 3), (-4, 6, most - 2)):
        row = exposure(quantity=D(quantity), bought=D(bought))
        found = margin.max_isolated_quantity(row, buy=True, **rich)
        assert room - D("0.01") < found <= room
        mirrored = exposure(quantity=D(-quantity), sold=D(bought))
        assert margin.max_isolated_quantity(mirrored, buy=False, **rich) == found
    dear = margin.max_isolated_quantity(exposure(), buy=True, available=D(1_000), price=D(3_502), **bounds)
    assert dear == D("2.82")  # 1000 / (3502 x 0.1006) x 0.995


# The venue's own numbers

QUANTITY = st.integers(1, 400).map(lambda n: D(n) / 100)
ACTS = st.one_of(
    st.tuples(st.just("MARKET"), st.sampled_from(["BUY", "SELL"]), QUANTITY, st.booleans()),
    st.tuples(st.just("LIMIT"), st.sampled_from(["BUY", "SELL"]), QUANTITY, st.booleans()),
    st.tuples(st.just("LEVERAGE"), st.integers(1, 50), st.none(), st.booleans()),
    st.tuples(st.just("MARK"), st.integers(3200, 3600), st.none(), st.none()),
)


def act(kit: ExchangeKit, kind: str, first: Any, quantity: Any, isolated: Any) -> None:
    mode = MarginMode.ISOLATED if isolated else MarginMode.CROSS
    if kind == "MARK":
        kit.mark(first)
    elif kind == "LEVERAGE":
        kit.submit(SetLeverage(symbol=ETH, leverage=first, margin_mode=mode))
    else:
        away = -2 if first == "BUY" else 2
        price = kit.exchange.position("alice", ETH).mark_price + away if kind == "LIMIT" else None
        kit.place(first, kind, quantity, price, margin_mode=mode)


def of(kit: ExchangeKit, mode: str) -> Exposure:
    row = kit.exchange.position("alice", ETH, mode)
    return exposure(
        mark_price=row.mark_price,
        leverage=row.leverage,
        quantity=row.position_qty,
        bought=row.pending_long_qty,
        sold=-row.pending_short_qty,
        unsettled_pnl=row.unsettled_pnl,
    )


@settings(max_examples=30)
@given(st.lists(ACTS, max_size=12), st.sampled_from([2_000, 20_000]))
def test_the_venue_says_the_same(acts: list[tuple[Any, ...]], usdc: int):
    """After any trades: totals, ratios, liquidation prices and the largest orders of both modes."""
    kit = ExchangeKit()
    kit.exchange._state.account("alice").usdc = D(usdc)
    kit.quote()
    for each in acts:
        try:
            act(kit, *each)
        except Refused:
            continue

    wanted, balance = kit.exchange.account("alice"), kit.exchange.holding("alice")
    cross, apart = of(kit, "CROSS"), of(kit, "ISOLATED")
    collateral = margin.total_collateral(
        balance.holding, cross.unsettled_pnl, isolated_order_frozen=balance.isolated_order_frozen
    )
    free = margin.free_collateral(collateral, margin.initial_margin([cross]))
    usable = balance.holding - balance.isolated_order_frozen
    available = margin.withdrawable(usable, free, cross.unsettled_pnl)

    assert wanted.total_collateral == collateral
    assert wanted.free_collateral == free
    assert wanted.withdrawable == available
    assert wanted.margin_ratio == round(margin.margin_ratio(collateral, [cross]), 8)
    assert wanted.initial_margin_ratio == round(margin.initial_margin_ratio([cross]), 8)
    assert wanted.maintenance_margin_ratio == round(margin.maintenance_margin_ratio([cross]), 8)
    _same_positions(kit, cross, apart, collateral)
    spendable = margin.available_for_isolated(free, usable, cross.unsettled_pnl)
    _same_largest_orders(kit, cross, apart, collateral, spendable)


def _same_positions(kit: ExchangeKit, cross: Exposure, apart: Exposure, collateral: Decimal) -> None:
    row = kit.exchange.position("alice", ETH)
    assert (row.imr, row.mmr) == (cross.imr(cross.notional), cross.mmr(cross.notional))
    assert row.imr_with_orders == cross.imr(cross.notional_with_orders)
    assert abs(row.est_liq_price - margin.liquidation_price(collateral, cross)) < D("0.0001")
    alone = kit.exchange.position("alice", ETH, "ISOLATED")
    due = margin.isolated_liquidation_price(
        alone.position_qty,
        margin=alone.margin,
        cost_position=alone.cost_position,
        rate=apart.mmr(apart.notional),
    )
    assert alone.est_liq_price == (round(due, 8) if alone.position_qty else 0)
    assert alone.unsettled_pnl == margin.unsettled_pnl(
        alone.position_qty, alone.mark_price, alone.cost_position
    )
    assert alone.unrealized_pnl == margin.unrealized_pnl(
        alone.position_qty, alone.mark_price, alone.average_open_price
    )


def _same_largest_orders(
    kit: ExchangeKit, cross: Exposure, apart: Exposure, collateral: Decimal, available: Decimal
) -> None:
    rules = RULES[ETH]
    bounds = {"base_min": rules.base_min, "base_max": rules.base_max, "base_tick": rules.base_tick}
    taker = kit.exchange.account("alice").taker_fee_rate / 10_000
    for side in OrderSide.BUY, OrderSide.SELL:
        buy = side is OrderSide.BUY
        assert kit.exchange.max_quantity("alice", ETH, side) == margin.max_quantity(
            cross, buy=buy, collateral=collateral, taker_fee=taker, **bounds
        )
        assert kit.exchange.max_quantity("alice", ETH, side, MarginMode.ISOLATED) == (
            margin.max_isolated_quantity(apart, buy=buy, available=available, **bounds)
        )
