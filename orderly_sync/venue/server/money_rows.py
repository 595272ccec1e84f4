"""Rows of money that moved and of positions that were taken over, spelt as on the wire."""

from __future__ import annotations

from orderly_sync.venue.engine.records import AssetRow, FundingFee, Settlement, TransferRow
from orderly_sync.venue.server.encoding import number

__all__ = ["asset_row", "funding_fee_row", "settle_frame", "settlement_row", "transfer_row"]


def asset_row(row: AssetRow) -> dict[str, object]:
    """A row of ``GET /v1/asset/history``, and the data of a ``wallet`` frame."""
    return {
        "id": str(row.id),
        "tx_id": row.tx_id,
        "side": row.side.value,
        "token": row.token,
        "amount": number(row.amount),
        "fee": number(row.fee),
        "trans_status": row.trans_status.value,
        "created_time": row.created_time,
        "updated_time": row.updated_time,
        "chain_id": row.chain_id,
    }


def _settlement(row: Settlement) -> dict[str, object]:
    return {
        "id": row.id,
        "old_balance": number(row.old_balance),
        "new_balance": number(row.new_balance),
        "settled_amount": number(row.settled_amount),
        "requested_time": row.requested_time,
        "settled_time": row.settled_time,
    }


def settlement_row(row: Settlement) -> dict[str, object]:
    """A row of ``GET /v1/pnl_settlement/history``."""
    symbols = [{"symbol": symbol, "settled_amount": number(amount)} for symbol, amount in row.symbols]
    return {**_settlement(row), "symbols": symbols}


def settle_frame(row: Settlement) -> dict[str, object]:
    """The data of a ``settle`` frame."""
    return {**_settlement(row), "status": row.status}


def transfer_row(row: TransferRow) -> dict[str, object]:
    """A row of ``GET /v1/internal_transfer_history``."""
    return {
        "internal_transfer_request_id": row.internal_transfer_request_id,
        "id": str(row.id),
        "token": row.token,
        "amount": number(row.amount),
        "from_account_id": row.from_account_id,
        "to_account_id": row.to_account_id,
        "status": row.status.value,
        "created_time": row.created_time,
        "updated_time": row.updated_time,
    }


def funding_fee_row(row: FundingFee) -> dict[str, object]:
    """A row of ``GET /v1/funding_fee/history``."""
    return {
        "symbol": row.symbol,
        "funding_rate": number(row.funding_rate),
        "mark_price": number(row.mark_price),
        "funding_fee": number(row.funding_fee),
        "payment_type": row.payment_type.value,
        "status": row.status.value,
        "created_time": row.created_time,
        "updated_time": row.updated_time,
        "margin_mode": row.margin_mode.value,
    }
