"""What a builder's admin reads about its users: the users' own rows, with whose they are."""

from __future__ import annotations

from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.asset import AssetRecord
from orderly_sync.models.base import OpenEnum, model
from orderly_sync.models.conversion import Conversion
from orderly_sync.models.enums import MarginMode
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
    """Which orders are listed: those that users sent, or all."""

    ORDINARY = "ORDINARY"
    ALL = "ALL"


@model
class AdminOrder(Order):
    """An order and whose it is."""

    account_id: str | None = None
    user_address: str | None = None


@model
class AdminAlgoOrder(AlgoOrder):
    """An algo order and whose it is."""

    account_id: str | None = None
    user_address: str | None = None


@model
class AdminFill(Fill):
    """A fill and whose it is."""

    user_id: int | None = None
    account_id: str | None = None
    user_address: str | None = None


@model
class AdminAssetRecord(AssetRecord):
    """A deposit or a withdrawal and whose it is."""

    block_time: int | None = None
    """The chain's own time of it, ms."""
    account_id: str | None = None
    user_address: str | None = None


@model
class AdminLiquidation(AccountLiquidation):
    """A liquidation and whose it is."""

    account_id: str | None = None
    assigned: bool | None = None
    """Whether it was assigned to a market maker or vault rather than claimed."""
    margin_mode: MarginMode | None = None


@model
class AdminConversion(Conversion):
    """A conversion and whose it is."""

    account_id: str | None = None
    user_address: str | None = None
