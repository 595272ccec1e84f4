"""The faucet and the vaults answer on hosts of their own, and a main account's key acts for its sub-accounts."""

from __future__ import annotations

import json

import pytest
import responses

from orderly_sync import signing
from orderly_sync.config import Network
from orderly_sync.credentials import Credentials
from orderly_sync.rest import Rest

NETWORK = Network(
    name="elsewhere",
    rest="http://127.0.0.1:1",
    ws_public="ws://127.0.0.1:2",
    ws_private="ws://127.0.0.1:3",
    rest_strategy_vault="http://127.0.0.1:4",
    faucet="http://127.0.0.1:5",
)
ACCOUNT = "0x" + "a" * 64
SUB = "0x" + "b" * 64


@responses.activate
def test_the_faucet_is_asked_on_its_own_host() -> None:
    """The request goes there, unsigned, with its body."""
    responses.post("http://127.0.0.1:5/v1/faucet/usdc", json={"success": True, "timestamp": 7})

    with Rest(NETWORK) as rest:
        answer = rest.faucet.usdc(user_address="0x1", broker_id="woofi_pro", chain_id=421614)

    assert answer.timestamp == 7
    sent = responses.calls[0].request
    assert json.loads(sent.body) == {"chain_id": "421614", "user_address": "0x1", "broker_id": "woofi_pro"}
    assert "orderly-signature" not in sent.headers


@responses.activate
def test_vaults_are_asked_on_their_own_host() -> None:
    """Public vault data come from the host of the strategy vaults."""
    responses.get(
        "http://127.0.0.1:4/v1/public/strategy_vault/vault/info",
        json={"success": True, "data": {"rows": [{"vault_id": "0x1", "30d_apy": 0.24}]}},
    )

    with Rest(NETWORK) as rest:
        (vault,) = rest.vault_host.vaults(broker_ids=["orderly", "aden"])

    assert str(vault.apy_30d) == "0.24"
    assert responses.calls[0].request.url.endswith("?broker_ids=orderly%2Caden")


@pytest.mark.parametrize("named", [SUB, None])
@responses.activate
def test_a_settlement_names_the_sub_account_it_is_for(named: str | None) -> None:
    """The account header names the sub-account; key and signature stay those of the asking account."""
    responses.post(
        "http://127.0.0.1:1/v1/sub_account_settle_pnl", json={"success": True, "data": {"settle_pnl_id": 1}}
    )
    who = Credentials(account_id=ACCOUNT, secret=signing.Secret.generate())

    with Rest(NETWORK, who) as rest:
        rest.sub_accounts.settle_pnl(settle_nonce=4, sub_account_id=named)

    sent = responses.calls[0].request
    assert sent.headers["orderly-account-id"] == (named or ACCOUNT)
    message = signing.request_message(
        int(sent.headers["orderly-timestamp"]), "POST", "/v1/sub_account_settle_pnl", sent.body
    )
    assert signing.verify(who.key, message, sent.headers["orderly-signature"])
