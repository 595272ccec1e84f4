"""Vaults: shares and money are conserved, whatever is asked for and when."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.seeded import Seeded
from orderly_sync.venue.programs.vaults.vaults import LP, SP, VaultRequest, Vaults

D = Decimal
DAY = 86_400_000
OPENING = 1_767_225_600_000 + 12_345
PROVIDER = "0x" + "AA" * 20


def vaults() -> Vaults:
    made = Vaults(Seeded(5), OPENING)
    made.provider_wallet = PROVIDER
    return made


def request(
    vault_id: str, now: int, *, wallet: str = "0xb1", role: str = LP, amount=None, shares=None
) -> VaultRequest:
    return VaultRequest(
        id=0,
        vault_id=vault_id,
        account_id="acc",
        wallet=wallet,
        role=role,
        kind="deposit" if shares is None else "withdrawal",
        created=now,
        period=0,
        nonce="1",
        chain_id="1",
        amount=amount,
        shares=shares,
    )


STEPS = st.lists(
    st.tuples(st.sampled_from([LP, SP]), st.booleans(), st.integers(1, 5_000), st.integers(0, 40)),
    max_size=12,
)


@given(STEPS)
def test_shares_add_up_and_money_follows_the_price(steps):
    """What leaves is what the shares are worth, less a tenth of a depositor's profit for the provider."""
    house = vaults()
    vault, now = house.all()[0], OPENING
    founders = house.founders_shares(vault)
    for role, deposits, size, days in steps:
        wallet = PROVIDER if role == SP else "0xb1"
        asked = (
            request(vault.vault_id, now, wallet=wallet, role=role, amount=D(size))
            if deposits
            else request(vault.vault_id, now, wallet=wallet, role=role, shares=D(size))
        )
        before = house.holder(vault, role, wallet)
        shares, cost, fees = before.shares, before.cost, before.fees
        try:
            taken = house.ask(asked)
        except Refused:
            continue
        now += days * DAY
        price = house.price(vault, now)
        done = house.carry_out(taken, now)
        after = house.holder(vault, role, wallet)
        if deposits:
            assert after.shares - shares == done.shares == round(D(size) / price, 6)
            assert after.cost - cost == done.amount == size
        else:
            assert shares - after.shares == done.shares == size
            assert done.amount + done.fee == round(size * price, 6)
            assert (done.fee > 0) <= (role == LP)
            assert after.fees - fees == done.fee
            assert after.withdrawing == 0
        held = sum(each.shares for each_role in (LP, SP) for each in house.holders(vault, each_role))
        assert house.total_shares(vault) == founders + held
        with pytest.raises(Refused):
            house.waiting(done.id)


def test_requests_fall_due_when_their_day_is_over():
    """Not before."""
    house = vaults()
    vault = house.all()[0]
    house.ask(request(vault.vault_id, OPENING, amount=D(100)))
    end = house.period_times(vault, house.period(vault, OPENING))[1]
    assert list(house.due(end - 1)) == []
    (due,) = house.due(end)
    assert house.carry_out(due, end).executed == end
    assert list(house.due(end + DAY)) == []
    assert house.requests(vault, kind="deposit", wallet="0xb1")[0].is_done


def test_shares_that_wait_cannot_be_asked_for_twice():
    """They are not free any more."""
    house = vaults()
    vault = house.all()[0]
    house.carry_out(house.ask(request(vault.vault_id, OPENING, amount=D(100))), OPENING)
    shares = house.holder(vault, LP, "0xb1").shares
    house.ask(request(vault.vault_id, OPENING, shares=shares))
    with pytest.raises(Refused):
        house.ask(request(vault.vault_id, OPENING, shares=D(1)))


def test_a_vault_that_has_not_begun_takes_nothing():
    """It has no period, no founders and a price of 1."""
    house = vaults()
    vault = house.all()[1]
    with pytest.raises(Refused, match="not live"):
        house.ask(request(vault.vault_id, OPENING, amount=D(100)))
    assert (house.period(vault, OPENING), house.price(vault, OPENING)) == (0, 1)
    assert (house.founders(vault), house.total_shares(vault)) == (0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": D(5)},
        {"shares": D("0.5")},
        {"role": SP, "amount": D(100)},
    ],
)
def test_senseless_requests_are_refused(wrong):
    """Too little, or the provider's part by somebody else."""
    house = vaults()
    with pytest.raises(Refused):
        house.check(request(house.all()[0].vault_id, OPENING, **wrong))
    with pytest.raises(Refused):
        house.check(request("0x00", OPENING, amount=D(100)))


def test_the_same_seed_has_the_same_vaults():
    """And prices; another seed has others."""
    one, two, other = vaults(), vaults(), Vaults(Seeded(6), OPENING)
    assert one.all() == two.all()
    assert one.all()[0].vault_id != other.all()[0].vault_id
    days = [OPENING + day * DAY for day in range(20)]
    assert [one.price(one.all()[0], day) for day in days] == [two.price(two.all()[0], day) for day in days]
