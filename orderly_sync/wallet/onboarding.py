"""From a fresh wallet to an account that trades: registration, keys, sub-accounts, delegate signers.

Each function signs with the wallet and sends once; where the venue refuses the message's time because this machine's
clock is off, it is signed and sent anew, once. ``onboard`` does all that a new account needs.
"""

from __future__ import annotations

from collections.abc import Iterable

from orderly_sync.clock import Clock
from orderly_sync.config import Network
from orderly_sync.credentials import Credentials
from orderly_sync.errors import (
    ApiError,
    AuthenticationError,
    Duplicate,
    Maintenance,
    RateLimited,
    UsageError,
)
from orderly_sync.models.account_enums import ChainType, KeyScope
from orderly_sync.models.base import Acknowledged
from orderly_sync.models.delegate import DelegatedAccount
from orderly_sync.models.message import (
    AddOrderlyKeyMessage,
    AddSpOrderlyKeyMessage,
    DelegateAddOrderlyKeyMessage,
    DelegateSignerMessage,
    RegistrationMessage,
)
from orderly_sync.rest import Rest
from orderly_sync.signing import Secret
from orderly_sync.wallet.timely import timely
from orderly_sync.wallet.wallet import Wallet, account_id
from orderly_sync.wire.moments import TimeLike, milliseconds

__all__ = [
    "add_delegate_key",
    "add_key",
    "add_provider_key",
    "add_sub_account",
    "chain_of",
    "delegate",
    "onboard",
    "register",
    "remove_key",
]

Scope = str | Iterable[KeyScope | str]
"""What a key may do: ``"read,trading"``, or the scopes one by one."""

TRADING = "read,trading"
_LONGEST_MS = 365 * 86_400_000 - 60_000
"""The venue allows 365 days; a minute less, for a clock of its own that is behind ours."""


def _scope(scope: Scope) -> str:
    parts = [str(part).strip() for part in (scope.split(",") if isinstance(scope, str) else scope)]
    if not parts or any(not KeyScope(part).known for part in parts):
        known = ", ".join(str(item) for item in KeyScope)
        raise UsageError(f"scope={','.join(parts)!r} is not known; use {known}, joined by commas")
    return ",".join(parts)


def _expiration(expires: TimeLike | None, now: int) -> int:
    moment = milliseconds(expires, "expires")
    if moment is None:
        return now + _LONGEST_MS
    if not now < moment <= now + 365 * 86_400_000:
        raise UsageError("expires must lie in the future and at most 365 days ahead")
    return moment


def chain_of(rest: Rest, chain_id: int | None = None) -> int:
    """The chain a wallet signs for: the one given, or the network's own.

    Raises:
        UsageError: Neither is known.
    """
    chain = chain_id if chain_id is not None else rest.network.chain_id
    if chain is None:
        raise UsageError(f"the network {rest.network.name!r} names no chain; pass chain_id")
    return chain


@timely
def register(rest: Rest, wallet: Wallet, broker_id: str, *, chain_id: int | None = None) -> str:
    """Make the wallet's account with this builder and return its id.

    Raises:
        Duplicate: There is one already.
    """
    message = RegistrationMessage(
        broker_id=broker_id,
        chain_id=chain_of(rest, chain_id),
        timestamp=rest.clock.time_ms(),
        registration_nonce=rest.registration.nonce().registration_nonce,
        chain_type=ChainType.EVM,
    )
    signed = wallet.sign(message)
    answer = rest.registration.register(
        message=message, signature=signed.signature, user_address=signed.user_address
    )
    return answer.account_id


@timely
def add_key(
    rest: Rest,
    wallet: Wallet,
    broker_id: str,
    *,
    scope: Scope = TRADING,
    expires: TimeLike | None = None,
    tag: str | None = None,
    sub_account_id: str | None = None,
    secret: Secret | None = None,
    account: str | None = None,
    chain_id: int | None = None,
) -> Credentials:
    """Add an Orderly key to the wallet's account and return credentials that use it.

    Args:
        rest: Any client of the network; the call itself is public.
        wallet: The account's owner.
        broker_id: The builder the account belongs to.
        scope: What the key may do.
        expires: When it ends, at most 365 days ahead; just short of that unless given.
        tag: A note that the venue keeps with the key.
        sub_account_id: The sub-account to add it to, instead of the main account.
        secret: The key's secret; a new one unless given. ``credentials.secret.reveal()`` shows it, to be stored.
        account: The account's id, if it is known; derived from the wallet otherwise.
        chain_id: The chain of the wallet, unless it is the network's own.
    """
    secret = secret or Secret.generate()
    now = rest.clock.time_ms()
    message = AddOrderlyKeyMessage(
        broker_id=broker_id,
        chain_id=chain_of(rest, chain_id),
        orderly_key=secret.public,
        scope=_scope(scope),
        timestamp=now,
        expiration=_expiration(expires, now),
        tag=tag,
        sub_account_id=sub_account_id,
        chain_type=ChainType.EVM,
    )
    owner = sub_account_id or account or account_id(wallet.address, broker_id)
    signed = wallet.sign(message)
    rest.keys.add(message=message, signature=signed.signature, user_address=signed.user_address)
    return Credentials(account_id=owner, secret=secret, broker_id=broker_id)


def remove_key(rest: Rest, orderly_key: str | None = None) -> Acknowledged:
    """Remove a key of this account: the one named, or the one that asks, which then works no more."""
    if rest.credentials is None:
        raise UsageError("only a key of the account can remove its keys; pass credentials=Credentials(...)")
    return rest.keys.remove(orderly_key=orderly_key or rest.credentials.key)


def onboard(
    network: str | Network,
    wallet: Wallet,
    broker_id: str,
    scope: Scope = TRADING,
    *,
    expires: TimeLike | None = None,
    tag: str | None = None,
    secret: Secret | None = None,
    chain_id: int | None = None,
    clock: Clock | None = None,
) -> Credentials:
    """Credentials for this wallet's account with this builder; the account is made if there is none yet.

    Store the secret of the result, ``credentials.secret.reveal()``: nobody can show it again.

    Args:
        network: ``"mainnet"``, ``"testnet"`` or a Network.
        wallet: The owner; a fresh one will do.
        broker_id: The builder.
        scope: What the new key may do.
        expires: When it ends, at most 365 days ahead.
        tag: A note that the venue keeps with the key.
        secret: The key's secret; a new one unless given.
        chain_id: The chain of the wallet, unless it is the network's own.
        clock: Where time comes from.

    Raises:
        ApiError: The venue refused one of the steps.
    """
    with Rest(network, clock=clock) as rest:
        account = _find(rest, wallet, broker_id) or _make(rest, wallet, broker_id, chain_id)
        return add_key(
            rest,
            wallet,
            broker_id,
            scope=scope,
            expires=expires,
            tag=tag,
            secret=secret,
            account=account,
            chain_id=chain_id,
        )


def _find(rest: Rest, wallet: Wallet, broker_id: str) -> str | None:
    try:
        return rest.registration.account(address=wallet.address, broker_id=broker_id).account_id
    except (AuthenticationError, Maintenance, RateLimited):
        raise
    except ApiError:
        # The venue has no code of its own for "no such account"; if it is something else, registering says so.
        return None


def _make(rest: Rest, wallet: Wallet, broker_id: str, chain_id: int | None) -> str:
    try:
        return register(rest, wallet, broker_id, chain_id=chain_id)
    except Duplicate:
        return account_id(wallet.address, broker_id)


def add_sub_account(
    rest: Rest,
    wallet: Wallet,
    *,
    description: str | None = None,
    scope: Scope = TRADING,
    expires: TimeLike | None = None,
    tag: str | None = None,
    chain_id: int | None = None,
) -> Credentials:
    """Make a sub-account of the main account that ``rest`` speaks for, and a key that acts as it."""
    broker_id = rest.credentials.broker_id if rest.credentials else None
    if broker_id is None:
        raise UsageError("add_sub_account needs credentials with a broker_id: Credentials(..., broker_id=…)")
    made = rest.sub_accounts.add(description=description)
    return add_key(
        rest,
        wallet,
        broker_id,
        scope=scope,
        expires=expires,
        tag=tag,
        sub_account_id=made.sub_account_id,
        chain_id=chain_id,
    )


@timely
def delegate(
    rest: Rest, wallet: Wallet, broker_id: str, *, contract: str, tx_hash: str, chain_id: int | None = None
) -> DelegatedAccount:
    """Let the wallet sign for a smart contract wallet, after the contract named it in the transaction ``tx_hash``."""
    message = DelegateSignerMessage(
        delegate_contract=contract,
        broker_id=broker_id,
        chain_id=chain_of(rest, chain_id),
        timestamp=rest.clock.time_ms(),
        registration_nonce=rest.registration.nonce().registration_nonce,
        tx_hash=tx_hash,
    )
    signed = wallet.sign(message)
    return rest.delegate.register(
        message=message, signature=signed.signature, user_address=signed.user_address
    )


@timely
def add_delegate_key(
    rest: Rest,
    wallet: Wallet,
    broker_id: str,
    *,
    contract: str,
    scope: Scope = TRADING,
    expires: TimeLike | None = None,
    secret: Secret | None = None,
    account: str | None = None,
    chain_id: int | None = None,
) -> Credentials:
    """Add an Orderly key to the contract's account, signed by its delegate, and return credentials that use it."""
    secret = secret or Secret.generate()
    now = rest.clock.time_ms()
    message = DelegateAddOrderlyKeyMessage(
        delegate_contract=contract,
        broker_id=broker_id,
        chain_id=chain_of(rest, chain_id),
        orderly_key=secret.public,
        scope=_scope(scope),
        timestamp=now,
        expiration=_expiration(expires, now),
    )
    owner = account or account_id(contract, broker_id)
    signed = wallet.sign(message)
    rest.delegate.add_key(message=message, signature=signed.signature, user_address=signed.user_address)
    return Credentials(account_id=owner, secret=secret, broker_id=broker_id)


@timely
def add_provider_key(
    rest: Rest,
    wallet: Wallet,
    broker_id: str,
    *,
    contract: str,
    account: str,
    scope: Scope = TRADING,
    expires: TimeLike | None = None,
    secret: Secret | None = None,
    sub_account_id: str | None = None,
    chain_id: int | None = None,
) -> Credentials:
    """Add an Orderly key to a strategy provider's ``account``; its ``contract`` verifies the signature."""
    secret = secret or Secret.generate()
    now = rest.clock.time_ms()
    message = AddSpOrderlyKeyMessage(
        contract=contract,
        broker_id=broker_id,
        chain_id=chain_of(rest, chain_id),
        orderly_key=secret.public,
        scope=_scope(scope),
        timestamp=now,
        expiration=_expiration(expires, now),
        sub_account_id=sub_account_id,
    )
    signed = wallet.sign(message)
    rest.strategy_vault.add_provider_key(
        message=message, signature=signed.signature, user_address=signed.user_address
    )
    return Credentials(account_id=sub_account_id or account, secret=secret, broker_id=broker_id)
