"""Order tags: builders' own fees for tagged orders, with the API's own codes -1201 to -1210."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from orderly_sync.venue.engine.records import volume
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import admin, checked_broker, for_admin, known
from orderly_sync.venue.programs.builders.order_tags import TagTerms
from orderly_sync.venue.server.call import Call
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import Fields, missing
from orderly_sync.venue.server.routes.route import HttpRoute, public, read, signed
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_LONGEST_BROKER = 64
_ZERO = Decimal(0)


def _row(tag: TagTerms) -> dict[str, object]:
    return {
        "enum_id": tag.enum_id,
        "name": tag.name,
        "description": tag.description or "",
        "status": "active" if tag.is_active else "archived",
        "default_fee_rate": number(tag.default_fee_rate),
        "pair_overrides": {symbol: number(rate) for symbol, rate in tag.pair_overrides.items()},
        "created_time": tag.created_time,
        "updated_time": tag.updated_time,
    }


def _text(value: Decimal) -> str:
    return bytes(number(value) or b"").decode()


def _with_usage(call: Call, tag: TagTerms) -> dict[str, object]:
    """Totals over all users of the venue, whoever their builder is."""
    exchange, users = call.exchange, call.accounts.members.values()
    orders = sum(
        1 for each in users for order in exchange.orders(each.account_id) if order.order_tag == tag.order_tag
    )
    fills = [
        fill for each in users for fill in exchange.fills(each.account_id) if fill.order_tag == tag.order_tag
    ]
    usage = {
        "total_orders": orders,
        "total_volume": _text(volume(fills)),
        "total_fees_collected": _text(sum((fill.tag_fee for fill in fills), _ZERO)),
    }
    return {**_row(tag), "usage_stats": usage}


def _overrides(fields: Fields) -> Mapping[str, Decimal] | None:
    value = fields.raw("pair_overrides")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Refused(INVALID_PARAM, "pair_overrides must be an object")
    inner, rates = Fields(value), {}
    for symbol in value:
        rate = inner.number(symbol)
        if rate is None:
            raise missing(f"pair_overrides.{symbol}")
        rates[symbol] = rate
    return rates


def _create(call: Call) -> None:
    body, rate = call.body, call.body.number("default_fee_rate")
    enum_id, name = body.required_text("enum_id"), body.required_text("name")
    if rate is None:
        raise missing("default_fee_rate")
    call.programs.tags.create(
        admin(call).broker_id,
        enum_id,
        name=name,
        rate=rate,
        description=body.text("description"),
        overrides=_overrides(body) or {},
        now=call.now,
    )


def _update(call: Call) -> None:
    body = call.body
    call.programs.tags.update(
        call.member.broker_id,
        call.slots["enum_id"],
        name=body.text("name"),
        rate=body.number("default_fee_rate"),
        description=body.text("description"),
        overrides=_overrides(body),
        now=call.now,
    )


def _one(call: Call) -> object:
    return _with_usage(call, call.programs.tags.get(call.member.broker_id, call.slots["enum_id"]))


def _listed(call: Call, broker_id: str) -> list[TagTerms]:
    """Tags that ``symbol`` has an own rate in (assumed), with part of their id."""
    return call.programs.tags.of(
        broker_id,
        symbol=call.symbol(),
        part=call.query.text("enum_id"),
        archived=bool(call.query.flag("include_archived")),
    )


def _list(call: Call) -> object:
    return [_with_usage(call, tag) for tag in _listed(call, call.member.broker_id)]


def _archive(call: Call) -> object:
    enum_id = call.body.required_text("enum_id")
    return _row(call.programs.tags.archive(call.member.broker_id, enum_id, call.now))


def _unarchive(call: Call) -> object:
    enum_id = call.body.required_text("enum_id")
    return _row(call.programs.tags.unarchive(call.member.broker_id, enum_id, call.now))


def _asked_broker(call: Call) -> str:
    broker_id = call.query.required_text("broker_id")
    if len(broker_id) > _LONGEST_BROKER:
        raise Refused(INVALID_PARAM, f"broker_id must have at most {_LONGEST_BROKER} characters")
    checked_broker(call)
    return broker_id


def _public_list(call: Call) -> object:
    return [_row(tag) for tag in _listed(call, _asked_broker(call))]


def _public_one(call: Call) -> object:
    broker_id, enum_id = _asked_broker(call), call.query.required_text("enum_id")
    return _row(call.programs.tags.get(broker_id, enum_id))


_CHANGED = ("name", "description", "default_fee_rate", "pair_overrides")
_FILTERS = ("symbol", "enum_id", "include_archived")
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("POST", "/v1/broker/order_enum"): signed(for_admin(known(_create, "enum_id", *_CHANGED))),
    ("GET", "/v1/broker/order_enum/{enum_id}"): read(for_admin(known(_one))),
    ("PUT", "/v1/broker/order_enum/{enum_id}"): signed(for_admin(known(_update, *_CHANGED))),
    ("GET", "/v1/broker/order_enums"): read(for_admin(known(_list, *_FILTERS))),
    ("POST", "/v1/broker/order_enum/archive"): signed(for_admin(known(_archive, "enum_id"))),
    ("POST", "/v1/broker/order_enum/unarchive"): signed(for_admin(known(_unarchive, "enum_id"))),
    ("GET", "/v1/public/broker/order_enums"): public(known(_public_list, "broker_id", *_FILTERS)),
    ("GET", "/v1/public/broker/order_enum"): public(known(_public_one, "broker_id", "enum_id")),
}
