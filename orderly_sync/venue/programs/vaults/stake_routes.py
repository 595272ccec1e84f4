"""The strategy-vault host: the stakes of provider and depositors, and the fund between them.

Shares, requests and fees are kept (``venue.world.vaults``). Withdrawals go straight to the account's balance, so that
nothing waits to be claimed.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from orderly_sync.venue.programs.builders.builders import known
from orderly_sync.venue.programs.vaults.vaults import LP, SP, Holder, VaultRecord, VaultRequest
from orderly_sync.venue.server.call import Bare, Call, paged, rows
from orderly_sync.venue.server.encoding import ZERO, number
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.venue.server.rows import ratio

__all__ = ["ROUTES", "asked_holder", "asked_vault"]

_ZERO = Decimal(0)
_LEAST_PROVIDER_PART = Decimal("0.01")


def asked_vault(call: Call) -> VaultRecord:
    """The ``vault_id`` of the query; raises Refused."""
    return call.programs.vaults.get(call.query.required_text("vault_id"))


def asked_holder(call: Call, role: str) -> Holder:
    """The shares of the ``wallet_address`` of the query; raises Refused."""
    wallet = call.query.required_text("wallet_address")
    return call.vaults.up_to_date().holder(asked_vault(call), role, wallet)


def _provider(call: Call) -> object:
    """A wallet that is not the provider's has nothing."""
    service, vault, holder = call.vaults.up_to_date(), asked_vault(call), asked_holder(call, SP)
    worth, total = holder.shares * service.price(vault), service.vaults.total_shares(vault)
    tvl = worth + service.deposits(vault, role=SP, wallet=holder.wallet)
    return {
        "sp_nav": ratio(worth),
        "sp_tvl": ratio(tvl),
        "sp_total_strategy_shares": number(holder.shares),
        "sp_strategy_shares_pct": ratio(holder.shares / total if total else _ZERO),
        "available_strategy_shares": number(holder.shares - holder.withdrawing),
        "sp_lifetime_net_pnl": ratio(worth - holder.cost + holder.realized + holder.fees),
        "potential_pnl": ratio(worth - holder.cost),
        "sp_reserved_collateral": ratio(_LEAST_PROVIDER_PART * tvl),
        "sp_min_shares_pct": number(_LEAST_PROVIDER_PART),
        "total_performance_fees": number(holder.fees),
    }


def _depositor(call: Call) -> object:
    """A row for each vault the wallet holds shares of or has a request with."""
    service, vaults = call.vaults.up_to_date(), call.programs.vaults
    wallet, vault_id = call.query.required_text("wallet_address"), call.query.text("vault_id")
    wanted = vaults.all() if vault_id is None else [vaults.get(vault_id)]

    def row(holder: Holder) -> dict[str, object]:
        vault = vaults.get(holder.vault_id)
        worth = holder.shares * service.price(vault)
        return {
            "vault_id": holder.vault_id,
            "lp_nav": ratio(worth),
            "lp_tvl": ratio(worth + service.deposits(vault, role=LP, wallet=holder.wallet)),
            "total_main_shares": number(holder.shares),
            "available_main_shares": number(holder.shares - holder.withdrawing),
            "potential_pnl": ratio(worth - holder.cost),
            "total_performance_fees": number(holder.fees),
        }

    found = [service.holder(vault, LP, wallet) for vault in wanted]
    return rows(
        [
            each
            for each in found
            if each.shares or service.deposits(vaults.get(each.vault_id), role=LP, wallet=each.wallet)
        ],
        row,
    )


def _transactions(call: Call, role: str) -> object:
    """All requests come from accounts, none from a chain."""
    vaults, holder = call.programs.vaults, asked_holder(call, role)
    vault, query = asked_vault(call), call.query
    kind, chain_id, source = query.text("type"), query.text("chain_id"), query.text("source")

    def row(request: VaultRequest) -> dict[str, object]:
        end = vaults.period_times(vault, request.period)[1]
        return {
            "created_time": request.created,
            "period_number": request.period,
            "type": request.kind,
            "source": "account",
            "status": "completed" if request.is_done else "pending",
            "est_assign_period_time": end,
            "unlock_time": request.created + vault.lock_ms if request.is_deposit else end,
            "est_claim_time": end,
            "chain_id": request.chain_id,
            "txn_hash": "",
            "txn_hash_claim": "",
            "shares_change": number(request.shares),
            "amount_change": number(request.amount),
            "transaction_nonce": request.nonce,
        }

    found = [
        each
        for each in vaults.requests(vault, role=role)
        if each.wallet.lower() == holder.wallet.lower()
        and kind in {None, each.kind}
        and chain_id in {None, each.chain_id}
        and source in {None, "account"}
    ]
    return paged(call, found, row)


def _claimable(call: Call, role: str) -> object:
    call.query.required_text("chain_id")
    asked_holder(call, role)
    return {"claimable_amount": ZERO}


def _fees(call: Call, role: str) -> object:
    """Fees of withdrawals with a profit: those a depositor paid, or all of them for the provider. Meta beside data."""
    vault, holder = asked_vault(call), asked_holder(call, role)
    start, end = call.query.whole("start_t") or 0, call.query.whole("end_t")
    is_provider = holder.wallet.lower() == call.vaults.up_to_date().provider.address.lower()
    found = [
        each
        for each in call.programs.vaults.requests(vault, role=LP)
        if each.fee
        and (is_provider if role == SP else each.wallet.lower() == holder.wallet.lower())
        and (each.executed or 0) >= start
        and (end is None or (each.executed or 0) <= end)
    ]

    def row(request: VaultRequest) -> dict[str, object]:
        return {
            "created_time": request.executed,
            "period_number": request.period,
            "type": "performance_fee",
            "shares_change": ZERO,
            "amount_change": number(request.fee),
        }

    page = paged(call, found, row)
    return Bare(
        {"success": True, "timestamp": call.now, "meta": page["meta"], "data": {"rows": page["rows"]}}
    )


def _fund(call: Call) -> object:
    call.query.required_text("wallet_address")
    service, vault, vaults = call.vaults.up_to_date(), asked_vault(call), call.programs.vaults
    period = vaults.period(vault, call.now)
    start, end = vaults.period_times(vault, period)
    return {
        "fund_nav": ratio(service.worth(vault)),
        "fund_lifetime_net_pnl": ratio(service.gain(vault, vault.start)),
        "fund_total_strategy_shares": number(vaults.total_shares(vault)),
        "est_strategy_share_price": number(service.price(vault)),
        "broker_id": service.provider.broker_id,
        "current_period_number": period,
        "period_start_time": start,
        "period_end_time": end,
        "period_duration": (end - start) // 60_000,
        "performance_fee_rate": number(vault.fee_rate),
    }


def _periods(call: Call) -> object:
    """Newest first; what is withdrawn in the present one is not known yet."""
    call.query.required_text("wallet_address")
    call.vaults.up_to_date()
    vault, vaults, wanted = asked_vault(call), call.programs.vaults, call.query.whole("period_number")
    now = vaults.period(vault, call.now)

    def row(period: int) -> dict[str, object]:
        start, end = vaults.period_times(vault, period)
        paid, taken = (
            sum((each.amount or _ZERO for each in vaults.requests(vault, period=period, kind=kind)), _ZERO)
            for kind in ("deposit", "withdrawal")
        )
        return {
            "period_number": period,
            "start_time": start,
            "end_time": end,
            "total_deposit_amount": number(paid),
            "total_withdrawal_amount": None if period == now else number(taken),
        }

    return paged(call, [each for each in range(now, 0, -1) if wanted in {None, each}], row)


def _pending(call: Call) -> object:
    call.query.required_text("wallet_address")
    service, vault = call.vaults.up_to_date(), asked_vault(call)
    price, leaving = service.price(vault), service.leaving(vault)
    total = service.deposits(vault)
    return {
        "est_fund_allocation_pct": 1,
        "total_pending_deposit_amount": number(total),
        "lp_pending_deposit_amount": number(service.deposits(vault, role=LP)),
        "sp_pending_deposit_amount": number(service.deposits(vault, role=SP)),
        "fund_pending_deposit_amount": number(total),
        "fund_pending_withdrawal_amount": ratio(leaving * price),
        "total_pending_withdrawal_main_share": number(service.leaving(vault, role=LP)),
        "est_main_share_price": number(price),
        "total_pending_withdrawal_strategy_share": number(service.leaving(vault, role=SP)),
        "est_strategy_share_price": number(price),
    }


_PAGE = ("page", "size")
_WHO = ("vault_id", "wallet_address")
_FILTERS = ("type", "chain_id", "source")
_HOST = "/v1/public/strategy_vault"


def _two(path: str, handler: Callable[[Call, str], object], *names: str) -> dict[tuple[str, str], HttpRoute]:
    """The provider's and the depositor's twin of one operation."""
    return {
        ("GET", f"{_HOST}/{role}/{path}"): public(known(partial(_for, handler, role), *names))
        for role in (SP, LP)
    }


def _for(handler: Callable[[Call, str], object], role: str, call: Call) -> object:
    return handler(call, role)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", f"{_HOST}/sp/info"): public(known(_provider, *_WHO)),
    ("GET", f"{_HOST}/lp/info"): public(known(_depositor, *_WHO)),
    **_two("transaction_history", _transactions, *_WHO, *_FILTERS, *_PAGE),
    **_two("claim_info", _claimable, *_WHO, "chain_id"),
    **_two("fees_history", _fees, *_WHO, "start_t", "end_t", *_PAGE),
    ("GET", f"{_HOST}/fund/info"): public(known(_fund, *_WHO)),
    ("GET", f"{_HOST}/fund/period_info"): public(known(_periods, *_WHO, "period_number", *_PAGE)),
    ("GET", f"{_HOST}/fund/pending_transactions"): public(known(_pending, *_WHO)),
}
