"""The rewards of traders and market makers, retired by the real venue; this one still answers.

Epochs, pools and the crowd are a data set (``venue.world.rewards``); scores are the notional of the venue's own trades,
traders' of all of them, makers' of those that rested in the book. One wallet is one group.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from orderly_sync.models.account_enums import ChainType
from orderly_sync.venue.engine.records import Fill, volume
from orderly_sync.venue.programs.builders.builders import brokers, known, members
from orderly_sync.venue.programs.rewards.rewards import MAJOR_WEIGHT, MAJORS, MAX_REWARD, Epoch
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.encoding import ZERO, number
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.venue.server.time_windows import since

__all__ = ["ROUTES"]

_ZERO = Decimal(0)
_DIGITS = 8
_TOKEN = "ORDER"  # noqa: S105 - of money
_BOTH = (True, False)


def _is_major(fill: Fill) -> bool:
    return fill.symbol.split("_")[1] in MAJORS


def _score(call: Call, users: list[Member], epoch: Epoch, *, major: bool) -> Decimal:
    """What some accounts traded in an epoch, in major symbols or in the others."""
    return volume(
        fill
        for each in users
        for fill in since(call.exchange.fills(each.account_id), epoch.start, epoch.end)
        if _is_major(fill) is major
    )


def _reward(call: Call, users: list[Member], epoch: Epoch, *, major: bool) -> Decimal:
    ours = _score(call, members(call), epoch, major=major)
    score = _score(call, users, epoch, major=major)
    return call.programs.rewards.share(epoch.epoch_id, score, ours, major=major)


def _rewarded(call: Call, users: list[Member], epoch: Epoch) -> Decimal:
    return sum((_reward(call, users, epoch, major=major) for major in _BOTH), _ZERO)


def _epochs(call: Call) -> list[Epoch]:
    return call.programs.rewards.epochs(call.now)


def _status_of(call: Call, epoch: Epoch) -> str:
    return "Confirmed" if epoch.end <= call.now else "Pending"


def _wallet(call: Call) -> list[Member]:
    """The accounts of the wallet asked for; wallets of Solana have none here."""
    address, chain = call.query.required_text("address"), call.query.choice("chain_type", ChainType)
    return [] if chain is ChainType.SOL else call.accounts.of_wallet(address)


def _stake(call: Call) -> Decimal:
    address = call.query.required_text("address")
    return call.programs.staking.stake(address).total if call.accounts.of_wallet(address) else _ZERO


# Traders.


def _epochs_with(call: Call, terms: Mapping[str, object]) -> object:
    """Every epoch, with the terms that all of them have."""
    epochs = _epochs(call)
    return {
        "current_epoch": epochs[-1].epoch_id,
        **rows(
            epochs,
            lambda epoch: {
                "epoch_id": epoch.epoch_id,
                "start_time": epoch.start,
                "end_time": epoch.end,
                "epoch_token": _TOKEN,
                **terms,
            },
        ),
    }


def _trading_epochs(call: Call) -> object:
    terms = {
        "power_fees_paid_major": number(Decimal("0.8")),
        "power_fees_paid_alts": number(Decimal("0.8")),
        "power_staked_major": number(Decimal("0.2")),
        "power_staked_alts": number(Decimal("0.2")),
        "max_reward_amount": number(MAX_REWARD),
        "k_constant_major": 10,
        "k_constant_alts": 10,
    }
    return _epochs_with(call, terms)


def _trading_data(call: Call) -> object:
    """Scores are the venue's own and the crowd's together."""
    epochs, rewards, users = _epochs(call), call.programs.rewards, members(call)

    def all_scores(epoch: Epoch, *, major: bool) -> Decimal:
        return _score(call, users, epoch, major=major) + rewards.crowd(epoch.epoch_id, major=major)

    def row(epoch: Epoch) -> dict[str, object]:
        return {
            "epoch_id": epoch.epoch_id,
            "total_trader_score_major": number(all_scores(epoch, major=True)),
            "total_trader_score_alts": number(all_scores(epoch, major=False)),
            "epoch_token": _TOKEN,
            "reward_status": _status_of(call, epoch),
            "r_major": number(rewards.pool(major=True)),
            "r_alts": number(rewards.pool(major=False)),
        }

    done = sum(1 for epoch in epochs if epoch.end <= call.now)
    return {
        "total_released_trading_rewards_order": number(done * MAX_REWARD),
        "total_released_trading_rewards_escrow": 0,
        "current_epoch": epochs[-1].epoch_id,
        **rows(epochs, row),
    }


def _builders_part(call: Call, epoch: Epoch) -> list[tuple[str, Decimal]]:
    """Builders with what their users get, most first."""
    parts = [
        (broker_id, _rewarded(call, members(call, broker_id), epoch))
        for broker_id in brokers(call)
        if members(call, broker_id)
    ]
    return sorted(parts, key=lambda part: part[1], reverse=True)


def _fraction(reward: Decimal) -> object:
    return number(round(reward / MAX_REWARD, _DIGITS))


def _allocations(call: Call) -> object:
    def row(epoch: Epoch) -> dict[str, object]:
        return {
            "epoch_id": epoch.epoch_id,
            "rewards": [
                {
                    "broker_id": broker_id,
                    "epoch_token": _TOKEN,
                    "pct_allocation": _fraction(reward),
                    "rewards_allocation": number(reward),
                }
                for broker_id, reward in _builders_part(call, epoch)
            ],
        }

    return rows([epoch for epoch in _epochs(call) if epoch.end <= call.now], row)


def _builders_estimate(call: Call) -> object:
    return rows(
        _builders_part(call, _epochs(call)[-1]),
        lambda part: {
            "broker_id": part[0],
            "est_pct_allocation": _fraction(part[1]),
            "est_allocation": number(part[1]),
        },
    )


def _wallet_history(call: Call) -> object:
    users, staked = _wallet(call), number(_stake(call))
    epochs = _epochs(call) if users else []
    done = (_rewarded(call, users, epoch) for epoch in epochs if epoch.end <= call.now)
    return {
        "wallet_lifetime_trading_rewards_order": number(sum(done, _ZERO)),
        "wallet_lifetime_trading_rewards_escrow": 0,
        **rows(
            reversed(epochs),
            lambda epoch: {
                "epoch_id": epoch.epoch_id,
                "wallet_epoch_avg_staked": staked,
                "max_reward_amount": number(MAX_REWARD),
                "epoch_token": _TOKEN,
                "reward_status": _status_of(call, epoch),
                "r_wallet": number(_rewarded(call, users, epoch)),
            },
        ),
    }


def _account_history(call: Call) -> object:
    users, staked = _wallet(call), number(_stake(call))

    def part(user: Member, epoch: Epoch) -> dict[str, object]:
        major, alts = (_reward(call, [user], epoch, major=kind) for kind in _BOTH)
        return {
            "broker_id": user.broker_id,
            "wallet_epoch_avg_staked": staked,
            "trader_score_major": number(_score(call, [user], epoch, major=True)),
            "trader_score_alts": number(_score(call, [user], epoch, major=False)),
            "epoch_token": _TOKEN,
            "reward_status": _status_of(call, epoch),
            "r_major": number(major),
            "r_alts": number(alts),
            "r_account": number(major + alts),
        }

    return rows(
        reversed(_epochs(call)) if users else [],
        lambda epoch: {"epoch_id": epoch.epoch_id, "broker": [part(user, epoch) for user in users]},
    )


def _trader_estimate(call: Call) -> object:
    users, epoch = _wallet(call), _epochs(call)[-1]
    traded = sum((_score(call, users, epoch, major=major) for major in _BOTH), _ZERO)
    return {
        "est_trading_volume": number(traded),
        "est_avg_stake": number(_stake(call)),
        "est_stake_boost": 1,
        "est_r_wallet": number(_rewarded(call, users, epoch)),
        **rows(
            users,
            lambda user: {
                "broker_id": user.broker_id,
                "est_r_account": number(_rewarded(call, [user], epoch)),
            },
        ),
    }


def _status(call: Call) -> object:
    current = _epochs(call)[-1].epoch_id
    return {"epoch_status": "Active", "current_epoch": current, "last_completed_epoch": current - 1}


def _categories(call: Call) -> object:
    current = _epochs(call)[-1]

    def category(epoch_id: int) -> dict[str, object]:
        return {
            "epoch_id": epoch_id,
            "major_weightage": number(MAJOR_WEIGHT),
            "alts_weightage": number(1 - MAJOR_WEIGHT),
            "major_symbols": ",".join(MAJORS),
            "updated_time": current.start,
        }

    return {"current": category(current.epoch_id), "next": category(current.epoch_id + 1)}


# Market makers.


def _made(call: Call, users: list[Member], epoch: Epoch, symbol: str | None = None) -> Decimal:
    """What some accounts traded as makers in an epoch."""
    return volume(
        fill
        for each in users
        for fill in since(call.exchange.fills(each.account_id), epoch.start, epoch.end)
        if fill.is_maker and symbol in {None, fill.symbol}
    )


def _maker_reward(call: Call, users: list[Member], epoch: Epoch, symbol: str | None = None) -> Decimal:
    """Half of an epoch's pool for everybody's making, the crowd's included."""
    crowd = call.programs.rewards.crowd(epoch.epoch_id, major=True)
    everybody = _made(call, members(call), epoch) + crowd
    return round(MAX_REWARD / 2 * _made(call, users, epoch, symbol) / everybody, _DIGITS)


def _maker_epochs(call: Call) -> object:
    return _epochs_with(call, {"max_reward_amount": number(MAX_REWARD / 2)})


def _maker_symbols(call: Call) -> object:
    return {
        "updated_time": _epochs(call)[-1].start,
        **rows(
            call.markets.symbols,
            lambda symbol: {
                "symbol": symbol,
                "multiplier": 2 if symbol.split("_")[1] in MAJORS else 1,
                "min_depth": 1_000,
                "max_spread": number(Decimal("0.003")),
            },
        ),
    }


def _asked_epoch(call: Call) -> Epoch | None:
    wanted = call.query.required_whole("epoch")
    return next((epoch for epoch in _epochs(call) if epoch.epoch_id == wanted), None)


def _maker_board(call: Call) -> object:
    """Makers of an epoch, of one market if one is asked for; an epoch that is not has no rows."""
    epoch, market = _asked_epoch(call), call.query.text("market")
    symbol = None if market is None else call.markets.symbol(market)
    found = []
    for address in dict.fromkeys(each.address for each in members(call)) if epoch else ():
        users = call.accounts.of_wallet(address)
        made = _made(call, users, epoch, symbol) if epoch else _ZERO
        if epoch and made:
            found.append((address, made, _maker_reward(call, users, epoch, symbol)))
    found.sort(key=lambda each: each[1], reverse=True)
    return {
        "market": market or "",
        "epoch": call.query.required_whole("epoch"),
        "epoch_status": "Completed" if epoch is not None and epoch.end <= call.now else "Active",
        **rows(
            found,
            lambda each: {
                "address": each[0],
                "est_score": number(each[1]),
                "est_r_wallet": number(each[2]),
                "est_avg_stake": number(call.programs.staking.stake(each[0]).total),
                "est_stake_boost": 1,
                "uptime": 1,
                "maker_volume": number(each[1]),
            },
        ),
    }


def _maker_estimate(call: Call) -> object:
    users, epoch = _wallet(call), _epochs(call)[-1]
    return {
        "est_maker_volume": number(_made(call, users, epoch)),
        "est_avg_stake": number(_stake(call)),
        "est_stake_boost": 1,
        "est_r_wallet": number(_maker_reward(call, users, epoch)),
    }


def _group_history(call: Call) -> object:
    users, symbol, staked = _wallet(call), call.symbol(), number(_stake(call))
    epochs = _epochs(call) if users else []
    done = (_maker_reward(call, users, epoch, symbol) for epoch in epochs if epoch.end <= call.now)
    return {
        "group_lifetime_mm_rewards_order": number(sum(done, _ZERO)),
        "group_lifetime_mm_rewards_escrow": ZERO,
        **rows(
            reversed(epochs),
            lambda epoch: {
                "epoch_id": epoch.epoch_id,
                "epoch_avg_staked": staked,
                "max_reward_amount": number(MAX_REWARD / 2),
                "epoch_token": _TOKEN,
                "reward_status": _status_of(call, epoch).upper(),
                "total_reward": number(_maker_reward(call, users, epoch, symbol)),
            },
        ),
    }


_TRADING, _MAKING = "/v1/public/trading_rewards", "/v1/public/market_making_rewards"
_WHO = ("address", "chain_type")
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", f"{_TRADING}/epoch_info"): public(known(_trading_epochs)),
    ("GET", f"{_TRADING}/epoch_data"): public(known(_trading_data)),
    ("GET", f"{_TRADING}/broker_allocation_history"): public(known(_allocations)),
    ("GET", f"{_TRADING}/wallet_rewards_history"): public(known(_wallet_history, *_WHO)),
    ("GET", f"{_TRADING}/account_rewards_history"): public(known(_account_history, *_WHO)),
    ("GET", f"{_TRADING}/status"): public(known(_status)),
    ("GET", f"{_TRADING}/symbol_category"): public(known(_categories)),
    ("GET", f"{_TRADING}/current_epoch_broker_estimate"): public(known(_builders_estimate)),
    ("GET", f"{_TRADING}/current_epoch_estimate"): public(known(_trader_estimate, "address")),
    ("GET", f"{_MAKING}/epoch_info"): public(known(_maker_epochs)),
    ("GET", f"{_MAKING}/status"): public(known(_status)),
    ("GET", f"{_MAKING}/symbol_params"): public(known(_maker_symbols)),
    ("GET", f"{_MAKING}/leaderboard"): public(known(_maker_board, "epoch", "market")),
    ("GET", f"{_MAKING}/current_epoch_estimate"): public(known(_maker_estimate, *_WHO)),
    ("GET", f"{_MAKING}/group_rewards_history"): public(known(_group_history, "address", "symbol")),
}
