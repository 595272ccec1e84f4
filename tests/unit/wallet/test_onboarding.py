"""From a fresh wallet to credentials that trade."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import responses

from orderly_sync.clock import ManualClock
from orderly_sync.config import Network
from orderly_sync.credentials import Credentials
from orderly_sync.errors import AuthenticationError, Maintenance, UsageError
from orderly_sync.models.account_enums import KeyScope
from orderly_sync.models.message import (
    AddOrderlyKeyMessage,
    AddSpOrderlyKeyMessage,
    DelegateAddOrderlyKeyMessage,
    DelegateSignerMessage,
    Message,
    RegistrationMessage,
)
from orderly_sync.signing import Secret, request_message, verify
from orderly_sync.wallet import onboarding
from orderly_sync.wallet.onboarding import Rest
from orderly_sync.wallet.wallet import ExternalWallet, Wallet, account_id
from orderly_sync.wire.converter import structure
from orderly_sync.wire.typed_data import OFFCHAIN_CONTRACT
from tests.support.ethereum import Account
from tests.unit.wallet.signed_messages import ACCOUNT_ID, ADDRESS, CONTRACT, KEY, digest

HOST = "http://127.0.0.1:1"
NETWORK = Network(
    name="here", rest=HOST, ws_public="ws://127.0.0.1:2", ws_private="ws://127.0.0.1:3", chain_id=421614
)
NOW = 1_700_000_000_000
DAY = 86_400_000
WALLET = Wallet(KEY)
SECRET = Secret.generate()


@pytest.fixture(autouse=True)
def venue() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{HOST}/v1/registration_nonce", json=ok({"registration_nonce": "194528949540"}))
        mock.post(f"{HOST}/v1/register_account", json=ok({"account_id": ACCOUNT_ID}))
        mock.post(f"{HOST}/v1/orderly_key", json=ok({"orderly_key": "ed25519:x", "id": 1}))
        yield mock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def rest(clock: ManualClock) -> Iterator[Rest]:
    with Rest(NETWORK, clock=clock) as client:
        yield client


def ok(data: Any) -> dict[str, Any]:
    return {"success": True, "timestamp": NOW, "data": data}


def refusal(code: int, message: str) -> dict[str, Any]:
    return {"success": False, "code": code, "message": message}


def paths(venue: responses.RequestsMock) -> list[str]:
    return [call.request.path_url.partition("?")[0] for call in venue.calls]


def sent(venue: responses.RequestsMock, path: str) -> dict[str, Any]:
    (body,) = (json.loads(call.request.body) for call in venue.calls if call.request.path_url == path)
    return body


def signer(body: dict[str, Any], kind: type[Message], contract: str = OFFCHAIN_CONTRACT) -> str:
    """Who signed what was sent, by an independent hash of the body alone."""
    message = structure(body["message"], kind, "test")
    assert message.extra == {}
    return Account._recover_hash(digest(message, contract), signature=body["signature"])


def test_a_fresh_wallet_becomes_credentials_that_trade(
    venue: responses.RequestsMock, clock: ManualClock
) -> None:
    """It is looked up, registered, and given a key; the result signs as that account."""
    venue.get(f"{HOST}/v1/get_account", status=400, json=refusal(-1106, "account not found"))

    credentials = onboarding.onboard(NETWORK, WALLET, "woofi_pro", tag="bot", clock=clock)

    assert paths(venue) == [
        "/v1/get_account",
        "/v1/registration_nonce",
        "/v1/register_account",
        "/v1/orderly_key",
    ]
    registration, key = sent(venue, "/v1/register_account"), sent(venue, "/v1/orderly_key")
    assert signer(registration, RegistrationMessage) == ADDRESS == registration["userAddress"]
    assert signer(key, AddOrderlyKeyMessage) == ADDRESS == key["userAddress"]
    assert registration["message"] == {
        "brokerId": "woofi_pro",
        "chainId": 421614,
        "timestamp": str(NOW),
        "registrationNonce": "194528949540",
        "chainType": "EVM",
    }
    assert key["message"]["scope"] == "read,trading"
    assert key["message"]["tag"] == "bot"
    assert NOW + 364 * DAY < key["message"]["expiration"] <= NOW + 365 * DAY
    assert (credentials.account_id, credentials.broker_id) == (ACCOUNT_ID, "woofi_pro")
    assert key["message"]["orderlyKey"] == credentials.key
    signature = credentials.secret.sign(request_message(NOW, "GET", "/v1/orders"))
    assert verify(key["message"]["orderlyKey"], request_message(NOW, "GET", "/v1/orders"), signature)


def test_a_registered_wallet_only_gets_a_key(venue: responses.RequestsMock, clock: ManualClock) -> None:
    """Onboarding twice makes a second key, not a second account."""
    venue.get(f"{HOST}/v1/get_account", json=ok({"account_id": "0xab", "user_id": 1}))

    credentials = onboarding.onboard(NETWORK, WALLET, "woofi_pro", "read", secret=SECRET, clock=clock)

    assert paths(venue) == ["/v1/get_account", "/v1/orderly_key"]
    assert credentials == Credentials(account_id="0xab", secret=SECRET)
    assert sent(venue, "/v1/orderly_key")["message"]["scope"] == "read"


def test_an_account_made_by_someone_else_meanwhile_is_used(
    venue: responses.RequestsMock, clock: ManualClock
) -> None:
    """The venue says it exists; its id follows from wallet and builder."""
    venue.get(f"{HOST}/v1/get_account", status=400, json=refusal(-1106, "account not found"))
    venue.replace(
        "POST", f"{HOST}/v1/register_account", status=400, json=refusal(-1007, "account already registered")
    )

    credentials = onboarding.onboard(NETWORK, WALLET, "woofi_pro", clock=clock)

    assert credentials.account_id == account_id(ADDRESS, "woofi_pro") == ACCOUNT_ID


@pytest.mark.parametrize(
    ("status", "code", "error"), [(503, -1011, Maintenance), (401, -1002, AuthenticationError)]
)
def test_a_venue_that_cannot_answer_gets_no_registration(
    venue: responses.RequestsMock, clock: ManualClock, status: int, code: int, error: type[Exception]
) -> None:
    """Not every refusal means that the account is missing."""
    venue.get(f"{HOST}/v1/get_account", status=status, json=refusal(code, "no"))

    with pytest.raises(error):
        onboarding.onboard(NETWORK, WALLET, "woofi_pro", clock=clock)

    assert "/v1/register_account" not in paths(venue)


def test_an_external_wallet_onboards_too(venue: responses.RequestsMock, clock: ManualClock) -> None:
    """Its signer is asked once a message."""
    venue.get(f"{HOST}/v1/get_account", status=400, json=refusal(-1106, "account not found"))
    asked: list[str] = []

    def signer_of(data: dict[str, Any]) -> str:
        asked.append(data["primaryType"])
        return Account.sign_typed_data(KEY, full_message=data).signature.hex()

    onboarding.onboard(NETWORK, ExternalWallet(ADDRESS, signer_of), "woofi_pro", clock=clock)

    assert asked == ["Registration", "AddOrderlyKey"]
    assert signer(sent(venue, "/v1/orderly_key"), AddOrderlyKeyMessage) == ADDRESS


@pytest.mark.parametrize(
    ("scope", "wire"),
    [
        ("read", "read"),
        ("read, trading ,asset", "read,trading,asset"),
        ([KeyScope.READ, "asset"], "read,asset"),
    ],
)
def test_scopes_are_given_as_text_or_one_by_one(
    venue: responses.RequestsMock, rest: Rest, scope: Any, wire: str
) -> None:
    """The wire joins them by commas, and so they are signed."""
    onboarding.add_key(rest, WALLET, "woofi_pro", scope=scope)

    assert sent(venue, "/v1/orderly_key")["message"]["scope"] == wire


@pytest.mark.parametrize("expires", [NOW + 1, NOW + 365 * DAY, "2023-11-15T00:00:00Z"])
def test_a_key_ends_when_it_is_told_to(venue: responses.RequestsMock, rest: Rest, expires: Any) -> None:
    """Any moment within 365 days, in any form that moments have."""
    onboarding.add_key(rest, WALLET, "woofi_pro", expires=expires)

    wanted = expires if isinstance(expires, int) else 1_700_006_400_000
    assert sent(venue, "/v1/orderly_key")["message"]["expiration"] == wanted


@pytest.mark.parametrize(
    "bad",
    [
        {"scope": "trade"},
        {"scope": ""},
        {"scope": []},
        {"expires": NOW},
        {"expires": NOW + 366 * DAY},
        {"expires": "2026-01-01"},
    ],
    ids=repr,
)
def test_a_key_that_cannot_be_right_is_not_signed(
    venue: responses.RequestsMock, rest: Rest, bad: dict[str, Any]
) -> None:
    """Unknown scopes, and ends that are past, too far or without a zone."""
    with pytest.raises(UsageError):
        onboarding.add_key(rest, ExternalWallet(ADDRESS, lambda _: pytest.fail("signed")), "woofi_pro", **bad)

    assert paths(venue) == []


def test_a_network_without_a_chain_asks_for_one(venue: responses.RequestsMock, clock: ManualClock) -> None:
    """Or takes the one given."""
    bare = Network(name="bare", rest=HOST, ws_public="ws://127.0.0.1:2", ws_private="ws://127.0.0.1:3")
    with Rest(bare, clock=clock) as rest:
        with pytest.raises(UsageError, match="pass chain_id"):
            onboarding.register(rest, WALLET, "woofi_pro")

        assert onboarding.register(rest, WALLET, "woofi_pro", chain_id=10) == ACCOUNT_ID
    assert sent(venue, "/v1/register_account")["message"]["chainId"] == 10


def test_a_sub_account_gets_a_key_of_its_own(venue: responses.RequestsMock, clock: ManualClock) -> None:
    """The venue issues its id; the main account's wallet signs for the key."""
    venue.post(
        f"{HOST}/v1/client/add_sub_account", json=ok({"sub_account_id": "0xcd", "description": "grid"})
    )
    main = Credentials(account_id=ACCOUNT_ID, secret=SECRET, broker_id="woofi_pro")

    with Rest(NETWORK, main, clock=clock) as rest:
        made = onboarding.add_sub_account(rest, WALLET, description="grid")

    assert made.account_id == "0xcd"
    assert made.key != main.key
    key = sent(venue, "/v1/orderly_key")
    assert key["message"]["subAccountId"] == "0xcd"
    assert signer(key, AddOrderlyKeyMessage) == ADDRESS


def test_a_sub_account_needs_credentials_that_name_the_builder(rest: Rest, clock: ManualClock) -> None:
    """Said before one is made."""
    nameless = Rest(NETWORK, Credentials(account_id=ACCOUNT_ID, secret=SECRET), clock=clock)

    for client in (rest, nameless):
        with pytest.raises(UsageError, match="broker_id"):
            onboarding.add_sub_account(client, WALLET)
    nameless.close()


def test_a_key_removes_itself_unless_another_is_named(
    venue: responses.RequestsMock, rest: Rest, clock: ManualClock
) -> None:
    """Removing is signed by the key that asks."""
    venue.post(f"{HOST}/v1/client/remove_orderly_key", json={"success": True})
    main = Credentials(account_id=ACCOUNT_ID, secret=SECRET, broker_id="woofi_pro")

    with Rest(NETWORK, main, clock=clock) as client:
        onboarding.remove_key(client)
        onboarding.remove_key(client, "ed25519:other")

    assert [json.loads(call.request.body)["orderly_key"] for call in venue.calls] == [
        main.key,
        "ed25519:other",
    ]
    with pytest.raises(UsageError, match="credentials"):
        onboarding.remove_key(rest)


def test_a_delegate_signer_is_named_and_adds_a_key_to_the_contracts_account(
    venue: responses.RequestsMock, rest: Rest
) -> None:
    """Both messages are signed for the off-chain domain by the delegate."""
    venue.post(f"{HOST}/v1/delegate_signer", json=ok({"account_id": "0xef", "valid_signer": ADDRESS}))
    venue.post(f"{HOST}/v1/delegate_orderly_key", json=ok({"orderly_key": "ed25519:x"}))

    named = onboarding.delegate(rest, WALLET, "woofi_pro", contract=CONTRACT, tx_hash="0x" + "ab" * 32)
    made = onboarding.add_delegate_key(rest, WALLET, "woofi_pro", contract=CONTRACT)

    assert named.valid_signer == ADDRESS
    assert made.account_id == account_id(CONTRACT, "woofi_pro")
    assert signer(sent(venue, "/v1/delegate_signer"), DelegateSignerMessage) == ADDRESS
    key = sent(venue, "/v1/delegate_orderly_key")
    assert signer(key, DelegateAddOrderlyKeyMessage) == ADDRESS
    assert key["message"]["orderlyKey"] == made.key


@pytest.mark.parametrize("sub", [None, "0x12"])
def test_a_strategy_provider_gets_a_key(venue: responses.RequestsMock, rest: Rest, sub: str | None) -> None:
    """Its own contract verifies the signature."""
    venue.post(f"{HOST}/v1/sv/sp_orderly_key", json={"success": True})

    made = onboarding.add_provider_key(
        rest, WALLET, "woofi_pro", contract=CONTRACT, account="0xef", sub_account_id=sub
    )

    assert made.account_id == (sub or "0xef")
    key = sent(venue, "/v1/sv/sp_orderly_key")
    assert key["message"]["contract"] == CONTRACT
    if sub is None:
        assert signer(key, AddSpOrderlyKeyMessage, CONTRACT) == ADDRESS
    else:
        assert key["message"]["subAccountId"] == sub
