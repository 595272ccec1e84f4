"""VALOR: a data set, see ``venue.world.staking``; the coming inflow is a part of the fees the venue took."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from orderly_sync.venue.programs.builders.builders import known
from orderly_sync.venue.programs.staking.routes import wallet
from orderly_sync.venue.programs.staking.staking import ORDER_PRICE, REVENUE_RATE, Batch, Redemption
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.constants import CHAINS
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.venue.server.time_windows import date_of

__all__ = ["ROUTES"]


def _batch(batch: Batch) -> dict[str, object]:
    return {
        "batch_id": batch.batch_id,
        "batch_start_time": batch.start,
        "batch_end_time": batch.end,
    }


def _batches(call: Call) -> object:
    return rows(call.programs.staking.batches(call.now), _batch)


def _pool(call: Call, programme: int) -> dict[str, object]:
    staking = call.programs.staking
    inflow = max(call.exchange.fees_collected, Decimal(0)) * REVENUE_RATE
    return {
        "revenue_rate": number(REVENUE_RATE),
        "treasury_pool_value": number(round(staking.treasury(call.now, programme), 6)),
        "est_treasury_inflow": number(round(inflow, 6)),
        "total_redeemed_amount": number(staking.redeemed(call.now, programme)),
        "next_settlement_date": date_of(staking.batches(call.now)[-1].end).isoformat(),
    }


def _first_pool(call: Call) -> object:
    price = call.programs.staking.price(call.now, 1)
    return {"valor_price_usdc": number(price), **_pool(call, 1)}


def _second_pool(call: Call) -> object:
    staking = call.programs.staking
    return {
        "valor_price_esorder": number(staking.price(call.now, 2)),
        "order_price_usdc": number(ORDER_PRICE),
        "current_batch_id": staking.batches(call.now)[-1].batch_id,
        **_pool(call, 2),
    }


def _redeemed(call: Call, programme: int) -> list[Redemption]:
    address = wallet(call)
    return [] if address is None else call.programs.staking.redemptions(address, call.now, programme)


def _sums(found: list[Redemption]) -> Callable[[bool], object]:
    return lambda claimable: number(sum(each.value for each in found if each.is_claimable is claimable))


def _first_redeem(call: Call) -> object:
    """All of it on the first chain."""
    found = _redeemed(call, 1)
    worth = _sums(found)
    detail = {
        "chain_id": CHAINS[0]["chain_id"],
        "pending_usdc": worth(False),
        "available_usdc": worth(True),
    }
    return {
        "redeeming_valor_amount": number(sum(each.valor for each in found)),
        "chain_details": [detail] if found else [],
    }


def _second_redeem(call: Call) -> object:
    found = _redeemed(call, 2)
    worth = _sums(found)
    return {
        "redeeming_valor_amount": number(sum(each.valor for each in found)),
        "redeeming_valor_list": [
            {"batch_id": each.batch.batch_id, "redeem_amount": number(each.valor)} for each in found
        ],
        "pending_esorder": worth(False),
        "available_esorder": worth(True),
    }


def _buyback(call: Call) -> object:
    staking = call.programs.staking
    return [
        {
            "batch_id": batch.batch_id,
            "usdc_revenue": number(staking.revenue(batch)),
            "esorder_amount": number(staking.inflow(batch, 2)),
        }
        for batch in staking.batches(call.now)[:-1]
    ]


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/staking/valor/batch_info"): public(known(_batches)),
    ("GET", "/v1/staking/valor/pool_info"): public(known(_first_pool)),
    ("GET", "/v1/staking/valor/redeem"): public(known(_first_redeem, "address")),
    ("GET", "/v1/staking/valor2/batch_info"): public(known(_batches)),
    ("GET", "/v1/staking/valor2/pool_info"): public(known(_second_pool)),
    ("GET", "/v1/staking/valor2/redeem"): public(known(_second_redeem, "address")),
    ("GET", "/v1/staking/valor2/revenue_buyback"): public(known(_buyback)),
}
