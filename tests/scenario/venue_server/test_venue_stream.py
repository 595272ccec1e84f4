"""The protocol of the streams: login, acknowledgements, refusals, requests, pings, and bad frames."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest
import websocket

from orderly_sync.signing import Secret, login_message
from tests.scenario.venue_server.trader import ETH


def closing_code(socket) -> int | None:
    """The code of the close frame that comes next, None if the connection just ends."""
    while True:
        try:
            opcode, data = socket.ws.recv_data()
        except (websocket.WebSocketConnectionClosedException, ConnectionError):
            return None
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")


@pytest.mark.parametrize("number", ["123r", 7, 0])
def test_a_login_is_acknowledged_with_its_id(trader, number):
    """Text or number, the id comes back as it went."""
    socket = trader.private(login=False)
    stamp = int(time.time() * 1000)
    params = {
        "orderly_key": trader.secret.public,
        "timestamp": stamp,
        "sign": trader.secret.sign(login_message(stamp)),
    }
    socket.send({"id": number, "event": "auth", "params": params})

    answer = socket.receive()

    assert {**answer, "ts": 0} == {"id": number, "event": "auth", "success": True, "ts": 0}


def test_a_login_may_lack_an_id_and_spell_things_otherwise(trader):
    """No id, a text for the timestamp, a key without its prefix: live clients do all of it."""
    socket = trader.private(login=False)
    stamp = int(time.time() * 1000)
    params = {
        "orderly_key": trader.secret.public.removeprefix("ed25519:"),
        "timestamp": str(stamp),
        "sign": trader.secret.sign(login_message(stamp)).rstrip("="),
    }
    socket.send({"event": "auth", "params": params})

    answer = socket.receive()

    assert (answer["success"], "id" in answer) == (True, False)
    assert socket.login(trader)["success"] is True, "a login may be repeated"


def test_a_login_may_come_with_the_url(trader):
    """Then no frame is needed and none is acknowledged."""
    stamp = int(time.time() * 1000)
    sign = quote(trader.secret.sign(login_message(stamp)), safe="")
    query = f"?orderly_key={quote(trader.secret.public)}&timestamp={stamp}&sign={sign}"

    socket = trader.socket("ws_private", trader.account_id, query)

    assert socket.subscribe("position")["success"] is True


@pytest.mark.parametrize(
    "changed",
    [
        {"sign": "4180da84117fc9753b"},
        {"timestamp": int(time.time() * 1000) - 301_000},
        {"orderly_key": Secret.generate().public},
        {"orderly_key": None},
        {"timestamp": None, "sign": None},
    ],
)
def test_a_wrong_login_is_refused_and_the_connection_closed(trader, changed):
    """``auth failed``, then a close frame."""
    socket = trader.private(login=False)
    if "timestamp" in changed and changed["timestamp"] is None:
        answer = socket.ask({"event": "auth", "params": changed})
    else:
        answer = socket.login(trader, **changed)

    assert (answer["success"], answer["errorMsg"]) == (False, "auth failed")
    assert closing_code(socket) == 1008


def test_a_key_of_another_account_cannot_log_in(trader, other):
    """The path names the account, and the key must be its."""
    socket = trader.socket("ws_private", other.account_id)

    assert socket.login(trader)["errorMsg"] == "auth failed"


def test_private_topics_need_a_login(trader):
    """On either path; the connection stays."""
    for socket in (trader.private(login=False), trader.market()):
        answer = socket.subscribe("executionreport")

        assert (answer["success"], answer["errorMsg"]) == (False, "Auth is needed.")
        assert socket.subscribe("bbos")["success"] is True


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ("nothing", "invalid topic nothing"),
        (f"{ETH}@nothing", f"invalid topic {ETH}@nothing"),
        (f"{ETH}@kline_7m", f"invalid topic {ETH}@kline_7m"),
        ("PERP_NO_USDC@trade", "invalid symbol PERP_NO_USDC"),
        ("woofi$nothing", "invalid topic woofi$nothing"),
        (f"a b${ETH}@ticker", f"invalid symbol a b${ETH}"),
    ],
)
def test_topics_that_do_not_exist_are_refused_by_name(trader, topic, message):
    """``invalid topic`` or ``invalid symbol``."""
    answer = trader.market().subscribe(topic)

    assert (answer["event"], answer["success"], answer["errorMsg"]) == ("subscribe", False, message)


def test_a_subscription_without_a_topic_is_told_so(trader):
    """And so is a request without its parameters."""
    socket = trader.market()

    assert socket.ask({"event": "subscribe"})["errorMsg"] == "missing required parameter topic"
    assert socket.ask({"event": "request", "params": {}})["errorMsg"] == "missing required parameter type"
    wanted = {"type": "orderbook"}
    assert (
        socket.ask({"event": "request", "params": wanted})["errorMsg"] == "missing required parameter symbol"
    )
    unknown = {"type": "orderbook", "symbol": "PERP_NO_USDC"}
    assert socket.ask({"event": "request", "params": unknown})["errorMsg"] == "invalid symbol PERP_NO_USDC"


def test_after_unsubscribing_nothing_comes(trader):
    """The acknowledgement is the last of the topic."""
    socket = trader.private("executionreport")
    assert socket.ask({"event": "unsubscribe", "topic": "executionreport"})["success"] is True

    trader.place("BUY", "0.1")

    socket.send({"event": "ping"})
    assert socket.receive()["event"] == "pong"


def test_a_private_subscription_may_name_symbols(trader):
    """Reports of the others do not come."""
    socket = trader.private()
    socket.subscribe("executionreport", params={"symbol": "PERP_BTC_USDC,PERP_SOL_USDC"})

    trader.place("BUY", "0.1")
    trader.place("BUY", "1", symbol="PERP_SOL_USDC")

    assert socket.push("executionreport")["data"]["symbol"] == "PERP_SOL_USDC"


def test_stray_fields_do_not_matter(trader):
    """Clients send a ts, a symbol, a type along."""
    answer = trader.market().subscribe("tickers", ts=1, params={}, type="x", symbol=None)

    assert answer["success"] is True


def test_client_pings_are_answered(trader):
    """Those of the protocol and those in JSON."""
    socket = trader.market()

    socket.ws.ping(b"hello")
    opcode, data = socket.ws.recv_data(control_frame=True)
    assert (opcode, data) == (websocket.ABNF.OPCODE_PONG, b"hello")
    socket.send({"event": "ping"})
    assert set(socket.receive()) == {"event", "ts"}


def test_the_venue_pings(venue, trader):
    """In JSON, with its time."""
    socket = trader.market()

    venue._call(venue._app.ping)

    frame = json.loads(socket.ws.recv())
    assert frame["event"] == "ping"
    assert isinstance(frame["ts"], int)


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "nonsense", '{"event":7}', '{"event":"dance"}', "{}"])
def test_senseless_frames_are_refused_and_the_connection_stays(trader, text):
    """``success`` false and a reason."""
    socket = trader.market()

    socket.send(text)

    answer = socket.receive()
    assert answer["success"] is False
    assert answer["errorMsg"]
    assert socket.subscribe("bbos")["success"] is True


def test_a_deeply_nested_frame_is_refused(trader):
    """Without harm to anyone."""
    socket = trader.market()

    socket.send("[" * 30_000)

    assert socket.receive()["success"] is False


def test_a_binary_frame_closes_the_connection(trader):
    """1003: the protocol has none."""
    socket = trader.market()

    socket.ws.send_binary(b"\x00\x01")

    assert closing_code(socket) == 1003


def test_a_frame_over_the_limit_closes_the_connection(trader):
    """1009 beyond 64 KiB, unless what was not read any more resets it before that arrives."""
    socket = trader.market()

    socket.send("x" * 70_000)

    assert closing_code(socket) in {1009, None}
    assert trader.market("bbos")


def test_invalid_utf_8_closes_the_connection(trader):
    """1007, and the venue goes on."""
    socket = trader.market()

    socket.ws.send(b"\xff\xfe", websocket.ABNF.OPCODE_TEXT)

    assert closing_code(socket) == 1007
    assert trader.market("bbos")


def test_two_connections_hear_the_same(trader):
    """A second session of one account is allowed."""
    first, second = trader.private("executionreport"), trader.private("executionreport")

    trader.place("BUY", "0.1")

    assert first.push("executionreport") == second.push("executionreport")


def test_accounts_do_not_hear_each_other(trader, other):
    """What one account does is nobody else's."""
    socket = other.private("executionreport", "position")

    trader.place("BUY", "0.1")
    own = other.place("SELL", "0.1")

    assert socket.push("executionreport")["data"]["orderId"] == own["order_id"]
    assert [frame for frame in socket.kept if frame.get("topic") == "executionreport"] == []
