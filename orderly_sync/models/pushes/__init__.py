"""What the stream delivers: one model for every topic's push."""

from orderly_sync.models.pushes.account import (
    AccountUpdate,
    AssetConversion,
    BalanceUpdate,
    NotificationUpdate,
    PositionUpdate,
    SettleUpdate,
    SymbolLeverage,
    WalletUpdate,
)
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.book import Level, OrderBook, OrderBookDelta
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.models.pushes.liquidation import (
    AccountLiquidation,
    LiquidatedPosition,
    LiquidationUpdate,
    LiquidatorLiquidation,
)
from orderly_sync.models.pushes.market import (
    AnnouncementUpdate,
    Bbo,
    ChartPrice,
    EstFundingRate,
    HistoryChart,
    IndexPrice,
    KlineUpdate,
    MaintenanceStatus,
    MaintenanceWindow,
    MarkPrice,
    OpenInterest,
    PriceChanges,
    Ticker,
    Trade,
    TradersOpenInterest,
)

__all__ = [
    "AccountLiquidation",
    "AccountUpdate",
    "AlgoExecutionReport",
    "AnnouncementUpdate",
    "AssetConversion",
    "BalanceUpdate",
    "Bbo",
    "ChartPrice",
    "EstFundingRate",
    "ExecutionReport",
    "HistoryChart",
    "IndexPrice",
    "KlineUpdate",
    "Level",
    "LiquidatedPosition",
    "LiquidationUpdate",
    "LiquidatorLiquidation",
    "MaintenanceStatus",
    "MaintenanceWindow",
    "MarkPrice",
    "NotificationUpdate",
    "OpenInterest",
    "OrderBook",
    "OrderBookDelta",
    "PositionUpdate",
    "PriceChanges",
    "SettleUpdate",
    "SymbolLeverage",
    "Ticker",
    "Trade",
    "TradersOpenInterest",
    "WalletUpdate",
]
