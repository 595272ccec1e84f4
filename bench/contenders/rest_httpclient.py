"""http.client by hand: sign, JSON, one kept connection; the least a signed request can cost in the standard library."""

import base64
import json
import time

NAME = "http.client by hand"
NEEDS = ("PyNaCl",)


def _sender(feed):
    from http.client import HTTPConnection

    import base58
    from nacl.signing import SigningKey

    key = SigningKey(base58.b58decode(feed.secret.removeprefix("ed25519:")))
    connection = HTTPConnection(feed.http.removeprefix("http://"))

    def send(method, path, body=b""):
        now = str(time.time_ns() // 1_000_000)
        signature = key.sign(now.encode() + method.encode() + path.encode() + body).signature
        headers = {
            "orderly-timestamp": now,
            "orderly-account-id": feed.account_id,
            "orderly-key": feed.key,
            "orderly-signature": base64.urlsafe_b64encode(signature).decode(),
            "content-type": "application/json" if body else "application/x-www-form-urlencoded",
        }
        connection.request(method, path, body or None, headers)
        return json.loads(connection.getresponse().read())["data"]

    return send


def calls(feed):
    send = _sender(feed)
    order = {
        "symbol": feed.symbol,
        "order_type": "LIMIT",
        "side": "BUY",
        "order_price": 3000,
        "order_quantity": 0.1,
        "client_order_id": "bench-0001",
    }
    return {
        "order": lambda: send("POST", "/v1/order", json.dumps(order).encode()),
        "positions": lambda: send("GET", "/v1/positions")["rows"],
    }
