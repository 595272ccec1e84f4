"""What faults can be aimed at."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.venue.server.fault_targets import FaultTargets
from orderly_sync.venue.server.routes.table import ROUTES
from orderly_sync.venue.server.topics import all_topics, near_topics, parse_topic

SYMBOLS = ("PERP_ETH_USDC", "PERP_BTC_USDC")
TARGETS = FaultTargets(symbols=SYMBOLS, operations=ROUTES.keys(), accounts=lambda: ["0xAB", "0xCD"])
PATHS = st.text("/ab*", max_size=6)


@pytest.mark.parametrize("operation", ROUTES, ids="".join)
def test_every_operation_can_be_struck_as_sent_and_as_documented(operation: tuple[str, str]):
    """With its verb in any case of letters."""
    verb, template = operation
    TARGETS.check_request(template, verb.lower())
    TARGETS.check_request(template.replace("{", "").replace("}", ""), verb)
    TARGETS.check_request(template[: len(template) // 2] + "*", None)


@pytest.mark.parametrize("topic", all_topics(SYMBOLS))
def test_every_topic_can_be_struck(topic: str):
    """By its name, and by a pattern of its name."""
    assert parse_topic(topic, SYMBOLS).name == topic
    TARGETS.check_topic(topic)
    TARGETS.check_topic(topic[:-1] + "*")


@given(PATHS, st.text("/ab", min_size=1, max_size=4))
def test_a_pattern_is_taken_where_a_path_of_an_operation_fits_it(pattern: str, middle: str):
    """Here the operation is at ``/a/{x}/b``; without ``*``, a pattern is a path."""
    targets = FaultTargets(operations=[("GET", "/a/{x}/b")])
    is_path = "*" not in pattern
    path = pattern if is_path else f"/a/{middle}/b"
    fits = re.fullmatch(r"/a/[^/]+/b", path) is not None and fnmatchcase(path, pattern)
    if fits:
        targets.check_request(pattern, "GET")
    elif is_path:
        with pytest.raises(ValueError, match="no operation is at"):
            targets.check_request(pattern, "GET")


def test_a_pattern_as_long_as_you_like_is_read():
    """Without recursion, in time that grows with its length."""
    TARGETS.check_request("/v1/order/" + "*7" * 20_000, "GET")
    with pytest.raises(ValueError, match="no operation is at"):
        TARGETS.check_request("/v1/nope/" + "*7" * 20_000, "GET")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("mark_price", ["PERP_ETH_USDC@markprice"]),
        ("mark_price(ETH)", ["PERP_ETH_USDC@markprice"]),
        ("btc@mark_price", ["PERP_BTC_USDC@markprice"]),
        ("PERP_BTC@trades", ["PERP_BTC_USDC@trade"]),
        ("bbo", ["PERP_ETH_USDC@bbo"]),
        ("asset_convert", ["assetconvert"]),
        ("balances", ["balance"]),
        ("@trade", []),
        ("", []),
    ],
)
def test_the_topic_that_was_likely_meant(name: str, near: list[str]):
    """Python's names of topics are known, and every spelling of a symbol."""
    assert near_topics(name, SYMBOLS) == near
