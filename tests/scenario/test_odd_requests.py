"""No request makes the venue fail: whatever stands where a valid value stood, it answers with a refusal of its own.

Every operation is called once as it should be; then each of those requests is asked again, signed anew, with one of its
values, its parameters or its path replaced by something odd.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import attrs
import pytest

from orderly_sync.errors import ApiError, InvalidOrder
from orderly_sync.models.asset import TransferReceiver
from orderly_sync.models.base import made
from orderly_sync.rest import Rest
from orderly_sync.signing import Secret, request_message
from orderly_sync.values.arithmetic import own
from orderly_sync.venue.server.answers import HttpAnswer
from orderly_sync.venue.server.api import ReceivedRequest
from orderly_sync.venue.server.serve import Venue
from tests.scenario.operations import accounts, trading, vaults, world
from tests.scenario.operations.calls import ETH, RecordedKit, play

ROWS = trading.ROWS + accounts.ROWS + world.ROWS + vaults.ROWS
_ENDLESS = "@endless@"
"""Becomes a number of 5,000 digits, which Python would not even print."""

LARGE = [
    10**9,
    10**15,
    10**20,
    10**25,
    10**28,
    10**30,
    10**63,
    10**64,
    -(10**25),
    2**63,
    2**64,
    _ENDLESS,
    "9" * 5000,
]
SMALL = [0, -1, 0.5, 1e-9, 1e-30, "1e-63", "0." + "1" * 30, "-0", "1.5"]
NUMBERS = [*LARGE, *SMALL, "1e25", "NaN", "sNaN", "Infinity", 99_999_999_999_999, 10**17]
OTHERS = [
    *(None, True, False, [], {}, [1], {"a": 1}, [{}], ["x"], "", "x", "\u00e9", "\u0663", "\x00", ",", "1,2", "0" * 300),
    *("PERP_BTC_USDC", "USDC", "BUY", "2026-01-01", "9999-12-31", "0001-01-01", "0x" + "f" * 64),
    *({ETH: 10**25}, [{"symbol": ETH, "ratio_qty_request": 10**30}], "1," + "9" * 5000),
]  # fmt: skip
ODD = [*NUMBERS, *OTHERS]
COMMON = ("page", "size", "start_t", "end_t", "limit", "from", "to", "sort_by", "symbol", "cursor")


class Again:
    """Asks recorded requests again, each a little changed."""

    def __init__(self, venue: Venue, requests: list[ReceivedRequest]) -> None:
        self._api, self._clock = venue._app._api, venue._clock
        self._secrets = {each.account_id: Secret(each.orderly_secret) for each in venue.accounts}
        self.requests = requests

    def ask(self, request: ReceivedRequest) -> HttpAnswer:
        """The answer, the request signed anew where the account is one of the venue's own."""
        headers = dict(request.headers)
        secret = self._secrets.get(headers.get("orderly-account-id", ""))
        if secret is not None:
            stamp = self._clock.time_ms()
            text = request_message(stamp, request.method, request.target, request.body)
            signed = {"orderly-timestamp": str(stamp), "orderly-key": secret.public}
            headers |= {**signed, "orderly-signature": secret.sign(text)}
        return self._api.answer(attrs.evolve(request, headers=headers))

    def changed(self, chance: random.Random) -> ReceivedRequest:
        """One of the requests with one thing changed."""
        request, odd = chance.choice(self.requests), chance.choice(ODD)
        path, _, query = request.target.partition("?")
        pairs, body, headers = parse_qsl(query), request.body, dict(request.headers)
        kind = chance.choice(["body"] * 5 + ["query"] * 3 + ["path", "more", "window"])
        if kind == "body" and body:
            body = _replaced(json.loads(body), odd, chance)
        elif kind == "query" and pairs:
            at = chance.randrange(len(pairs))
            pairs[at] = (pairs[at][0], _plain(odd))
        elif kind == "path":
            parts = path.split("/")
            parts[chance.randrange(2, len(parts))] = quote(_plain(odd), safe="") or "x"
            path = "/".join(parts)
        elif kind == "window":
            headers["x-recv-window"] = _plain(odd)
        else:
            pairs.append((chance.choice(COMMON), _plain(odd)))
        target = f"{path}?{urlencode(pairs)}" if pairs else path
        return attrs.evolve(request, target=target, body=body, headers=headers)


def _plain(odd: Any) -> str:
    return "9" * 5000 if odd == _ENDLESS else odd if isinstance(odd, str) else json.dumps(odd)


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where values stand in a body, at any depth."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield (*above, key)
        yield from _places(item, (*above, key))


def _replaced(value: Any, odd: Any, chance: random.Random) -> bytes:
    *way, last = chance.choice([*_places(value)] or [("x",)])
    at = value
    for key in way:
        at = at[key]
    at[last] = odd
    return json.dumps(value).replace(f'"{_ENDLESS}"', "9" * 5000).encode()


@pytest.fixture(scope="module")
def again() -> Iterator[Again]:
    """One request of each operation and account that the venue took."""
    with Venue(seed=11, market="frozen", rate_limits=False, accounts=5) as venue:
        api, seen = venue._app._api, {}
        answer = api.answer

        def listening(request: ReceivedRequest) -> HttpAnswer:
            given = answer(request)
            if given.status == 200:
                key = (request.method, given.template, request.headers.get("orderly-account-id"))
                seen.setdefault(key, request)
            return given

        api.answer = listening  # type: ignore[method-assign]
        kit = RecordedKit(venue)
        play(kit, ROWS)
        kit.close()
        api.answer = answer  # type: ignore[method-assign]
        assert len(seen) > 200
        yield Again(venue, list(seen.values()))


@pytest.mark.parametrize("seed", range(8))
def test_the_venue_answers_every_odd_request(again: Again, seed: int):
    """In JSON, with a status below 500; a refusal with a code and a sentence."""
    chance = random.Random(seed)
    refused = 0
    for _ in range(1500):
        request = again.changed(chance)
        with own():
            answer = again.ask(request)
        value = json.loads(answer.body)
        assert answer.status < 500, (request, answer)
        if answer.status != 200:
            refused += 1
            assert value.get("message") or value.get("errmsg") or value.get("error"), (request, answer)
    assert refused > 500


@pytest.fixture(scope="module")
def trader() -> Iterator[tuple[Venue, Rest]]:
    with Venue(seed=3, market="frozen", rate_limits=False, accounts=3) as venue:
        kit = RecordedKit(venue)
        yield venue, kit.admin
        kit.close()


ORDER = {"symbol": ETH, "side": "BUY", "order_type": "LIMIT", "order_price": 3000, "order_quantity": "0.1"}
STOP = {
    "symbol": ETH,
    "side": "SELL",
    "algo_type": "STOP",
    "type": "MARKET",
    "quantity": "0.1",
    "trigger_price": 3000,
}


@pytest.mark.parametrize("size", [10**20, 10**25, 10**28, 10**39, 10**25 + 0.5])
def test_monstrous_sizes_are_refused_as_sizes(trader: tuple[Venue, Rest], size: Any):
    """The venue's code for a quantity, wherever an order may hold one."""
    _, rest = trader
    created = rest.orders.create(**ORDER)
    waiting = rest.orders.create_algo(**STOP)
    edit = {**ORDER, "order_id": created.order_id, "order_quantity": size}
    calls = (
        lambda: rest.orders.create(**{**ORDER, "order_quantity": size}),
        lambda: rest.orders.create(**ORDER, visible_quantity=size),
        lambda: rest.orders.create_algo(**{**STOP, "quantity": size}),
        lambda: rest.orders.edit(**edit),
        lambda: rest.orders.edit_algo(order_id=waiting.order_id, quantity=size),
    )
    for call in calls:
        with pytest.raises(InvalidOrder) as caught:
            call()
        assert caught.value.code == -1104
    row = rest.orders.create_batch(orders=[{**ORDER, "order_quantity": size}, ORDER])
    assert [bool(each.error) for each in row] == [True, False]


@pytest.mark.parametrize("amount", [10**20, 10**25, 10**39])
def test_monstrous_amounts_are_refused(trader: tuple[Venue, Rest], amount: int):
    """A transfer, an isolated margin or a price of that size."""
    venue, rest = trader
    receiver = made(TransferReceiver, account_id=venue.accounts[1].account_id, amount=Decimal(amount))
    calls = (
        lambda: rest.assets.transfer(token="USDC", receiver_list=[receiver]),
        lambda: rest.config.change_position_margin(symbol=ETH, amount=amount, type="ADD"),
        lambda: rest.orders.create(**{**ORDER, "order_price": amount}),
    )
    for call in calls:
        with pytest.raises(ApiError) as caught:
            call()
        assert caught.value.status == 400
