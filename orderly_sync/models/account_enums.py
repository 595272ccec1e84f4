"""The wire's enumerations around accounts: keys, wallets, money, notifications. All open, as in ``enums``."""

from __future__ import annotations

from orderly_sync.models.open_enum import OpenEnum

__all__ = [
    "AccountMode",
    "AssetSide",
    "AssetStatus",
    "ChainType",
    "InternalTransferSide",
    "InternalTransferStatus",
    "IpRestrictionStatus",
    "KeyScope",
    "KeyStatus",
    "NotificationLevel",
    "NotificationType",
    "UserType",
]


class AccountMode(OpenEnum):
    """What an account trades.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-account-information
    """

    FUTURES = "FUTURES"
    """Perpetual futures: the only mode of the REST pages."""
    SPOT_FUTURES = "SPOT_FUTURES"
    """Seen in the example of the account topic only."""


class AssetSide(OpenEnum):
    """Which way an asset moved.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-history
    """

    DEPOSIT = "DEPOSIT"
    """From a chain into the account."""
    WITHDRAW = "WITHDRAW"
    """From the account to a chain."""


class AssetStatus(OpenEnum):
    """Where a deposit or withdrawal stands. Filters and rows of the pages list different words; all are accepted.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-history
    """

    NEW = "NEW"
    """Listed as a filter only; the JS SDK never meets it."""
    PENDING = "PENDING"
    """Taken in, and not worked on yet."""
    CONFIRM = "CONFIRM"
    """Listed as a filter only; by its name, seen on the chain."""
    PROCESSING = "PROCESSING"
    """Under way on the chain."""
    PENDING_REBALANCE = "PENDING_REBALANCE"
    """A withdrawal that waits until the chain's vault holds enough."""
    COMPLETED = "COMPLETED"
    """Done; final."""
    FAILED = "FAILED"
    """Not done; final. What was frozen for a withdrawal is free again."""


class InternalTransferStatus(OpenEnum):
    """Where a transfer between two accounts stands.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-internal-transfer-history
    """

    CREATED = "CREATED"
    """Taken in."""
    PENDING = "PENDING"
    """Under way."""
    COMPLETED = "COMPLETED"
    """Done; final."""
    FAILED = "FAILED"
    """Not done; final."""


class ChainType(OpenEnum):
    """The family of a wallet's chain.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/check-if-wallet-is-registered
    """

    EVM = "EVM"
    """Ethereum and chains like it."""
    SOL = "SOL"
    """Solana."""


class KeyScope(OpenEnum):
    """What an Orderly key may do; the wire joins several with commas.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/add-orderly-key
    """

    READ = "read"
    """Read what is private, and set leverage and maintenance behaviour."""
    TRADING = "trading"
    """Place, edit and cancel orders; given together with ``read``."""
    ASSET = "asset"
    """Transfer between accounts."""


class KeyStatus(OpenEnum):
    """Where an Orderly key stands.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-orderly-key
    """

    ACTIVE = "ACTIVE"
    """It signs requests."""
    REMOVING = "REMOVING"
    """It is being removed."""
    REMOVED = "REMOVED"
    """It signs no more."""


class IpRestrictionStatus(OpenEnum):
    """Which addresses a key may be used from; the last two are also the modes of a reset.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-orderly-key-ip-restriction
    https://orderly.network/docs/build-on-omnichain/restful-api/private/reset-orderly-key-ip-restriction
    """

    ALLOW_RESTRICTION_LIST = "ALLOW_RESTRICTION_LIST"
    """From those of its list only."""
    ALLOW_ALL_IPS = "ALLOW_ALL_IPS"
    """From anywhere."""
    DISALLOW_ALL_IPS = "DISALLOW_ALL_IPS"
    """From nowhere."""


class UserType(OpenEnum):
    """What kind of account it is.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/check-account-details-of-an-address
    """

    MAIN = "MAIN"
    """A wallet's main account."""
    SUB = "SUB"
    """A sub-account of one."""
    SP = "SP"
    """A strategy provider's."""
    PV = "PV"
    """A protocol vault's."""
    UV = "UV"
    """A user vault's."""


class InternalTransferSide(OpenEnum):
    """Whether a transfer came in or went out, seen from the asking account.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-internal-transfer-history
    """

    IN = "IN"
    OUT = "OUT"


class NotificationType(OpenEnum):
    """What a notification is about.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-notifications
    """

    TRADE = "TRADE"
    """Something of this account."""
    SYSTEM = "SYSTEM"
    """Something of the venue."""


class NotificationLevel(OpenEnum):
    """How much a notification matters.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-notifications
    """

    GENERAL = "GENERAL"
    IMPORTANT = "IMPORTANT"
