"""What a builder's admin reads about its users: the users' own rows, with whose they are."""

from __future__ import annotations

from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.asset import AssetRecord
from orderly_sync.models.base import model
from orderly_sync.models.conversion import Conversion
from orderly_sync.models.enums import MarginMode, OpenEnum
from orderly_sync.models.fill import Fill
from orderly_sync.models.liquidation import AccountLiquidation
from orderly_sync.models.order import Order

__all__ = [
    "AdminAlgoOrder",
    "AdminAssetRecord",
    "AdminConversion",
    "AdminFill",
    "AdminLiquidation",
    "AdminOrder",
    "OrderSource",
]


class OrderSource(OpenEnum):
    """Which orders are listed: those that users sent, or all.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-orders
    """

    ORDINARY = "ORDINARY"
    """Those that users sent."""
    ALL = "ALL"
    """All; which others there are is not documented."""


@model
class AdminOrder(Order):
    """An order and whose it is.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-orders
    """

    account_id: str | None = None
    """The account that it belongs to."""
    user_address: str | None = None
    """The wallet of the account's owner."""


@model
class AdminAlgoOrder(AlgoOrder):
    """An algo order and whose it is.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-algo-orders
    """

    account_id: str | None = None
    """The account that it belongs to."""
    user_address: str | None = None
    """The wallet of the account's owner."""


@model
class AdminFill(Fill):
    """A fill and whose it is.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-trades
    """

    user_id: int | None = None
    """The venue's number of the account's owner."""
    account_id: str | None = None
    """The account that it belongs to."""
    user_address: str | None = None
    """The wallet of the account's owner."""


@model
class AdminAssetRecord(AssetRecord):
    """A deposit or a withdrawal and whose it is.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-asset-history
    """

    block_time: int | None = None
    """The chain's own time of it, ms; None or 0 before it is on the chain."""
    account_id: str | None = None
    """The account that it belongs to."""
    user_address: str | None = None
    """The wallet of the account's owner."""


@model
class AdminLiquidation(AccountLiquidation):
    """A liquidation and whose it is.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-liquidations
    """

    account_id: str | None = None
    """The account that was liquidated."""
    assigned: bool | None = None
    """Whether it was assigned to a market maker or vault rather than claimed."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; None is not said."""


@model
class AdminConversion(Conversion):
    """A conversion and whose it is.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-conversion-history
    """

    account_id: str | None = None
    """The account that it belongs to."""
    user_address: str | None = None
    """The wallet of the account's owner."""
