"""Money that a wallet moves: each request carries the wallet's signature over exactly what it asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.clock import ManualClock
from orderly_sync.config import Network
from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.models.message import (
    DelegateSettlePnlMessage,
    DelegateWithdrawMessage,
    InternalTransferMessage,
    Message,
    SettlePnlMessage,
    SettleSpPnlMessage,
    VaultAction,
    VaultRequestMessage,
    WithdrawMessage,
)
from orderly_sync.rest import Rest
from orderly_sync.signing import Secret
from orderly_sync.wallet import flows as wallet_flows
from orderly_sync.wallet.wallet import ExternalWallet, Wallet
from orderly_sync.wire.converter import structure
from tests.support.ethereum import Account
from tests.unit.wallet.signed_messages import ACCOUNT_ID, ADDRESS, CONTRACT, KEY, LEDGER, digest

HOST = "http://127.0.0.1:1"
WS = {"ws_public": "ws://127.0.0.1:2", "ws_private": "ws://127.0.0.1:3"}
NETWORK = Network(name="here", rest=HOST, **WS, chain_id=421614, ledger_contract=LEDGER)
NOW = 1_700_000_000_000
WALLET = Wallet(KEY)
WHO = Credentials(account_id=ACCOUNT_ID, secret=Secret.generate(), broker_id="woofi_pro")
NOBODY = Rest(NETWORK)
VAULT = "0x" + "cd" * 32
OTHER = "0x" + "ef" * 32


def ok(data: Any) -> dict[str, Any]:
    return {"success": True, "timestamp": NOW, "data": data}


@pytest.fixture(autouse=True)
def venue() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        tokens = [{"token": "USDC", "decimals": 6}, {"token": "WBTC", "decimals": 8}, {"token": "NEW"}]
        mock.get(f"{HOST}/v1/public/token", json=ok({"rows": tokens}))
        for path, data in {
            "/v1/withdraw_nonce": {"withdraw_nonce": 5},
            "/v1/settle_nonce": {"settle_nonce": 6},
            "/v1/transfer_nonce": {"transfer_nonce": 7},
            "/v1/public/sv_nonce": {"nonce": 14001212121234},
        }.items():
            mock.get(f"{HOST}{path}", json=ok(data))
        for path, data in {
            "/v1/withdraw_request": {"withdraw_id": 1},
            "/v1/delegate_withdraw_request": {"withdraw_id": 2},
            "/v1/settle_pnl": {"settle_pnl_id": 3},
            "/v1/delegate_settle_pnl": {"settle_pnl_id": 4},
            "/v1/sub_account_settle_pnl": {"settle_pnl_id": 5},
            "/v2/internal_transfer": {"internal_transfer_request_id": 6},
            "/v1/sv_operation_request": None,
            "/v1/sv/sp_settle_pnl": None,
        }.items():
            mock.post(f"{HOST}{path}", json=ok(data))
        yield mock


@pytest.fixture
def rest() -> Iterator[Rest]:
    with Rest(NETWORK, WHO, clock=ManualClock(NOW)) as client:
        yield client


def posted(venue: responses.RequestsMock) -> dict[str, Any]:
    (body,) = (json.loads(call.request.body) for call in venue.calls if call.request.method == "POST")
    return body


def message_of(body: dict[str, Any], kind: type[Message], contract: str = LEDGER) -> dict[str, Any]:
    """The message of a request whose signature is that of the wallet over it, by an independent hash."""
    assert body["userAddress"] == ADDRESS
    assert body["verifyingContract"] == contract
    message = structure(body["message"], kind, "test")
    assert message.extra == {}
    assert Account._recover_hash(digest(message, contract), signature=body["signature"]) == ADDRESS
    return body["message"]


def test_a_withdrawal_goes_to_the_wallet_itself(venue: responses.RequestsMock, rest: Rest) -> None:
    """Amount in base units, a nonce from the venue, text where the schema wants text."""
    answer = wallet_flows.withdraw(rest, WALLET, token="USDC", amount="12.5", allow_cross_chain=True)

    assert answer.withdraw_id == 1
    assert message_of(posted(venue), WithdrawMessage) == {
        "brokerId": "woofi_pro",
        "chainId": 421614,
        "receiver": ADDRESS,
        "token": "USDC",
        "amount": "12500000",
        "withdrawNonce": "5",
        "timestamp": str(NOW),
        "chainType": "EVM",
        "allowCrossChainWithdraw": True,
    }


def test_a_settlement_is_signed(venue: responses.RequestsMock, rest: Rest) -> None:
    """Its numbers are numbers in the body too."""
    assert wallet_flows.settle_pnl(rest, WALLET, chain_id=10).settle_pnl_id == 3

    message = message_of(posted(venue), SettlePnlMessage)
    assert (message["settleNonce"], message["timestamp"], message["chainId"]) == (6, NOW, 10)


def test_a_sub_account_settles_by_its_key_alone(venue: responses.RequestsMock, rest: Rest) -> None:
    """No wallet takes part."""
    assert wallet_flows.settle_sub_account(rest).settle_pnl_id == 5
    assert posted(venue) == {"settle_nonce": 6}


def test_a_transfer_names_the_receiving_account(venue: responses.RequestsMock, rest: Rest) -> None:
    """Chain and chain type travel unsigned."""
    answer = wallet_flows.transfer(rest, WALLET, receiver=OTHER, token="WBTC", amount="0.00000001")

    assert answer.internal_transfer_request_id == 6
    assert message_of(posted(venue), InternalTransferMessage) == {
        "receiver": OTHER,
        "token": "WBTC",
        "amount": 1,
        "transferNonce": "7",
        "chainId": "421614",
        "chainType": "EVM",
    }


def test_a_delegate_moves_the_contracts_money(venue: responses.RequestsMock, rest: Rest) -> None:
    """A withdrawal goes to the contract, not to the delegate."""
    assert (
        wallet_flows.delegate_withdraw(rest, WALLET, contract=CONTRACT, token="USDC", amount=1).withdraw_id
        == 2
    )
    assert message_of(posted(venue), DelegateWithdrawMessage)["receiver"] == CONTRACT


def test_a_delegate_settles_for_the_contract(venue: responses.RequestsMock, rest: Rest) -> None:
    """Signed by the delegate for the ledger."""
    assert wallet_flows.delegate_settle_pnl(rest, WALLET, contract=CONTRACT).settle_pnl_id == 4
    assert message_of(posted(venue), DelegateSettlePnlMessage)["delegateContract"] == CONTRACT


@pytest.mark.parametrize("action", VaultAction)
def test_a_vault_request_says_what_it_wants(
    venue: responses.RequestsMock, rest: Rest, action: VaultAction
) -> None:
    """By the number of its action."""
    wallet_flows.request_vault(rest, WALLET, action, vault_id=VAULT, token="USDC", amount="100", decimals=6)

    message = message_of(posted(venue), VaultRequestMessage)
    assert (message["payloadType"], message["nonce"], message["amount"]) == (
        action.value,
        "14001212121234",
        "100000000",
    )
    assert all("/v1/public/token" not in call.request.url for call in venue.calls)


def test_a_provider_settles_under_its_own_contract(venue: responses.RequestsMock, rest: Rest) -> None:
    """Its nonce is signed as text."""
    wallet_flows.settle_provider_pnl(rest, WALLET, contract=CONTRACT)

    assert message_of(posted(venue), SettleSpPnlMessage, CONTRACT)["settleNonce"] == "6"


@given(units=st.integers(1, 2**110), decimals=st.integers(0, 18))
def test_whole_tokens_become_base_units_exactly(units: int, decimals: int) -> None:
    """Whatever their size: no context rounds them."""
    digits = str(units).rjust(decimals + 1, "0")
    text = f"{digits[: len(digits) - decimals]}.{digits[len(digits) - decimals :]}" if decimals else digits

    assert wallet_flows.base_units(NOBODY, "ANY", text, decimals) == units
    assert wallet_flows.base_units(NOBODY, "ANY", Decimal(text), decimals) == units


@pytest.mark.parametrize(
    ("token", "amount", "said"),
    [
        ("USDC", "0.0000001", "6 decimals"),
        ("USDC", 0, "more than 0"),
        ("USDC", "-1", "amount"),
        ("USDC", "nan", "amount"),
        ("NEW", 1, "pass decimals"),
        ("USDD", 1, "pass decimals"),
    ],
)
def test_an_amount_that_cannot_be_right_is_not_signed(
    venue: responses.RequestsMock, rest: Rest, token: str, amount: Any, said: str
) -> None:
    """Too fine, zero, negative, no number, or of a token that the venue does not list."""
    wallet = ExternalWallet(ADDRESS, lambda _: pytest.fail("signed"))

    with pytest.raises(UsageError, match=said):
        wallet_flows.withdraw(rest, wallet, token=token, amount=amount)

    assert all(call.request.method == "GET" for call in venue.calls)


def test_what_is_missing_is_said_before_anything_is_sent(venue: responses.RequestsMock) -> None:
    """A ledger contract, a builder."""
    bare = Network(name="bare", rest=HOST, **WS, chain_id=1)
    nameless = Credentials(account_id=ACCOUNT_ID, secret=WHO.secret)

    for network, who, said in (
        (bare, WHO, "ledger_contract"),
        (NETWORK, nameless, "broker_id"),
        (NETWORK, None, "broker_id"),
    ):
        with Rest(network, who) as rest, pytest.raises(UsageError, match=said):
            wallet_flows.settle_pnl(rest, WALLET)

    assert len(venue.calls) == 0
