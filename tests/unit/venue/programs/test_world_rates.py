"""Rates of referral: what a trade brings is shared along the tree, and never more of it than there is."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.referral.multilevel import MultilevelTree, Programme
from orderly_sync.venue.programs.referral.rebates import BASE, DIRECT, INDIRECT, REFEREE, Rebates, revenue
from orderly_sync.venue.programs.referral.referral import AutoReferralTerms, Code, Referrals, UnknownCode
from orderly_sync.venue.programs.seeded import Seeded

D = Decimal
BROKER = "paper"
PRICE, FEE, ZERO = D(1000), D("0.6"), D(0)


def fill(account_id: str, ts: int = 10, *, fee: Decimal = FEE, tag_fee: Decimal = ZERO) -> Fill:
    return Fill(
        trade_id=1,
        match_id=2,
        account_id=account_id,
        order_id=3,
        symbol="PERP_ETH_USDC",
        side=OrderSide.BUY,
        price=PRICE,
        quantity=D(1),
        fee=fee,
        is_maker=False,
        realized_pnl=D(0),
        ts=ts,
        margin_mode="CROSS",
        tag_fee=tag_fee,
    )


class Tree:
    """Accounts a0, a1, … each bound to the one before it."""

    def __init__(self, given_rates: list[Decimal]) -> None:
        self.referrals = Referrals(Seeded(1))
        self.multilevel = MultilevelTree(self.referrals)
        self.multilevel.configure(BROKER, Programme(required_volume=D(0)))
        self.names = [f"a{index}" for index in range(len(given_rates) + 1)]
        for index, rate in enumerate(given_rates):
            owner = self.names[index]
            most = self.multilevel.max_rate(owner, BROKER)
            code = self.multilevel.claim(owner, BROKER, rate=most * rate, volume=D(0), now=1)
            self.referrals.bind(self.names[index + 1], BROKER, code.code, 2)

    def rebates(self, fills: dict[str, list[Fill]]) -> Rebates:
        return Rebates(
            self.referrals, self.multilevel, lambda account_id: fills.get(account_id, []), lambda _: BROKER
        )


PARTS = st.lists(st.integers(0, 100).map(lambda percent: D(percent) / 100), min_size=1, max_size=5)


@given(PARTS)
def test_all_shares_of_a_trade_are_the_first_affiliates_rate_and_the_base(parts):
    """However deep the tree and whatever each gives away."""
    tree = Tree(parts)
    trader = tree.names[-1]
    book = tree.rebates({trader: [fill(trader)]})

    shares = list(book.of_trader(trader))

    earned = revenue(fill(trader))
    assert sum(each.amount for each in shares) == pytest.approx(earned * (D("0.4") + D("0.1")), abs=D("1e-7"))
    assert all(each.amount >= 0 for each in shares)
    assert {each.receiver for each in shares} <= set(tree.names)


@given(PARTS)
def test_what_everyone_earned_is_what_traders_brought(parts):
    """Summed by receiver or by trader it is the same."""
    tree = Tree(parts)
    book = tree.rebates({name: [fill(name)] for name in tree.names})
    kinds = (REFEREE, DIRECT, INDIRECT, BASE)
    by_receiver = sum(each.amount for name in tree.names for each in book.earned(name, kinds))
    by_trader = sum(each.amount for name in tree.names for each in book.of_trader(name))
    assert by_receiver == by_trader


def test_only_what_was_traded_since_the_binding_counts():
    """And in the window that is asked for."""
    tree = Tree([D("0.5")])
    early, late = fill("a1", 1), fill("a1", 5)
    book = tree.rebates({"a1": [early, late], "a0": [early]})
    assert book.fills("a1") == [late]
    assert book.fills("a1", 6) == book.fills("a1", 0, 5) == book.fills("a0") == []
    assert list(book.of_trader("a0")) == []


def test_the_builder_earns_the_fee_without_base_and_tag():
    """Never less than nothing."""
    assert revenue(fill("a", fee=D("0.6"))) == D("0.5")
    assert revenue(fill("a", fee=D("1.6"), tag_fee=D(1))) == D("0.5")
    assert revenue(fill("a", fee=D("-0.1"))) == 0


def test_an_older_code_ends_the_chain():
    """Its owner's own referrer gets nothing of it."""
    tree = Tree([D("0.5")])
    tree.referrals.add(
        Code(
            code="OLD",
            owner="a1",
            broker_id=BROKER,
            created_time=1,
            max_rate=D("0.3"),
            referrer_rate=D("0.2"),
            referee_rate=D("0.1"),
        )
    )
    tree.referrals.bind("z", BROKER, "OLD", 2)
    shares = {each.kind: each for each in tree.rebates({"z": [fill("z")]}).of_trader("z")}
    assert set(shares) == {REFEREE, DIRECT}
    assert (shares[DIRECT].receiver, shares[DIRECT].amount) == ("a1", D("0.5") * D("0.2"))
    assert tree.multilevel.level("z") == 1
    assert tree.multilevel.base_rate("z", BROKER) == 0


def test_an_older_code_above_ends_the_chain_too():
    """Who referred the affiliate by an older code gets nothing of its referees."""
    referrals = Referrals(Seeded(1))
    multilevel = MultilevelTree(referrals)
    multilevel.configure(BROKER, Programme(required_volume=D(0)))
    referrals.add(Code(code="OLD", owner="z", broker_id=BROKER, created_time=1))
    referrals.bind("a", BROKER, "OLD", 1)
    code = multilevel.claim("a", BROKER, rate=D("0.1"), volume=D(0), now=1)
    referrals.bind("b", BROKER, code.code, 1)
    book = Rebates(referrals, multilevel, lambda account_id: [fill(account_id)], lambda _: BROKER)
    assert {each.receiver for each in book.of_trader("b")} == {"a", "b"}


def test_levels_count_from_the_top():
    """One more for each referrer."""
    tree = Tree([D("0.5"), D("0.5")])
    assert [tree.multilevel.level(name) for name in tree.names] == [1, 2, 3]


def test_binding_refuses_circles_and_strangers():
    """One's own code, that of one's referee, another builder's, a second one."""
    tree = Tree([D("0.5")])
    mine = tree.referrals.multilevel_code("a0")
    below = tree.multilevel.claim("a1", BROKER, rate=None, volume=D(0), now=3)
    for account, broker, code in (
        ("a0", BROKER, mine.code),
        ("a0", BROKER, below.code),
        ("a1", BROKER, mine.code),
    ):
        with pytest.raises(Refused):
            tree.referrals.bind(account, broker, code, 4)
    with pytest.raises(UnknownCode):
        tree.referrals.bind("new", "other", mine.code, 4)


@pytest.mark.parametrize(
    "programme",
    [
        Programme(bonus_rate=D("0.95")),
        Programme(bonus_rate=D("1.1"), base_rate=D(0)),
        Programme(base_rate=D("-0.1")),
        Programme(required_volume=D(-1)),
    ],
)
def test_a_senseless_programme_is_refused(programme):
    """Rates above everything or below nothing."""
    with pytest.raises(Refused):
        Tree([]).multilevel.configure(BROKER, programme)


def test_claims_have_conditions():
    """The programme runs, the volume is there, the rate fits, and it is the first."""
    tree = Tree([])
    tree.multilevel.configure(BROKER, Programme(required_volume=D(100)))
    for volume, rate in ((D(99), None), (D(100), D("0.5"))):
        with pytest.raises(Refused):
            tree.multilevel.claim("x", BROKER, rate=rate, volume=volume, now=1)
    tree.multilevel.claim("x", BROKER, rate=D("0.4"), volume=D(100), now=1)
    for again in (
        lambda: tree.multilevel.claim("x", BROKER, rate=None, volume=D(100), now=1),
        lambda: tree.multilevel.create("x", BROKER, code="NEW", rate=D("0.1"), now=1),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == -1007
    tree.multilevel.configure(BROKER, Programme(enable=False))
    with pytest.raises(Refused):
        tree.multilevel.claim("y", BROKER, rate=None, volume=D(10**6), now=1)


def test_automatic_codes_are_made_once_and_renamed_while_free():
    """Codes of a person's making keep their names."""
    referrals = Referrals(Seeded(1))
    first = referrals.automatic("x", BROKER, 1)
    assert referrals.automatic("x", BROKER, 2) is first
    other = Code(code="TAKEN", owner="y", broker_id=BROKER, created_time=1)
    referrals.add(other)
    with pytest.raises(Refused):
        referrals.add(other)
    for owner, old, new in (("y", first.code, "N1"), ("y", "TAKEN", "N1"), ("x", first.code, "TAKEN")):
        with pytest.raises(Refused):
            referrals.rename(owner, old, new)
    referrals.rename("x", first.code, "FREE")
    assert (referrals.exists("FREE"), referrals.exists(first.code)) == (True, False)
    referrals.bind("z", BROKER, "FREE", 3)
    with pytest.raises(Refused):
        referrals.rename("x", "FREE", "LATE")


def test_names_of_codes_are_free():
    """Another one is drawn where the first is taken."""
    referrals = Referrals(Seeded(1))
    name = referrals.free_name("x", "auto")
    referrals.add(Code(code=name, owner="x", broker_id=BROKER, created_time=1))
    assert referrals.free_name("x", "auto") != name


@pytest.mark.parametrize(
    ("code", "rates"),
    [
        ("x", {}),
        ("with space", {}),
        ("OK", {"max_rate": D("1.1")}),
        ("OK", {"max_rate": D("0.1"), "referrer_rate": D("0.1"), "referee_rate": D("0.1")}),
    ],
)
def test_codes_and_their_rates_have_a_form(code, rates):
    """Letters, digits, and parts that do not exceed the whole."""
    with pytest.raises(Refused):
        Code(code=code, owner="x", broker_id=BROKER, created_time=1, **rates).checked()


@pytest.mark.parametrize(
    "auto",
    [
        AutoReferralTerms(max_rebate=D("0.1")),
        AutoReferralTerms(referee_rebate=D(2)),
        AutoReferralTerms(required_trading_volume=D(-1)),
    ],
)
def test_senseless_automatic_codes_are_refused(auto):
    """And what was set before stays."""
    referrals = Referrals(Seeded(1))
    with pytest.raises(Refused):
        referrals.set_auto(BROKER, auto)
    assert referrals.auto(BROKER) == AutoReferralTerms()


def test_notes_are_kept_and_cleared():
    """By whom they were written, of whom, whatever the case of the address."""
    referrals = Referrals(Seeded(1))
    referrals.describe("me", "0xAB", "a friend")
    assert (referrals.description("me", "0xab"), referrals.description("you", "0xab")) == ("a friend", None)
    referrals.describe("me", "0xab", None)
    assert referrals.description("me", "0xAB") is None
    for text in ("<b>", "x" * 51):
        with pytest.raises(Refused):
            referrals.describe("me", "0xab", text)


def test_first_level_affiliates_have_rates_of_the_admins_giving():
    """Those below have what they are given, and no other."""
    tree = Tree([D("0.5")])
    made = tree.multilevel.create("top", BROKER, code="TOP", rate=D("0.6"), now=1)
    assert (made.code, tree.multilevel.max_rate("top", BROKER)) == ("TOP", D("0.6"))
    tree.multilevel.set_affiliates(["a0"], D("0.8"))
    assert tree.multilevel.max_rate("a0", BROKER) == D("0.8")
    tree.multilevel.reset_affiliates(["a0", "top"])
    assert tree.multilevel.max_rate("a0", BROKER) == tree.multilevel.max_rate("top", BROKER) == D("0.4")
    for attempt in (
        lambda: tree.multilevel.set_affiliates(["a1"], D("0.1")),
        lambda: tree.multilevel.reset_affiliates(["a1"]),
        lambda: tree.multilevel.create("a1", BROKER, code=None, rate=D("0.1"), now=1),
        lambda: tree.multilevel.create("b", BROKER, code=None, rate=D("1.1"), now=1),
        lambda: tree.multilevel.set_affiliates(["a0"], D("-0.1")),
    ):
        with pytest.raises(Refused):
            attempt()


def test_referees_have_a_rate_of_their_own_or_the_default():
    """Never above the highest that their referrer has left."""
    tree = Tree([D("0.5")])
    rates = tree.multilevel
    rates.set_referees("a0", BROKER, D("0.3"), ["a1"])
    assert (rates.referee_rate("a1", BROKER), rates.has_default_rate("a1")) == (D("0.3"), False)
    assert rates.referrer_rate("a1", BROKER) == D("0.1")
    rates.set_affiliates(["a0"], D("0.25"))
    assert rates.referee_rate("a1", BROKER) == D("0.25")
    rates.reset_referees("a0", ["a1"])
    rates.set_referees("a0", BROKER, D("0.05"), None)
    assert (rates.referee_rate("a1", BROKER), rates.has_default_rate("a1")) == (D("0.05"), True)
    for attempt in (
        lambda: rates.set_referees("a0", BROKER, D("0.26"), None),
        lambda: rates.set_referees("a0", BROKER, D("0.1"), ["a0"]),
        lambda: rates.reset_referees("a1", ["a0"]),
    ):
        with pytest.raises(Refused):
            attempt()


def test_who_is_not_bound_has_no_rates():
    """Neither to get nor to bring."""
    tree = Tree([])
    rates = tree.multilevel
    assert {
        rates.referee_rate("x", BROKER),
        rates.referrer_rate("x", BROKER),
        rates.base_rate("x", BROKER),
    } == {0}


def test_an_older_codes_owner_keeps_its_part_and_may_change_it():
    """A change of a code that is not there names it."""
    referrals = Referrals(Seeded(1))
    rates = MultilevelTree(referrals)
    code = Code(
        code="OLD",
        owner="x",
        broker_id=BROKER,
        created_time=1,
        max_rate=D("0.3"),
        referrer_rate=D("0.2"),
        referee_rate=D("0.1"),
    )
    referrals.add(code)
    referrals.bind("y", BROKER, "OLD", 2)
    assert (rates.referrer_rate("y", BROKER), rates.referee_rate("y", BROKER)) == (D("0.2"), D("0.1"))
    assert (referrals.owners(BROKER), referrals.upline("x")) == (["x"], None)
    assert [binding.referee for binding in referrals.bindings()] == ["y"]
    referrals.change(attrs.evolve(code, referrer_rate=D("0.1")))
    assert rates.referrer_rate("y", BROKER) == D("0.1")
    with pytest.raises(UnknownCode):
        referrals.change(attrs.evolve(code, code="NEW"))
    settings = AutoReferralTerms(required_trading_volume=D(1))
    referrals.set_auto(BROKER, settings)
    assert referrals.auto(BROKER) == settings
    made = referrals.automatic("x", BROKER, 3)
    assert made.is_automatic
    assert referrals.multilevel_code("x") is None
