"""Liquidations as rows of REST answers and as data of frames."""

from __future__ import annotations

from collections.abc import Mapping

from orderly_sync.venue.engine.records import LiquidatedPosition, LiquidationRow, Offer
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.venue.server.encoding import number

__all__ = [
    "account_row",
    "claim_row",
    "lost_frame",
    "lost_row",
    "offer_frame",
    "offer_row",
    "taken_frame",
    "taken_row",
]


def offer_row(offer: Offer, rules: Mapping[str, SymbolRules]) -> dict[str, object]:
    """A row of ``GET /v1/public/liquidation``."""
    return {
        "timestamp": offer.timestamp,
        "type": offer.type,
        "liquidation_id": offer.liquidation_id,
        "positions_by_perp": [
            {
                "symbol": symbol,
                "position_qty": number(quantity),
                "liquidator_fee": number(rules[symbol].liquidator_fee),
            }
            for symbol, quantity in offer.positions
        ],
    }


def offer_frame(offer: Offer, rules: Mapping[str, SymbolRules]) -> list[dict[str, object]]:
    """The data of a ``liquidation`` frame."""
    positions = [
        {
            "symbol": symbol,
            "positionQty": number(quantity),
            "liquidatorFee": number(rules[symbol].liquidator_fee),
        }
        for symbol, quantity in offer.positions
    ]
    return [
        {
            "liquidationId": offer.liquidation_id,
            "timestamp": offer.timestamp,
            "type": offer.type,
            "positionsByPerp": positions,
        }
    ]


def _taken(position: LiquidatedPosition) -> dict[str, object]:
    return {
        "symbol": position.symbol,
        "abs_liquidator_fee": number(position.abs_liquidator_fee),
        "cost_position_transfer": number(position.cost_position_transfer),
        "liquidator_fee": number(position.liquidator_fee),
        "position_qty": number(position.position_qty),
        "transfer_price": number(position.transfer_price),
    }


def _lost(position: LiquidatedPosition) -> dict[str, object]:
    return {
        **_taken(position),
        "insurance_fund_fee": number(position.insurance_fund_fee),
        "abs_insurance_fund_fee": number(position.abs_insurance_fund_fee),
    }


def lost_row(row: LiquidationRow, seq: int) -> dict[str, object]:
    """A row of ``GET /v1/public/liquidated_positions``."""
    return {
        "timestamp": row.timestamp,
        "liquidation_id": row.liquidation_id,
        "transfer_amount_to_insurance_fund": number(row.transfer_amount_to_insurance_fund),
        "type": row.type,
        "positions_by_perp": [{**_lost(position), "seq": seq} for position in row.positions],
    }


def account_row(row: LiquidationRow) -> dict[str, object]:
    """A row of ``GET /v1/liquidations``: what the account lost, and how it stood before."""
    positions = [
        {
            **_lost(position),
            "total_position": number(position.total_position),
            "mark_price": number(position.mark_price),
        }
        for position in row.positions
    ]
    return {
        "liquidation_id": row.liquidation_id,
        "timestamp": row.timestamp,
        "transfer_amount_to_insurance_fund": number(row.transfer_amount_to_insurance_fund),
        "margin_ratio": number(row.margin_ratio),
        "account_mmr": number(row.account_mmr),
        "position_notional": number(row.position_notional),
        "collateral_value": number(row.collateral_value),
        "positions_by_perp": positions,
    }


def claim_row(row: LiquidationRow) -> dict[str, object]:
    """The answer to a claim."""
    return {
        "liquidation_id": row.liquidation_id,
        "timestamp": row.timestamp,
        "type": row.type,
        "positions_by_perp": [_taken(position) for position in row.positions],
    }


def taken_row(row: LiquidationRow) -> dict[str, object]:
    """A row of ``GET /v1/client/liquidator_liquidations``; nothing is ever assigned here, all is claimed."""
    return {**claim_row(row), "assigned": 0}


def _pushed(position: LiquidatedPosition) -> dict[str, object]:
    return {
        "symbol": position.symbol,
        "positionQty": number(position.position_qty),
        "costPositionTransfer": number(position.cost_position_transfer),
        "transferPrice": number(position.transfer_price),
        "liquidatorFee": number(position.liquidator_fee),
    }


def lost_frame(row: LiquidationRow) -> list[dict[str, object]]:
    """The data of a ``liquidationsaccount`` frame."""
    positions = [
        {
            **_pushed(position),
            "insuranceFundFee": number(position.insurance_fund_fee),
            "absLiquidationFee": number(position.abs_liquidator_fee + position.abs_insurance_fund_fee),
            "marginMode": position.margin_mode.value,
        }
        for position in row.positions
    ]
    return [
        {
            "liquidationId": row.liquidation_id,
            "timestamp": row.timestamp,
            "transferAmountToInsuranceFund": number(row.transfer_amount_to_insurance_fund),
            "positionsByPerp": positions,
        }
    ]


def taken_frame(row: LiquidationRow) -> dict[str, object]:
    """The data of a ``liquidatorliquidations`` frame."""
    positions = [
        {
            **_pushed(position),
            "absLiquidatorFee": number(position.abs_liquidator_fee),
        }
        for position in row.positions
    ]
    return {
        "liquidationId": row.liquidation_id,
        "timestamp": row.timestamp,
        "type": row.type,
        "assigned": 0,
        "positionsByPerp": positions,
    }
