"""Staking: a data set, see ``venue.world.staking``. Wallets without an account here have staked nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from orderly_sync.venue.programs.builders.builders import known
from orderly_sync.venue.programs.staking.staking import ORDER_PRICE, Vesting
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.encoding import ZERO, number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.venue.server.time_windows import date_of

__all__ = ["ROUTES", "wallet"]

_SHOWN_DAYS = 30


def wallet(call: Call) -> str | None:
    """The ``address`` of the query, None for a wallet that has no account here."""
    address = call.query.required_text("address")
    return address if call.accounts.of_wallet(address) else None


def _balance(call: Call) -> object:
    address = wallet(call)
    if address is None:
        return dict.fromkeys(("total_staked_balance", "total_staked_order", "total_staked_esorder"), ZERO)
    stake = call.programs.staking.stake(address)
    return {
        "total_staked_balance": number(stake.total),
        "total_staked_order": number(stake.order),
        "total_staked_esorder": number(stake.esorder),
    }


def _unstaking(call: Call) -> object:
    address = wallet(call)
    amount, end = (Decimal(0), 0) if address is None else call.programs.staking.unstaking(address, call.now)
    return {"total_unstake_order": number(amount), "unstaked_end_time": end}


def _overview(call: Call) -> object:
    staking = call.programs.staking
    total = staking.total(each.address for each in call.accounts.members.values())
    worth, today = number(round(total * ORDER_PRICE, 2)), date_of(call.now)
    days = [(today - timedelta(days=back)).isoformat() for back in range(_SHOWN_DAYS)]
    return {
        "total_stake": number(total),
        **rows(
            days,
            lambda day: {
                "date": day,
                "usd_reward": number(staking.usd_reward(day)),
                "total_staked_usd": worth,
            },
        ),
    }


def _vestings(call: Call) -> object:
    """``is_vesting`` true leaves those under way, false shows all."""
    address, only = wallet(call), call.query.flag("is_vesting")
    if only is None:
        raise missing("is_vesting")

    def row(vesting: Vesting) -> dict[str, object]:
        return {
            "vest_request_id": vesting.request_id,
            "vest_start_time": vesting.start,
            "vest_end_time": vesting.end,
            "total_vest_amount": number(vesting.amount),
            "status": vesting.status,
        }

    found = [] if address is None else call.programs.staking.vestings(address)
    return rows([each for each in found if not only or each.status == "vesting"], row)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/staking/balance"): public(known(_balance, "address")),
    ("GET", "/v1/staking/unstake_details"): public(known(_unstaking, "address")),
    ("GET", "/v1/staking/overview"): public(known(_overview)),
    ("GET", "/v1/staking/esorder/vesting_list"): public(known(_vestings, "address", "is_vesting")),
}
