"""Assets: what accounts hold."""

from __future__ import annotations

from typing import Any

from orderly_sync.venue.server.call import Call
from orderly_sync.venue.server.routes.route import Route, read
from orderly_sync.venue.server.rows import holding_row

__all__ = ["ROUTES"]


def _holding(call: Call) -> Any:
    call.query.flag("all")  # USDC is the only token here, so both spellings show the same.
    return {"holding": [holding_row(call.core.exchange.holding(call.account_id))]}


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/v1/client/holding"): read(_holding),
}
