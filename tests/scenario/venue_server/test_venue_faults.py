"""Every fault does what it says, and ends."""

from __future__ import annotations

import http.client
import time

import pytest
import websocket

from orderly_sync.errors import UsageError
from tests.scenario.venue_server.test_venue_stream import closing_code
from tests.scenario.venue_server.trader import ETH, Trader

ORDER = {"symbol": ETH, "side": "BUY", "order_type": "LIMIT", "order_price": 3300, "order_quantity": 0.1}
LOST = (http.client.HTTPException, ConnectionError)


@pytest.mark.parametrize("commit", [True, False])
def test_an_order_whose_answer_is_an_error_may_stand_or_not(trader, venue, commit):
    """``commit`` decides; the next order is answered as ever."""
    venue.faults(http={"path": "/v1/order", "status": 502, "body": "<html>", "commit": commit})

    answer = trader.call("POST", "/v1/order", ORDER)

    assert (answer.status, answer.body) == (502, b"<html>")
    assert len(trader.get("/v1/orders")["rows"]) == int(commit)
    assert trader.call("POST", "/v1/order", ORDER).status == 200


@pytest.mark.parametrize("how", ["reset", "truncate"])
@pytest.mark.parametrize("commit", [True, False])
def test_an_answer_can_be_lost(trader, venue, how, commit):
    """By a reset or in the middle of it."""
    venue.faults(http={"path": "/v1/order", how: True, "commit": commit})

    with pytest.raises(LOST):
        trader.call("POST", "/v1/order", ORDER)

    trader.close()
    again = Trader(venue)
    try:
        assert len(again.get("/v1/orders")["rows"]) == int(commit)
    finally:
        again.close()


def test_an_answer_can_fail_to_come(venue, trader):
    """The connection stays open and silent."""
    venue.faults(http={"path": "/v1/orders", "timeout": True})
    trader._http.timeout = 0.2

    with pytest.raises(TimeoutError):
        trader.call("GET", "/v1/orders")


def test_an_error_carries_code_and_headers(trader, venue):
    """Such as 429 with Retry-After, by template, method and count."""
    fault = {"path": "/v1/order/{order_id}", "method": "GET", "status": 429, "code": -1003, "times": 2}
    venue.faults(http=[{**fault, "headers": {"Retry-After": "1"}}])

    answers = [trader.call("GET", "/v1/order/1") for _ in range(3)]

    assert [answer.status for answer in answers] == [429, 429, 400]
    assert (answers[0].code, answers[0].headers["Retry-After"]) == (-1003, "1")


def test_answers_can_be_late(trader, venue):
    """The request was carried out before the wait."""
    venue.faults(delay_ms=150)
    began = time.monotonic()

    trader.call("POST", "/v1/order", ORDER)

    assert time.monotonic() - began >= 0.15


def test_reports_can_be_lost_doubled_and_swapped(trader, venue):
    """The ledger holds each once, in order, whatever the socket saw."""
    socket = trader.private("executionreport")
    venue.faults(drop_reports=1)
    trader.place("BUY", "0.1", "3300")
    venue.faults(drop_reports=0, duplicate_reports=1)
    doubled = trader.place("BUY", "0.1", "3301")["order_id"]
    venue.faults(clear=True)
    last = trader.place("BUY", "0.1", "3302")["order_id"]

    seen = [socket.push("executionreport")["data"]["orderId"] for _ in range(3)]

    assert seen == [doubled, doubled, last]
    assert len(trader.ledger("executionreport")) == 3


def test_pushes_of_a_topic_can_come_late(trader, venue):
    """By a random time up to the most that is named; other topics overtake them, and the fault ends with its removal."""
    socket = trader.private("executionreport", "balance", "position")
    venue.faults(delay_pushes={"position": 200})
    trader.place("BUY", "0.1", "3500")
    began = time.monotonic()
    topics = []
    while "position" not in topics:
        topics.append(socket.until(lambda frame: "data" in frame)["topic"])

    assert topics.index("executionreport") < topics.index("position")
    assert 0.001 < time.monotonic() - began < 5

    venue.faults(delay_pushes={})
    trader.place("BUY", "0.1", "3300")
    assert [socket.until(lambda frame: "data" in frame)["topic"] for _ in range(2)] == [
        "executionreport",
        "position",
    ]


@pytest.mark.parametrize("bad", [{"position": -1}, {"position": "1"}, {"position": True}, ["position"], 5])
def test_delays_that_make_no_sense_are_refused(venue, bad):
    """And change nothing."""
    venue.faults(delay_pushes={"position": 7})
    with pytest.raises(UsageError):
        venue.faults(delay_pushes=bad)
    assert venue._core.faults.settings == {"delay_pushes": {"position": 7}}


def test_faults_of_reports_can_be_kept_to_some_topics(trader, venue):
    """The position is lost, the report comes."""
    socket = trader.private("executionreport", "position")
    venue.faults(report_topics=["position"], drop_reports=1)
    trader.place("BUY", "0.1", "3300")
    venue.faults(clear=True)
    trader.place("BUY", "0.1", "3301")

    assert [socket.until(lambda frame: "data" in frame)["topic"] for _ in range(3)] == [
        "executionreport",
        "executionreport",
        "position",
    ]


def test_a_report_held_back_comes_after_the_next(trader, venue):
    """Or when the fault ends, at the latest."""
    socket = trader.private("executionreport")
    venue.faults(swap_reports=1)
    first = trader.place("BUY", "0.1", "3300")["order_id"]
    venue.faults(swap_reports=0)
    second = trader.place("BUY", "0.1", "3301")["order_id"]

    assert [socket.push("executionreport")["data"]["orderId"] for _ in range(2)] == [first, second]

    trader.place("BUY", "0.1", "3302")
    assert socket.push("executionreport")


def test_a_topic_can_be_acknowledged_and_silent(trader, venue):
    """The others go on."""
    venue.faults(mute=["executionreport"])
    socket = trader.private("executionreport", "position")

    trader.place("BUY", "0.1")

    assert socket.push("position")
    assert not [frame for frame in socket.kept if frame.get("topic") == "executionreport"]


def test_everything_can_be_silent(trader, venue):
    """Acknowledgements and pongs included."""
    socket = trader.private("executionreport")
    venue.faults(mute="*")
    socket.send({"event": "ping"})
    socket.send({"id": 1, "event": "subscribe", "topic": "position"})
    trader.place("BUY", "0.1")
    venue.faults(clear=True)

    socket.send({"event": "ping"})

    assert socket.receive()["event"] == "pong"


def test_logins_can_be_refused(trader, venue):
    """So many, then they work again."""
    venue.faults(refuse_login=1)
    socket = trader.private(login=False)

    assert socket.login(trader)["errorMsg"] == "auth failed"
    assert trader.private("position")


def test_topics_can_be_refused(trader, venue):
    """By name."""
    venue.faults(refuse_topics="position")

    assert trader.private().subscribe("position")["errorMsg"] == "invalid topic position"


def test_acknowledgements_can_be_withheld(trader, venue):
    """What was asked for happens nevertheless."""
    venue.faults(no_ack=["subscribe"])
    socket = trader.private()
    socket.send({"id": 1, "event": "subscribe", "topic": "executionreport"})

    trader.place("BUY", "0.1")

    assert socket.receive()["topic"] == "executionreport"


@pytest.mark.parametrize("event", ["auth", "subscribe"])
def test_a_connection_can_end_during_the_handshake(trader, venue, event):
    """At the login or at a subscription, once."""
    venue.faults(close_on=event)
    socket = trader.private(login=False)
    socket.send({"event": event, "topic": "bbos"})

    assert closing_code(socket) == 1011
    assert trader.private("position")


def test_handshakes_can_be_refused(trader, venue):
    """With 503."""
    venue.faults(refuse_upgrade=1)

    with pytest.raises(websocket.WebSocketBadStatusException, match="503"):
        trader.market()
    assert trader.market("bbos")


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012, 4000])
def test_connections_can_be_closed_with_any_code(trader, venue, code):
    """All at once."""
    sockets = [trader.private(), trader.market()]

    venue.faults(close_code=code)

    assert [closing_code(socket) for socket in sockets] == [code, code]


def test_connections_can_be_dropped(trader, venue):
    """Without a close frame, as a network does it."""
    socket = trader.private()

    assert venue.drop_connections() == 1

    assert closing_code(socket) is None


def test_any_frame_can_be_sent(trader, venue):
    """Text that is no JSON, and binary."""
    socket = trader.market()

    venue.faults(raw_frame="not json")
    venue.faults(raw_frame={"base64": "AAH/"})

    assert socket.ws.recv_data() == (websocket.ABNF.OPCODE_TEXT, b"not json")
    assert socket.ws.recv_data() == (websocket.ABNF.OPCODE_BINARY, b"\x00\x01\xff")


def test_pings_can_go_unanswered(trader, venue):
    """While everything else goes on."""
    venue.faults(no_pong=True)
    socket = trader.market()
    socket.send({"event": "ping"})

    assert socket.subscribe("bbos")["success"] is True
    assert not [frame for frame in socket.kept if frame.get("event") == "pong"]


def test_reads_can_lag(trader, venue):
    """Orders and fills younger than the lag are not shown yet."""
    venue.faults(read_lag_ms=1000)
    placed = trader.place("BUY", "0.1")
    assert trader.get("/v1/trades")["rows"] == trader.get("/v1/orders")["rows"] == []
    assert trader.call("GET", f"/v1/order/{placed['order_id']}").code == -1006

    venue.advance(2000)

    assert len(trader.get("/v1/trades")["rows"]) == len(trader.get("/v1/orders")["rows"]) == 1


def test_updates_of_a_book_can_be_lost(trader, venue):
    """Then the chain has a gap."""
    topic = f"{ETH}@orderbookupdate"
    socket = trader.market(topic)
    wanted = {"event": "request", "params": {"type": "orderbook", "symbol": ETH}}
    before = socket.ask(wanted)["data"]["ts"]
    venue.faults(book_gap=1)
    trader.place("BUY", "0.1", "3390")
    socket.ask(wanted)
    venue.faults(clear=True)
    trader.place("BUY", "0.1", "3391")

    assert socket.push(topic)["data"]["prevTs"] > before


@pytest.mark.parametrize(
    "fault",
    [
        {"nothing": 1},
        {"delay_ms": -1},
        {"delay_ms": True},
        {"drop_reports": 2},
        {"drop_reports": "often"},
        {"mute": 7},
        {"no_pong": 1},
        {"close_on": "pong"},
        {"close_code": 7},
        {"http": {"path": "/v1/order"}},
        {"http": {"status": 500, "stats": 1}},
        {"http": 7},
        {"raw_frame": 7},
        {"raw_frame": {"base64": "!"}},
        {"delay_ms": 5, "raw_frame": {"base64": "\u00e9"}},
        {"delay_ms": 5, "raw_frame": None},
        {"delay_ms": 5, "close_code": "1000"},
    ],
)
def test_senseless_faults_are_refused(venue, fault):
    """With a sentence, and nothing changes."""
    with pytest.raises(UsageError):
        venue.faults(**fault)
    assert venue._core.faults.late_ms() == 0


@pytest.mark.parametrize("fault", [{"mute": ["bbos"]}, {"add": {"kind": "mute", "topic": "bb*"}}])
def test_a_muted_topic_says_nothing_at_its_subscription_either(trader, venue, fault):
    """By its name or by a selector; what is not muted begins at once."""
    venue.faults(**fault)
    socket = trader.market("bbos", "tickers")

    assert socket.push("tickers")
    assert not [frame for frame in socket.kept if frame.get("topic") == "bbos"]
