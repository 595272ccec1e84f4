"""Who may ask: signatures, ages, keys, scopes and limits of HTTP requests."""

from __future__ import annotations

import base64
import time
from urllib.parse import unquote

import attrs
import pytest

from orderly_sync.signing import Secret, request_message
from orderly_sync.venue.server.serve import Venue
from tests.scenario.venue_server.trader import ETH, Trader

ORDERS = "/v1/orders"


def test_an_unsigned_request_is_refused(trader):
    """-1001 with HTTP 401."""
    answer = trader.raw("GET", ORDERS)

    assert (answer.status, answer.code) == (401, -1001)


@pytest.mark.parametrize("skew", [-301_000, 301_000])
def test_a_clock_301_seconds_off_is_refused(trader, skew):
    """Either way, and the message says how far it is."""
    stamp = int(time.time() * 1000) + skew

    answer = trader.raw("GET", ORDERS, headers=trader.headers("GET", ORDERS, stamp=stamp))

    assert (answer.status, answer.code) == (401, -1001)
    assert "301 s" in answer.json["message"]


@pytest.mark.parametrize("skew", [-290_000, 290_000])
def test_a_clock_290_seconds_off_is_accepted(trader, skew):
    """The window is 300 seconds wide on both sides."""
    stamp = int(time.time() * 1000) + skew

    assert trader.raw("GET", ORDERS, headers=trader.headers("GET", ORDERS, stamp=stamp)).status == 200


def test_a_clock_set_by_the_venue_is_accepted(trader):
    """A frozen venue's time stands elsewhere, and a client may go by it."""
    stamp = trader.raw("GET", "/v1/public/system_info").json["timestamp"]

    assert trader.raw("GET", ORDERS, headers=trader.headers("GET", ORDERS, stamp=stamp)).status == 200


@pytest.mark.parametrize("wrong", ["/v1/trades", "/v1/orders?size=1"])
def test_a_signature_of_another_path_or_query_is_refused(trader, wrong):
    """The signature covers path and query."""
    answer = trader.raw("GET", ORDERS, headers=trader.headers("GET", wrong))

    assert (answer.status, answer.code) == (401, -1001)


def test_a_signature_of_another_body_is_refused(trader):
    """The signature covers the body."""
    headers = {**trader.headers("POST", "/v1/order", b'{"a":1}'), "Content-Type": "application/json"}

    answer = trader.raw("POST", "/v1/order", b'{"a":2}', headers)

    assert (answer.status, answer.code) == (401, -1001)


def test_a_foreign_key_is_refused(trader):
    """A well-signed request with a key the venue never issued."""
    trader.secret = Secret.generate()

    answer = trader.call("GET", ORDERS)

    assert (answer.status, answer.code) == (401, -1002)


def test_the_key_of_another_account_is_refused(trader, other):
    """A key acts for its own account only."""
    trader.secret = other.secret

    answer = trader.call("GET", ORDERS)

    assert (answer.status, answer.code) == (401, -1002)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("orderly-timestamp", "soon"),
        ("orderly-timestamp", ""),
        ("orderly-signature", "!"),
        ("orderly-key", "x"),
    ],
)
def test_malformed_headers_are_refused(trader, header, value):
    """Nothing of it makes the venue stumble."""
    headers = {**trader.headers("GET", ORDERS), header: value}

    answer = trader.raw("GET", ORDERS, headers=headers)

    assert (answer.status, answer.code in {-1001, -1002}) == (401, True)


@pytest.mark.parametrize(
    "spell",
    [
        lambda raw: base64.b64encode(raw).decode(),
        lambda raw: base64.urlsafe_b64encode(raw).decode(),
        lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="),
        lambda raw: base64.b64encode(raw).decode().rstrip("="),
    ],
)
def test_all_spellings_of_a_signature_count(trader, spell):
    """Standard and URL-safe base64, padded or not: live clients send all four."""
    headers = trader.headers("GET", ORDERS)
    raw = base64.urlsafe_b64decode(headers["orderly-signature"])

    assert trader.raw("GET", ORDERS, headers={**headers, "orderly-signature": spell(raw)}).status == 200


def test_a_query_may_be_signed_before_it_is_encoded(trader):
    """One client signs a comma and sends %2C."""
    target = "/v1/orders?order_tag=a%2Cb"
    stamp = int(time.time() * 1000)
    signature = trader.secret.sign(request_message(stamp, "GET", unquote(target)))
    headers = {**trader.headers("GET", target, stamp=stamp), "orderly-signature": signature}

    assert trader.raw("GET", target, headers=headers).status == 200


@pytest.mark.parametrize("kind", [None, "application/json", "application/x-www-form-urlencoded"])
def test_a_read_may_carry_any_content_type(trader, kind):
    """GET and DELETE have no body, and clients name its type nevertheless."""
    headers = trader.headers("GET", ORDERS)

    assert (
        trader.raw(
            "GET", ORDERS, headers=headers if kind is None else {**headers, "Content-Type": kind}
        ).status
        == 200
    )


def test_a_body_must_be_json(trader):
    """Another content type, malformed JSON and a list are all -1005."""
    for body, kind in ((b"{}", "text/plain"), (b"{", "application/json"), (b"[]", "application/json")):
        headers = {**trader.headers("POST", "/v1/order", body), "Content-Type": kind}

        answer = trader.raw("POST", "/v1/order", body, headers)

        assert (answer.status, answer.code) == (400, -1005)


def test_a_key_without_the_scope_is_refused(trader, venue):
    """A reading key reads and does not trade; an expired one does nothing."""
    keys = venue._core.keys
    key = keys.of(trader.account_id)[0]
    keys.add(attrs.evolve(key, scopes=frozenset({"read"})))

    assert trader.call("GET", ORDERS).status == 200
    answer = trader.call("POST", "/v1/order", {"symbol": ETH})
    assert (answer.status, answer.code) == (401, -1002)

    keys.add(attrs.evolve(key, expires=1))
    assert trader.call("GET", ORDERS).code == -1002


def test_a_request_older_than_its_own_window_is_refused(trader):
    """x-recv-window narrows the age of an order."""
    body = b"{}"
    stamp = int(time.time() * 1000) - 5_000
    headers = {**trader.headers("POST", "/v1/order", body, stamp), "Content-Type": "application/json"}

    answer = trader.raw("POST", "/v1/order", body, {**headers, "x-recv-window": "1000"})

    assert "x-recv-window" in answer.json["message"]


def test_limits_are_kept_by_key_and_by_address():
    """The eleventh request of a second is -1003 with HTTP 429, while another key goes on."""
    with Venue(seed=7, market="frozen") as venue:
        first, second = Trader(venue), Trader(venue, 1)
        try:
            # Twice the limit at once, so that a window's end in between cannot let all through.
            codes = [first.call("GET", ORDERS).status for _ in range(25)]
            assert 429 in codes
            assert second.call("GET", ORDERS).status == 200
            refused = next(
                answer
                for answer in (first.raw("GET", "/v1/public/system_info") for _ in range(5))
                if answer.status == 429
            )
            assert refused.code == -1003
        finally:
            first.close()
            second.close()


def test_an_unknown_path_is_named(trader):
    """404 with a message that says what was asked for."""
    answer = trader.call("GET", "/v1/nothing")

    assert (answer.status, answer.code, "GET /v1/nothing" in answer.json["message"]) == (404, -1006, True)
