"""The inbox: filled by what happens, read and marked by its owner."""

from __future__ import annotations

import json
from typing import Any

from tests.scenario.venue_server.trader import Trader
from tests.support.venue_kit import ETH, Person, leftovers


def buy(person: Person) -> Any:
    return person.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="0.5")


def test_a_filled_order_is_written_of(alice, bob):
    """With its facts; nobody else is told."""
    order = buy(alice)

    mail = alice.rest.notifications.inbox().rows[0]

    facts = mail.content_raw
    assert (mail.type, mail.message_type, mail.mark_read) == ("TRADE", "ORDER_FILLED", False)
    assert "buy 0.5 ETH-PERP" in str(mail.content_summary)
    assert (facts.symbol, facts.side, facts.order_id, facts.executed_quantity) == (
        ETH,
        "BUY",
        order.order_id,
        facts.executed_quantity,
    )
    assert mail.application_id == alice.account_id
    assert leftovers(mail) == []
    assert bob.rest.notifications.unread().count == 0


def test_mail_is_marked_read_and_unread(alice):
    """Some of it, or all; the count follows."""
    for _ in range(3):
        buy(alice)
    box = alice.rest.notifications
    newest, middle, oldest = (mail.id for mail in box.inbox().rows)
    assert (box.unread().count, box.unread().last_id) == (3, newest)

    box.mark_read(flag=True, ids=[newest, oldest, 999])
    assert (box.unread().count, box.unread().last_id) == (1, middle)
    assert [mail.mark_read for mail in box.inbox().rows] == [True, False, True]

    box.mark_all_read(flag=True)
    assert (box.unread().count, box.unread().last_id) == (0, 0)
    box.mark_all_read(flag=False)
    assert box.unread().count == 3


def test_mail_of_others_cannot_be_marked(alice, bob):
    """It is passed over."""
    buy(alice)
    number = alice.rest.notifications.inbox().rows[0].id

    bob.rest.notifications.mark_read(flag=True, ids=[number])

    assert alice.rest.notifications.unread().count == 1


def test_mail_comes_by_kind_and_in_pages(alice, venue):
    """TRADE and SYSTEM; an announcement goes to everyone, its text escaped."""
    for _ in range(3):
        buy(alice)
    trader = Trader(venue)
    try:
        trader.control("POST", "/venue/announce", {"message": "<b>hello</b>"})
    finally:
        trader.close()
    box = alice.rest.notifications

    system = box.inbox(type="SYSTEM").rows

    assert [(mail.content_summary, mail.content) for mail in system] == [
        ("<b>hello</b>", "<p>&lt;b&gt;hello&lt;/b&gt;</p>")
    ]
    assert system[0].announcement_id == "1"
    assert len({mail.id for mail in box.inbox(size=3).each()}) == 4
    assert len(box.inbox(type="TRADE").rows) == 3


def test_a_socket_hears_of_mail(venue, alice):
    """On the topic ``notifications``, with the number it has in the inbox."""
    trader = Trader(venue)
    try:
        socket = trader.private("notifications")
        buy(alice)

        frame = socket.push("notifications")

        assert frame["data"]["id"] == alice.rest.notifications.inbox().rows[0].id
        assert frame["data"]["content_raw"]["symbol"] == ETH
        assert "mark_read" not in json.dumps(frame, default=str)
    finally:
        trader.close()


def test_senseless_marks_are_refused(venue):
    """-1005 for a flag or ids that are none."""
    trader = Trader(venue)
    try:
        path = "/v1/notification/inbox/mark_read"
        for query in ("?flag=2&ids=1", "?ids=1", "?flag=1", "?flag=1&ids=x", "?flag=1&ids=1,,2"):
            assert trader.call("POST", path + query).code == -1005
        assert trader.call("POST", path + "?flag=1&ids=[1,2]").status == 200
    finally:
        trader.close()
