"""A client of the venue made of the standard library and websocket-client alone, so that it proves the wire and nothing else."""

from __future__ import annotations

import http.client
import json
import time
from decimal import Decimal
from typing import Any

import websocket

from orderly_sync.signing import Secret, login_message, request_message

ETH = "PERP_ETH_USDC"


def exact(text: str | bytes) -> Any:
    """JSON with exact numbers."""
    return json.loads(text, parse_float=Decimal)


class Answer:
    """Status and body of an HTTP answer."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self) -> Any:
        return exact(self.body)

    @property
    def data(self) -> Any:
        value = self.json
        assert value["success"] is True, value
        return value.get("data")

    @property
    def code(self) -> int:
        value = self.json
        assert value["success"] is False, value
        return value["code"]


class Trader:
    """One account's access to a running venue."""

    def __init__(self, venue: Any, account: int = 0) -> None:
        self.venue = venue
        self.account = venue.accounts[account]
        self.account_id = self.account.account_id
        self.secret = Secret(self.account.orderly_secret)
        self._http = http.client.HTTPConnection(venue.urls["rest"].removeprefix("http://"), timeout=10)
        self._sockets: list[Socket] = []

    def close(self) -> None:
        for socket in self._sockets:
            socket.close()
        self._http.close()

    def headers(
        self, method: str, target: str, body: bytes = b"", stamp: int | None = None
    ) -> dict[str, str]:
        stamp = int(time.time() * 1000) if stamp is None else stamp
        return {
            "orderly-timestamp": str(stamp),
            "orderly-account-id": self.account_id,
            "orderly-key": self.secret.public,
            "orderly-signature": self.secret.sign(request_message(stamp, method, target, body)),
        }

    def raw(
        self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        self._http.request(method, target, body or None, headers or {})
        response = self._http.getresponse()
        return Answer(response.status, response.headers, response.read())

    def call(self, method: str, target: str, value: Any = None) -> Answer:
        body = b"" if value is None else json.dumps(value, default=str).encode()
        headers = self.headers(method, target, body)
        if body:
            headers["Content-Type"] = "application/json"
        return self.raw(method, target, body, headers)

    def get(self, target: str) -> Any:
        return self.call("GET", target).data

    def public(self, target: str) -> Any:
        return self.raw("GET", target).data

    def place(self, side: str = "BUY", quantity: str = "0.5", price: str | None = None, **more: Any) -> Any:
        order = {
            "symbol": ETH,
            "side": side,
            "order_quantity": quantity,
            "order_type": "MARKET" if price is None else "LIMIT",
        }
        if price is not None:
            order["order_price"] = price
        return self.call("POST", "/v1/order", {**order, **more}).data

    def algo(self, **fields: Any) -> Any:
        return self.call("POST", "/v1/algo/order", {"symbol": ETH, **fields}).data

    def control(self, method: str, target: str, value: Any = None, token: str | None = None) -> Answer:
        body = b"" if value is None else json.dumps(value).encode()
        headers = {
            "x-venue-token": self.venue.token if token is None else token,
            "Content-Type": "application/json",
        }
        return self.raw(method, target, body, headers)

    def private(self, *topics: str, login: bool = True) -> Socket:
        socket = self.socket("ws_private", self.account_id)
        if login:
            assert socket.login(self)["success"] is True
        for topic in topics:
            assert socket.subscribe(topic)["success"] is True
        return socket

    def market(self, *topics: str) -> Socket:
        socket = self.socket("ws_public", "OqdphuyCtYWxwzhxyLLjOWNdFP7sQt8RPWzmb5xY")
        for topic in topics:
            assert socket.subscribe(topic)["success"] is True
        return socket

    def socket(self, base: str, account: str, query: str = "", **options: Any) -> Socket:
        socket = Socket(f"{self.venue.urls[base]}/{account}{query}", **options)
        self._sockets.append(socket)
        return socket

    def ledger(self, topic: str | None = None) -> list[dict[str, Any]]:
        entries = self.venue.ledger(self.account_id)
        return [entry for entry in entries if topic in {None, entry["topic"]}]


class Socket:
    """One WebSocket connection; pings of the venue are answered, frames kept until they are asked for."""

    def __init__(self, url: str, **options: Any) -> None:
        self.ws = websocket.create_connection(url, timeout=5, suppress_origin=True, **options)
        self.kept: list[Any] = []
        self._count = 0

    def close(self) -> None:
        self.ws.shutdown()

    def send(self, frame: Any) -> None:
        self.ws.send(frame if isinstance(frame, str) else json.dumps(frame))

    def receive(self) -> Any:
        while True:
            frame = exact(self.ws.recv())
            if frame.get("event") != "ping":
                return frame
            self.send({"event": "pong"})

    def until(self, wanted: Any) -> Any:
        """The first frame that ``wanted`` accepts, kept ones first; the others are kept."""
        for index, frame in enumerate(self.kept):
            if wanted(frame):
                return self.kept.pop(index)
        while True:
            frame = self.receive()
            if wanted(frame):
                return frame
            self.kept.append(frame)

    def push(self, topic: str) -> Any:
        """The next frame of a topic."""
        return self.until(lambda frame: frame.get("topic") == topic)

    def ask(self, frame: dict[str, Any]) -> Any:
        """Send a frame and give the answer that carries its id."""
        self._count += 1
        number = f"c{self._count}"
        self.send({"id": number, **frame})
        return self.until(lambda answer: answer.get("id") == number)

    def subscribe(self, topic: str, **more: Any) -> Any:
        return self.ask({"event": "subscribe", "topic": topic, **more})

    def login(self, trader: Trader, **changed: Any) -> Any:
        stamp = changed.pop("timestamp", int(time.time() * 1000))
        params = {
            "orderly_key": trader.secret.public,
            "timestamp": stamp,
            "sign": trader.secret.sign(login_message(int(stamp))),
            **changed,
        }
        return self.ask({"event": "auth", "params": params})
