"""Trading campaigns: the campaigns are a data set, sign-ups are kept, results come from the venue's own trades.

Who signed up takes part, with all trades between the campaign's start and end (assumed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

import attrs

from orderly_sync.models.campaign import CampaignCheckType, CampaignCompare, CampaignGroupBy, CampaignSort
from orderly_sync.models.enums import AssetSide, AssetStatus
from orderly_sync.venue.engine.records import Fill, volume
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import checked_broker, known
from orderly_sync.venue.programs.campaigns.campaigns import CampaignTerms
from orderly_sync.venue.server.call import Call, paged, rows
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, public, signed
from orderly_sync.venue.server.rows import ratio
from orderly_sync.venue.server.time_windows import asked_window, pnl, since
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["ROUTES"]

_ZERO = Decimal(0)


@attrs.frozen(kw_only=True)
class _Entry:
    """What one account, or several of one wallet, did in a campaign."""

    member: Member
    fills: tuple[Fill, ...]
    deposited: Decimal
    withdrawn: Decimal
    value: Decimal
    """What it is worth now."""

    @property
    def volume(self) -> Decimal:
        return volume(self.fills)

    @property
    def pnl(self) -> Decimal:
        return pnl(self.fills)

    @property
    def start_value(self) -> Decimal:
        """What it was worth when the campaign began, worked back from now."""
        return self.value - self.pnl - self.deposited + self.withdrawn

    @property
    def orders(self) -> int:
        return len({fill.order_id for fill in self.fills})

    def row(self) -> dict[str, object]:
        """The figures that rankings and users share."""
        return {
            "volume": number(self.volume),
            "pnl": number(self.pnl),
            "total_deposit_amount": number(self.deposited),
            "total_withdrawal_amount": number(self.withdrawn),
            "start_account_value": ratio(self.start_value),
            "end_account_value": ratio(self.value),
        }


def _campaign(call: Call) -> CampaignTerms:
    return call.programs.campaigns.get(call.query.required_whole("campaign_id"))


def _moved(call: Call, member: Member, campaign: CampaignTerms, side: AssetSide) -> Decimal:
    return sum(
        (
            row.amount
            for row in call.exchange.assets(member.account_id)
            if row.side is side
            and row.trans_status is AssetStatus.COMPLETED
            and campaign.start_time <= row.created_time <= campaign.end_time
        ),
        _ZERO,
    )


def _entry(call: Call, member: Member, campaign: CampaignTerms, wanted: Callable[[Fill], bool]) -> _Entry:
    fills = since(call.exchange.fills(member.account_id), campaign.start_time, campaign.end_time + 1)
    return _Entry(
        member=member,
        fills=tuple(fill for fill in fills if wanted(fill)),
        deposited=_moved(call, member, campaign, AssetSide.DEPOSIT),
        withdrawn=_moved(call, member, campaign, AssetSide.WITHDRAW),
        value=call.exchange.account(member.account_id).total_account_value,
    )


def _entries(call: Call, campaign: CampaignTerms, symbols: Iterable[str] = ()) -> list[_Entry]:
    """All participants, of one builder if one is asked for."""
    broker_id, listed = checked_broker(call), frozenset(symbols)
    users = (call.accounts.get(each) for each in call.programs.campaigns.users(campaign.id))
    return [
        _entry(call, member, campaign, lambda fill: not listed or fill.symbol in listed)
        for member in users
        if broker_id in {None, member.broker_id}
    ]


def _symbols(call: Call, name: str) -> list[str]:
    text = call.query.text(name)
    return [] if text is None else [call.markets.symbol(part.strip()) for part in text.split(",")]


def _sign_up(call: Call) -> None:
    number_ = call.body.required_whole("campaign_id")
    call.programs.campaigns.sign_up(number_, call.account_id, call.now)


def _list(call: Call) -> object:
    """With an address only those it takes part in. ``start_t`` and ``end_t`` bound the campaigns' own times."""
    start, end = asked_window(call)
    alive, address = call.query.flag("only_show_alive"), call.query.text("address")
    campaigns = call.programs.campaigns
    accounts = {each.account_id for each in call.accounts.of_wallet(address or "")}

    def registered(campaign: CampaignTerms) -> int | None:
        times = [at for user, at in campaigns.users(campaign.id).items() if user in accounts]
        return min(times, default=None)

    def row(campaign: CampaignTerms) -> dict[str, object]:
        return {**attrs.asdict(campaign), "register_time": registered(campaign)}

    return rows(
        [
            each
            for each in campaigns.all()
            if each.end_time >= start
            and each.start_time <= end
            and (not alive or each.start_time <= call.now <= each.end_time)
            and (address is None or registered(each) is not None)
        ],
        row,
    )


def _stats(call: Call) -> object:
    campaign, symbol = _campaign(call), call.symbol()
    entries = _entries(call, campaign, [symbol] if symbol else [])
    return {
        "volume": number(sum((each.volume for each in entries), _ZERO)),
        "user_count": sum(1 for each in entries if each.fills),
        "sign_up_count": len(entries),
        "updated_time": call.now,
    }


def _details(call: Call) -> object:
    """A row for each builder and symbol, for each of one of them, or one for all; the other name is empty then."""
    campaign = _campaign(call)
    group = call.query.choice("group_by", CampaignGroupBy)
    groups: dict[tuple[str, str], list[tuple[str, Fill]]] = {}
    for entry in _entries(call, campaign, _symbols(call, "symbols")):
        for fill in entry.fills:
            broker = "" if group in {CampaignGroupBy.SYMBOL, CampaignGroupBy.NONE} else entry.member.broker_id
            symbol = "" if group in {CampaignGroupBy.BROKER, CampaignGroupBy.NONE} else fill.symbol
            groups.setdefault((broker, symbol), []).append((entry.member.account_id, fill))

    def row(key: tuple[str, str]) -> dict[str, object]:
        return {
            "broker_id": key[0],
            "symbol": key[1],
            "volume": number(volume(fill for _, fill in groups[key])),
            "user_count": len({user for user, _ in groups[key]}),
        }

    return paged(call, sorted(groups), row)


def _by_wallet(entries: list[_Entry]) -> list[_Entry]:
    """One entry a wallet, shown as its first account's."""
    groups: dict[str, list[_Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.member.address.lower(), []).append(entry)
    return [_together(group) for group in groups.values()]


def _together(group: list[_Entry]) -> _Entry:
    return attrs.evolve(
        group[0],
        fills=tuple(fill for each in group for fill in each.fills),
        deposited=sum((each.deposited for each in group), _ZERO),
        withdrawn=sum((each.withdrawn for each in group), _ZERO),
        value=sum((each.value for each in group), _ZERO),
    )


def _ranking(call: Call) -> object:
    """``aggregate_by`` ``address`` takes a wallet's accounts together; any other value is refused (assumed)."""
    entries = _entries(call, _campaign(call))
    aggregate = call.query.text("aggregate_by")
    if aggregate not in {None, "address", "account"}:
        raise Refused(INVALID_PARAM, "aggregate_by must be address or account")
    if aggregate == "address":
        entries = _by_wallet(entries)
    least_pnl, least_volume = call.query.number("min_pnl"), call.query.number("min_volume")
    found = [
        each
        for each in entries
        if (least_pnl is None or each.pnl >= least_pnl)
        and (least_volume is None or each.volume >= least_volume)
    ]
    by_pnl = call.query.choice("sort_by", CampaignSort) is CampaignSort.PNL
    found.sort(key=lambda each: each.pnl if by_pnl else each.volume, reverse=True)

    def row(entry: _Entry) -> dict[str, object]:
        member = entry.member
        return {
            "broker_id": member.broker_id,
            "account_id": member.account_id,
            "address": member.address,
            **entry.row(),
        }

    return paged(call, found, row)


def _asked_users(call: Call) -> list[Member]:
    account_id, address = call.query.text("account_id"), call.query.text("address")
    if account_id is None and address is None:
        raise missing("account_id or address")
    broker_id = checked_broker(call)
    found = (
        [call.accounts.get(account_id)]
        if account_id is not None
        else call.accounts.of_wallet(address or "", broker_id)
    )
    if not found:
        raise Refused(RESOURCE_NOT_FOUND, f"the wallet {address} has no account here")
    return found


def _user(call: Call) -> object:
    """Whoever is asked for, signed up or not; the staked amounts are a data set."""
    campaign, symbols = _campaign(call), frozenset(_symbols(call, "symbol"))
    tag = call.query.text("order_tag")

    def wanted(fill: Fill) -> bool:
        return (not symbols or fill.symbol in symbols) and tag in {None, fill.order_tag}

    users = _asked_users(call)
    entry = _together([_entry(call, each, campaign, wanted) for each in users])
    bound = [
        binding
        for each in users
        for binding in call.programs.referrals.direct(each.account_id)
        if campaign.start_time <= binding.since <= campaign.end_time
    ]
    traded = [each for each in bound if since(call.exchange.fills(each.referee), each.since)]
    stake = call.programs.staking.stake(users[0].address)
    return {
        **entry.row(),
        "filled_order_count": entry.orders,
        "updated_time": call.now,
        "new_invited_referee": len(bound),
        "new_traded_referee": len(traded),
        "total_staked_order": number(stake.order),
        "total_staked_esorder": number(stake.esorder),
    }


_COMPARED: dict[CampaignCompare, Callable[[Decimal, Decimal], bool]] = {
    CampaignCompare.GT: lambda value, mark: value > mark,
    CampaignCompare.GE: lambda value, mark: value >= mark,
    CampaignCompare.LE: lambda value, mark: value <= mark,
    CampaignCompare.LT: lambda value, mark: value < mark,
}
_COUNTED: dict[CampaignCheckType, Callable[[_Entry], Decimal]] = {
    CampaignCheckType.VOLUME: lambda entry: entry.volume,
    CampaignCheckType.DEPOSIT: lambda entry: entry.deposited,
    CampaignCheckType.WITHDRAW: lambda entry: entry.withdrawn,
    CampaignCheckType.ORDER_COUNT: lambda entry: Decimal(entry.orders),
}


def _check(call: Call) -> object:
    """``success`` or ``fail``; a wallet without an account has done nothing."""
    campaign, address = _campaign(call), call.query.required_text("address")
    kind = call.query.required_choice("type", CampaignCheckType)
    mark = call.query.number("lower_boundary")
    if mark is None:
        raise missing("lower_boundary")
    compare = call.query.choice("cmp", CampaignCompare) or CampaignCompare.GT
    users = call.accounts.of_wallet(address)
    entries = [_entry(call, each, campaign, lambda _: True) for each in users]
    value = _COUNTED[kind](_together(entries)) if entries else _ZERO
    return {"status": "success" if _COMPARED[compare](value, mark) else "fail"}


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("POST", "/v1/client/campaign/sign_up"): signed(known(_sign_up, "campaign_id")),
    ("GET", "/v1/public/campaigns"): public(known(_list, "start_t", "end_t", "only_show_alive", "address")),
    ("GET", "/v1/public/campaign/stats"): public(known(_stats, "campaign_id", "broker_id", "symbol")),
    ("GET", "/v1/public/campaign/stats/details"): public(
        known(_details, "campaign_id", "broker_id", "symbols", "group_by", "page", "size")
    ),
    ("GET", "/v1/public/campaign/ranking"): public(
        known(
            _ranking,
            *("campaign_id", "broker_id", "page", "size", "sort_by"),
            *("min_pnl", "min_volume", "aggregate_by"),
        )
    ),
    ("GET", "/v1/public/campaign/user"): public(
        known(_user, "campaign_id", "account_id", "address", "broker_id", "symbol", "order_tag")
    ),
    ("GET", "/v1/public/campaign/check"): public(
        known(_check, "campaign_id", "type", "address", "lower_boundary", "cmp")
    ),
}
