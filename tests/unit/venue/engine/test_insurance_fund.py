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
from tests.support.algo_specs import tp_sl
from tests.support.venue_kit import ETH, ExchangeKit, carol, claim, wealth

D = Decimal
LATER = 10_000


def test_the_insurance_fund_takes_what_nobody_claims(kit: ExchangeKit):
    """After ten seconds, and offers it at a discount."""
    carol(kit, 1000, 2)
    kit.mark(2930)
    before, started = wealth(kit), kit.now
    assert kit.exchange.advance(started + LATER - 1) == ()
    kit.facts = kit.exchange.advance(started + LATER)
    assert Liquidated in {type(fact) for fact in kit.facts}
    assert kit.exchange.position(INSURANCE_FUND, ETH).position_qty == 2
    assert kit.exchange.position("carol", ETH).position_qty == 0
    assert wealth(kit) == before
    (offer,) = kit.exchange.offers()
    assert (offer.type, offer.positions) == ("claim", ((ETH, D(2)),))
    cheap = ClaimInsuranceFund(claim_id=offer.liquidation_id, symbol=ETH, qty_request=D("0.5"))
    kit.submit(cheap, "bob")
    assert kit.exchange.position("bob", ETH).cost_position == D("0.5") * 2930 * (1 - D("0.005"))
    assert wealth(kit) == before
    assert kit.exchange.offers()[0].positions == ((ETH, D("1.5")),)
    assert kit.refusal(claim(kit), "bob").code == -1202
    for bad, code in (
        (ClaimInsuranceFund(claim_id=1, symbol=ETH, qty_request=D(1)), -1202),
        (ClaimInsuranceFund(claim_id=offer.liquidation_id, symbol=ETH, qty_request=D(2)), -1005),
        (ClaimInsuranceFund(claim_id=offer.liquidation_id, symbol=ETH, qty_request=D("0.00001")), -1005),
    ):
        assert kit.refusal(bad, "bob").code == code
    kit.submit(ClaimInsuranceFund(claim_id=offer.liquidation_id, symbol=ETH, qty_request=D("1.5")), "bob")
    assert kit.exchange.offers() == []
    assert kit.exchange.liquidated_positions()[0].type == "claim"


def test_a_bankrupt_account_goes_to_the_insurance_fund_at_once(kit: ExchangeKit):
    """The fund covers the loss; the account ends at 0."""
    carol(kit, 1000, 2)
    before = wealth(kit)
    kit.mark(2800)
    assert kit.exchange.holding("carol").holding == 0
    assert kit.exchange.positions("carol") == []
    assert kit.exchange.position(INSURANCE_FUND, ETH).position_qty == 2
    row = kit.exchange.liquidations("carol")[0]
    loss = 2 * (D(3401) - 2800) + D(3401) * 2 * D("0.0006") - 1000
    assert row.transfer_amount_to_insurance_fund == -loss
    assert kit.exchange.insurance_fund().total_account_value == 10_000_000 - loss
    assert wealth(kit) == before
    assert kit.exchange.offers()[0].type == "claim"


def test_a_poor_insurance_fund_deleverages_the_winners():
    """Best first, at mark, without a fee, until the fund can carry the rest."""
    kit = ExchangeKit(insurance_fund=D(500))
    carol(kit, 1000, 2)
    kit.submit(kit.order("BUY", "LIMIT", 1, 3400), "maker")
    kit.place("SELL", "LIMIT", 1, 3400)
    kit.algo(tp_sl(2000, 4000, side="BUY"))
    before = wealth(kit)
    kit.mark(2930)
    kit.facts = kit.exchange.advance(kit.now + LATER)
    (fact,) = (fact for fact in kit.facts if isinstance(fact, Deleveraged))
    assert (fact.account_id, fact.quantity, fact.price) == ("alice", 1, 2930)
    assert fact.realized_pnl == 3400 - 2930
    assert kit.exchange.position("alice", ETH).position_qty == 0
    assert kit.exchange.algos("alice")[0][0].is_done
    ratio = fund_ratio(kit.exchange._state)
    assert ratio is None or ratio >= MIN_FUND_RATIO
    assert wealth(kit) == before


def test_deleveraging_closes_isolated_winners_too():
    """Their margin comes back with the profit."""
    kit = ExchangeKit(insurance_fund=D(0))
    kit.exchange.open_account("carol", usdc=D(1000))
    kit.place("SELL", "LIMIT", 2, 3400, margin_mode=MarginMode.ISOLATED)
    kit.place("BUY", "LIMIT", 2, 3400, by="carol")
    before = wealth(kit)
    kit.exchange.set_prices(ETH, kit.now, mark=D(2800))
    assert kit.exchange.positions("alice") == []
    assert kit.exchange.holding("alice").holding > 101_000
    assert kit.exchange.position(INSURANCE_FUND, ETH).position_qty == 0
    assert wealth(kit) == before


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
    kit = ExchangeKit(insurance_fund=D(3_000))
    for name in ("carol", "dave"):
        kit.exchange.open_account(name, usdc=D(1_500))
    kit.quote(size=20)
    before = wealth(kit)
    for by, side, kind, tenths, percent in steps:
        mark = kit.exchange.mark(ETH)
        try:
            if kind == "mark":
                moved = round(mark * (100 + percent) / 100, 1)
                kit.mark(max(D(1_500), min(D(6_000), moved)))
            elif kind == "wait":
                kit.now += LATER
                kit.exchange.advance(kit.now)
            elif kind == "claim":
                for offer in kit.exchange.offers():
                    ratio = D(tenths) / 80
                    kit.submit(
                        ClaimLiquidation(liquidation_id=offer.liquidation_id, ratio_qty_request=ratio), "bob"
                    )
            else:
                kit.place(side, "MARKET", D(tenths) / 10, by=by, margin_mode=MarginMode(kind))
        except Refused:
            pass
        assert wealth(kit) == before
        for name in ("carol", "dave", "bob"):
            state = kit.exchange.account(name)
            assert not (state.total_notional and state.total_collateral <= 0)
            assert kit.exchange.holding(name).holding >= 0 or state.total_notional
    for offer in kit.exchange.offers():
        assert offer.type == "claim" or kit.exchange.positions(offer.account_id)
