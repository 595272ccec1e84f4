"""Accounts of wallets: signatures verified, nonces used up, and the gateway's own codes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orderly_sync import Rest
from orderly_sync.clock import ManualClock
from orderly_sync.errors import Duplicate
from orderly_sync.models.message import RegistrationMessage
from orderly_sync.venue.server.serve import Venue
from orderly_sync.wallet.onboarding import onboard, register
from orderly_sync.wallet.wallet import Wallet, account_id
from tests.support.venue_kit import BROKER, CHAIN, VenueKit, leftovers, refused


@pytest.fixture
def rest(kit: VenueKit) -> Rest:
    """A client without credentials."""
    return kit.client()


def message(rest: Rest, **changed: object) -> RegistrationMessage:
    """A registration that the venue would accept, but for what is changed."""
    values = {
        "broker_id": BROKER,
        "chain_id": CHAIN,
        "timestamp": rest.clock.time_ms(),
        "registration_nonce": rest.registration.nonce().registration_nonce,
    }
    return RegistrationMessage(**{**values, **changed})


def attempt(rest: Rest, wallet: Wallet, sent: RegistrationMessage, **changed: str) -> int | str | None:
    """The code with which a registration is refused."""
    signed = wallet.sign(sent)
    values = {"signature": signed.signature, "user_address": wallet.address, **changed}
    return refused(rest.registration.register, message=sent, **values).code


def test_a_new_wallet_becomes_an_account_without_money(kit):
    """Its id follows from wallet and builder; it holds 0 USDC and may trade no more than that."""
    person = kit.newcomer()

    assert person.account_id == account_id(person.wallet.address, BROKER)
    assert person.usdc == 0
    assert person.rest.account.info().account_id == person.account_id


def test_an_account_is_found_by_its_wallet_and_the_wallet_by_its_account(kit, rest):
    """All five lookups agree, and their answers hold nothing unknown."""
    person = kit.newcomer()
    wallet = person.wallet.address

    one = rest.registration.account(address=wallet, broker_id=BROKER)
    every = rest.registration.accounts(address=wallet.lower(), broker_id=BROKER)
    brokers = rest.registration.brokers(address=wallet)
    owner = rest.registration.owner(account_id=person.account_id)

    assert (one.account_id, one.user_id) == (person.account_id, 10_003)
    assert [(row.account_id, row.user_type, row.chain_type) for row in every] == [
        (person.account_id, "MAIN", "EVM")
    ]
    assert brokers.broker_id == (BROKER,)
    assert (owner.address, owner.broker_id) == (wallet, BROKER)
    assert leftovers([one, every, brokers, owner]) == []


def test_an_unknown_wallet_has_no_account(rest):
    """-1006 for the account, empty lists for the others."""
    wallet = Wallet.generate().address

    assert refused(rest.registration.account, address=wallet, broker_id=BROKER).code == -1006
    assert refused(rest.registration.owner, account_id="0x" + "0" * 64).code == -1006
    assert list(rest.registration.accounts(address=wallet, broker_id=BROKER)) == []
    assert rest.registration.brokers(address=wallet).broker_id == ()
    assert refused(rest.registration.brokers, address="0x12").code == -1005


def test_the_venues_own_accounts_belong_to_their_wallets(alice, rest):
    """Their wallet keys are real ones."""
    assert rest.registration.owner(account_id=alice.account_id).address == alice.wallet.address
    assert alice.account_id == account_id(alice.wallet.address, BROKER)


def test_a_wallet_registers_once_with_each_builder(kit, rest):
    """A second time is -1007; another builder makes another account; onboarding again adds a key only."""
    person = kit.newcomer()

    with pytest.raises(Duplicate):
        register(rest, person.wallet, BROKER)
    other = register(rest, person.wallet, "woofi_pro")
    again = onboard(kit.network, person.wallet, BROKER)

    assert other == account_id(person.wallet.address, "woofi_pro")
    assert again.account_id == person.account_id
    assert rest.registration.brokers(address=person.wallet.address).broker_id == (BROKER, "woofi_pro")


def test_a_nonce_works_once(rest):
    """Whoever signs it a second time is refused with -1005."""
    first, second = Wallet.generate(), Wallet.generate()
    sent = message(rest)
    signed = first.sign(sent)
    rest.registration.register(message=sent, signature=signed.signature, user_address=first.address)

    assert attempt(rest, second, sent) == -1005
    assert attempt(rest, second, message(rest, registration_nonce=7)) == -1005


def test_what_the_gateway_refuses_has_its_own_codes(rest):
    """2 a stale message, 3 no signature, 9 another's, 15 an unknown builder; -1005 what makes no sense."""
    wallet, other = Wallet.generate(), Wallet.generate()
    old = rest.clock.time_ms() - 301_000

    assert attempt(rest, wallet, message(rest, timestamp=old)) == 2
    assert attempt(rest, wallet, message(rest), signature="0x" + "00" * 65) == 3
    assert attempt(rest, wallet, message(rest), signature="0x12") == 3
    assert attempt(rest, wallet, message(rest), signature="nonsense") == 3
    assert attempt(rest, wallet, message(rest), user_address=other.address) == 9
    assert attempt(rest, other, message(rest), user_address=wallet.address) == 9
    assert attempt(rest, wallet, message(rest, broker_id="nobody")) == 15
    assert attempt(rest, wallet, message(rest, chain_id=1)) == -1005
    assert attempt(rest, wallet, message(rest, chain_type="SOL")) == -1005
    assert attempt(rest, wallet, message(rest), user_address="0x1") == -1005


def test_a_message_that_was_changed_after_signing_is_refused(rest):
    """Every signed field counts: 9, since somebody else would have to have signed it."""
    wallet = Wallet.generate()
    sent = message(rest)
    signature = wallet.sign(sent).signature

    for changed in (
        message(rest),
        message(rest, registration_nonce=sent.registration_nonce, timestamp=sent.timestamp + 1),
        message(
            rest,
            registration_nonce=sent.registration_nonce,
            timestamp=sent.timestamp,
            broker_id="orderly",
        ),
    ):
        assert attempt(rest, wallet, changed, signature=signature) == 9


@pytest.mark.parametrize("body", [{}, {"brokerId": BROKER}, {"brokerId": [], "chainId": "x"}])
def test_a_malformed_message_is_refused(rest, body):
    """-1005, whatever is missing or of the wrong kind."""
    wallet = Wallet.generate()

    error = refused(
        rest.registration.register, message=body, signature="0x" + "11" * 65, user_address=wallet.address
    )

    assert error.code == -1005


@pytest.fixture
def clock() -> ManualClock:
    """A clock that client and venue share."""
    return ManualClock()


@pytest.fixture
def dated(clock: ManualClock) -> Iterator[Rest]:
    """A client of a venue whose wall clock is that one."""
    with Venue(seed=7, market="frozen", rate_limits=False, clock=clock) as venue:
        network = VenueKit(venue).network
        with Rest(network, clock=clock, rate_limits=False) as rest:
            yield rest


@pytest.mark.parametrize(("seconds", "code"), [(120, None), (121, -1005)])
def test_a_nonce_lives_two_minutes(dated, clock, seconds, code):
    """By the wall clock."""
    nonce = dated.registration.nonce().registration_nonce
    clock.advance(seconds)
    wallet = Wallet.generate()
    sent = message(dated, registration_nonce=nonce)

    if code is None:
        signature = wallet.sign(sent).signature
        made = dated.registration.register(message=sent, signature=signature, user_address=wallet.address)
        assert made.account_id == account_id(wallet.address, BROKER)
    else:
        assert attempt(dated, wallet, sent) == code
