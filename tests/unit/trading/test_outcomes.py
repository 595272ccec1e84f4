"""Finding out what became of a write: how long an order may still arrive, and which look is the last."""

from __future__ import annotations

import pickle
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import NotFound, OrderOutcomeUnknown, UsageError
from orderly_sync.errors import ConnectFailed
from orderly_sync.models.base import made
from orderly_sync.models.order import Order
from orderly_sync.rest.request import build
from orderly_sync.rest.unknown_outcome import READ_LAG, certain_in, unknown_outcome
from orderly_sync.trading.outcomes import look_for, looks_for, window_ms

NOW = 1_800_000_000_000
SKEW = st.integers(-290_000, 290_000)
AGE = st.integers(0, 20_000)


@given(SKEW, AGE, st.integers(0, 30_000))
def test_no_order_is_taken_after_it_counts_as_never_placed(skew: int, age: int, delay: int):
    """However wrong this machine's clock, however old the time heard; and one that is sent at once is taken.

    Times in ms: the venue's clock stands at ``NOW``, this machine's at ``NOW + skew``.
    """
    here, heard = NOW + skew, NOW - age
    window = window_ms(here, heard)

    def takes(arrives: int) -> bool:
        return arrives - here <= window  # the venue compares the signature's time with its own

    assert takes(NOW) or here < NOW - 5000 - max(
        0, heard - here
    )  # a clock behind that nothing has shown to be
    if takes(NOW + delay):
        assert delay / 1000 <= certain_in(window, here, heard) - READ_LAG


@given(AGE)
def test_a_right_clock_knows_soon(age: int):
    """Within the window of 5 s, what the last time heard is old (pings come every 10 s), and the lag of REST."""
    assert certain_in(window_ms(NOW, NOW - age), NOW, NOW - age) == 5 + age / 1000 + READ_LAG


def test_without_a_window_a_signature_s_own_age_is_what_bounds_it():
    assert certain_in(None, NOW, NOW) >= 300 + 300
    assert certain_in(5000, NOW, None) == 5 + 300 + READ_LAG
    assert window_ms(NOW, None) == 5000
    assert window_ms(NOW, NOW + 400_000) == 300_000


class Venue:
    """Rows by the time from which they are shown."""

    def __init__(self, shown: dict[str, float], down: tuple[float, float] = (0, 0)) -> None:
        self.now = 0.0
        self.shown = shown
        self.down = down
        self.looks: list[float] = []

    def wait(self, until: float) -> float:
        self.now = max(self.now, until)
        return self.now

    def get_by_client_order_id(self, name: str) -> Order:
        self.looks.append(self.now)
        if self.down[0] < self.now < self.down[1]:
            raise ConnectFailed("GET /v1/client/order/{client_order_id}", "refused")
        if self.now < self.shown.get(name, 1e9):
            raise NotFound(-1006, "there is none")
        return made(Order, order_id=len(name), symbol="PERP_ETH_USDC", client_order_id=name)


def lost(*names: str) -> OrderOutcomeUnknown:
    body = {"orders": [{"symbol": "PERP_ETH_USDC", "client_order_id": name} for name in names]}
    sent = build("POST", "/v1/batch-order", body=body)
    return OrderOutcomeUnknown("POST /v1/batch-order", ",".join(names), sent=sent)


@pytest.mark.parametrize(
    ("shown", "certain_at", "until", "placed"),
    [
        ({"a": 0, "bb": 0}, 15, 30, ["a", "bb"]),
        ({"a": 0, "bb": 3}, 15, 30, ["a", "bb"]),
        ({"a": 0}, 15, 30, ["a"]),
        ({}, 15, 30, []),
        ({"bb": 14.9}, 15, 30, ["bb"]),
        ({"a": 0}, 15, 10, None),  # too early to tell of the other
        ({"a": 0, "bb": 2}, None, 10, ["a", "bb"]),
        ({"a": 0}, None, 10, None),
        ({}, -1e9, 0, []),
    ],
)
def test_which_orders_are_there_is_told_when_it_is_certain(
    shown: dict[str, float], certain_at: float | None, until: float, placed: list[str] | None
):
    venue: Any = Venue(shown)
    rows = look_for(looks_for(lost("a", "bb"), venue), until=until, certain_at=certain_at, wait=venue.wait)
    assert (rows if rows is None else [row.client_order_id for row in rows]) == placed
    assert venue.now <= until


@pytest.mark.parametrize("down", [(-1, 40), (14, 40), (10, 20)])
def test_a_venue_that_cannot_be_asked_says_nothing(down: tuple[float, float]):
    """The look that counts is one after the moment of certainty that was answered."""
    venue: Any = Venue({}, down)
    rows = look_for(looks_for(lost("a"), venue), until=39, certain_at=15, wait=venue.wait)
    assert rows == (None if down[1] > 39 else [])


def test_looks_are_few():
    """At 0, 0.5, 1.5, 3.5, 8.5 and at the moment of certainty."""
    venue: Any = Venue({})
    look_for(looks_for(lost("a"), venue), until=60, certain_at=15, wait=venue.wait)
    assert venue.looks == [0, 0.5, 1.5, 3.5, 8.5, 15]


@pytest.mark.parametrize(
    ("method", "path", "parts", "named"),
    [
        ("DELETE", "/v1/order", {"query": {"symbol": "PERP_ETH_USDC", "order_id": 7}}, 1),
        ("DELETE", "/v1/batch-order", {"query": {"order_ids": "7,8"}}, 2),
        ("DELETE", "/v1/client/order", {"query": {"client_order_id": "mine"}}, 1),
        ("DELETE", "/v1/client/batch-order", {"query": {"client_order_ids": "a,b,c"}}, 3),
        (
            "PUT",
            "/v1/order",
            {"body": {"order_id": 7, "client_order_id": "mine", "order_price": Decimal(1)}},
            1,
        ),
        ("PUT", "/v1/algo/order", {"body": {"order_id": 7}}, 1),
        ("DELETE", "/v1/orders", {"query": {"symbol": "PERP_ETH_USDC"}}, 0),
        ("POST", "/v1/client/leverage", {"body": {"leverage": 3}}, 0),
    ],
)
def test_a_write_names_the_orders_it_is_about(method: str, path: str, parts: dict[str, Any], named: int):
    error = OrderOutcomeUnknown(f"{method} {path}", sent=build(method, path, **parts))
    if named:
        assert len(looks_for(error, Venue({}))) == named
    else:
        with pytest.raises(UsageError, match="names no order"):
            looks_for(error, Venue({}))


def test_an_error_that_came_from_another_process_can_be_shown_but_not_asked_with():
    error = pickle.loads(pickle.dumps(lost("a", "b")))
    assert error.client_order_id == "a,b"
    assert (error.sent, error.certain_at) == (None, None)
    with pytest.raises(UsageError, match="names no order"):
        looks_for(error, Venue({}))


@pytest.mark.parametrize(
    ("window", "least", "most"), [(None, 605, 606), (5000, 310, 311), (100, 305.1, 306.1)]
)
def test_a_write_of_rest_s_own_is_certain_too_in_the_end(window: int | None, least: float, most: float):
    """It knows nothing of the venue's clock, so that may be off by as much as the venue takes."""
    sent = build("POST", "/v1/order", body={"symbol": "PERP_ETH_USDC"}, headers={"x-recv-window": window})
    before = time.monotonic()
    certain_at = unknown_outcome(sent, "cut").certain_at
    assert certain_at is not None
    assert least <= certain_at - before <= most
