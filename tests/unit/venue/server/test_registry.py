"""Who has an account, and the numbers that signatures use up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.registry import Nonces, Registry, nonces

WALLET, OTHER = "0x" + "aB" * 20, "0x" + "12" * 20


@pytest.fixture
def registry() -> Registry:
    """A main account with a sub-account made before a second main account of the same wallet."""
    made = Registry()
    made.add("0xMain", address=WALLET, broker_id="b", now=5)
    made.add("0xSub", address=WALLET, broker_id="c", now=6, main_id="0xMain", description="grid")
    made.add("0xThird", address=WALLET, broker_id="c", now=7)
    made.add("0xOther", address=OTHER, broker_id="b", now=8, delegate=WALLET)
    return made


def test_accounts_are_found_whatever_the_case_of_their_digits(registry):
    """Ids and addresses are hex: their case is a checksum at most."""
    assert registry.get("0XMAIN").account_id == "0xMain"
    assert [member.account_id for member in registry.of_wallet(WALLET.lower())] == [
        "0xMain",
        "0xThird",
        "0xSub",
    ]
    assert [member.account_id for member in registry.of_wallet(WALLET, "b")] == ["0xMain"]


def test_an_account_exists_once(registry):
    """A second one is -1007, an unknown one -1006."""
    with pytest.raises(Refused) as twice:
        registry.add("0xMAIN", address=WALLET, broker_id="b", now=9)
    with pytest.raises(Refused) as unknown:
        registry.get("0xNobody")

    assert (twice.value.code, unknown.value.code) == (-1007, -1006)


def test_families_and_signers_are_known(registry):
    """A sub-account knows its main account, a contract the wallet that signs for it."""
    assert (registry.main_of("0xSUB"), registry.main_of("0xMain"), registry.main_of("?")) == (
        "0xMain",
        None,
        None,
    )
    assert [member.account_id for member in registry.subs("0xMain")] == ["0xSub"]
    assert (registry.get("0xSub").user_type, registry.get("0xMain").user_type) == ("SUB", "MAIN")
    assert registry.get("0xOther").signer == WALLET
    assert registry.get("0xMain").signer == WALLET
    assert [member.user_id for member in registry.members.values()] == [10_001, 10_002, 10_003, 10_004]


@given(order=st.permutations(range(8)))
def test_every_nonce_works_once_in_any_order(order):
    """For its owner only."""
    numbers = Nonces(first=1)
    issued = [numbers.issue("a", 0) for _ in range(8)]
    assert issued == list(range(1, 9))

    for place in order:
        with pytest.raises(Refused):
            numbers.use("b", issued[place], 0)
        numbers.use("a", issued[place], 10**12)
        with pytest.raises(Refused) as again:
            numbers.use("a", issued[place], 0)
        assert again.value.code == -1005


def test_nonces_for_registrations_end_and_do_not_look_like_a_count():
    """They are good for two minutes; old ones are forgotten when new ones are made."""
    numbers = nonces()["registration"]
    issued = [numbers.issue("", 1000 * second) for second in range(200)]

    assert len(set(issued)) == 200
    assert min(issued) > 10**10
    assert issued != sorted(issued)
    with pytest.raises(Refused):
        numbers.use("", issued[0], 199_000)
    numbers.use("", issued[100], 220_000)
    with pytest.raises(Refused):
        numbers.use("", issued[101], 222_000)
    assert len(numbers._living) < 130
