"""The strategy-vault host, served here under the venue's own address: the vaults, their results and their totals.

Share prices are invented and the same each time for a seed (``venue.world.vaults``); who holds shares is kept.
"""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.vault_enums import VaultChartRange, VaultChartType
from orderly_sync.venue.engine.records import volume
from orderly_sync.venue.programs.builders.builders import known
from orderly_sync.venue.programs.vaults.stake_routes import asked_holder, asked_vault
from orderly_sync.venue.programs.vaults.vault_service import VaultService
from orderly_sync.venue.programs.vaults.vaults import LP, SP, VaultRecord
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.constants import CHAINS
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.venue.server.rows import ratio
from orderly_sync.venue.server.time_windows import DAY, fees, since

__all__ = ["ROUTES"]

_ZERO = Decimal(0)
_HOUR = 3_600_000
_GATE = Decimal("0.2")
"""The part of a vault that may leave in one period; never reached here."""
_RANGES: dict[VaultChartRange, int | None] = {
    VaultChartRange.DAY: DAY,
    VaultChartRange.WEEK: 7 * DAY,
    VaultChartRange.MONTH: 30 * DAY,
    VaultChartRange.ALL_TIME: None,
}


def _of_brokers(call: Call) -> list[VaultRecord]:
    """All vaults belong to the provider's builder."""
    text = call.query.text("broker_ids")
    ours = call.vaults.up_to_date().provider.broker_id
    is_ours = text is None or ours in {part.strip() for part in text.split(",")}
    return call.programs.vaults.all() if is_ours else []


def _yearly(gain: Decimal, days: Decimal) -> object:
    """A gain as a yearly rate, not compounded."""
    return ratio(gain * 365 / days if days else _ZERO)


def _info(call: Call) -> object:
    service = call.vaults.up_to_date()
    wanted, status = call.query.text("vault_id"), call.query.text("status")
    return rows(
        [
            each
            for each in _of_brokers(call)
            if (wanted is None or each.vault_id == wanted.lower()) and status in {None, each.status}
        ],
        lambda vault: {**_terms(service, vault), **_state(service, vault)},
    )


def _terms(service: VaultService, vault: VaultRecord) -> dict[str, object]:
    """What a vault is and asks for."""
    return {
        "vault_id": vault.vault_id,
        "vault_address": vault.address,
        "vault_type": vault.kind,
        "vault_name": vault.name,
        "description": vault.description,
        "sp_address": service.provider.address,
        "sp_name": None,
        "asset": "USDC",
        "status": vault.status,
        "vault_start_time": vault.start,
        "performance_fee_rate": number(vault.fee_rate),
        "supported_chains": [
            {"chain_id": str(chain["chain_id"]), "chain_name": chain["name"]} for chain in CHAINS
        ],
        "lock_duration": vault.lock_ms // _HOUR,
        "min_deposit_amount": number(vault.least_deposit),
        "min_withdrawal_amount": number(vault.least_shares),
        "gate_threshold_pct": number(_GATE),
        "gate_triggered": False,
        "broker_id": service.provider.broker_id,
    }


def _state(service: VaultService, vault: VaultRecord) -> dict[str, object]:
    """How a vault stands now."""
    vaults, now = service.vaults, service.now()
    age, price = max(0, (now - vault.start) // DAY), service.price(vault)
    month = _yearly(price / vaults.price(vault, now - 30 * DAY) - 1, Decimal(30))
    return {
        "vault_age": age,
        "tvl": ratio(service.tvl(vault)),
        "valid_hpr": ratio(price - 1),
        "30d_apy": month,
        "recovery_30d_apy": month,
        "vault_lifetime_net_pnl": ratio(service.gain(vault, vault.start)),
        "lp_counts": service.depositors(vault),
        "total_main_shares": number(vaults.total_shares(vault)),
        "lifetime_apy": _yearly(price - 1, Decimal(age)),
    }


def _points(call: Call, vault: VaultRecord, span: VaultChartRange, step: int) -> list[tuple[int, Decimal]]:
    """Moments of a range with the share's price, oldest first, the present moment last."""
    length = _RANGES[span]
    start = vault.start if length is None else max(vault.start, call.now - length)
    vaults = call.programs.vaults
    moments = [*range(min(start, call.now), call.now, step), call.now]
    return [(moment, vaults.price(vault, moment)) for moment in moments]


def _result(call: Call, vault: VaultRecord, span: VaultChartRange, shares: Decimal) -> dict[str, object]:
    """Gain and greatest fall of some shares over a range."""
    points = _points(call, vault, span, DAY)
    highest, fall, deepest = points[0][1], _ZERO, _ZERO
    for _, price in points:
        highest = max(highest, price)
        fall, deepest = max(fall, 1 - price / highest), max(deepest, highest - price)
    return {
        "time_range": span.value,
        "incremental_net_pnl": ratio(shares * (points[-1][1] - points[0][1])),
        "max_drawdown": ratio(fall),
        "pnl_max_drawdown": ratio(shares * deepest),
    }


def _performance(call: Call) -> object:
    service, vault = call.vaults.up_to_date(), asked_vault(call)
    shares = call.programs.vaults.total_shares(vault)
    fills = call.exchange.fills(service.provider.account_id)

    def row(span: VaultChartRange) -> dict[str, object]:
        length = _RANGES[span]
        traded = fills if length is None else since(fills, call.now - length)
        return {
            **_result(call, vault, span, shares),
            "fees": number(fees(traded)),
            "volume": number(volume(traded)),
        }

    return rows(_RANGES, row)


def _chart_of(call: Call, vault: VaultRecord, shares: Decimal) -> object:
    kind = call.query.required_choice("type", VaultChartType)
    span = call.query.required_choice("time_range", VaultChartRange)
    points = _points(call, vault, span, _HOUR if span is VaultChartRange.DAY else DAY)
    base = points[0][1] if kind is VaultChartType.PNL else _ZERO
    return rows(points, lambda point: {"timestamp": point[0], "value": ratio(shares * (point[1] - base))})


def _chart(call: Call) -> object:
    """Present shares at past prices."""
    call.vaults.up_to_date()
    vault = asked_vault(call)
    return _chart_of(call, vault, call.programs.vaults.total_shares(vault))


def _own_performance(call: Call) -> object:
    vault, shares = asked_vault(call), asked_holder(call, LP).shares
    return rows(_RANGES, lambda span: _result(call, vault, span, shares))


def _own_chart(call: Call) -> object:
    return _chart_of(call, asked_vault(call), asked_holder(call, LP).shares)


def _totals(call: Call) -> object:
    service, found = call.vaults.up_to_date(), _of_brokers(call)
    row = {
        "strategy_vaults_tvl": ratio(sum((service.tvl(each) for each in found), _ZERO)),
        "strategy_vaults_lifetime_net_pnl": ratio(
            sum((service.gain(each, each.start) for each in found), _ZERO)
        ),
        "strategy_vaults_count": len(found),
        "strategy_vaults_lp_count": sum(service.depositors(each) for each in found),
    }
    return {"rows": [row]}


def _user_totals(call: Call) -> object:
    service, vaults = call.vaults.up_to_date(), call.programs.vaults
    wallet = call.query.required_text("wallet_address")
    tvl, pnl, count = ({LP: _ZERO, SP: _ZERO}, {LP: _ZERO, SP: _ZERO}, {LP: 0, SP: 0})
    for vault in vaults.all():
        for role in (LP, SP):
            holder = service.holder(vault, role, wallet)
            worth = holder.shares * service.price(vault)
            tvl[role] += worth + service.deposits(vault, role=role, wallet=holder.wallet)
            pnl[role] += worth - holder.cost + holder.realized
            count[role] += 1 if holder.shares else 0
    row = {
        "total_vaults_tvl": ratio(tvl[LP] + tvl[SP]),
        "vaults_lp_tvl": ratio(tvl[LP]),
        "vaults_sp_tvl": ratio(tvl[SP]),
        "total_vaults_lifetime_net_pnl": ratio(pnl[LP] + pnl[SP]),
        "vaults_lp_lifetime_net_pnl": ratio(pnl[LP]),
        "vaults_sp_lifetime_net_pnl": ratio(pnl[SP]),
        "total_involved_vaults_count": count[LP] + count[SP],
        "involved_lp_vaults_count": count[LP],
        "involved_sp_vaults_count": count[SP],
    }
    return {"rows": [row]}


_CHART = ("type", "time_range")
_HOST = "/v1/public/strategy_vault"
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", f"{_HOST}/vault/info"): public(known(_info, "vault_id", "status", "broker_ids")),
    ("GET", f"{_HOST}/vault/performance"): public(known(_performance, "vault_id")),
    ("GET", f"{_HOST}/vault/performance_chart"): public(known(_chart, "vault_id", *_CHART)),
    ("GET", f"{_HOST}/vault/overall_info"): public(known(_totals, "broker_ids")),
    ("GET", f"{_HOST}/user/overall_info"): public(known(_user_totals, "wallet_address")),
    ("GET", f"{_HOST}/lp/performance"): public(known(_own_performance, "vault_id", "wallet_address")),
    ("GET", f"{_HOST}/lp/performance_chart"): public(
        known(_own_chart, "vault_id", "wallet_address", *_CHART)
    ),
}
