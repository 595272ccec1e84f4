"""The venue's rate limits: fixed windows, counted per key or per address, as the API names them."""

from __future__ import annotations

import math

import attrs

__all__ = ["QUERY_WEIGHT", "Budget", "Limits", "limit_of"]

_DEFAULT = (10, 1.0)
QUERY_WEIGHT = "weight of POST /v1/public/query"
"""The operation under which the public query counts: each of its types has a weight."""

# Requests and seconds where they differ from ten a second, None where the API states no limit.
_LIMITS: dict[str, tuple[int, float] | None] = {
    "POST /v1/order/cancel_all_after": (1, 1.0),
    "POST /v1/batch-order": (1, 1.0),
    "POST /v1/algo/order": (1, 1.0),
    "PUT /v1/algo/order": (5, 1.0),
    "DELETE /v1/algo/order": (5, 1.0),
    "DELETE /v1/algo/client/order": (5, 1.0),
    "GET /v1/algo/orders": (5, 1.0),
    "DELETE /v1/algo/orders": (5, 1.0),
    "GET /v1/positions": (30, 10.0),
    "GET /v1/position/{symbol}": (30, 10.0),
    "GET /v1/client/info": (10, 60.0),
    "GET /v1/client/statistics": (10, 60.0),
    "GET /v1/client/statistics/daily": (10, 60.0),
    "GET /v1/volume/user/stats": (10, 60.0),
    "GET /v1/volume/user/daily": (10, 60.0),
    "GET /v1/client/leverage": (1, 1.0),
    "GET /v1/client/leverages": None,
    "POST /v1/client/leverages": (5, 60.0),
    "POST /v1/client/leverage": (5, 60.0),
    "POST /v1/client/maintenance_config": (10, 60.0),
    "GET /v1/public/funding_rate/{symbol}": (30, 1.0),
    "GET /v1/funding_fee/history": (20, 60.0),
    "GET /v1/public/system_info": (1, 1.0),
    "GET /v1/public/vault_balance": None,
    "GET /v1/tv/kline_history": (5, 10.0),
    "POST /v1/faucet/usdc": None,
    "GET /v1/client/key_info": (10, 60.0),
    "GET /v1/client/orderly_key_ip_restriction": (10, 60.0),
    "POST /v1/client/set_orderly_key_ip_restriction": (10, 60.0),
    "POST /v1/client/reset_orderly_key_ip_restriction": (10, 60.0),
    "GET /v1/notification/inbox/notifications": (10, 60.0),
    "GET /v1/notification/inbox/unread": (10, 60.0),
    "POST /v1/notification/inbox/mark_read": (10, 60.0),
    "POST /v1/notification/inbox/mark_read_all": (10, 60.0),
    "POST /v1/delegate_signer": (1, 1.0),
    "POST /v1/delegate_orderly_key": (1, 1.0),
    "POST /v1/delegate_withdraw_request": (1, 1.0),
    "POST /v1/delegate_settle_pnl": (1, 1.0),
    "GET /v1/client/aggregate/positions": (1, 60.0),
    "GET /v1/client/aggregate/holding": (1, 60.0),
    "POST /v1/liquidation": (5, 1.0),
    "POST /v1/claim_insurance_fund": (5, 1.0),
    "GET /v1/asset/history": (10, 60.0),
    "POST /v1/settle_pnl": (1, 1.0),
    "GET /v1/pnl_settlement/history": (20, 1.0),
    "GET /v1/volume/broker/daily": (10, 60.0),
    "GET /v1/broker/leaderboard/daily": (10, 60.0),
    "GET /v1/public/campaign/stats/details": (10, 60.0),
    "GET /v1/broker/user_info": (60, 60.0),
    "POST /v1/broker/fee_rate/set": (1, 1.0),
    "POST /v1/broker/fee_rate/set_default": (1, 1.0),
    "GET /v1/broker/fee_rate/default": (1, 1.0),
    "POST /v1/broker/fee_rate/default": (1, 1.0),
    "POST /v1/referral/create": (1, 1.0),
    "POST /v1/referral/update": (1, 1.0),
    "POST /v1/referral/bind": (1, 1.0),
    "POST /v1/referral/edit_split": (1, 1.0),
    "POST /v1/referral/edit_description": None,
    "POST /v1/referral/auto_referral/update": (1, 1.0),
    "GET /v1/referral/auto_referral/info": (1, 1.0),
    "GET /v1/referral/auto_referral/progress": (1, 1.0),
    "GET /v1/referral/multi_level/max_rebate_rate": (1, 1.0),
    "POST /v1/referral/multi_level/claim_code": (1, 1.0),
    "GET /v1/referral/multi_level/rebate_info": (1, 1.0),
    "POST /v1/referral/multi_level/rebate_rate/update": (1, 1.0),
    "POST /v1/referral/multi_level/rebate_rate/set_default": (1, 1.0),
    "GET /v1/broker/broker_info": (10, 60.0),
    "GET /v1/referral/multi_level/admin": (1, 1.0),
    "POST /v1/referral/multi_level/admin": (1, 1.0),
    "POST /v1/referral/multi_level/admin/update": (1, 1.0),
    "POST /v1/referral/multi_level/admin/update/affiliate": (1, 1.0),
    "POST /v1/referral/multi_level/admin/reset/affiliate": (1, 1.0),
    "GET /v1/admin/client/info": (10, 60.0),
    "GET /v1/admin/asset/history": (10, 60.0),
    "GET /v1/admin/asset/convert_history": None,
    "GET /v1/admin/client/leverage": (1, 1.0),
    "GET /v1/admin/position/{symbol}": (30, 10.0),
    "GET /v1/admin/positions": (30, 10.0),
    "GET /v1/admin/funding_fee/history": (20, 60.0),
    "GET /v1/admin/volume/user/stats": (10, 60.0),
    "GET /v1/admin/algo/orders": (5, 1.0),
    "POST /v1/broker/order_enum": (1, 1.0),
    "PUT /v1/broker/order_enum/{enum_id}": (1, 1.0),
    "POST /v1/broker/order_enum/archive": (1, 1.0),
    "POST /v1/broker/order_enum/unarchive": (1, 1.0),
    "GET /v1/public/broker/order_enum": None,
    "GET /v1/account_sv_transaction_history": None,
    "POST /v1/sv/sp_settle_pnl": (1, 1.0),
    "POST /v1/sv/manual_period_delivery": (1, 1.0),
    "POST /v1/public/query": None,  # counted by weight
    QUERY_WEIGHT: (1_200, 60.0),
}


def limit_of(operation: str) -> tuple[int, float] | None:
    """Requests and seconds of an operation, named ``"GET /v1/orders"``."""
    return _LIMITS.get(operation, _DEFAULT)


class Limits:
    """Counts requests in fixed windows; ``allows`` takes the time in seconds."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}

    def allows(self, operation: str, who: str, now: float, weight: int = 1) -> bool:
        """Whether ``who`` may run the operation now; if so it counts.

        A request heavier than a whole window (a batch) passes when the window is empty, else it could never be sent.
        """
        limit = limit_of(operation)
        if limit is None:
            return True
        most, seconds = limit
        window = math.floor(now / seconds)
        began, count = self._counts.get((operation, who), (window, 0))
        if began != window:
            count = 0
        if count and count + weight > most:
            return False
        self._counts[operation, who] = (window, count + weight)
        return True

    def spent(self, operation: str, who: str, now: float) -> tuple[int, float]:
        """What ``who`` has used of the present window, and the seconds until the next one."""
        limit = limit_of(operation)
        assert limit is not None
        window = math.floor(now / limit[1])
        began, count = self._counts.get((operation, who), (window, 0))
        return count if began == window else 0, (window + 1) * limit[1] - now


@attrs.frozen
class Budget:
    """The limits as they stand for one caller at one moment; for operations that count by themselves.

    Args:
        limits: The counts; None where no limits are kept.
        who: Whom they are counted for.
        now: The time in seconds.
    """

    limits: Limits | None
    who: str
    now: float

    def spend(self, operation: str, weight: int) -> bool:
        """Whether so much more may be used; if so it counts."""
        return self.limits is None or self.limits.allows(operation, self.who, self.now, weight)

    def left(self, operation: str) -> tuple[int, int, float]:
        """How much there is in a window, how much is left of it, and the seconds until the next one."""
        limit = limit_of(operation)
        assert limit is not None
        spent, seconds = (
            (0, limit[1]) if self.limits is None else self.limits.spent(operation, self.who, self.now)
        )
        return limit[0], max(0, limit[0] - spent), seconds
