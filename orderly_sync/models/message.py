"""What wallets sign: one class a struct.

The fields that carry ``abi`` are signed, in their order and under their wire names; the others travel beside them.
Numbers are ints throughout: amounts in the token's base units, times in milliseconds. Where the venue's schema asks for
text in the body, ``text`` says so.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

import attrs

from orderly_sync.models.account_enums import ChainType
from orderly_sync.models.base import Model, model

__all__ = [
    "AddOrderlyKeyMessage",
    "AddSpOrderlyKeyMessage",
    "DelegateAddOrderlyKeyMessage",
    "DelegateSettlePnlMessage",
    "DelegateSignerMessage",
    "DelegateWithdrawMessage",
    "InternalTransferMessage",
    "Message",
    "RegistrationMessage",
    "SettlePnlMessage",
    "SettleSpPnlMessage",
    "VaultAction",
    "VaultRequestMessage",
    "WithdrawMessage",
]


class VaultAction(IntEnum):
    """What a vault request asks for: LP is a depositor, SP the strategy provider."""

    LP_DEPOSIT = 0
    LP_WITHDRAW = 1
    SP_DEPOSIT = 2
    SP_WITHDRAW = 3


_STRING = {"abi": "string"}
_ADDRESS = {"abi": "address"}
_BYTES32 = {"abi": "bytes32"}
_UINT8 = {"abi": "uint8"}
_UINT64 = {"abi": "uint64"}
_UINT256 = {"abi": "uint256"}
_UINT64_TEXT = {"abi": "uint64", "text": True}
_UINT256_TEXT = {"abi": "uint256", "text": True}
_TEXT = {"text": True}


@model
class Message(Model):
    """The base of all messages."""

    wire_case: ClassVar[str] = "camel"

    struct: ClassVar[str]
    """The name of the signed struct."""
    domain: ClassVar[str]
    """``"offchain"``, ``"onchain"`` (the ledger contract) or ``"contract"`` (the one the message names)."""

    chain_id: int
    """The chain of the domain."""


@model
class RegistrationMessage(Message):
    """Makes an account of a wallet with one builder."""

    struct: ClassVar[str] = "Registration"
    domain: ClassVar[str] = "offchain"

    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    timestamp: int = attrs.field(metadata=_UINT64_TEXT)
    registration_nonce: int = attrs.field(metadata=_UINT256_TEXT)
    chain_type: ChainType | None = None


@model
class AddOrderlyKeyMessage(Message):
    """Lets an Orderly key act for the account; ``scope`` joins scopes by commas."""

    struct: ClassVar[str] = "AddOrderlyKey"
    domain: ClassVar[str] = "offchain"

    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    orderly_key: str = attrs.field(metadata=_STRING)
    scope: str = attrs.field(metadata=_STRING)
    timestamp: int = attrs.field(metadata=_UINT64)
    expiration: int = attrs.field(metadata=_UINT64)
    tag: str | None = None
    sub_account_id: str | None = None
    chain_type: ChainType | None = None


@model
class WithdrawMessage(Message):
    """Sends a token to the account's own wallet; ``chain_id`` is the chain it arrives on."""

    struct: ClassVar[str] = "Withdraw"
    domain: ClassVar[str] = "onchain"

    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    receiver: str = attrs.field(metadata=_ADDRESS)
    token: str = attrs.field(metadata=_STRING)
    amount: int = attrs.field(metadata=_UINT256_TEXT)
    withdraw_nonce: int = attrs.field(metadata=_UINT64_TEXT)
    timestamp: int = attrs.field(metadata=_UINT64_TEXT)
    chain_type: ChainType | None = None
    allow_cross_chain_withdraw: bool | None = None


@model
class SettlePnlMessage(Message):
    """Moves unsettled PnL into the balance."""

    struct: ClassVar[str] = "SettlePnl"
    domain: ClassVar[str] = "onchain"

    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    settle_nonce: int = attrs.field(metadata=_UINT64)
    timestamp: int = attrs.field(metadata=_UINT64)
    chain_type: ChainType | None = None


@model
class InternalTransferMessage(Message):
    """Sends a token to another account; ``receiver`` is its account id. Chain and chain type are not signed."""

    struct: ClassVar[str] = "InternalTransfer"
    domain: ClassVar[str] = "onchain"

    receiver: str = attrs.field(metadata=_BYTES32)
    token: str = attrs.field(metadata=_STRING)
    amount: int = attrs.field(metadata=_UINT256)
    transfer_nonce: int = attrs.field(metadata=_UINT64_TEXT)
    chain_id: int = attrs.field(metadata=_TEXT)
    chain_type: ChainType | None = None


@model
class DelegateSignerMessage(Message):
    """Lets a wallet sign for a contract; ``tx_hash`` is the contract's transaction that named the wallet."""

    struct: ClassVar[str] = "DelegateSigner"
    domain: ClassVar[str] = "offchain"

    delegate_contract: str = attrs.field(metadata=_ADDRESS)
    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    timestamp: int = attrs.field(metadata=_UINT64)
    registration_nonce: int = attrs.field(metadata=_UINT256)
    tx_hash: str = attrs.field(metadata=_BYTES32)


@model
class DelegateAddOrderlyKeyMessage(Message):
    """Lets an Orderly key act for a contract's account."""

    struct: ClassVar[str] = "DelegateAddOrderlyKey"
    domain: ClassVar[str] = "offchain"

    delegate_contract: str = attrs.field(metadata=_ADDRESS)
    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    orderly_key: str = attrs.field(metadata=_STRING)
    scope: str = attrs.field(metadata=_STRING)
    timestamp: int = attrs.field(metadata=_UINT64)
    expiration: int = attrs.field(metadata=_UINT64)


@model
class DelegateWithdrawMessage(Message):
    """Sends a token of a contract's account to the contract."""

    struct: ClassVar[str] = "DelegateWithdraw"
    domain: ClassVar[str] = "onchain"

    delegate_contract: str = attrs.field(metadata=_ADDRESS)
    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    receiver: str = attrs.field(metadata=_ADDRESS)
    token: str = attrs.field(metadata=_STRING)
    amount: int = attrs.field(metadata=_UINT256_TEXT)
    withdraw_nonce: int = attrs.field(metadata=_UINT64_TEXT)
    timestamp: int = attrs.field(metadata=_UINT64_TEXT)


@model
class DelegateSettlePnlMessage(Message):
    """Moves unsettled PnL of a contract's account into its balance."""

    struct: ClassVar[str] = "DelegateSettlePnl"
    domain: ClassVar[str] = "onchain"

    delegate_contract: str = attrs.field(metadata=_ADDRESS)
    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    settle_nonce: int = attrs.field(metadata=_UINT64)
    timestamp: int = attrs.field(metadata=_UINT64)


@model
class VaultRequestMessage(Message):
    """Puts money into a strategy vault or takes it out. Chain and chain type are not signed."""

    struct: ClassVar[str] = "DexRequest"
    domain: ClassVar[str] = "onchain"

    payload_type: int = attrs.field(metadata=_UINT8)
    """A VaultAction."""
    nonce: int = attrs.field(metadata=_UINT256_TEXT)
    receiver: str = attrs.field(metadata=_ADDRESS)
    amount: int = attrs.field(metadata=_UINT256_TEXT)
    vault_id: str = attrs.field(metadata=_BYTES32)
    token: str = attrs.field(metadata=_STRING)
    dex_broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int
    chain_type: ChainType | None = None


@model
class AddSpOrderlyKeyMessage(Message):
    """Lets an Orderly key act for a strategy provider's contract, which is also the verifying contract."""

    struct: ClassVar[str] = "AddSPOrderlyKey"
    domain: ClassVar[str] = "contract"

    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    orderly_key: str = attrs.field(metadata=_STRING)
    scope: str = attrs.field(metadata=_STRING)
    timestamp: int = attrs.field(metadata=_UINT64)
    expiration: int = attrs.field(metadata=_UINT64)
    contract: str = attrs.field(metadata=_STRING)
    sub_account_id: str | None = attrs.field(default=None, metadata=_STRING)
    """Signed only where given."""


@model
class SettleSpPnlMessage(Message):
    """Moves unsettled PnL of a strategy provider into its balance; the nonce is signed as text."""

    struct: ClassVar[str] = "SettleSPPnl"
    domain: ClassVar[str] = "contract"

    broker_id: str = attrs.field(metadata=_STRING)
    chain_id: int = attrs.field(metadata=_UINT256)
    settle_nonce: int = attrs.field(metadata={"abi": "string", "text": True})
    timestamp: int = attrs.field(metadata=_UINT64)
    contract: str | None = attrs.field(default=None, metadata=_STRING)
    """Signed only where given."""
