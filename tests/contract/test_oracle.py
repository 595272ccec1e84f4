"""What a builder pushes, against the page's own frame."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import MAINNET
from orderly_sync.signing import Secret, login_message, verify
from orderly_sync.wire.json import decode
from orderly_sync.wire.oracle import publish_frame, push_url
from tests.contract.published import ORACLE_PUSH

SECRET = Secret.generate()


def test_the_pushed_frame_is_the_pages():
    """Key by key, in its order."""
    sent = ORACLE_PUSH["send"]
    frame = publish_frame(
        sent["id"], sent["data"]["base_ccy"], Decimal(str(sent["data"]["price"])), sent["ts"]
    )
    read = decode(frame, "frame")

    assert read == {**sent, "data": {**sent["data"], "price": Decimal("190.5")}}
    assert (list(read), list(read["data"])) == (list(sent), list(sent["data"]))


@given(st.decimals(min_value="1e-12", max_value="1e12", allow_nan=False, allow_infinity=False))
def test_a_price_is_written_exactly(price):
    """As a JSON number without an exponent."""
    frame = publish_frame("a", "X", price, 1)
    assert decode(frame, "frame")["data"]["price"] == price
    assert b"e" not in frame.partition(b'"price":')[2].lower()


def test_the_host_is_the_pages():
    """With the account behind the path and the login in the query."""
    published = urlsplit(ORACLE_PUSH["url"])
    assert MAINNET.ws_oracle is not None
    url = push_url(MAINNET.ws_oracle, "0xab", key=SECRET.public, timestamp=7, sign="s")
    made = urlsplit(url)

    assert (made.scheme, made.netloc) == (published.scheme, published.netloc)
    assert made.path == published.path.format(account_id="0xab")
    assert set(parse_qs(made.query)) == set(published.query.split("&"))


@pytest.mark.parametrize("stamp", [0, 1_711_440_000_000, 2**53])
def test_the_signature_survives_the_url(stamp):
    """Whatever characters base64 gives it, the host reads the one that was made."""
    sign = SECRET.sign(login_message(stamp))
    url = push_url("wss://a.example/p", "0xab", key=SECRET.public, timestamp=stamp, sign=sign)
    query = parse_qs(urlsplit(url).query)

    assert (query["timestamp"], query["orderly_key"]) == ([str(stamp)], [SECRET.public])
    assert verify(SECRET.public, login_message(stamp), query["sign"][0])
