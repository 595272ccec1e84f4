"""System info."""

from __future__ import annotations

from typing import Any

from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.figures import CHAINS, FUND_RATIOS, INSURANCE_FUND
from orderly_sync.venue.server.routes.route import Route, public
from orderly_sync.venue.server.text import ZERO, number

__all__ = ["ROUTES"]


def _ip_info(_call: Call) -> Any:
    return {"city": "", "ip": "127.0.0.1", "checked": False, "region": ""}


def _insurance_fund(call: Call) -> Any:
    """The fund of a venue without liquidations: it never had to pay."""
    worth = number(INSURANCE_FUND)
    return {
        "min_insurance_fund_initial_margin_ratio": number(FUND_RATIOS[0]),
        "min_insurance_fund_margin_ratio": number(FUND_RATIOS[1]),
        "margin_ratio": 10,
        "total_collateral_value": worth,
        "balance": worth,
        "free_collateral": worth,
        "total_account_value": worth,
        "total_pnl_24_h": 0,
        "rows": [_fund_position(call, symbol) for symbol in call.core.symbols],
    }


def _fund_position(call: Call, symbol: str) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "timestamp": call.now,
        "position_qty": ZERO,
        "cost_position": ZERO,
        "last_sum_unitary_funding": number(call.core.sum_unitary_funding(symbol)),
        "settle_price": ZERO,
        "average_open_price": ZERO,
        "pnl_24_h": ZERO,
        "fee_24_h": ZERO,
        "mark_price": number(call.core.exchange.mark(symbol)),
    }


def _system_info(call: Call) -> Any:
    return call.core.maintenance


def _vault_balance(call: Call) -> Any:
    """All that the accounts hold, kept on the first chain."""
    wanted, token = call.query.text("chain_id"), call.query.text("token")
    total = sum(call.core.exchange.holding(each.account_id).holding for each in call.core.accounts.values())
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
    return rows(reversed(call.core.announcements), dict)


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/v1/ip_info"): public(_ip_info),
    ("GET", "/v1/public/insurancefund"): public(_insurance_fund),
    ("GET", "/v1/public/system_info"): public(_system_info),
    ("GET", "/v1/public/vault_balance"): public(_vault_balance),
    ("GET", "/v1/public/announcement"): public(_announcement),
}
