"""requests by hand: one session, signed headers a call."""

import base64
import json
import time

NAME = "requests by hand"
NEEDS = ("requests", "PyNaCl")


def _sender(feed):
    import base58
    import requests
    from nacl.signing import SigningKey

    key = SigningKey(base58.b58decode(feed.secret.removeprefix("ed25519:")))
    session = requests.Session()

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
        return session.request(
            method, feed.http + path, data=body or None, headers=headers, timeout=10
        ).json()["data"]

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
