"""The insurance fund: what it takes over, what it sells, and who pays when it cannot."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.commands import (
    ClaimInsuranceFund,
    ClaimLiquidation,
)
from orderly_sync.venue.engine.deleveraging import MIN_FUND_RATIO, fund_ratio
from orderly_sync.venue.engine.facts import Deleveraged, Liquidated
from orderly_sync.venue.engine.records import INSURANCE_FUND
from orderly_sync.venue.engine.refusals import Refused
from tests.unit.venue.engine.floor import ETH, Floor, carol, claim, tp_sl, wealth

D = Decimal
LATER = 10_000


def test_the_insurance_fund_takes_what_nobody_claims(floor: Floor):
    """After ten seconds, and offers it at a discount."""
    carol(floor, 1000, 2)
    floor.move(2930)
    before, started = wealth(floor), floor.now
    assert floor.exchange.advance(started + LATER - 1) == ()
    floor.facts = floor.exchange.advance(started + LATER)
    assert Liquidated in {type(fact) for fact in floor.facts}
    assert floor.exchange.position(INSURANCE_FUND, ETH).position_qty == 2
    assert floor.exchange.position("carol", ETH).position_qty == 0
    assert wealth(floor) == before
    (offer,) = floor.exchange.offers()
    assert (offer.type, offer.positions) == ("claim", ((ETH, D(2)),))
    cheap = ClaimInsuranceFund(claim_id=offer.liquidation_id, symbol=ETH, qty_request=D("0.5"))
    floor.submit(cheap, "bob")
    assert floor.exchange.position("bob", ETH).cost_position == D("0.5") * 2930 * (1 - D("0.005"))
    assert wealth(floor) == before
    assert floor.exchange.offers()[0].positions == ((ETH, D("1.5")),)
    assert floor.refusal(claim(floor), "bob").code == -1202
    for bad, code in (
        (ClaimInsuranceFund(claim_id=1, symbol=ETH, qty_request=D(1)), -1202),
        (ClaimInsuranceFund(claim_id=offer.liquidation_id, symbol=ETH, qty_request=D(2)), -1005),
        (ClaimInsuranceFund(claim_id=offer.liquidation_id, symbol=ETH, qty_request=D("0.00001")), -1005),
    ):
        assert floor.refusal(bad, "bob").code == code
    floor.submit(ClaimInsuranceFund(claim_id=offer.liquidation_id, symbol=ETH, qty_request=D("1.5")), "bob")
    assert floor.exchange.offers() == []
    assert floor.exchange.liquidated_positions()[0].type == "claim"


def test_a_bankrupt_account_goes_to_the_insurance_fund_at_once(floor: Floor):
    """The fund covers the loss; the account ends at 0."""
    carol(floor, 1000, 2)
    before = wealth(floor)
    floor.move(2800)
    assert floor.exchange.holding("carol").holding == 0
    assert floor.exchange.positions("carol") == []
    assert floor.exchange.position(INSURANCE_FUND, ETH).position_qty == 2
    row = floor.exchange.liquidations("carol")[0]
    loss = 2 * (D(3401) - 2800) + D(3401) * 2 * D("0.0006") - 1000
    assert row.transfer_amount_to_insurance_fund == -loss
    assert floor.exchange.insurance_fund().total_account_value == 10_000_000 - loss
    assert wealth(floor) == before
    assert floor.exchange.offers()[0].type == "claim"


def test_a_poor_insurance_fund_deleverages_the_winners():
    """Best first, at mark, without a fee, until the fund can carry the rest."""
    floor = Floor(insurance_fund=D(500))
    carol(floor, 1000, 2)
    floor.submit(floor.order("BUY", "LIMIT", 1, 3400), "maker")
    floor.place("SELL", "LIMIT", 1, 3400)
    floor.algo(tp_sl(2000, 4000, side="BUY"))
    before = wealth(floor)
    floor.move(2930)
    floor.facts = floor.exchange.advance(floor.now + LATER)
    (fact,) = (fact for fact in floor.facts if isinstance(fact, Deleveraged))
    assert (fact.account_id, fact.quantity, fact.price) == ("alice", 1, 2930)
    assert fact.realized_pnl == 3400 - 2930
    assert floor.exchange.position("alice", ETH).position_qty == 0
    assert floor.exchange.algos("alice")[0][0].is_done
    ratio = fund_ratio(floor.exchange._state)
    assert ratio is None or ratio >= MIN_FUND_RATIO
    assert wealth(floor) == before


def test_deleveraging_closes_isolated_winners_too():
    """Their margin comes back with the profit."""
    floor = Floor(insurance_fund=D(0))
    floor.exchange.open_account("carol", usdc=D(1000))
    floor.place("SELL", "LIMIT", 2, 3400, margin_mode=MarginMode.ISOLATED)
    floor.place("BUY", "LIMIT", 2, 3400, by="carol")
    before = wealth(floor)
    floor.exchange.set_prices(ETH, floor.now, mark=D(2800))
    assert floor.exchange.positions("alice") == []
    assert floor.exchange.holding("alice").holding > 101_000
    assert floor.exchange.position(INSURANCE_FUND, ETH).position_qty == 0
    assert wealth(floor) == before


step = st.tuples(
    st.sampled_from(["carol", "dave"]),
    st.sampled_from(["BUY", "SELL"]),
    st.sampled_from(["CROSS", "ISOLATED", "mark", "mark", "wait", "claim"]),
    st.integers(1, 80),
    st.integers(-14, 14),
)


@given(st.lists(step, max_size=15))
def test_no_crash_makes_or_loses_money_or_leaves_a_broke_account_with_positions(steps: Any):
    """Whatever the price does: sums stay, debts end with the fund, offers belong to unsafe accounts."""
    floor = Floor(insurance_fund=D(3_000))
    for name in ("carol", "dave"):
        floor.exchange.open_account(name, usdc=D(1_500))
    floor.quote(size=20)
    before = wealth(floor)
    for by, side, kind, tenths, percent in steps:
        mark = floor.exchange.mark(ETH)
        try:
            if kind == "mark":
                moved = round(mark * (100 + percent) / 100, 1)
                floor.move(max(D(1_500), min(D(6_000), moved)))
            elif kind == "wait":
                floor.now += LATER
                floor.exchange.advance(floor.now)
            elif kind == "claim":
                for offer in floor.exchange.offers():
                    ratio = D(tenths) / 80
                    floor.submit(
                        ClaimLiquidation(liquidation_id=offer.liquidation_id, ratio_qty_request=ratio), "bob"
                    )
            else:
                floor.place(side, "MARKET", D(tenths) / 10, by=by, margin_mode=MarginMode(kind))
        except Refused:
            pass
        assert wealth(floor) == before
        for name in ("carol", "dave", "bob"):
            state = floor.exchange.account(name)
            assert not (state.total_notional and state.total_collateral <= 0)
            assert floor.exchange.holding(name).holding >= 0 or state.total_notional
    for offer in floor.exchange.offers():
        assert offer.type == "claim" or floor.exchange.positions(offer.account_id)
