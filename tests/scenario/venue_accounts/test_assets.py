"""Money in, out and between accounts: faucet, withdrawals, settlements, transfers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.asset import TransferReceiver
from orderly_sync.models.message import (
    InternalTransferMessage,
    SettlePnlMessage,
    WithdrawMessage,
)
from orderly_sync.venue.server.constants import LEDGER_CONTRACT
from orderly_sync.wallet.flows import settle_pnl, transfer, withdraw
from orderly_sync.wallet.onboarding import add_key
from orderly_sync.wallet.wallet import Wallet
from tests.support.venue_kit import BROKER, CHAIN, ETH, Person, leftovers, refused

D = Decimal


def claim(person: Person) -> None:
    person.rest.faucet.usdc(user_address=person.wallet.address, broker_id=BROKER)


def told(venue: Any, person: Person, topic: str) -> list[dict[str, Any]]:
    return [entry["data"] for entry in venue.ledger(person.account_id) if entry["topic"] == topic]


def buy(person: Person, quantity: str = "1") -> None:
    person.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity=quantity)


def test_the_faucet_credits_a_new_account(kit, venue):
    """1,000 USDC, as a deposit that is complete at once, in the history and on the wallet topic."""
    person = kit.newcomer()

    claim(person)

    row = person.rest.assets.history().rows[0]
    assert person.usdc == 1000
    assert (row.side, row.amount, row.fee, row.trans_status) == ("DEPOSIT", 1000, 0, "COMPLETED")
    assert (row.token, row.chain_id) == ("USDC", str(CHAIN))
    assert [frame["id"] for frame in told(venue, person, "wallet")] == [row.id]
    assert leftovers([row, person.rest.assets.holding()]) == []


def test_the_faucet_gives_five_times(kit):
    """Then it refuses with -1005; a wallet without account gets nothing."""
    person = kit.newcomer()
    for _ in range(5):
        claim(person)

    assert refused(claim, person).code == -1005
    assert person.usdc == 5000
    stranger = Wallet.generate().address
    faucet = person.rest.faucet.usdc
    assert refused(faucet, user_address=stranger, broker_id=BROKER).code == -1006
    assert refused(faucet, user_address=person.wallet.address, broker_id=BROKER, chain_id=1).code == -1005


def test_a_withdrawal_takes_its_time(alice, venue):
    """PENDING, PROCESSING, COMPLETED; the money is frozen at once and gone at the end, the fee kept back from it."""
    made = withdraw(alice.rest, alice.wallet, token="USDC", amount="250.5")

    held = alice.rest.assets.holding().holding[0]
    assert (held.holding, held.frozen) == (100_000, D("250.5"))
    states = []
    for _ in range(4):
        states.append(alice.rest.assets.history(side="WITHDRAW").rows[0].trans_status)
        venue.advance(2_000)

    row = alice.rest.assets.history().rows[0]
    assert states == ["PENDING", "PROCESSING", "PROCESSING", "COMPLETED"]
    assert (row.id, row.amount, row.fee) == (str(made.withdraw_id), D("250.5"), 1)
    assert alice.usdc == D("99749.5")
    assert [frame["trans_status"] for frame in told(venue, alice, "wallet")] == [
        "PENDING",
        "PROCESSING",
        "COMPLETED",
    ]
    assert alice.rest.notifications.inbox().rows[0].message_type == "WITHDRAW_COMPLETED"


def test_no_more_is_withdrawn_than_may_leave(alice, venue):
    """-1101 beyond the balance, -1009 what a position needs as margin, -1005 what the fee would eat."""

    def attempt(amount: str) -> Any:
        return refused(withdraw, alice.rest, alice.wallet, token="USDC", amount=amount).code

    assert attempt("100000.01") == -1101
    assert attempt("1") == -1005
    buy(alice, "100")
    assert attempt("99000") == -1009
    assert withdraw(alice.rest, alice.wallet, token="USDC", amount="1000").withdraw_id


@pytest.fixture
def withdrawal(alice: Person) -> Callable[..., tuple[WithdrawMessage, str]]:
    """Makes a withdrawal with something changed, and its signature by the owner."""

    def make(**changed: Any) -> tuple[WithdrawMessage, str]:
        values: dict[str, Any] = {
            "broker_id": BROKER,
            "chain_id": CHAIN,
            "receiver": alice.wallet.address,
            "token": "USDC",
            "amount": 5_000_000,
            "withdraw_nonce": alice.rest.assets.withdraw_nonce().withdraw_nonce,
            "timestamp": alice.rest.clock.time_ms(),
        }
        message = WithdrawMessage(**{**values, **changed})
        return message, alice.wallet.sign(message, LEDGER_CONTRACT).signature

    return make


def send(person: Person, message: WithdrawMessage, signature: str, **changed: str) -> Any:
    values = {"user_address": person.wallet.address, "verifying_contract": LEDGER_CONTRACT, **changed}
    return person.rest.assets.withdraw(message=message, signature=signature, **values)


def test_a_withdrawal_is_held_against_its_signature(alice, bob, withdrawal):
    """29 another contract, 9 another wallet or a changed amount, 2 too old, -1005 another receiver or builder."""
    message, signature = withdrawal()
    other, foreign = withdrawal(amount=6_000_000)
    old = alice.rest.clock.time_ms() - 400_000

    assert refused(send, alice, message, signature, verifying_contract="0x" + "1" * 40).code == 29
    assert refused(send, alice, message, signature, user_address=bob.wallet.address).code == 9
    assert refused(send, alice, other, signature).code == 9
    assert refused(send, bob, message, signature).code == 9
    assert refused(send, alice, *withdrawal(timestamp=old)).code == 2
    assert refused(send, alice, *withdrawal(receiver=bob.wallet.address)).code == -1005
    assert refused(send, alice, *withdrawal(broker_id="orderly")).code == -1005
    assert refused(send, alice, *withdrawal(token="ETH")).code == -1005
    assert refused(send, alice, *withdrawal(amount=2**200)).code == -1005
    assert send(alice, other, foreign).withdraw_id


def test_another_wallet_cannot_withdraw_with_a_stolen_key(alice, bob, withdrawal):
    """A valid signature of somebody else is 9: the key alone moves no money."""
    message, _ = withdrawal()
    signature = bob.wallet.sign(message, LEDGER_CONTRACT).signature

    error = refused(send, alice, message, signature, user_address=bob.wallet.address)

    assert error.code == 9


def test_a_nonce_moves_money_once(alice, bob, withdrawal):
    """A message sent twice, one with a nonce of somebody else, and one never issued are -1005."""
    message, signature = withdrawal()
    assert send(alice, message, signature).withdraw_id

    assert refused(send, alice, message, signature).code == -1005
    assert refused(send, alice, *withdrawal(withdraw_nonce=999)).code == -1005
    for _ in range(5):
        nonce = bob.rest.assets.withdraw_nonce().withdraw_nonce
    assert refused(send, alice, *withdrawal(withdraw_nonce=nonce)).code == -1005


def test_settling_moves_profit_into_the_balance(alice, venue):
    """The margin figures stay; the history and the settle topic say what each symbol brought."""
    buy(alice)
    venue.set_mark_price(ETH, "3500")
    before = alice.rest.account.overview()
    unsettled = alice.rest.positions.get(ETH).unsettled_pnl

    made = settle_pnl(alice.rest, alice.wallet)

    row = alice.rest.assets.settlements().rows[0]
    frame = told(venue, alice, "settle")[0]
    after = alice.rest.account.overview()
    assert (row.id, row.old_balance, row.settled_amount) == (made.settle_pnl_id, 100_000, unsettled)
    assert row.new_balance == alice.usdc == 100_000 + unsettled
    assert [(part.symbol, part.settled_amount) for part in row.symbols] == [(ETH, unsettled)]
    assert alice.rest.positions.get(ETH).unsettled_pnl == 0
    assert (before.margin_ratio, before.free_collateral) == (after.margin_ratio, after.free_collateral)
    assert (frame["id"], frame["status"], frame["settled_amount"]) == (row.id, "COMPLETED", unsettled)
    assert leftovers(row) == []


def test_a_settlement_needs_its_own_nonce_and_the_owner(alice, bob):
    """A withdrawal's nonce will not do, nor will another wallet."""

    def attempt(signer: Wallet, **changed: Any) -> Any:
        values: dict[str, Any] = {
            "broker_id": BROKER,
            "chain_id": CHAIN,
            "settle_nonce": alice.rest.assets.settle_nonce().settle_nonce,
            "timestamp": alice.rest.clock.time_ms(),
        }
        message = SettlePnlMessage(**{**values, **changed})
        return refused(
            alice.rest.assets.settle_pnl,
            message=message,
            signature=signer.sign(message, LEDGER_CONTRACT).signature,
            user_address=signer.address,
            verifying_contract=LEDGER_CONTRACT,
        ).code

    for _ in range(3):
        nonce = alice.rest.assets.withdraw_nonce().withdraw_nonce
    assert attempt(alice.wallet, settle_nonce=nonce) == -1005
    assert attempt(bob.wallet) == 9
    assert attempt(alice.wallet, broker_id="orderly") == -1005


def test_a_key_with_the_scope_sends_to_several(alice, bob, kit):
    """All or none: an amount too many, a stranger or oneself among the receivers stops it."""
    carol = kit.newcomer()

    def send_to(*receivers: tuple[str, str]) -> Any:
        rows = [TransferReceiver(account_id=name, amount=D(amount)) for name, amount in receivers]
        return alice.rest.assets.transfer(token="USDC", receiver_list=rows)

    made = send_to((bob.account_id, "10.5"), (carol.account_id, "20"))

    sent = alice.rest.assets.transfers(side="OUT")
    assert (bob.usdc, carol.usdc, alice.usdc) == (D("100010.5"), 20, D("99969.5"))
    assert {row.internal_transfer_request_id for row in sent.rows} == {made.internal_transfer_request_id}
    assert [row.status for row in sent.rows] == ["COMPLETED", "COMPLETED"]
    assert leftovers(sent.rows) == []
    for wrong, code in (
        ((bob.account_id, "200000"), -1101),
        ((alice.account_id, "1"), -1005),
        (("0x" + "0" * 64, "1"), -1006),
        ((bob.account_id, "0"), -1005),
        ((bob.account_id, "0.0000001"), -1005),
    ):
        assert refused(send_to, (carol.account_id, "1"), wrong).code == code
    assert refused(alice.rest.assets.transfer, token="USDC", receiver_list=[]).code == -1005
    assert carol.usdc == 20


def test_a_key_without_the_scope_sends_nothing(alice, bob, kit):
    """-1002; with the wallet's signature the same key may."""
    rest = kit.client(add_key(alice.rest, alice.wallet, BROKER, scope="read,trading"))
    receiver = TransferReceiver(account_id=bob.account_id, amount=D(1))

    assert refused(rest.assets.transfer, token="USDC", receiver_list=[receiver]).code == -1002
    assert transfer(rest, alice.wallet, receiver=bob.account_id, token="USDC", amount="1")
    assert bob.usdc == 100_001


def test_a_signed_transfer_is_held_against_its_signature(alice, bob, kit):
    """9 for another wallet, -1005 for a nonce that is used up, -1006 for a receiver that is none."""
    carol = kit.newcomer()
    message = InternalTransferMessage(
        receiver=carol.account_id,
        token="USDC",
        amount=2_500_000,
        transfer_nonce=alice.rest.assets.transfer_nonce().transfer_nonce,
        chain_id=CHAIN,
    )

    def send_as(signer: Wallet, sent: InternalTransferMessage = message) -> Any:
        return alice.rest.assets.transfer_signed(
            message=sent,
            signature=signer.sign(sent, LEDGER_CONTRACT).signature,
            user_address=signer.address,
            verifying_contract=LEDGER_CONTRACT,
        )

    assert refused(send_as, bob.wallet).code == 9
    assert send_as(alice.wallet)
    assert refused(send_as, alice.wallet).code == -1005
    assert carol.usdc == D("2.5")
    lost = {"receiver": "0x" + "0" * 64, "token": "USDC", "amount": 1, "transferNonce": "9", "chainId": CHAIN}
    nowhere = InternalTransferMessage(
        receiver=lost["receiver"], token="USDC", amount=1, transfer_nonce=9, chain_id=CHAIN
    )
    assert refused(send_as, alice.wallet, nowhere).code == -1006


def test_transfers_can_be_filtered(alice, bob, kit):
    """By side, by either account, by time; whose other account is in the family is for sub-accounts to say."""
    carol = kit.newcomer()
    for person, amount in ((bob, "1"), (carol, "2"), (bob, "3")):
        transfer(alice.rest, alice.wallet, receiver=person.account_id, token="USDC", amount=amount)
    transfers = alice.rest.assets.transfers

    def amounts(**wanted: Any) -> list[Any]:
        return [row.amount for row in transfers(**{"side": "OUT", **wanted}).rows]

    middle = transfers(side="OUT").rows[1].created_time
    assert amounts() == [3, 2, 1]
    assert amounts(to_account_id=bob.account_id) == [3, 1]
    assert amounts(side="IN") == []
    assert [row.amount for row in carol.rest.assets.transfers(side="IN").rows] == [2]
    assert amounts(from_account_id=bob.account_id) == []
    assert amounts(start=middle) == [3, 2]
    assert amounts(end=middle) == [2, 1]
    assert amounts(status="FAILED") == []
    assert amounts(main_sub_only=True) == []


def test_histories_come_in_pages_without_gaps(kit):
    """Five deposits in pages of two: each row once, and the meta counts them."""
    person = kit.newcomer()
    for _ in range(5):
        claim(person)

    page = person.rest.assets.history(size=2)
    ids = [row.id for row in page.each()]

    assert (page.meta.total, page.meta.records_per_page, len(page.rows)) == (5, 2, 2)
    assert len(set(ids)) == 5
    assert ids == sorted(ids, reverse=True)
    assert person.rest.assets.history(token="ETH").rows == ()
    assert person.rest.assets.history(status="FAILED").rows == ()


def test_a_deposit_address_is_the_accounts_own(alice, bob):
    """Nothing ever arrives there; other tokens and chains have none."""
    mine = alice.rest.assets.receiver_address(chain_id=CHAIN)
    again = alice.rest.assets.receiver_address(chain_id=CHAIN, token="USDC")

    assert mine == again != bob.rest.assets.receiver_address(chain_id=CHAIN)
    assert mine.minimum_deposit == 1
    assert list(alice.rest.assets.receiver_events()) == []
    assert refused(alice.rest.assets.receiver_address, chain_id=1).code == -1005
    assert refused(alice.rest.assets.receiver_address, chain_id=CHAIN, token="ETH").code == -1005
    assert leftovers(mine) == []
