"""User data for a builder's admin: the very rows of its users' own operations, with whose they are.

Each call carries out the user's own operation as that user. Lists of all users together are theirs merged, newest
first. Conversions of collateral do not happen here, so their list is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import for_admin, known, members, one_user
from orderly_sync.venue.server.call import Call, Handler, paged
from orderly_sync.venue.server.fields import Fields
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, read, trading
from orderly_sync.venue.server.time_windows import asked_window
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_WHOSE = ("user_account", "user_address")
_ALL = 500
_MOST_DAYS, _MOST_LIQUIDATION_DAYS = 180, 90
_NEWEST_TRADES = 500
_LEAST_CONVERSIONS, _MOST_CONVERSIONS = 1, 100


def _as_user(call: Call, user: Member, path: str, **query: Any) -> Any:
    """What the user would be answered, with some of the query's values replaced."""
    own = {name: value for name, value in call.query.all().items() if name not in _WHOSE}
    asked = attrs.evolve(call, account=user, query=Fields({**own, **query}))
    return call.operations["GET", path](asked)


def _one(call: Call) -> Member:
    """The user asked for; every call but the lists needs one."""
    user = one_user(call, *_WHOSE)
    if user is None:
        raise Refused(INVALID_PARAM, "user_account or user_address is required")
    return user


def _single(path: str) -> Handler:
    """The user's own answer as it is."""
    return lambda call: _as_user(call, _one(call), path)


def _volume(call: Call) -> Any:
    """Without today and yesterday, which the admin's answer does not have."""
    user, broker_id = _one(call), call.query.text("broker_id")
    if broker_id not in {None, user.broker_id}:
        raise Refused(INVALID_PARAM, f"the user does not belong to {broker_id}")
    shown = ("perp_volume_ytd", "perp_volume_ltd", "perp_volume_last_7_days", "perp_volume_last_30_days")
    found = _as_user(call, user, "/v1/volume/user/stats")
    return {name: found[name] for name in shown}


def _every_row(call: Call, user: Member, path: str) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        found = _as_user(call, user, path, page=page, size=_ALL)
        yield from found["rows"]
        if page * _ALL >= found["meta"]["total"]:
            return
        page += 1


def _marked(user: Member, row: dict[str, Any], *, numbered: bool) -> dict[str, Any]:
    whose: dict[str, Any] = {"account_id": user.account_id, "user_address": user.address}
    return {**row, **whose, "user_id": user.user_id} if numbered else {**row, **whose}


@attrs.frozen(kw_only=True)
class _List:
    """A list of one user's rows, or of all users' together."""

    path: str
    time: str
    """The field that the merged list is sorted by."""
    window: tuple[str, str] = ("start_t", "end_t")
    days: int = _MOST_DAYS
    numbered: bool = False
    """Whether rows show the user's number."""
    finish: Callable[[Call, list[dict[str, Any]]], list[dict[str, Any]]] = lambda _call, found: found
    """What else is done to all rows before they are cut into pages."""

    def __call__(self, call: Call) -> Any:
        user = one_user(call, *_WHOSE)
        asked_window(call, self.days if user is None else None, names=self.window)
        users = members(call, call.member.broker_id) if user is None else [user]
        found = [
            _marked(each, row, numbered=self.numbered)
            for each in users
            for row in _every_row(call, each, self.path)
        ]
        if user is None:
            found.sort(key=lambda row: row[self.time], reverse=True)
        return paged(call, self.finish(call, found), dict)


def _of_user(path: str, default: int) -> Handler:
    """A list that exists of one user only."""

    def answer(call: Call) -> Any:
        asked_window(call)
        return paged(call, list(_every_row(call, _one(call), path)), dict, default)

    return answer


def _finish_orders(call: Call, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Orders by the time of their change, and in the order asked for. All orders are ordinary ones here."""
    source = call.query.text("source_type")
    if source not in {None, "ORDINARY", "ALL"}:
        raise Refused(INVALID_PARAM, "source_type must be ORDINARY or ALL")
    start, end = asked_window(call, names=("update_start_t", "update_end_t"))
    found = [row for row in found if start <= row["updated_time"] <= end]
    updated = any(name in call.query for name in ("update_start_t", "update_end_t"))
    sort_by = call.query.text("sort_by") or ("UPDATED_TIME_DESC" if updated else "CREATED_TIME_DESC")
    field, _, direction = sort_by.rpartition("_")
    if field not in {"CREATED_TIME", "UPDATED_TIME"} or direction not in {"ASC", "DESC"}:
        raise Refused(INVALID_PARAM, "sort_by must be CREATED_TIME or UPDATED_TIME, then _ASC or _DESC")
    name = field.lower()
    return sorted(found, key=lambda row: (row[name], row["order_id"]), reverse=direction == "DESC")


def _finish_assets(_call: Call, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"block_time": row["created_time"], **row} for row in found]


def _finish_liquidations(call: Call, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One of them by id, or all by id or time."""
    wanted, sort_by = call.query.whole("liquidation_id"), call.query.text("sort_by")
    if sort_by not in {None, "liquidation_id", "time"}:
        raise Refused(INVALID_PARAM, "sort_by must be liquidation_id or time")
    key = "liquidation_id" if sort_by == "liquidation_id" else "timestamp"
    # Alone among the admin's lists this one tells no wallet.
    found = [
        {"assigned": 0, "margin_mode": "CROSS", **{name: row[name] for name in row if name != "user_address"}}
        for row in found
        if wanted in {None, row["liquidation_id"]}
    ]
    return sorted(found, key=lambda row: row[key], reverse=True)


def _conversions(call: Call) -> Any:
    """Nothing but USDC is held here, so nothing was ever converted."""
    one_user(call, *_WHOSE)
    asked_window(call, _MOST_DAYS)
    call.query.whole("cursor")
    size = call.query.whole("size") or 20
    if not _LEAST_CONVERSIONS <= size <= _MOST_CONVERSIONS:
        raise Refused(INVALID_PARAM, f"size must be {_LEAST_CONVERSIONS} to {_MOST_CONVERSIONS}")
    empty: list[dict[str, Any]] = []
    return {**paged(call, empty, dict, 20), "next_cursor": None}


_PAGE = ("page", "size")
_WINDOW = ("start_t", "end_t")
_orders = _List(path="/v1/orders", time="created_time", finish=_finish_orders)
_algos = _List(
    path="/v1/algo/orders",
    time="created_time",
    window=("created_time_start", "created_time_end"),
    numbered=True,
)
_trades = _List(
    path="/v1/trades", time="executed_timestamp", numbered=True, finish=lambda _, all_: all_[:_NEWEST_TRADES]
)
_assets = _List(path="/v1/asset/history", time="created_time", finish=_finish_assets)
_liquidations = _List(
    path="/v1/liquidations", time="timestamp", days=_MOST_LIQUIDATION_DAYS, finish=_finish_liquidations
)


def _admins(handler: Handler, *names: str) -> Handler:
    return for_admin(known(handler, *names, *_WHOSE))


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/admin/client/info"): read(_admins(_single("/v1/client/info"))),
    ("GET", "/v1/admin/client/holding"): read(_admins(_single("/v1/client/holding"), "all")),
    ("GET", "/v1/admin/internal_transfer_history"): read(
        _admins(
            _of_user("/v1/internal_transfer_history", 25),
            *(*_PAGE, *_WINDOW, "side", "status", "from_account_id", "to_account_id", "main_sub_only"),
        )
    ),
    ("GET", "/v1/admin/asset/history"): read(_admins(_assets, *_PAGE, *_WINDOW, "token", "side", "status")),
    ("GET", "/v1/admin/asset/convert_history"): read(_admins(_conversions, *_PAGE, *_WINDOW, "cursor")),
    ("GET", "/v1/admin/client/leverage"): read(
        _admins(_single("/v1/client/leverage"), "symbol", "margin_mode")
    ),
    ("GET", "/v1/admin/orders"): trading(
        _admins(
            _orders,
            *(*_PAGE, *_WINDOW, "update_start_t", "update_end_t", "sort_by", "source_type"),
            *("symbol", "side", "order_type", "status", "order_tag"),
        )
    ),
    ("GET", "/v1/admin/position/{symbol}"): read(_admins(_single("/v1/position/{symbol}"), "margin_mode")),
    ("GET", "/v1/admin/positions"): read(_admins(_single("/v1/positions"))),
    ("GET", "/v1/admin/funding_fee/history"): read(
        _admins(_of_user("/v1/funding_fee/history", 60), *_PAGE, *_WINDOW, "symbol")
    ),
    ("GET", "/v1/admin/volume/user/stats"): read(_admins(_volume, "broker_id")),
    ("GET", "/v1/admin/liquidations"): read(
        _admins(_liquidations, *_PAGE, *_WINDOW, "symbol", "sort_by", "liquidation_id")
    ),
    ("GET", "/v1/admin/algo/orders"): read(
        _admins(
            _algos,
            *(*_PAGE, "created_time_start", "created_time_end", "symbol", "order_type", "status"),
            *("order_tag", "side", "algo_type", "is_triggered"),
        )
    ),
    ("GET", "/v1/admin/trades"): read(_admins(_trades, *_PAGE, *_WINDOW, "symbol")),
}
