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
from tests.support.algo_specs import stop, tp_sl
from tests.support.venue_kit import ETH, ExchangeKit, carol, claim, wealth

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


def test_an_account_under_its_maintenance_margin_is_frozen_and_offered(kit: ExchangeKit):
    """All orders go, algo orders too; the offer says what must change hands."""
    carol(kit, 1000, 2)
    kit.place("SELL", "LIMIT", 1, 3500, by="carol")
    kit.algo(tp_sl(4000, 2000), by="carol")
    kit.mark(2940)
    assert kit.exchange.offers() == []
    kit.mark(2930)
    assert [type(fact).__name__ for fact in kit.facts] == [
        "BookChanged",
        "OrderReported",
        "AlgoReported",
        "LiquidationOffered",
        "PositionChanged",
        "AccountChanged",
    ]
    (offer,) = kit.exchange.offers()
    assert (offer.account_id, offer.positions, offer.type) == ("carol", ((ETH, D(2)),), "liquidated")
    assert offer.must_take_all
    assert all(order.is_done for order in kit.exchange.orders("carol"))
    assert kit.exchange.algos("carol")[0][0].is_done


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
def test_an_account_in_liquidation_cannot_act(kit: ExchangeKit, command: Any):
    """-1012; cancels and deposits are free."""
    carol(kit, 1000, 2)
    kit.mark(2930)
    assert kit.refusal(command, "carol").code == -1012
    assert kit.refusal(kit.order("SELL", "MARKET", 1), "carol").code == -1012
    kit.submit(CancelOrders(), "carol")
    kit.submit(CancelAlgos(), "carol")


def test_a_small_liquidation_is_taken_whole(kit: ExchangeKit):
    """Under 10,000 USDC of low tier; position at mark, half the fee to the liquidator, half to the fund."""
    carol(kit, 1000, 2)
    kit.mark(2930)
    before = wealth(kit)
    assert kit.refusal(claim(kit, "0.5"), "bob").code == -1201
    fund = kit.exchange.holding(INSURANCE_FUND).holding
    left = kit.exchange.account("carol").total_collateral
    kit.submit(claim(kit), "bob")
    fee = D(2) * 2930 * D("0.006")
    assert kit.exchange.position("bob", ETH).position_qty == 2
    assert kit.exchange.position("bob", ETH).cost_position == 2 * 2930 - fee / 2
    assert kit.exchange.holding(INSURANCE_FUND).holding == fund + fee / 2
    assert kit.exchange.holding("carol").holding == left - fee
    assert kit.exchange.positions("carol") == []
    assert wealth(kit) == before
    (row,) = kit.exchange.liquidations("carol")
    assert kit.exchange.liquidator_liquidations("bob") == [row]
    (position,) = row.positions
    assert (position.abs_liquidator_fee, position.abs_insurance_fund_fee) == (fee / 2, fee / 2)
    assert (position.position_qty, position.cost_position_transfer, position.transfer_price) == (
        2,
        5860,
        2930,
    )
    assert (row.position_notional, row.account_mmr, row.collateral_value) == (5860, D("0.012"), left)
    assert {Liquidated, LiquidatorTook, LiquidationEnded} <= {type(fact) for fact in kit.facts}
    assert kit.exchange.offers() == []


def test_a_large_liquidation_takes_just_enough(kit: ExchangeKit):
    """Afterwards the margin ratio is the initial one, to within a step."""
    carol(kit, 10_000, 20)
    kit.mark(2930)
    (offer,) = kit.exchange.offers()
    ((_, quantity),) = offer.positions
    has = 10_000 - 20 * D(3401) * D("0.0006") + 20 * (2930 - D(3401))
    wanted = 20 * (D(58_600) * D("0.1") - has) / (D(58_600) * (D("0.1") - D("0.006")))
    assert 0 <= quantity - wanted < D("0.0001")
    assert not offer.must_take_all
    kit.submit(claim(kit), "bob")
    state = kit.exchange.account("carol")
    assert state.margin_ratio >= state.initial_margin_ratio
    assert state.margin_ratio - state.initial_margin_ratio < D("0.0001")
    assert kit.exchange.offers() == []


def test_a_part_may_be_claimed_and_the_rest_is_offered_anew(kit: ExchangeKit):
    """Until the account is safe."""
    carol(kit, 10_000, 20)
    kit.mark(2930)
    first = kit.exchange.offers()[0]
    kit.submit(claim(kit, "0.01"), "bob")
    again = kit.exchange.offers()[0]
    assert again.liquidation_id == first.liquidation_id
    assert 0 < again.positions[0][1] < first.positions[0][1]
    offered = [fact.offer for fact in kit.facts if isinstance(fact, LiquidationOffered)]
    assert offered == [again]
    assert not [fact for fact in kit.facts if isinstance(fact, LiquidationEnded)]


def test_extra_takes_more_than_is_offered(kit: ExchangeKit):
    """A ratio of 1 and an extra of 1 take the whole position."""
    carol(kit, 10_000, 20)
    kit.mark(2930)
    assert kit.refusal(claim(kit, "0.5", extra_liquidation_ratio=D("0.1")), "bob").code == -1005
    kit.submit(claim(kit, 1, extra_liquidation_ratio=D(1)), "bob")
    assert kit.exchange.position("bob", ETH).position_qty == 20


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
def test_a_bad_claim_is_refused(kit: ExchangeKit, changes: Any, code: int):
    """Unknown, out of range, not offered, beyond the limit price."""
    carol(kit, 10_000, 20)
    kit.mark(2930)
    offer = kit.exchange.offers()[0]
    arguments = {"liquidation_id": offer.liquidation_id, "ratio_qty_request": D(1), **changes}
    assert kit.refusal(ClaimLiquidation(**arguments), "bob").code == code


def test_a_liquidator_needs_the_margin_to_hold_what_it_takes(kit: ExchangeKit):
    """-1101; nor can an account liquidate itself."""
    kit.exchange.open_account("dave", usdc=D(100))
    carol(kit, 10_000, 20)
    kit.mark(2930)
    assert kit.refusal(claim(kit), "dave").code == -1101
    assert kit.refusal(claim(kit), "carol").code == -1012


def test_a_deposit_or_a_better_mark_ends_a_liquidation(kit: ExchangeKit):
    """The account may act again."""
    carol(kit, 1000, 2)
    kit.mark(2930)
    kit.submit(Deposit(amount=D(500)), "carol")
    assert LiquidationEnded in {type(fact) for fact in kit.facts}
    assert kit.exchange.offers() == []
    kit.mark(2680)
    assert kit.exchange.offers()
    kit.mark(2900)
    assert kit.exchange.offers() == []
    kit.submit(kit.order("SELL", "MARKET", 1), "carol")


def test_low_tier_positions_go_together_and_high_tier_ones_one_by_one():
    """BTC and ETH in proportion; SOL by itself if it asks for the most."""
    kit = ExchangeKit()
    kit.exchange.open_account("carol", usdc=D(12_000))
    for symbol, price, size in (
        (ETH, 3400, 15),
        ("PERP_BTC_USDC", 64_000, "0.8"),
        ("PERP_SOL_USDC", 150, 10),
    ):
        kit.submit(kit.order("SELL", "LIMIT", size, price, symbol=symbol), "maker")
        kit.submit(kit.order("BUY", "LIMIT", size, price, symbol=symbol), "carol")
    kit.facts = kit.exchange.set_prices(ETH, kit.now, mark=D(2680))
    (offer,) = kit.exchange.offers()
    sizes = dict(offer.positions)
    assert set(sizes) == {ETH, "PERP_BTC_USDC"}
    assert abs(sizes[ETH] / 15 - sizes["PERP_BTC_USDC"] / D("0.8")) < D("0.0001")
    kit.submit(claim(kit), "bob")
    assert kit.exchange.account("carol").free_collateral >= 0
    assert kit.exchange.position("carol", "PERP_SOL_USDC").position_qty == 10


def test_an_isolated_position_is_liquidated_alone(kit: ExchangeKit):
    """The rest of the account goes on; what is left of the margin comes back."""
    carol(kit, 10_000, 2, mode="ISOLATED")
    kit.place("BUY", "LIMIT", 1, 2900, by="carol")
    before = wealth(kit)
    price = kit.exchange.position("carol", ETH, "ISOLATED").est_liq_price
    kit.mark(round(price, 1) - D("0.1"))
    (offer,) = kit.exchange.offers()
    assert (offer.symbol, offer.margin_mode, offer.positions) == (ETH, MarginMode.ISOLATED, ((ETH, D(2)),))
    isolated = kit.order("BUY", "MARKET", 1, margin_mode=MarginMode.ISOLATED)
    assert kit.refusal(isolated, "carol").code == -1012
    assert kit.refusal(AddMargin(symbol=ETH, amount=D(1)), "carol").code == -1012
    assert kit.refusal(PlaceAlgo(root=stop(), margin_mode=MarginMode.ISOLATED), "carol").code == -1012
    assert not kit.exchange.orders("carol")[0].is_done
    kit.submit(kit.order("BUY", "LIMIT", "0.1", 3000), "carol")
    kit.submit(claim(kit), "bob")
    assert kit.exchange.position("carol", ETH, "ISOLATED").position_qty == 0
    assert kit.exchange.position("carol", ETH, "ISOLATED").margin == 0
    assert wealth(kit) == before
    assert kit.exchange.offers() == []


def test_an_isolated_liquidation_cancels_the_orders_of_that_position_only(kit: ExchangeKit):
    """Ordinary and algo orders of the same symbol and mode."""
    carol(kit, 10_000, 2, mode="ISOLATED")
    own = kit.place("SELL", "LIMIT", 1, 3500, by="carol", margin_mode=MarginMode.ISOLATED)
    cross = kit.place("BUY", "LIMIT", 1, 2900, by="carol")
    trees = [kit.algo(tp_sl(4000, 2000), by="carol", margin_mode=mode)[0] for mode in ("ISOLATED", "CROSS")]
    price = kit.exchange.position("carol", ETH, "ISOLATED").est_liq_price
    kit.mark(round(price, 1) - D("0.1"))
    assert kit.read(own.order_id, "carol").is_done
    assert not kit.read(cross.order_id, "carol").is_done
    assert [kit.tree(tree.algo_order_id, "carol")[0].is_done for tree in trees] == [True, False]


def test_a_bankrupt_isolated_position_costs_its_margin_only(kit: ExchangeKit):
    """The fund covers what goes beyond."""
    carol(kit, 10_000, 2, mode="ISOLATED")
    before, kept = wealth(kit), kit.exchange.holding("carol").holding
    kit.mark(2800)
    assert kit.exchange.holding("carol").holding == kept
    assert kit.exchange.positions("carol") == []
    assert wealth(kit) == before
    assert kit.exchange.liquidations("carol")[0].transfer_amount_to_insurance_fund < 0


def test_a_short_is_liquidated_when_the_price_rises(kit: ExchangeKit):
    """The offer is negative; the liquidator's limit price is a lower bound."""
    carol(kit, 1000, 2, side="SELL")
    kit.mark(3860)
    (offer,) = kit.exchange.offers()
    assert offer.positions == ((ETH, D(-2)),)
    assert kit.refusal(claim(kit, limit_price=((ETH, D(3861)),)), "bob").code == -1105
    kit.submit(claim(kit, limit_price=((ETH, D(3859)),)), "bob")
    assert kit.exchange.position("bob", ETH).position_qty == -2


def test_orders_go_first_and_may_be_all_that_had_to(kit: ExchangeKit):
    """What an isolated order froze is collateral again."""
    carol(kit, 1000, 2)
    kit.place("BUY", "LIMIT", 1, 2900, by="carol", margin_mode=MarginMode.ISOLATED)
    kit.mark(3100)
    assert kit.exchange.orders("carol")[0].status == "NEW"
    kit.mark(3050)
    assert kit.exchange.orders("carol")[0].status == "CANCELLED"
    assert kit.exchange.offers() == []
    kit.submit(kit.order("SELL", "MARKET", 1), "carol")


def test_nobody_liquidates_himself(kit: ExchangeKit):
    """Not even a position that is liquidated alone."""
    carol(kit, 10_000, 2, mode="ISOLATED")
    kit.mark(kit.exchange.position("carol", ETH, "ISOLATED").est_liq_price.quantize(D(1)) - 1)
    assert kit.refusal(claim(kit), "carol").code == -1202


def test_an_offer_follows_the_mark_price(kit: ExchangeKit):
    """Under the same id, more of the position as it falls."""
    carol(kit, 10_000, 20)
    kit.mark(2937)
    first = kit.exchange.offers()[0]
    kit.mark(2925)
    second = kit.exchange.offers()[0]
    assert (second.liquidation_id, second.timestamp) == (first.liquidation_id, first.timestamp)
    assert second.positions[0][1] > first.positions[0][1]
