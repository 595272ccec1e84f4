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
    """What a vault request asks for: LP is a depositor, SP the strategy provider.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/create-strategy-vault-depositwithdrawal-request-with-account
    """

    LP_DEPOSIT = 0
    """A depositor puts money in."""
    LP_WITHDRAW = 1
    """A depositor takes money out."""
    SP_DEPOSIT = 2
    """The strategy provider puts money in."""
    SP_WITHDRAW = 3
    """The strategy provider takes money out."""


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
    """The base of all messages.

    https://orderly.network/docs/build-on-omnichain/user-flows/wallet-authentication
    """

    wire_case: ClassVar[str] = "camel"

    struct: ClassVar[str]
    """The name of the signed struct."""
    domain: ClassVar[str]
    """``"offchain"``, ``"onchain"`` (the ledger contract) or ``"contract"`` (the one the message names)."""

    chain_id: int
    """The EVM chain of the domain, which is the one the wallet is on: 42161 is Arbitrum."""


@model
class RegistrationMessage(Message):
    """Makes an account of a wallet with one builder.

    https://orderly.network/docs/build-on-omnichain/user-flows/wallet-authentication
    https://orderly.network/docs/build-on-omnichain/restful-api/public/register-account
    """

    struct: ClassVar[str] = "Registration"
    domain: ClassVar[str] = "offchain"

    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain of the domain."""
    timestamp: int = attrs.field(metadata=_UINT64_TEXT)
    """When it was signed, ms; text in the body."""
    registration_nonce: int = attrs.field(metadata=_UINT256_TEXT)
    """From ``GET /v1/registration_nonce``, for one use; text in the body."""
    chain_type: ChainType | None = None
    """EVM or SOL, beside the signed fields; None is EVM."""


@model
class AddOrderlyKeyMessage(Message):
    """Lets an Orderly key act for the account; ``scope`` joins scopes by commas.

    https://orderly.network/docs/build-on-omnichain/user-flows/wallet-authentication
    https://orderly.network/docs/build-on-omnichain/restful-api/public/add-orderly-key
    """

    struct: ClassVar[str] = "AddOrderlyKey"
    domain: ClassVar[str] = "offchain"

    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain of the domain."""
    orderly_key: str = attrs.field(metadata=_STRING)
    """The public key, ``ed25519:`` and base58."""
    scope: str = attrs.field(metadata=_STRING)
    """What it may do, joined by commas: ``read,trading``."""
    timestamp: int = attrs.field(metadata=_UINT64)
    """When it was signed, ms."""
    expiration: int = attrs.field(metadata=_UINT64)
    """When the key stops working, ms; at most 365 days ahead."""
    tag: str | None = None
    """A word of the owner's choice, beside the signed fields; None without one."""
    sub_account_id: str | None = None
    """The sub account that it is for, beside the signed fields; None is the main account."""
    chain_type: ChainType | None = None
    """EVM or SOL, beside the signed fields; None is EVM."""


@model
class WithdrawMessage(Message):
    """Sends a token to the account's own wallet; ``chain_id`` is the chain it arrives on.

    https://orderly.network/docs/build-on-omnichain/user-flows/withdrawal-deposit
    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-withdraw-request
    """

    struct: ClassVar[str] = "Withdraw"
    domain: ClassVar[str] = "onchain"

    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain that the money arrives on."""
    receiver: str = attrs.field(metadata=_ADDRESS)
    """The wallet that receives, ``0x`` and 40 hex digits."""
    token: str = attrs.field(metadata=_STRING)
    """The token, such as USDC."""
    amount: int = attrs.field(metadata=_UINT256_TEXT)
    """In the token's smallest units: 1,000,000 is 1 USDC; text in the body."""
    withdraw_nonce: int = attrs.field(metadata=_UINT64_TEXT)
    """From ``GET /v1/withdraw_nonce``, for one use; text in the body."""
    timestamp: int = attrs.field(metadata=_UINT64_TEXT)
    """When it was signed, ms; text in the body."""
    chain_type: ChainType | None = None
    """EVM or SOL, beside the signed fields; None is EVM."""
    allow_cross_chain_withdraw: bool | None = None
    """Whether money may come from another chain, for a fee, beside the signed fields; None leaves it to the venue."""


@model
class SettlePnlMessage(Message):
    """Moves unsettled PnL into the balance.

    https://orderly.network/docs/build-on-omnichain/user-flows/settle-pnl
    https://orderly.network/docs/build-on-omnichain/restful-api/private/request-pnl-settlement
    """

    struct: ClassVar[str] = "SettlePnl"
    domain: ClassVar[str] = "onchain"

    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain of the domain."""
    settle_nonce: int = attrs.field(metadata=_UINT64)
    """From ``GET /v1/settle_nonce``, for one use."""
    timestamp: int = attrs.field(metadata=_UINT64)
    """When it was signed, ms."""
    chain_type: ChainType | None = None
    """EVM or SOL, beside the signed fields; None is EVM."""


@model
class InternalTransferMessage(Message):
    """Sends a token to another account; ``receiver`` is its account id. Chain and chain type are not signed.

    https://orderly.network/docs/build-on-omnichain/user-flows/internal-transfer
    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-internal-transfer-with-wallet-signature
    """

    struct: ClassVar[str] = "InternalTransfer"
    domain: ClassVar[str] = "onchain"

    receiver: str = attrs.field(metadata=_BYTES32)
    """Account id of who receives, ``0x`` and 64 hex digits."""
    token: str = attrs.field(metadata=_STRING)
    """The token, such as USDC."""
    amount: int = attrs.field(metadata=_UINT256)
    """In the token's smallest units: 1,000,000 is 1 USDC."""
    transfer_nonce: int = attrs.field(metadata=_UINT64_TEXT)
    """From ``GET /v1/transfer_nonce``, for one use; text in the body."""
    chain_id: int = attrs.field(metadata=_TEXT)
    """The EVM chain of the domain, beside the signed fields; text in the body."""
    chain_type: ChainType | None = None
    """EVM or SOL, beside the signed fields; None is EVM."""


@model
class DelegateSignerMessage(Message):
    """Lets a wallet sign for a contract; ``tx_hash`` is the contract's transaction that named the wallet.

    https://orderly.network/docs/build-on-omnichain/user-flows/delegate-signer
    https://orderly.network/docs/build-on-omnichain/restful-api/public/delegate-signer
    """

    struct: ClassVar[str] = "DelegateSigner"
    domain: ClassVar[str] = "offchain"

    delegate_contract: str = attrs.field(metadata=_ADDRESS)
    """The contract's address, ``0x`` and 40 hex digits."""
    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain that the contract is on."""
    timestamp: int = attrs.field(metadata=_UINT64)
    """When it was signed, ms."""
    registration_nonce: int = attrs.field(metadata=_UINT256)
    """From ``GET /v1/registration_nonce``, for one use."""
    tx_hash: str = attrs.field(metadata=_BYTES32)
    """The contract's transaction that named the wallet, ``0x`` and 64 hex digits."""


@model
class DelegateAddOrderlyKeyMessage(Message):
    """Lets an Orderly key act for a contract's account.

    https://orderly.network/docs/build-on-omnichain/user-flows/delegate-signer
    https://orderly.network/docs/build-on-omnichain/restful-api/public/add-delegate-signer-orderly-key
    """

    struct: ClassVar[str] = "DelegateAddOrderlyKey"
    domain: ClassVar[str] = "offchain"

    delegate_contract: str = attrs.field(metadata=_ADDRESS)
    """The contract's address, ``0x`` and 40 hex digits."""
    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain that the contract is on."""
    orderly_key: str = attrs.field(metadata=_STRING)
    """The public key, ``ed25519:`` and base58."""
    scope: str = attrs.field(metadata=_STRING)
    """What it may do, joined by commas: ``read,trading``."""
    timestamp: int = attrs.field(metadata=_UINT64)
    """When it was signed, ms."""
    expiration: int = attrs.field(metadata=_UINT64)
    """When the key stops working, ms; at most 365 days ahead."""


@model
class DelegateWithdrawMessage(Message):
    """Sends a token of a contract's account to the contract.

    https://orderly.network/docs/build-on-omnichain/user-flows/delegate-signer
    https://orderly.network/docs/build-on-omnichain/restful-api/private/delegate-signer-withdraw-request
    """

    struct: ClassVar[str] = "DelegateWithdraw"
    domain: ClassVar[str] = "onchain"

    delegate_contract: str = attrs.field(metadata=_ADDRESS)
    """The contract's address, ``0x`` and 40 hex digits."""
    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain that the money arrives on."""
    receiver: str = attrs.field(metadata=_ADDRESS)
    """The contract's address again, which receives."""
    token: str = attrs.field(metadata=_STRING)
    """The token, such as USDC."""
    amount: int = attrs.field(metadata=_UINT256_TEXT)
    """In the token's smallest units: 1,000,000 is 1 USDC; text in the body."""
    withdraw_nonce: int = attrs.field(metadata=_UINT64_TEXT)
    """From ``GET /v1/withdraw_nonce``, for one use; text in the body."""
    timestamp: int = attrs.field(metadata=_UINT64_TEXT)
    """When it was signed, ms; text in the body."""


@model
class DelegateSettlePnlMessage(Message):
    """Moves unsettled PnL of a contract's account into its balance.

    https://orderly.network/docs/build-on-omnichain/user-flows/delegate-signer
    https://orderly.network/docs/build-on-omnichain/restful-api/private/delegate-signer-settle-pnl
    """

    struct: ClassVar[str] = "DelegateSettlePnl"
    domain: ClassVar[str] = "onchain"

    delegate_contract: str = attrs.field(metadata=_ADDRESS)
    """The contract's address, ``0x`` and 40 hex digits."""
    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain that the contract is on."""
    settle_nonce: int = attrs.field(metadata=_UINT64)
    """From ``GET /v1/settle_nonce``, for one use."""
    timestamp: int = attrs.field(metadata=_UINT64)
    """When it was signed, ms."""


@model
class VaultRequestMessage(Message):
    """Puts money into a strategy vault or takes it out. Chain and chain type are not signed.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/create-strategy-vault-depositwithdrawal-request-with-account
    """

    struct: ClassVar[str] = "DexRequest"
    domain: ClassVar[str] = "onchain"

    payload_type: int = attrs.field(metadata=_UINT8)
    """What is asked for: a ``VaultAction``."""
    nonce: int = attrs.field(metadata=_UINT256_TEXT)
    """From ``GET /v1/public/sv_nonce``, for one use; text in the body."""
    receiver: str = attrs.field(metadata=_ADDRESS)
    """Whose money it is: not documented by the venue; the paper venue wants the signing wallet's address."""
    amount: int = attrs.field(metadata=_UINT256_TEXT)
    """In smallest units, 1,000,000 is 1 USDC; text in the body. Of withdrawals not documented; the paper venue
    counts shares of the vault."""
    vault_id: str = attrs.field(metadata=_BYTES32)
    """The vault, ``0x`` and 64 hex digits."""
    token: str = attrs.field(metadata=_STRING)
    """The token, such as USDC."""
    dex_broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int
    """The EVM chain of the domain, beside the signed fields."""
    chain_type: ChainType | None = None
    """EVM or SOL, beside the signed fields; None is EVM."""


@model
class AddSpOrderlyKeyMessage(Message):
    """Lets an Orderly key act for a strategy provider's contract, which is also the verifying contract.

    https://orderly.network/docs/strategy-vault/strategy-provider/private/add-sp-orderly-key
    """

    struct: ClassVar[str] = "AddSPOrderlyKey"
    domain: ClassVar[str] = "contract"

    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain that the contract is on."""
    orderly_key: str = attrs.field(metadata=_STRING)
    """The public key, ``ed25519:`` and base58."""
    scope: str = attrs.field(metadata=_STRING)
    """What it may do, joined by commas: ``read,trading``."""
    timestamp: int = attrs.field(metadata=_UINT64)
    """When it was signed, ms."""
    expiration: int = attrs.field(metadata=_UINT64)
    """When the key stops working, ms; at most 365 days ahead."""
    contract: str = attrs.field(metadata=_STRING)
    """The provider's contract, ``0x`` and 40 hex digits; also the verifying contract."""
    sub_account_id: str | None = attrs.field(default=None, metadata=_STRING)
    """The sub account that it is for; signed only where given."""


@model
class SettleSpPnlMessage(Message):
    """Moves unsettled PnL of a strategy provider into its balance; the nonce is signed as text.

    https://orderly.network/docs/strategy-vault/strategy-provider/private/request-sp-pnl-settlement
    """

    struct: ClassVar[str] = "SettleSPPnl"
    domain: ClassVar[str] = "contract"

    broker_id: str = attrs.field(metadata=_STRING)
    """The builder that the account is with."""
    chain_id: int = attrs.field(metadata=_UINT256)
    """The EVM chain that the contract is on."""
    settle_nonce: int = attrs.field(metadata={"abi": "string", "text": True})
    """From ``GET /v1/settle_nonce``, for one use; signed and sent as text."""
    timestamp: int = attrs.field(metadata=_UINT64)
    """When it was signed, ms."""
    contract: str | None = attrs.field(default=None, metadata=_STRING)
    """The provider's contract, ``0x`` and 40 hex digits; signed only where given."""
