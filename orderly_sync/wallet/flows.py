"""Money that only the wallet can move: withdrawals, settlements, transfers, vault requests.

Each function asks for a nonce, signs with the wallet and sends once; where the venue refuses the message's time because
this machine's clock is off, it is signed and sent anew, once. ``rest`` speaks for the account; the builder is
that of its credentials. Amounts are in whole tokens (``"12.5"`` USDC) and become base units here, exactly.
"""

from __future__ import annotations

from fractions import Fraction

from orderly_sync.errors import UsageError
from orderly_sync.models.account_enums import ChainType
from orderly_sync.models.asset import InternalTransferRequest, SettlePnlRequest, WithdrawRequest
from orderly_sync.models.base import Acknowledged
from orderly_sync.models.message import (
    DelegateSettlePnlMessage,
    DelegateWithdrawMessage,
    InternalTransferMessage,
    SettlePnlMessage,
    SettleSpPnlMessage,
    VaultAction,
    VaultRequestMessage,
    WithdrawMessage,
)
from orderly_sync.rest import Rest
from orderly_sync.wallet.onboarding import chain_of
from orderly_sync.wallet.timely import timely
from orderly_sync.wallet.wallet import Wallet
from orderly_sync.wire.numbers import Number, number

__all__ = [
    "base_units",
    "delegate_settle_pnl",
    "delegate_withdraw",
    "request_vault",
    "settle_pnl",
    "settle_provider_pnl",
    "settle_sub_account",
    "transfer",
    "withdraw",
]


def _broker(rest: Rest) -> str:
    broker_id = rest.credentials.broker_id if rest.credentials else None
    if broker_id is None:
        raise UsageError("this needs credentials with a broker_id: Credentials(..., broker_id=…)")
    return broker_id


def _ledger(rest: Rest) -> str:
    contract = rest.network.ledger_contract
    if contract is None:
        raise UsageError(
            f"the network {rest.network.name!r} names no ledger contract; Network(..., ledger_contract=…)"
        )
    return contract


def base_units(rest: Rest, token: str, amount: Number, decimals: int | None = None) -> int:
    """An amount of a token in its smallest units; the venue is asked for the token's decimals unless they are given.

    Raises:
        UsageError: The venue does not know the token, or the amount is 0 or has more decimals than the token.
    """
    if decimals is None:
        known = {row.token: row.decimals for row in rest.market.tokens()}
        decimals = known.get(token)
    if decimals is None:
        raise UsageError(f"the venue names no decimals of {token!r}; pass decimals")
    exact = number(amount, "amount")
    if exact is None or exact <= 0:
        raise UsageError(f"amount={amount} must be more than 0")
    # A Fraction, because Decimal rounds to its context, and what is signed here is money.
    units: Fraction = Fraction(exact) * 10**decimals
    if units.denominator != 1:
        raise UsageError(f"amount={amount} has more than the {decimals} decimals of {token}")
    return units.numerator


@timely
def withdraw(
    rest: Rest,
    wallet: Wallet,
    *,
    token: str,
    amount: Number,
    chain_id: int | None = None,
    receiver: str | None = None,
    decimals: int | None = None,
    allow_cross_chain: bool | None = None,
) -> WithdrawRequest:
    """Withdraw a token to the wallet.

    Args:
        rest: A client of the account.
        wallet: The account's owner.
        token: Which token.
        amount: How much, in whole tokens.
        chain_id: The chain it shall arrive on; the network's own unless given.
        receiver: The address; the venue accepts the wallet's own only.
        decimals: The token's decimals, if you know better than the venue's list.
        allow_cross_chain: Whether it may be brought from another chain's vault.
    """
    contract = _ledger(rest)
    message = WithdrawMessage(
        broker_id=_broker(rest),
        chain_id=chain_of(rest, chain_id),
        receiver=receiver or wallet.address,
        token=token,
        amount=base_units(rest, token, amount, decimals),
        withdraw_nonce=rest.assets.withdraw_nonce().withdraw_nonce,
        timestamp=rest.clock.time_ms(),
        chain_type=ChainType.EVM,
        allow_cross_chain_withdraw=allow_cross_chain,
    )
    signed = wallet.sign(message, contract)
    return rest.assets.withdraw(
        message=message,
        signature=signed.signature,
        user_address=signed.user_address,
        verifying_contract=contract,
    )


@timely
def settle_pnl(rest: Rest, wallet: Wallet, *, chain_id: int | None = None) -> SettlePnlRequest:
    """Move the account's unsettled PnL into its balance."""
    contract = _ledger(rest)
    message = SettlePnlMessage(
        broker_id=_broker(rest),
        chain_id=chain_of(rest, chain_id),
        settle_nonce=rest.assets.settle_nonce().settle_nonce,
        timestamp=rest.clock.time_ms(),
        chain_type=ChainType.EVM,
    )
    signed = wallet.sign(message, contract)
    return rest.assets.settle_pnl(
        message=message,
        signature=signed.signature,
        user_address=signed.user_address,
        verifying_contract=contract,
    )


def settle_sub_account(rest: Rest) -> SettlePnlRequest:
    """Move a sub-account's unsettled PnL into its balance; ``rest`` speaks as the sub-account, no wallet is needed."""
    return rest.sub_accounts.settle_pnl(settle_nonce=rest.assets.settle_nonce().settle_nonce)


def transfer(
    rest: Rest,
    wallet: Wallet,
    *,
    receiver: str,
    token: str,
    amount: Number,
    decimals: int | None = None,
    chain_id: int | None = None,
) -> InternalTransferRequest:
    """Send a token to another account, ``receiver``, by its account id.

    Args:
        rest: A client of the sending account.
        wallet: Its owner.
        receiver: The other account's id.
        token: Which token.
        amount: How much, in whole tokens.
        decimals: The token's decimals, if you know better than the venue's list.
        chain_id: The chain of the wallet, unless it is the network's own.
    """
    contract = _ledger(rest)
    message = InternalTransferMessage(
        receiver=receiver,
        token=token,
        amount=base_units(rest, token, amount, decimals),
        transfer_nonce=rest.assets.transfer_nonce().transfer_nonce,
        chain_id=chain_of(rest, chain_id),
        chain_type=ChainType.EVM,
    )
    signed = wallet.sign(message, contract)
    return rest.assets.transfer_signed(
        message=message,
        signature=signed.signature,
        user_address=signed.user_address,
        verifying_contract=contract,
    )


@timely
def delegate_withdraw(
    rest: Rest,
    wallet: Wallet,
    *,
    contract: str,
    token: str,
    amount: Number,
    decimals: int | None = None,
    chain_id: int | None = None,
) -> WithdrawRequest:
    """Withdraw a token of a contract's account to the contract, signed by its delegate."""
    ledger = _ledger(rest)
    message = DelegateWithdrawMessage(
        delegate_contract=contract,
        broker_id=_broker(rest),
        chain_id=chain_of(rest, chain_id),
        receiver=contract,
        token=token,
        amount=base_units(rest, token, amount, decimals),
        withdraw_nonce=rest.assets.withdraw_nonce().withdraw_nonce,
        timestamp=rest.clock.time_ms(),
    )
    signed = wallet.sign(message, ledger)
    return rest.delegate.withdraw(
        message=message,
        signature=signed.signature,
        user_address=signed.user_address,
        verifying_contract=ledger,
    )


@timely
def delegate_settle_pnl(
    rest: Rest, wallet: Wallet, *, contract: str, chain_id: int | None = None
) -> SettlePnlRequest:
    """Move unsettled PnL of a contract's account into its balance, signed by its delegate."""
    ledger = _ledger(rest)
    message = DelegateSettlePnlMessage(
        delegate_contract=contract,
        broker_id=_broker(rest),
        chain_id=chain_of(rest, chain_id),
        settle_nonce=rest.assets.settle_nonce().settle_nonce,
        timestamp=rest.clock.time_ms(),
    )
    signed = wallet.sign(message, ledger)
    return rest.delegate.settle_pnl(
        message=message,
        signature=signed.signature,
        user_address=signed.user_address,
        verifying_contract=ledger,
    )


def request_vault(
    rest: Rest,
    wallet: Wallet,
    action: VaultAction,
    *,
    vault_id: str,
    token: str,
    amount: Number,
    receiver: str | None = None,
    decimals: int | None = None,
    chain_id: int | None = None,
) -> Acknowledged:
    """Deposit into a strategy vault or withdraw from it.

    Args:
        rest: A client whose credentials name the builder.
        wallet: The account's owner.
        action: Deposit or withdrawal, as depositor (LP) or as the strategy provider (SP).
        vault_id: ``0x`` and 64 hex digits.
        token: Which token.
        amount: How much, in whole tokens; of shares where shares are withdrawn.
        receiver: The address; the wallet's own unless given.
        decimals: The token's decimals, if you know better than the venue's list.
        chain_id: The chain of the wallet, unless it is the network's own.
    """
    contract = _ledger(rest)
    message = VaultRequestMessage(
        payload_type=VaultAction(action),
        nonce=rest.strategy_vault.nonce().nonce,
        receiver=receiver or wallet.address,
        amount=base_units(rest, token, amount, decimals),
        vault_id=vault_id,
        token=token,
        dex_broker_id=_broker(rest),
        chain_id=chain_of(rest, chain_id),
        chain_type=ChainType.EVM,
    )
    signed = wallet.sign(message, contract)
    return rest.strategy_vault.request(
        message=message,
        signature=signed.signature,
        user_address=signed.user_address,
        verifying_contract=contract,
    )


@timely
def settle_provider_pnl(
    rest: Rest, wallet: Wallet, *, contract: str, chain_id: int | None = None
) -> Acknowledged:
    """Move unsettled PnL of a strategy provider into its balance; its ``contract`` verifies the signature."""
    message = SettleSpPnlMessage(
        broker_id=_broker(rest),
        chain_id=chain_of(rest, chain_id),
        settle_nonce=rest.assets.settle_nonce().settle_nonce,
        timestamp=rest.clock.time_ms(),
        contract=contract,
    )
    signed = wallet.sign(message)
    return rest.strategy_vault.settle_provider_pnl(
        message=message,
        signature=signed.signature,
        user_address=signed.user_address,
        verifying_contract=signed.verifying_contract,
    )
