"""The venue's rate limits: how many requests in how many seconds, by operation. Written here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

__all__ = [
    "COUNTED_BY_WEIGHT",
    "COUNTED_ELSEWHERE",
    "DEFAULT",
    "RATE_LIMITS",
    "UNSTATED",
    "RateLimit",
    "rate_limit",
]


@attrs.frozen
class RateLimit:
    """So many requests in so many seconds."""

    requests: int
    seconds: int


DEFAULT = RateLimit(10, 1)
"""Most operations, and those whose limit nobody states."""

_SLOW = RateLimit(1, 1)
_BY_MINUTE = RateLimit(10, 60)
_FIVE = RateLimit(5, 1)
_POSITIONS = RateLimit(30, 10)

RATE_LIMITS: Mapping[tuple[str, str], RateLimit] = {
    ("GET", "/v1/admin/algo/orders"): _FIVE,
    ("GET", "/v1/admin/asset/history"): _BY_MINUTE,
    ("GET", "/v1/admin/client/info"): _BY_MINUTE,
    ("GET", "/v1/admin/client/leverage"): _SLOW,
    ("GET", "/v1/admin/funding_fee/history"): RateLimit(20, 60),
    ("GET", "/v1/admin/position/{symbol}"): _POSITIONS,
    ("GET", "/v1/admin/positions"): _POSITIONS,
    ("GET", "/v1/admin/volume/user/stats"): _BY_MINUTE,
    ("DELETE", "/v1/algo/client/order"): _FIVE,
    ("DELETE", "/v1/algo/order"): _FIVE,
    ("POST", "/v1/algo/order"): _SLOW,
    ("PUT", "/v1/algo/order"): _FIVE,
    ("DELETE", "/v1/algo/orders"): _FIVE,
    ("GET", "/v1/algo/orders"): _FIVE,
    ("GET", "/v1/asset/history"): _BY_MINUTE,
    ("POST", "/v1/batch-order"): _SLOW,
    ("GET", "/v1/broker/broker_info"): _BY_MINUTE,
    ("GET", "/v1/broker/fee_rate/default"): _SLOW,
    ("POST", "/v1/broker/fee_rate/default"): _SLOW,
    ("POST", "/v1/broker/fee_rate/set"): _SLOW,
    ("POST", "/v1/broker/fee_rate/set_default"): _SLOW,
    ("GET", "/v1/broker/leaderboard/daily"): _BY_MINUTE,
    ("POST", "/v1/broker/order_enum"): _SLOW,
    ("POST", "/v1/broker/order_enum/archive"): _SLOW,
    ("POST", "/v1/broker/order_enum/unarchive"): _SLOW,
    ("PUT", "/v1/broker/order_enum/{enum_id}"): _SLOW,
    ("GET", "/v1/broker/user_info"): RateLimit(60, 60),
    ("POST", "/v1/claim_insurance_fund"): _FIVE,
    ("GET", "/v1/client/aggregate/holding"): RateLimit(1, 60),
    ("GET", "/v1/client/aggregate/positions"): RateLimit(1, 60),
    ("GET", "/v1/client/info"): _BY_MINUTE,
    ("GET", "/v1/client/key_info"): _BY_MINUTE,
    ("GET", "/v1/client/leverage"): _SLOW,
    ("POST", "/v1/client/leverage"): RateLimit(5, 60),
    ("POST", "/v1/client/leverages"): RateLimit(5, 60),
    ("POST", "/v1/client/maintenance_config"): _BY_MINUTE,
    ("GET", "/v1/client/orderly_key_ip_restriction"): _BY_MINUTE,
    ("POST", "/v1/client/reset_orderly_key_ip_restriction"): _BY_MINUTE,
    ("POST", "/v1/client/set_orderly_key_ip_restriction"): _BY_MINUTE,
    ("GET", "/v1/client/statistics"): _BY_MINUTE,
    ("GET", "/v1/client/statistics/daily"): _BY_MINUTE,
    ("POST", "/v1/delegate_orderly_key"): _SLOW,
    ("POST", "/v1/delegate_settle_pnl"): _SLOW,
    ("POST", "/v1/delegate_signer"): _SLOW,
    ("POST", "/v1/delegate_withdraw_request"): _SLOW,
    ("GET", "/v1/funding_fee/history"): RateLimit(20, 60),
    ("POST", "/v1/liquidation"): _FIVE,
    ("POST", "/v1/notification/inbox/mark_read"): _BY_MINUTE,
    ("POST", "/v1/notification/inbox/mark_read_all"): _BY_MINUTE,
    ("GET", "/v1/notification/inbox/notifications"): _BY_MINUTE,
    ("GET", "/v1/notification/inbox/unread"): _BY_MINUTE,
    ("POST", "/v1/order/cancel_all_after"): _SLOW,
    ("GET", "/v1/pnl_settlement/history"): RateLimit(20, 1),
    ("GET", "/v1/position/{symbol}"): _POSITIONS,
    ("GET", "/v1/positions"): _POSITIONS,
    ("GET", "/v1/public/campaign/stats/details"): _BY_MINUTE,
    ("GET", "/v1/public/funding_rate/{symbol}"): RateLimit(30, 1),
    ("POST", "/v1/public/query"): RateLimit(1200, 60),
    ("GET", "/v1/public/system_info"): _SLOW,
    ("GET", "/v1/referral/auto_referral/info"): _SLOW,
    ("GET", "/v1/referral/auto_referral/progress"): _SLOW,
    ("POST", "/v1/referral/auto_referral/update"): _SLOW,
    ("POST", "/v1/referral/bind"): _SLOW,
    ("POST", "/v1/referral/create"): _SLOW,
    ("POST", "/v1/referral/edit_split"): _SLOW,
    ("GET", "/v1/referral/multi_level/admin"): _SLOW,
    ("POST", "/v1/referral/multi_level/admin"): _SLOW,
    ("POST", "/v1/referral/multi_level/admin/reset/affiliate"): _SLOW,
    ("POST", "/v1/referral/multi_level/admin/update"): _SLOW,
    ("POST", "/v1/referral/multi_level/admin/update/affiliate"): _SLOW,
    ("POST", "/v1/referral/multi_level/claim_code"): _SLOW,
    ("GET", "/v1/referral/multi_level/max_rebate_rate"): _SLOW,
    ("GET", "/v1/referral/multi_level/rebate_info"): _SLOW,
    ("POST", "/v1/referral/multi_level/rebate_rate/set_default"): _SLOW,
    ("POST", "/v1/referral/multi_level/rebate_rate/update"): _SLOW,
    ("POST", "/v1/referral/update"): _SLOW,
    ("POST", "/v1/settle_pnl"): _SLOW,
    ("POST", "/v1/sv/manual_period_delivery"): _SLOW,
    ("POST", "/v1/sv/sp_settle_pnl"): _SLOW,
    ("GET", "/v1/tv/kline_history"): RateLimit(5, 10),
    ("GET", "/v1/volume/broker/daily"): _BY_MINUTE,
    ("GET", "/v1/volume/user/daily"): _BY_MINUTE,
    ("GET", "/v1/volume/user/stats"): _BY_MINUTE,
}
"""What differs from DEFAULT, by verb and path template."""


UNSTATED = frozenset(
    {
        ("GET", "/v1/account_sv_transaction_history"),
        ("GET", "/v1/admin/asset/convert_history"),
        ("GET", "/v1/client/leverages"),
        ("GET", "/v1/public/broker/order_enum"),
        ("GET", "/v1/public/vault_balance"),
        ("POST", "/v1/faucet/usdc"),
        ("POST", "/v1/referral/edit_description"),
    }
)
"""Operations whose page states no limit: a client keeps DEFAULT, to be safe; the venue refuses none of them."""

COUNTED_BY_WEIGHT = frozenset({("POST", "/v1/public/query")})
"""Operations whose limit is no number of requests but a sum of weights, which each request says of itself."""

COUNTED_ELSEWHERE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("POST", "/v1/batch-order"): ("POST", "/v1/order")
}
"""Operations whose weight counts against another's limit too: each order of a batch is an order."""


def rate_limit(method: str, path: str) -> RateLimit:
    """The limit that a client should keep for an operation."""
    return RATE_LIMITS.get((method, path), DEFAULT)
