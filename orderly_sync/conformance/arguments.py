"""What reading operations are asked with: made from the names of their parameters, and from what others answered."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from orderly_sync.conformance.venue_access import VenueAccess

__all__ = ["LEARNT", "NothingToAskAbout", "arguments_of", "keep_from"]

_DAY_MS = 86_400_000
_NOBODY = "0x000000000000000000000000000000000000dEaD"
"""An address that nobody has: asked about where there is no account to ask about."""


class NothingToAskAbout(Exception):
    """Nothing is known that could be asked about; the text says what is missing."""


_MORE: Mapping[str, Mapping[str, object]] = {
    "assets.swap_quote": {"from_token": "ETH", "to_token": "USDC", "amount": "0.5", "slippage": "0.005"},
    "assets.transfers": {"side": "OUT"},
    "admin.internal_transfer_history": {"side": "OUT"},
    "campaigns.check": {"type": "volume", "lower_boundary": 10},
    "campaigns.stats_details": {"group_by": "SYMBOL"},
    "market.kline_history": {"resolution": "1h"},
    "market.klines": {"type": "1h"},
    "market.price_history": {"time_interval": "1d"},
    "query.candles": {"interval": "1h"},
    "points.rankings": {"period": "all_time"},
    "positions.history": {"limit": 10},
    "referral.statistics": {"time_range": "all_time"},
    "staking.vesting_list": {"is_vesting": True},
    "tradingview.config": {"locale": "en"},
    "tradingview.history": {"resolution": "60"},
    "tradingview.symbol_info": {"group": "orderly"},
    "vault_host.lp_performance_chart": {"type": "TVL", "time_range": "30d"},
    "vault_host.performance_chart": {"type": "TVL", "time_range": "30d"},
    "multilevel.summary": {"aggregate_by": "date"},
    "listing.builder_sources": {"base_ccy": "ETH"},
    "orders.list": {"size": 500},
    "orders.fills": {"size": 500},
    "orders.list_algo": {"size": 500},
}
"""Arguments that neither a name nor an answer tells."""

_OWN: Mapping[str, str] = {
    "registration.owner": "account_id",
    "campaigns.user": "account_id",
    "fees.user_info": "account_id",
    "admin.algo_orders": "user_account start end",
    "admin.orders": "user_account start end",
    "admin.trades": "user_account start end",
    "admin.asset_history": "user_account start end",
    "admin.liquidations": "user_account start end",
    "admin.convert_history": "user_account",
    "admin.client_info": "user_account",
    "admin.funding_fee_history": "user_account",
    "admin.holding": "user_account",
    "admin.internal_transfer_history": "user_account",
    "admin.leverage": "user_account",
    "admin.position": "user_account",
    "admin.positions": "user_account",
    "admin.volume_stats": "user_account",
}
"""Optional arguments without which the venue refuses to answer."""

_WHAT: Mapping[str, str] = {
    "order_id": "an order",
    "algo_order_id": "an algo order",
    "client_order_id": "an order of a client order id",
    "algo_client_order_id": "an algo order of a client order id",
    "trade_id": "a fill",
    "campaign_id": "a campaign",
    "stage": "a stage of points",
    "vault_id": "a vault",
    "referral_code": "a referral code",
    "enum_id": "an order tag",
    "epoch": "an epoch",
    "account_id": "an account",
    "orderly_key": "a key",
}


def arguments_of(name: str, function: Callable[..., object], access: VenueAccess) -> dict[str, Any]:
    """The keywords that an operation is called with.

    Raises:
        NothingToAskAbout: Nothing is there to ask about.
    """
    more = dict(_MORE.get(name, {}))
    for optional in _OWN.get(name, "").split():
        more[optional] = _value(name, optional, access)
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.default is parameter.empty and parameter.name not in more:
            more[parameter.name] = _value(name, parameter.name, access)
    return more


def _value(name: str, parameter: str, access: VenueAccess) -> object:
    now = datetime.fromtimestamp(access.rest.clock.time_ms() / 1000, timezone.utc)
    own = access.credentials
    key = (
        f"algo_{parameter}" if "algo" in name and parameter in {"order_id", "client_order_id"} else parameter
    )
    known: dict[str, object] = {
        "symbol": access.symbol,
        "start": now - timedelta(days=1),
        "end": now,
        "start_date": (now - timedelta(days=30)).date(),
        "end_date": now.date(),
        "address": access.kept.get("address", _NOBODY),
        "wallet_address": access.kept.get("address", _NOBODY),
        "broker_id": access.kept.get("broker_id", "woofi_pro" if own is None else own.broker_id),
        "chain_id": access.network.chain_id or 42161,
    }
    if own is not None:
        known |= {
            "account_id": own.account_id,
            "user_account": own.account_id,
            "orderly_key": own.key,
            "broker_id": own.broker_id,
        }
    if name.startswith("vault_host.") and parameter == "chain_id":
        known["chain_id"] = str(known["chain_id"])
    value = known.get(key, access.kept.get(key))
    if value is None:
        raise NothingToAskAbout(
            f"there is no {_WHAT.get(key, key).removeprefix('an ').removeprefix('a ')} to ask about"
        )
    return value


def keep_from(name: str, value: Any, access: VenueAccess) -> None:
    """Keep what an answer tells and other operations are asked with."""
    learn = LEARNT.get(name)
    if learn is None:
        return
    for key, found in learn(value).items():
        if found is not None:
            access.kept.setdefault(key, found)


def _first(rows: Any, **names: str) -> dict[str, object]:
    """Of the first row that has them all, attributes under the names by which others ask."""
    for row in rows:
        found = {key: getattr(row, attribute, None) for key, attribute in names.items()}
        if all(one is not None for one in found.values()):
            return found
    return {}


LEARNT: Mapping[str, Callable[[Any], dict[str, object]]] = {
    "builder.broker_names": lambda rows: _first(rows, broker_id="broker_id"),
    "registration.owner": lambda one: {"address": getattr(one, "address", None)},
    "campaigns.campaigns": lambda rows: _first(rows, campaign_id="id"),
    "points.stages": lambda rows: _first(rows, stage="stage_id"),
    "vault_host.vaults": lambda rows: _first(rows, vault_id="vault_id"),
    "order_tags.public_tags": lambda rows: _first(rows, enum_id="enum_id"),
    "rewards.maker_status": lambda one: {"epoch": getattr(one, "current_epoch", None)},
    "orders.list": lambda rows: {
        **_first(rows, order_id="order_id"),
        **_first(rows, client_order_id="client_order_id"),
    },
    "orders.fills": lambda rows: _first(rows, trade_id="id"),
    "orders.list_algo": lambda rows: {
        **_first(rows, algo_order_id="algo_order_id"),
        **_first(rows, algo_client_order_id="client_order_id"),
    },
    "referral.info": lambda one: _first(
        getattr(getattr(one, "referrer_info", None), "referral_codes", ()) or (), referral_code="code"
    ),
}
"""By operation, what is kept of its answer."""
