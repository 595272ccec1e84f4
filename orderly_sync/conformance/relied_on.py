"""Which fields the machinery of this package lives on, beyond those without which a model cannot be made.

Any other field may be absent at any time: users read None then, and nothing else goes wrong. Without one of these,
recovery, order of reports, live state or margin would be wrong without a word.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["INHERITED", "OWN_VALUES", "RELIED_ON", "TEXT_NUMBERS"]

RELIED_ON: Mapping[str, str] = {
    "Order": "side type status total_executed_quantity created_time updated_time",
    "Fill": "symbol side executed_price executed_quantity executed_timestamp fee is_maker",
    "AlgoOrder": "algo_type algo_status root_algo_order_id created_time updated_time",
    "Position": "position_qty average_open_price cost_position mark_price updated_time",
    "Holding": "holding frozen",
    "SymbolRules": "quote_tick base_tick base_min base_max min_notional price_range base_imr base_mmr imr_factor",
    "ExecutionReport": "quantity trade_id executed_price executed_quantity total_executed_quantity timestamp",
    "AlgoExecutionReport": "algo_status root_algo_status trade_id executed_quantity timestamp",
    "PositionUpdate": "position_qty cost_position average_open_price mark_price seq",
    "Bbo": "ask bid",
    "PageMeta": "total records_per_page current_page",
}
"""By model, fields that each row must have, though they may be null."""

INHERITED: Mapping[str, str] = {"AlgoExecutionReport": "symbol"}
"""By model, a field that a row within another takes from the one above where it lacks it."""

TEXT_NUMBERS = frozenset({"RegistrationNonce.registration_nonce", "MaxLeverage.max_futures_leverage"})
"""Numbers that the venue is known to write as text, beside all of the public query."""

OWN_VALUES: Mapping[str, str] = {
    "QueryOrder.type": "STOP_MARKET STOP_LIMIT STOP_IOC STOP_FOK STOP_POST_ONLY STOP_CLOSE_POSITION",
    "QueryOrder.status": "OPEN",
    "QueryOrder.trigger_status": "PENDING",
}
"""Values of the public query's own, documented there and no members of the enumeration of all other lists."""
