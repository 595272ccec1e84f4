"""The faucet: test money for accounts of this venue."""

from __future__ import annotations

from typing import Any

from orderly_sync.venue.engine.commands import Deposit
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Call
from orderly_sync.venue.server.constants import CHAINS, FAUCET_CLAIMS, FAUCET_USDC
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND
from orderly_sync.wire.typed_data import address

__all__ = ["ROUTES"]


def _usdc(call: Call) -> Any:
    wallet = address(call.body.required_text("user_address"), "user_address")
    found = call.accounts.of_wallet(wallet, call.body.required_text("broker_id"))
    if not found:
        raise Refused(RESOURCE_NOT_FOUND, "this wallet has no account with this builder; register it first")
    chain_id = call.body.text("chain_id") or str(CHAINS[0]["chain_id"])
    if all(chain_id != str(chain["chain_id"]) for chain in CHAINS):
        raise Refused(INVALID_PARAM, f"chain_id {chain_id} is none of the venue's chains")
    member = found[0]
    if member.faucet_claims >= FAUCET_CLAIMS:
        raise Refused(INVALID_PARAM, f"an account may claim {FAUCET_CLAIMS} times")
    call.trading.submit(member.account_id, Deposit(amount=FAUCET_USDC, chain_id=chain_id))
    member.faucet_claims += 1


ROUTES: dict[tuple[str, str], HttpRoute] = {("POST", "/v1/faucet/usdc"): public(_usdc)}
