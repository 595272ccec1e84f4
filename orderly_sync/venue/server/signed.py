"""Bodies that a wallet signed: read, and the signature held against what they say."""

from __future__ import annotations

from typing import TypeVar

from orderly_sync.errors import DecodingError
from orderly_sync.models.account_enums import ChainType
from orderly_sync.models.message import Message
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server import wallets
from orderly_sync.venue.server.auth import SKEW_MS
from orderly_sync.venue.server.call import Call
from orderly_sync.venue.server.constants import BROKERS, CHAINS, LEDGER_CONTRACT
from orderly_sync.venue.server.fields import missing
from orderly_sync.wire.converter import structure
from orderly_sync.wire.error_codes import (
    GATEWAY_BAD_SIGNATURE,
    GATEWAY_EXPIRED,
    GATEWAY_SIGNER_DIFFERS,
    GATEWAY_UNKNOWN_BROKER,
    GATEWAY_WRONG_CONTRACT,
    INVALID_PARAM,
)
from orderly_sync.wire.typed_data import address, typed_data

__all__ = ["demand_signer", "read_signed"]

M = TypeVar("M", bound=Message)

# What the gateway for wallets answers; it has codes of its own.


def read_signed(call: Call, kind: type[M]) -> tuple[M, str]:
    """The message of a body and the checksummed address of the wallet that signed it.

    Raises:
        Refused: -1005 for a malformed body; else the gateway's codes: 2 the message is older than five minutes, 15 the
            builder is unknown, 29 the contract is not the ledger, 3 nobody can have signed so, 9 another wallet signed.
    """
    message = _message(call, kind)
    chain_type = getattr(message, "chain_type", None)
    if chain_type not in {None, ChainType.EVM}:
        raise Refused(INVALID_PARAM, f"signatures of chainType {chain_type} are not simulated; use EVM")
    if all(message.chain_id != chain["chain_id"] for chain in CHAINS):
        raise Refused(INVALID_PARAM, f"chainId {message.chain_id} is none of the venue's chains")
    stamp = getattr(message, "timestamp", None)
    if stamp is not None and all(abs(clock - stamp) > SKEW_MS for clock in call.accounts.clocks()):
        raise Refused(GATEWAY_EXPIRED, "the message's timestamp is more than five minutes off")
    broker_id = getattr(message, "broker_id", None)
    if broker_id is not None and broker_id not in BROKERS:
        raise Refused(
            GATEWAY_UNKNOWN_BROKER, f"brokerId {broker_id!r} is unknown; known are {', '.join(BROKERS)}"
        )
    return message, _signer(call, message)


def _message(call: Call, kind: type[M]) -> M:
    value = call.body.raw("message")
    if value is None:
        raise missing("message")
    if not isinstance(value, dict):
        raise Refused(INVALID_PARAM, "message must be an object")
    try:
        return structure(value, kind, "message")
    except DecodingError as exc:
        raise Refused(INVALID_PARAM, str(exc)) from None


def _signer(call: Call, message: Message) -> str:
    signature = call.body.required_text("signature")
    claimed = address(call.body.required_text("userAddress"), "userAddress")
    if message.domain == "onchain":
        contract = call.body.required_text("verifyingContract")
        if contract.lower() != LEDGER_CONTRACT.lower():
            raise Refused(GATEWAY_WRONG_CONTRACT, f"verifyingContract must be the ledger, {LEDGER_CONTRACT}")
    # Providers' messages are verified by their own contract, which stands in the message or beside it.
    verifies = call.body.text("verifyingContract") if message.domain == "contract" else LEDGER_CONTRACT
    found = wallets.recover(wallets.digest(typed_data(message, verifies)), signature)
    if found is None:
        raise Refused(GATEWAY_BAD_SIGNATURE, "the signature is no signature of a wallet")
    if found.lower() != claimed.lower():
        raise Refused(GATEWAY_SIGNER_DIFFERS, "the signature of this message is not userAddress's")
    return found


def demand_signer(signer: str, wanted: str | None) -> None:
    """Hold the wallet that signed against the one whose signature counts.

    Raises:
        Refused: 9, it is another.
    """
    if wanted is None or signer.lower() != wanted.lower():
        raise Refused(GATEWAY_SIGNER_DIFFERS, "the wallet that signed has no say over this account")
