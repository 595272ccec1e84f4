"""Arguments whose values a signature cannot tell, by method and argument or by argument alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.models.listing import ListingSource

__all__ = ["SAMPLES"]

_LEGS = [
    {
        "symbol": "PERP_ETH_USDC",
        "algo_type": "TAKE_PROFIT",
        "side": "SELL",
        "type": "MARKET",
        "trigger_price": "9",
    }
]

SAMPLES: dict[str, Any] = {
    "symbol": "PERP_ETH_USDC",
    "trigger_after": 5000,
    "order_ids": [1, 2],
    "client_order_ids": ["a", "b"],
    "orders.create_batch.orders": [
        {
            "symbol": "PERP_ETH_USDC",
            "client_order_id": "abc",
            "order_type": "LIMIT",
            "order_price": 1,
            "order_quantity": 1,
            "order_amount": 1,
            "visible_quantity": 0,
            "side": "BUY",
            "order_tag": "tag",
            "margin_mode": "CROSS",
        }
    ],
    "orders.create_algo.child_orders": _LEGS,
    "assets.manual_convert.converted_asset": "USDT",
    "assets.manual_convert.received_asset": "USDC",
    "listing.submit.sources": [
        ListingSource(source="binance", source_symbol="AAPLUSDT", price_multiplier=Decimal(1), weight=40),
        ListingSource(source="ORACLE_paper", source_symbol="AAPL", price_multiplier=Decimal(1), weight=60),
    ],
    "orders.edit_algo.child_orders": [
        {
            "order_id": 7,
            "child_orders": [
                {
                    "order_id": 8,
                    "trigger_price": 8,
                    "price": 8,
                    "quantity": 1,
                    "order_type": "LIMIT",
                    "is_activated": True,
                }
            ],
        }
    ],
}
