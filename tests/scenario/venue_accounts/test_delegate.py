"""Delegate signers: a wallet signs for a contract's account."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync import Rest
from orderly_sync.models.asset import TransferReceiver
from orderly_sync.models.message import DelegateSignerMessage
from orderly_sync.wallet.flows import (
    delegate_settle_pnl,
    delegate_withdraw,
    settle_pnl,
    withdraw,
)
from orderly_sync.wallet.onboarding import add_delegate_key, add_key, delegate
from orderly_sync.wallet.wallet import Wallet, account_id
from tests.support.venue_kit import (
    ALL,
    BROKER,
    CHAIN,
    ETH,
    Person,
    VenueKit,
    leftovers,
    refused,
)

CONTRACT = "0x036Cb579025d3535a0ADcD929D05481a3189714b"
TX = "0x" + "ab" * 32


@pytest.fixture
def signer() -> Wallet:
    """The wallet that the contract named."""
    return Wallet.generate()


@pytest.fixture
def contract(kit: VenueKit, signer: Wallet) -> Person:
    """The contract's account, with test money and a key that its delegate added."""
    rest = kit.client()
    delegate(rest, signer, BROKER, contract=CONTRACT, tx_hash=TX)
    credentials = add_delegate_key(rest, signer, BROKER, contract=CONTRACT, scope=ALL)
    rest.faucet.usdc(user_address=CONTRACT, broker_id=BROKER)
    return Person(signer, credentials, kit.client(credentials))


def test_a_contract_gets_an_account_and_a_signer(kit, signer):
    """The account is the contract's; the answer names the wallet that signs."""
    rest = kit.client()

    made = delegate(rest, signer, BROKER, contract=CONTRACT, tx_hash=TX)

    owner = rest.registration.owner(account_id=str(made.account_id))
    assert (made.account_id, made.valid_signer) == (account_id(CONTRACT, BROKER), signer.address)
    assert owner.address == CONTRACT
    assert leftovers(made) == []


def test_another_signer_takes_over(kit, contract, signer):
    """From then on only the new one adds keys; the old key works until it is removed."""
    heir = Wallet.generate()
    rest = kit.client()

    again = delegate(rest, heir, BROKER, contract=CONTRACT, tx_hash=TX)

    assert again.account_id == contract.account_id
    assert refused(add_delegate_key, rest, signer, BROKER, contract=CONTRACT).code == 9
    assert add_delegate_key(rest, heir, BROKER, contract=CONTRACT).account_id == contract.account_id
    assert contract.usdc == 1000


def test_a_wallets_own_account_cannot_be_taken_over(kit, alice, signer):
    """-1005: it signs for itself."""
    error = refused(delegate, kit.client(), signer, BROKER, contract=alice.wallet.address, tx_hash=TX)

    assert error.code == -1005


def test_a_nonce_names_one_delegate(kit, signer):
    """The registration's nonces serve here, and each works once."""
    rest = kit.client()
    message = DelegateSignerMessage(
        delegate_contract=CONTRACT,
        broker_id=BROKER,
        chain_id=CHAIN,
        timestamp=rest.clock.time_ms(),
        registration_nonce=rest.registration.nonce().registration_nonce,
        tx_hash=TX,
    )
    sent: dict[str, Any] = {
        "message": message,
        "signature": signer.sign(message).signature,
        "user_address": signer.address,
    }

    assert rest.delegate.register(**sent).valid_signer == signer.address
    assert refused(rest.delegate.register, **sent).code == -1005


def test_the_delegate_settles_and_withdraws_to_the_contract(venue, contract, signer):
    """Money goes to the contract and nowhere else."""
    contract.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="0.1")
    venue.set_mark_price(ETH, "3500")

    assert delegate_settle_pnl(contract.rest, signer, contract=CONTRACT).settle_pnl_id
    made = delegate_withdraw(contract.rest, signer, contract=CONTRACT, token="USDC", amount="100")

    assert contract.rest.assets.settlements().rows[0].settled_amount > 9
    assert contract.rest.assets.history().rows[0].id == str(made.withdraw_id)


def test_only_the_delegate_may(contract, signer, alice):
    """9 for another wallet; -1005 for another contract, or an account that has none."""
    other = Wallet.generate()

    def settle(rest: Rest, wallet: Wallet, of: str = CONTRACT) -> Any:
        return refused(delegate_settle_pnl, rest, wallet, contract=of).code

    assert settle(contract.rest, other) == 9
    assert settle(contract.rest, signer, "0x" + "1" * 40) == -1005
    assert settle(alice.rest, alice.wallet, alice.wallet.address) == -1005


def test_the_plain_operations_are_not_for_the_delegate(kit, contract, signer, alice):
    """Its signature is not the contract's: 9, or -1006 where the wallet's own account is meant."""
    assert refused(settle_pnl, contract.rest, signer).code == 9
    assert refused(withdraw, contract.rest, signer, token="USDC", amount="5").code == 9
    assert refused(add_key, kit.client(), signer, BROKER).code == -1006
    receiver = TransferReceiver(account_id=alice.account_id, amount=1)
    assert refused(contract.rest.assets.transfer, token="USDC", receiver_list=[receiver]).code == -1005
