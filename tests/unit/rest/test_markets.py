"""A symbol may be spelled as people do wherever a request names one, and goes out native."""

from __future__ import annotations

import inspect
import json
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest

from orderly_sync.errors import OrderlyError
from orderly_sync.models.enums import SENDABLE, OrderStatusFilter, OrderType
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.groups_by_name import GROUPS, RestGroups
from orderly_sync.rest.request import Request, build
from orderly_sync.wire.enum_values import one_of

SPELLINGS = ("DOGE", "doge", "DOGE-PERP", "DOGE/USDC:USDC", "PERP_DOGE_USDC")


class Sent(Exception):
    """What a method would have sent."""


class Blank(RestGroups):
    """All groups, over a sender that only shows what it is given."""

    def __init__(self) -> None:
        self._public = self._vault = self._faucet = self._signed = ApiClient(_show, signed=False)


def _show(request: Request) -> Any:
    raise Sent(request)


def with_symbol() -> list[tuple[str, str]]:
    """Every method that takes a symbol; those of a listing take the base of a market that is not there yet."""
    menu = Blank()
    return [
        (group, name)
        for group in GROUPS
        for name, function in inspect.getmembers(type(getattr(menu, group)), inspect.isfunction)
        if group != "listing"
        and not name.startswith("_")
        and "symbol" in inspect.signature(function).parameters
    ]


SAMPLES: dict[str, Any] = {
    "order_type": "LIMIT",
    "side": "BUY",
    "start": 1_700_000_000_000,
    "end": 1_700_000_001_000,
    "leverage": 3,
    "default_margin_mode": "CROSS",
    "amount": 1,
    "order_id": 7,
    "type": "1h",
    "resolution": "1h",
    "algo_type": "STOP",
    "account_id": "0xab",
    "limit_price": {"DOGE": "9"},
}


@pytest.mark.parametrize(("group", "name"), with_symbol(), ids=str)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_method_sends_the_native_symbol(group: str, name: str, spelling: str):
    """In the path, the query or the body."""
    method = getattr(getattr(Blank(), group), name)
    needed = [
        item.name for item in inspect.signature(method).parameters.values() if item.default is item.empty
    ]
    given = {word: SAMPLES.get(word, "1") for word in needed}
    if (group, name) == ("config", "margin"):
        given["type"] = "ADD"
    try:
        method(**{**given, "symbol": spelling})
    except Sent as exc:
        (request,) = exc.args
    except OrderlyError:
        given["type"] = "ADD"
        with pytest.raises(Sent) as caught:
            method(**{**given, "symbol": spelling})
        (request,) = caught.value.args
    sent = unquote(request.target) + request.body.decode()
    assert "PERP_DOGE_USDC" in sent
    assert "DOGE" not in sent.replace("PERP_DOGE_USDC", "").upper()


def test_symbols_inside_are_native_too():
    """In rows of a batch, legs of legs, and lists."""
    body = {
        "orders": [{"symbol": "eth", "order_quantity": Decimal(1)}],
        "symbol": "BTC",
        "child_orders": [{"child_orders": [{"symbol": "BTC-PERP"}]}],
        "symbols": ["ETH", {"symbol": "ETH"}],
    }
    sent = json.loads(build("POST", "/v1/x", body=body).body)
    assert sent["orders"][0]["symbol"] == "PERP_ETH_USDC"
    assert sent["symbol"] == "PERP_BTC_USDC"
    assert sent["child_orders"][0]["child_orders"][0]["symbol"] == "PERP_BTC_USDC"
    assert sent["symbols"][1]["symbol"] == "PERP_ETH_USDC"
    assert body["symbol"] == "BTC"


def test_what_is_no_spelling_is_left_to_the_venue():
    """Its refusal names what it does not list."""
    assert build("GET", "/v1/orders", query={"symbol": "PERP ETH"}).target.endswith("PERP%20ETH")


@pytest.mark.parametrize("text", ["post_only", "Post_Only", " POST_ONLY "])
def test_words_count_in_any_case(text: str):
    """The enum's word, however it is written."""
    assert one_of(OrderType, text, "order_type", SENDABLE) == "POST_ONLY"
    assert one_of(OrderStatusFilter, "partial_filled", "status") == "PARTIAL_FILLED"
