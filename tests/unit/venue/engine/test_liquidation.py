"""Liquidation: when it starts, what it takes, who is paid, how it ends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.commands import (
    AddMargin,
    CancelAlgos,
    CancelOrders,
    ClaimLiquidation,
    Deposit,
    PlaceAlgo,
    SetLeverage,
    Settle,
    Withdraw,
)
from orderly_sync.venue.engine.facts import (
    Liquidated,
    LiquidationEnded,
    LiquidationOffered,
    LiquidatorTook,
)
from orderly_sync.venue.engine.liquidation import part, shares, split
from orderly_sync.venue.engine.records import INSURANCE_FUND
from tests.unit.venue.engine.floor import ETH, Floor, carol, claim, stop, tp_sl, wealth

D = Decimal
LATER = 10_000


@pytest.mark.parametrize(
    ("left", "wanted"),
    [(100, (6, 6)), (12, (6, 6)), (11, (6, 5)), (6, (6, 0)), (5, (0, 5)), (0, (0, 0)), (-3, (0, 0))],
)
def test_a_fee_is_shared_as_far_as_the_margin_goes(left: int, wanted: tuple[int, int]):
    """Halves; then the liquidator first; then all to the fund."""
    assert shares(D(12), D(6), D(left)) == wanted


def test_parts_are_rounded_up_to_the_step_and_never_exceed():
    """So that the rest is safe."""
    assert part(D("1.5"), D("0.3"), D("0.1")) == D("0.5")
    assert part(D("-1.5"), D("0.3"), D("0.1")) == D("-0.5")
    assert part(D("1.5"), D(1), D("0.1")) == D("1.5")
    assert split(D(10), [D(1), D(2)]) == [D("3.33333333"), D("6.66666667")]


def test_an_account_under_its_maintenance_margin_is_frozen_and_offered(floor: Floor):
    """All orders go, algo orders too; the offer says what must change hands."""
    carol(floor, 1000, 2)
    floor.place("SELL", "LIMIT", 1, 3500, by="carol")
    floor.algo(tp_sl(4000, 2000), by="carol")
    floor.move(2940)
    assert floor.exchange.offers() == []
    floor.move(2930)
    assert [type(fact).__name__ for fact in floor.facts] == [
        "BookChanged",
        "OrderReported",
        "AlgoReported",
        "LiquidationOffered",
        "PositionChanged",
        "AccountChanged",
    ]
    (offer,) = floor.exchange.offers()
    assert (offer.account_id, offer.positions, offer.type) == ("carol", ((ETH, D(2)),), "liquidated")
    assert offer.must_take_all
    assert all(order.is_done for order in floor.exchange.orders("carol"))
    assert floor.exchange.algos("carol")[0][0].is_done


@pytest.mark.parametrize(
    "command",
    [
        PlaceAlgo(root=stop()),
        SetLeverage(symbol=ETH, leverage=5),
        Settle(),
        Withdraw(amount=D(1)),
        AddMargin(symbol=ETH, amount=D(1)),
    ],
)
def test_an_account_in_liquidation_cannot_act(floor: Floor, command: Any):
    """-1012; cancels and deposits are free."""
    carol(floor, 1000, 2)
    floor.move(2930)
    assert floor.refusal(command, "carol").code == -1012
    assert floor.refusal(floor.order("SELL", "MARKET", 1), "carol").code == -1012
    floor.submit(CancelOrders(), "carol")
    floor.submit(CancelAlgos(), "carol")


def test_a_small_liquidation_is_taken_whole(floor: Floor):
    """Under 10,000 USDC of low tier; position at mark, half the fee to the liquidator, half to the fund."""
    carol(floor, 1000, 2)
    floor.move(2930)
    before = wealth(floor)
    assert floor.refusal(claim(floor, "0.5"), "bob").code == -1201
    fund = floor.exchange.holding(INSURANCE_FUND).holding
    left = floor.exchange.account("carol").total_collateral
    floor.submit(claim(floor), "bob")
    fee = D(2) * 2930 * D("0.006")
    assert floor.exchange.position("bob", ETH).position_qty == 2
    assert floor.exchange.position("bob", ETH).cost_position == 2 * 2930 - fee / 2
    assert floor.exchange.holding(INSURANCE_FUND).holding == fund + fee / 2
    assert floor.exchange.holding("carol").holding == left - fee
    assert floor.exchange.positions("carol") == []
    assert wealth(floor) == before
    (row,) = floor.exchange.liquidations("carol")
    assert floor.exchange.liquidator_liquidations("bob") == [row]
    (position,) = row.positions
    assert (position.abs_liquidator_fee, position.abs_insurance_fund_fee) == (fee / 2, fee / 2)
    assert (position.position_qty, position.cost_position_transfer, position.transfer_price) == (
        2,
        5860,
        2930,
    )
    assert (row.position_notional, row.account_mmr, row.collateral_value) == (5860, D("0.012"), left)
    assert {Liquidated, LiquidatorTook, LiquidationEnded} <= {type(fact) for fact in floor.facts}
    assert floor.exchange.offers() == []


def test_a_large_liquidation_takes_just_enough(floor: Floor):
    """Afterwards the margin ratio is the initial one, to within a step."""
    carol(floor, 10_000, 20)
    floor.move(2930)
    (offer,) = floor.exchange.offers()
    ((_, quantity),) = offer.positions
    has = 10_000 - 20 * D(3401) * D("0.0006") + 20 * (2930 - D(3401))
    wanted = 20 * (D(58_600) * D("0.1") - has) / (D(58_600) * (D("0.1") - D("0.006")))
    assert 0 <= quantity - wanted < D("0.0001")
    assert not offer.must_take_all
    floor.submit(claim(floor), "bob")
    state = floor.exchange.account("carol")
    assert state.margin_ratio >= state.initial_margin_ratio
    assert state.margin_ratio - state.initial_margin_ratio < D("0.0001")
    assert floor.exchange.offers() == []


def test_a_part_may_be_claimed_and_the_rest_is_offered_anew(floor: Floor):
    """Until the account is safe."""
    carol(floor, 10_000, 20)
    floor.move(2930)
    first = floor.exchange.offers()[0]
    floor.submit(claim(floor, "0.01"), "bob")
    again = floor.exchange.offers()[0]
    assert again.liquidation_id == first.liquidation_id
    assert 0 < again.positions[0][1] < first.positions[0][1]
    offered = [fact.offer for fact in floor.facts if isinstance(fact, LiquidationOffered)]
    assert offered == [again]
    assert not [fact for fact in floor.facts if isinstance(fact, LiquidationEnded)]


def test_extra_takes_more_than_is_offered(floor: Floor):
    """A ratio of 1 and an extra of 1 take the whole position."""
    carol(floor, 10_000, 20)
    floor.move(2930)
    assert floor.refusal(claim(floor, "0.5", extra_liquidation_ratio=D("0.1")), "bob").code == -1005
    floor.submit(claim(floor, 1, extra_liquidation_ratio=D(1)), "bob")
    assert floor.exchange.position("bob", ETH).position_qty == 20


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"liquidation_id": 5}, -1202),
        ({"ratio_qty_request": D("1.1")}, -1005),
        ({"ratio_qty_request": D(-1)}, -1005),
        ({"ratio_qty_request": D("NaN")}, -1005),
        ({"ratio_qty_request": D(0)}, -1201),
        ({"symbols": (("PERP_BTC_USDC", D(1)),)}, -1005),
        ({"symbols": ((ETH, D(2)),)}, -1005),
        ({"limit_price": ((ETH, D(2929)),)}, -1105),
    ],
)
def test_a_bad_claim_is_refused(floor: Floor, changes: Any, code: int):
    """Unknown, out of range, not offered, beyond the limit price."""
    carol(floor, 10_000, 20)
    floor.move(2930)
    offer = floor.exchange.offers()[0]
    arguments = {"liquidation_id": offer.liquidation_id, "ratio_qty_request": D(1), **changes}
    assert floor.refusal(ClaimLiquidation(**arguments), "bob").code == code


def test_a_liquidator_needs_the_margin_to_hold_what_it_takes(floor: Floor):
    """-1101; nor can an account liquidate itself."""
    floor.exchange.open_account("dave", usdc=D(100))
    carol(floor, 10_000, 20)
    floor.move(2930)
    assert floor.refusal(claim(floor), "dave").code == -1101
    assert floor.refusal(claim(floor), "carol").code == -1012


def test_a_deposit_or_a_better_mark_ends_a_liquidation(floor: Floor):
    """The account may act again."""
    carol(floor, 1000, 2)
    floor.move(2930)
    floor.submit(Deposit(amount=D(500)), "carol")
    assert LiquidationEnded in {type(fact) for fact in floor.facts}
    assert floor.exchange.offers() == []
    floor.move(2680)
    assert floor.exchange.offers()
    floor.move(2900)
    assert floor.exchange.offers() == []
    floor.submit(floor.order("SELL", "MARKET", 1), "carol")


def test_low_tier_positions_go_together_and_high_tier_ones_one_by_one():
    """BTC and ETH in proportion; SOL by itself if it asks for the most."""
    floor = Floor()
    floor.exchange.open_account("carol", usdc=D(12_000))
    for symbol, price, size in (
        (ETH, 3400, 15),
        ("PERP_BTC_USDC", 64_000, "0.8"),
        ("PERP_SOL_USDC", 150, 10),
    ):
        floor.submit(floor.order("SELL", "LIMIT", size, price, symbol=symbol), "maker")
        floor.submit(floor.order("BUY", "LIMIT", size, price, symbol=symbol), "carol")
    floor.facts = floor.exchange.set_prices(ETH, floor.now, mark=D(2680))
    (offer,) = floor.exchange.offers()
    sizes = dict(offer.positions)
    assert set(sizes) == {ETH, "PERP_BTC_USDC"}
    assert abs(sizes[ETH] / 15 - sizes["PERP_BTC_USDC"] / D("0.8")) < D("0.0001")
    floor.submit(claim(floor), "bob")
    assert floor.exchange.account("carol").free_collateral >= 0
    assert floor.exchange.position("carol", "PERP_SOL_USDC").position_qty == 10


def test_an_isolated_position_is_liquidated_alone(floor: Floor):
    """The rest of the account goes on; what is left of the margin comes back."""
    carol(floor, 10_000, 2, mode="ISOLATED")
    floor.place("BUY", "LIMIT", 1, 2900, by="carol")
    before = wealth(floor)
    price = floor.exchange.position("carol", ETH, "ISOLATED").est_liq_price
    floor.move(round(price, 1) - D("0.1"))
    (offer,) = floor.exchange.offers()
    assert (offer.symbol, offer.margin_mode, offer.positions) == (ETH, MarginMode.ISOLATED, ((ETH, D(2)),))
    isolated = floor.order("BUY", "MARKET", 1, margin_mode=MarginMode.ISOLATED)
    assert floor.refusal(isolated, "carol").code == -1012
    assert floor.refusal(AddMargin(symbol=ETH, amount=D(1)), "carol").code == -1012
    assert floor.refusal(PlaceAlgo(root=stop(), margin_mode=MarginMode.ISOLATED), "carol").code == -1012
    assert not floor.exchange.orders("carol")[0].is_done
    floor.submit(floor.order("BUY", "LIMIT", "0.1", 3000), "carol")
    floor.submit(claim(floor), "bob")
    assert floor.exchange.position("carol", ETH, "ISOLATED").position_qty == 0
    assert floor.exchange.position("carol", ETH, "ISOLATED").margin == 0
    assert wealth(floor) == before
    assert floor.exchange.offers() == []


def test_an_isolated_liquidation_cancels_the_orders_of_that_position_only(floor: Floor):
    """Ordinary and algo orders of the same symbol and mode."""
    carol(floor, 10_000, 2, mode="ISOLATED")
    own = floor.place("SELL", "LIMIT", 1, 3500, by="carol", margin_mode=MarginMode.ISOLATED)
    cross = floor.place("BUY", "LIMIT", 1, 2900, by="carol")
    trees = [floor.algo(tp_sl(4000, 2000), by="carol", margin_mode=mode)[0] for mode in ("ISOLATED", "CROSS")]
    price = floor.exchange.position("carol", ETH, "ISOLATED").est_liq_price
    floor.move(round(price, 1) - D("0.1"))
    assert floor.read(own.order_id, "carol").is_done
    assert not floor.read(cross.order_id, "carol").is_done
    assert [floor.tree(tree.algo_order_id, "carol")[0].is_done for tree in trees] == [True, False]


def test_a_bankrupt_isolated_position_costs_its_margin_only(floor: Floor):
    """The fund covers what goes beyond."""
    carol(floor, 10_000, 2, mode="ISOLATED")
    before, kept = wealth(floor), floor.exchange.holding("carol").holding
    floor.move(2800)
    assert floor.exchange.holding("carol").holding == kept
    assert floor.exchange.positions("carol") == []
    assert wealth(floor) == before
    assert floor.exchange.liquidations("carol")[0].transfer_amount_to_insurance_fund < 0


def test_a_short_is_liquidated_when_the_price_rises(floor: Floor):
    """The offer is negative; the liquidator's limit price is a lower bound."""
    carol(floor, 1000, 2, side="SELL")
    floor.move(3860)
    (offer,) = floor.exchange.offers()
    assert offer.positions == ((ETH, D(-2)),)
    assert floor.refusal(claim(floor, limit_price=((ETH, D(3861)),)), "bob").code == -1105
    floor.submit(claim(floor, limit_price=((ETH, D(3859)),)), "bob")
    assert floor.exchange.position("bob", ETH).position_qty == -2


def test_orders_go_first_and_may_be_all_that_had_to(floor: Floor):
    """What an isolated order froze is collateral again."""
    carol(floor, 1000, 2)
    floor.place("BUY", "LIMIT", 1, 2900, by="carol", margin_mode=MarginMode.ISOLATED)
    floor.move(3100)
    assert floor.exchange.orders("carol")[0].status == "NEW"
    floor.move(3050)
    assert floor.exchange.orders("carol")[0].status == "CANCELLED"
    assert floor.exchange.offers() == []
    floor.submit(floor.order("SELL", "MARKET", 1), "carol")


def test_nobody_liquidates_himself(floor: Floor):
    """Not even a position that is liquidated alone."""
    carol(floor, 10_000, 2, mode="ISOLATED")
    floor.move(floor.exchange.position("carol", ETH, "ISOLATED").est_liq_price.quantize(D(1)) - 1)
    assert floor.refusal(claim(floor), "carol").code == -1202


def test_an_offer_follows_the_mark_price(floor: Floor):
    """Under the same id, more of the position as it falls."""
    carol(floor, 10_000, 20)
    floor.move(2937)
    first = floor.exchange.offers()[0]
    floor.move(2925)
    second = floor.exchange.offers()[0]
    assert (second.liquidation_id, second.timestamp) == (first.liquidation_id, first.timestamp)
    assert second.positions[0][1] > first.positions[0][1]
