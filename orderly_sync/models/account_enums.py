"""The wire's enumerations around accounts: keys, wallets, past positions, notifications. All open, as in ``enums``."""

from __future__ import annotations

from orderly_sync.models.enums import OpenEnum

__all__ = [
    "AccountMode",
    "ChainType",
    "InternalTransferSide",
    "IpRestrictionStatus",
    "KeyScope",
    "KeyStatus",
    "NotificationLevel",
    "NotificationType",
    "PositionHistoryStatus",
    "PositionHistoryType",
    "PositionMarginAction",
    "PositionSide",
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


class PositionSide(OpenEnum):
    """Which way a position stands or stood.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-position-history
    """

    LONG = "LONG"
    """Above 0: it gains as the price rises."""
    SHORT = "SHORT"
    """Below 0: it gains as the price falls."""


class PositionHistoryStatus(OpenEnum):
    """How far a past position is closed; lower case on the wire.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-position-history
    """

    OPEN = "open"
    """Nothing of it is closed."""
    CLOSED = "closed"
    """All of it is closed."""
    PARTIAL_CLOSED = "partial_closed"
    """Some of it is closed, the rest is open."""


class PositionHistoryType(OpenEnum):
    """How a past position ended; lower case on the wire.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-position-history
    """

    ACTIVE = "active"
    """By orders of the account itself."""
    LIQUIDATED = "liquidated"
    """By a liquidation."""
    ADL = "adl"
    """By auto-deleveraging: it was closed against a bankrupt one."""


class PositionMarginAction(OpenEnum):
    """Whether margin goes into an isolated position or out of it.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/add-or-reduce-position-margin
    """

    ADD = "ADD"
    """From the account's free collateral into the position."""
    REDUCE = "REDUCE"
    """From the position back to the account."""
