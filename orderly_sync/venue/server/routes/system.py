"""System info."""

from __future__ import annotations

from typing import Any

from orderly_sync.venue.engine.records import INSURANCE_FUND
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.constants import CHAINS, FUND_RATIOS
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.routes.route import HttpRoute, public, signed
from orderly_sync.venue.server.rows import position_row, ratio

__all__ = ["ROUTES"]

_FUND_FIELDS = (
    "symbol",
    "timestamp",
    "position_qty",
    "cost_position",
    "last_sum_unitary_funding",
    "settle_price",
    "average_open_price",
    "pnl_24_h",
    "fee_24_h",
    "mark_price",
)


def _ip_info(_call: Call) -> Any:
    return {"city": "", "ip": "127.0.0.1", "checked": False, "region": ""}


def _insurance_fund(call: Call) -> Any:
    exchange = call.exchange
    state = exchange.insurance_fund()
    return {
        "min_insurance_fund_initial_margin_ratio": number(FUND_RATIOS[0]),
        "min_insurance_fund_margin_ratio": number(FUND_RATIOS[1]),
        "margin_ratio": ratio(state.margin_ratio),
        "total_collateral_value": ratio(state.total_collateral),
        "balance": number(exchange.holding(INSURANCE_FUND).holding),
        "free_collateral": ratio(state.free_collateral),
        "total_account_value": ratio(state.total_account_value),
        "total_pnl_24_h": number(state.total_pnl_24h),
        "rows": [_fund_position(call, symbol) for symbol in call.markets.symbols],
    }


def _fund_position(call: Call, symbol: str) -> dict[str, Any]:
    row = position_row(call.exchange.position(INSURANCE_FUND, symbol), 0, call.now)
    return {name: row[name] for name in _FUND_FIELDS}


def _system_info(call: Call) -> Any:
    return call.notices.maintenance


def _vault_balance(call: Call) -> Any:
    """All that the accounts hold, kept on the first chain."""
    wanted, token = call.query.text("chain_id"), call.query.text("token")
    total = sum(call.exchange.holding(each.account_id).holding for each in call.accounts.members.values())
    found = [
        {"chain_id": chain["chain_id"], "token": "USDC", "balance": number(total if index == 0 else 0)}
        for index, chain in enumerate(CHAINS)
    ]
    return {
        "rows": [
            row
            for row in found
            if (wanted is None or wanted == str(row["chain_id"])) and token in {None, row["token"]}
        ]
    }


def _announcement(call: Call) -> Any:
    return rows(reversed(call.notices.announcements), dict)


def _board(call: Call) -> Any:
    """Version 2: the same, with when the last of them changed; nothing is translated here."""
    found = [{**row, "i18n": {}, "coverImage": None} for row in reversed(call.notices.announcements)]
    return {"last_updated_time": max((row["updated_time"] for row in found), default=0), "rows": found}


_FLAGS = ({"key": "isolated-margin", "description": "Positions with margin of their own"},)


def _flags(_call: Call) -> Any:
    """The same for everybody and for each account."""
    return rows(_FLAGS, dict)


def _restricted(_call: Call) -> Any:
    """Nowhere."""
    return {"invalid_web_country": "", "invalid_web_city": ""}


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/ip_info"): public(_ip_info),
    ("GET", "/v1/public/insurancefund"): public(_insurance_fund),
    ("GET", "/v1/public/system_info"): public(_system_info),
    ("GET", "/v1/public/vault_balance"): public(_vault_balance),
    ("GET", "/v1/public/announcement"): public(_announcement),
    ("GET", "/v2/public/announcement"): public(_board),
    ("GET", "/v1/public/feature_flags"): public(_flags),
    ("GET", "/v1/feature_flags"): signed(_flags),
    ("GET", "/v1/restricted_areas"): public(_restricted),
}
