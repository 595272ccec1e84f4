"""What the console's page is told: what is new since it asked, all of it, and at once."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import pytest

from orderly_sync.clock import ManualClock
from orderly_sync.models.enums import OrderSide, OrderType
from orderly_sync.venue.engine.commands import PlaceOrder
from orderly_sync.venue.server.accounts import paper_accounts
from orderly_sync.venue.server.console import feed as module
from orderly_sync.venue.server.console.feed import ConsoleFeed
from orderly_sync.venue.server.control import Control
from orderly_sync.venue.server.core import Core
from orderly_sync.venue.server.timing import FrozenTime

ETH = "PERP_ETH_USDC"


class Kit:
    """A venue without sockets, and its console's feed."""

    def __init__(self) -> None:
        self.accounts = paper_accounts(5, 2)
        self.core = Core(
            accounts=self.accounts, time=FrozenTime(), clock=ManualClock(), kind="frozen", seed=5
        )
        self.control = Control(self.core.services, self.core.trading, "token")
        self.feed = ConsoleFeed(
            self.core.services, self.core.trading, self.control, lambda: {"source": None}, "frozen"
        )
        self.first = self.accounts[0].account_id

    def ask(self, **known: object) -> dict:
        answer = asyncio.run(self.feed.answer(json.dumps(known).encode()))
        return json.loads(answer.body)

    def told(self, **known: object) -> dict:
        return self.ask(**{"symbol": ETH, **known})["data"]

    def place(self, price: object = 3000, quantity: object = "0.1", **more: object) -> None:
        order = PlaceOrder(
            symbol=ETH,
            side=OrderSide.BUY,
            order_type=OrderType.LIMIT,
            price=Decimal(str(price)),
            quantity=Decimal(str(quantity)),
            **more,
        )
        self.core.trading.submit(self.first, order)

    def account(self, told: dict) -> dict:
        return next(one for one in told["accounts"] if one["account_id"] == self.first)


@pytest.fixture
def kit() -> Kit:
    return Kit()


def known_of(told: dict) -> dict:
    """What a page that has heard an answer says of it."""
    return {
        "version": told["version"],
        "trades": told["trade_count"],
        "accounts": {one["account_id"]: one["reached"] for one in told["accounts"]},
        "announcements": len(told["announcements"]),
    }


def test_at_first_everything_is_told(kit):
    """Markets, book, accounts with their ledger, faults."""
    kit.place(client_order_id="mine")
    told = kit.told()

    assert {row["symbol"] for row in told["markets"]} == set(kit.core.symbols)
    assert told["book"]["bids"]
    assert told["book"]["asks"]
    one = kit.account(told)
    assert [(row["client_id"], row["price"], row["quantity"], row["status"]) for row in one["orders"]] == [
        ("mine", "3000", "0.1", "NEW")
    ]
    assert [row["seq"] for row in one["events"]] == list(range(1, one["last"] + 1))
    assert len(told["accounts"]) == 2


def test_then_only_what_is_new(kit, monkeypatch):
    """Nothing for who knows it all; of an order, its account alone and the events that follow on the known ones."""
    monkeypatch.setattr(module, "HOLD_SECONDS", 0.01)
    kit.place()
    known = known_of(kit.told())
    quiet = kit.told(**known)
    assert (quiet["accounts"], quiet["trades"], quiet["announcements"]) == ([], [], [])

    kit.place(price=2990)
    told = kit.told(**known)

    (one,) = told["accounts"]
    assert [row["seq"] for row in one["events"]] == list(
        range(known["accounts"][kit.first] + 1, one["last"] + 1)
    )
    assert one["events"]
    assert json.loads(one["events"][0]["text"])["price"] == 2990


def test_who_is_behind_catches_up_page_by_page(kit, monkeypatch):
    """Each answer goes on where the last one ended, until all is told once."""
    monkeypatch.setattr(module, "_EVENTS", 4)
    known = known_of(kit.told())
    for step in range(7):
        kit.place(price=3000 - step)
    seen, sizes = [], []
    while True:
        one = kit.account(kit.told(**known | {"version": 0}))
        seen += [row["seq"] for row in one["events"]]
        sizes.append(len(one["events"]))
        known["accounts"][kit.first] = one["reached"]
        if one["reached"] == one["last"]:
            break

    assert seen == list(range(seen[0], one["last"] + 1))
    assert len(seen) >= 7
    assert max(sizes) <= 4


def test_a_late_page_is_told_the_newest_and_asks_for_the_earlier_ones(kit, monkeypatch):
    """All events can be had, none twice."""
    monkeypatch.setattr(module, "_EVENTS", 5)
    for step in range(12):
        kit.place(price=3000 - step)
    one = kit.account(kit.told())
    seqs = [row["seq"] for row in one["events"]]
    assert (len(seqs), seqs[-1]) == (5, one["last"])
    while seqs[0] > 1:
        earlier = kit.ask(earlier={"account_id": kit.first, "before": seqs[0]})["data"]
        assert earlier["first"] == earlier["events"][0]["seq"]
        seqs = [row["seq"] for row in earlier["events"]] + seqs

    assert seqs == list(range(1, one["last"] + 1))


def test_open_orders_are_told_however_many_came_after(kit, monkeypatch):
    """The done ones are the newest few; an open one never falls off."""
    monkeypatch.setattr(module, "_FINISHED", 3)
    kit.place(price=2500, client_order_id="old")
    for _ in range(6):
        kit.place(price=3490, quantity="0.01")
    kit.core.trading.set_mark_price(ETH, Decimal(3300))
    for _ in range(6):
        kit.place(price=3390, quantity="0.01")
    orders = kit.account(kit.told())["orders"]

    assert "old" in [row["client_id"] for row in orders]
    assert sum(not row["open"] for row in orders) <= 3
    assert [int(row["id"]) for row in orders] == sorted((int(row["id"]) for row in orders), reverse=True)


def test_it_waits_until_something_happens(kit):
    """An order, a price, a fault or an announcement each end the waiting."""
    happenings = {
        "order": kit.place,
        "price": lambda: kit.core.trading.set_mark_price(ETH, Decimal(3333)),
        "fault": lambda: kit.control.answer(
            "POST", "/venue/maintenance", {"x-venue-token": "token"}, b'{"status":0}'
        ),
        "word": lambda: kit.core.notices.announce("soon"),
    }
    version = kit.told()["version"]

    async def waited(happen) -> int:
        loop = asyncio.get_running_loop()
        asking = loop.create_task(kit.feed.answer(json.dumps({"symbol": ETH, "version": version}).encode()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not asking.done()
        happen()
        return json.loads((await asyncio.wait_for(asking, 1.5)).body)["data"]["version"]

    for happen in happenings.values():
        reached = asyncio.run(waited(happen))
        assert reached > version
        version = reached


@pytest.mark.parametrize(
    "known",
    [
        {"symbol": "PERP_NONE_USDC"},
        {"symbol": ["x"]},
        {"version": "soon"},
        {"accounts": []},
        {"accounts": {"x": -1}},
        {"accounts": {"x": "1"}},
        {"accounts": {"x": True}},
        {"earlier": {}},
        {"earlier": {"account_id": "0x00", "before": 3}},
        {"trades": "many"},
    ],
)
def test_senseless_questions_are_refused(kit, known):
    """In the venue's own words, with its code."""
    answer = kit.ask(**known)

    assert answer["success"] is False
    assert answer["code"] < 0
    assert answer["message"]


def test_accounts_that_are_gone_and_numbers_too_large_do_no_harm(kit):
    """A page that was left open beside a venue that began anew."""
    told = kit.told(accounts={"0xgone": 9, kit.first: 10_000}, trades=10**9, announcements=10**6)

    assert kit.account(told)["events"] == []
    assert (told["trades"], told["announcements"]) == ([], [])
