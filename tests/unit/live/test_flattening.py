"""Getting out of the market, whatever fails on the way; with a venue of a few lines."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from orderly_sync import DryRun, NotFlat, OrderOutcomeUnknown, UsageError
from orderly_sync.clock import ManualClock
from orderly_sync.errors import AuthenticationError, InvalidOrder, OrderlyError, TimedOut
from orderly_sync.live.flattening import FlatteningClient, Remainder
from orderly_sync.models.base import made
from orderly_sync.models.enums import MarginMode
from orderly_sync.models.position import Position

ETH, BTC = "PERP_ETH_USDC", "PERP_BTC_USDC"


def position(symbol: str, quantity: str, mode: MarginMode = MarginMode.CROSS) -> Position:
    return made(Position, symbol=symbol, position_qty=Decimal(quantity), margin_mode=mode)


@attrs.define
class Account:
    """What a venue holds of an account, and what goes wrong with the next calls of each name."""

    positions: dict[tuple[str, MarginMode], Decimal] = attrs.field(factory=dict)
    orders: dict[int, str] = attrs.field(factory=dict)
    algos: dict[int, str] = attrs.field(factory=dict)
    faults: dict[str, Iterator[Exception]] = attrs.field(factory=dict)
    asked: list[str] = attrs.field(factory=list)
    most: Decimal | None = None

    def hold(self, *rows: Position) -> None:
        for row in rows:
            self.positions[row.symbol, row.margin_mode or MarginMode.CROSS] = row.quantity

    def begin(self, name: str) -> None:
        self.asked.append(name)
        error = next(self.faults.get(name, iter(())), None)
        if error is not None:
            raise error

    def cancel_all(self, *, symbol: str | None) -> None:
        self.begin("cancel_all")
        self.orders = {one: market for one, market in self.orders.items() if symbol not in {None, market}}

    def cancel_all_algo(self, *, symbol: str | None) -> None:
        self.begin("cancel_all_algo")
        self.algos = {one: market for one, market in self.algos.items() if symbol not in {None, market}}

    def list(self, *, symbol: str | None, **_: Any) -> Sequence[Any]:
        self.begin("list")
        return [SimpleNamespace(order_id=one) for one, at in self.orders.items() if symbol in {None, at}]

    def list_algo(self, *, symbol: str | None, **_: Any) -> Sequence[Any]:
        self.begin("list_algo")
        found = [one for one, market in self.algos.items() if symbol in {None, market}]
        return [SimpleNamespace(root_algo_order_id=one, algo_order_id=one) for one in found]

    def held(self) -> Any:
        self.begin("positions")
        rows = [position(symbol, str(held), mode) for (symbol, mode), held in self.positions.items()]
        return SimpleNamespace(rows=rows)

    def create(
        self, *, symbol: str, side: str, order_quantity: Decimal, margin_mode: MarginMode, **terms: Any
    ) -> None:
        assert terms["reduce_only"] is True
        assert terms["recv_window"] <= 5_000
        lost: OrderOutcomeUnknown | None = None
        try:
            self.begin("create")
        except OrderOutcomeUnknown as error:
            lost = error  # it was executed
        held = self.positions.get((symbol, margin_mode), Decimal(0))
        if not held or (held > 0) is not (side == "SELL"):
            raise InvalidOrder(-1103, "there is nothing to reduce", method="POST", path="/v1/order")
        left = abs(held) - order_quantity
        self.positions[symbol, margin_mode] = max(Decimal(0), left) * (1 if held > 0 else -1)
        if lost is not None:
            raise lost


class Client(FlatteningClient):
    """A client of that venue; its live state is there where it is given."""

    def __init__(self, account: Account, shown: Any = None) -> None:
        self.account_held, self.shown, self.clock = account, shown, ManualClock()

    def _use(self) -> None:
        """It is kept by the test."""

    def _require_live(self, what: str) -> Any:
        assert what
        return self.shown

    @property
    def status(self) -> str:
        return "down" if self.shown is None else "ready"

    @property
    def rest(self) -> Any:
        account = self.account_held
        rules = SimpleNamespace(base_max=account.most)
        return SimpleNamespace(
            orders=account,
            positions=SimpleNamespace(list=account.held),
            market=SimpleNamespace(rules=lambda _symbol: rules),
            clock=self.clock,
            require_open=lambda _what: None,
        )


def both() -> Account:
    account = Account(orders={1: ETH, 2: BTC}, algos={3: ETH, 4: BTC})
    account.hold(position(ETH, "0.5"), position(ETH, "-0.2", MarginMode.ISOLATED), position(BTC, "-0.01"))
    return account


def left_of(account: Account) -> tuple[Mapping[int, str], Mapping[int, str], list[Decimal]]:
    return account.orders, account.algos, [held for held in account.positions.values() if held]


def test_everything_is_closed_in_both_margin_modes() -> None:
    """Algo orders are cancelled first, for they send others; then what is open is looked for."""
    account = both()
    Client(account).flatten()
    assert left_of(account) == ({}, {}, [])
    assert account.asked[:2] == ["cancel_all_algo", "cancel_all"]
    assert account.asked.count("create") == 3


def test_of_one_market_the_others_are_left_alone() -> None:
    """By any spelling."""
    account = both()
    Client(account).flatten("ETH/USDC:USDC")
    assert left_of(account) == ({2: BTC}, {4: BTC}, [Decimal("-0.01")])


def test_a_flat_account_is_two_cancels_and_one_look() -> None:
    """And no order."""
    account = Account()
    Client(account).flatten()
    assert account.asked == ["cancel_all_algo", "cancel_all", "list_algo", "list", "positions"]


def test_what_is_more_than_one_order_may_be_takes_several() -> None:
    """Each of at most the symbol's greatest quantity."""
    account = Account(most=Decimal("0.2"))
    account.hold(position(ETH, "0.5"))
    Client(account).flatten()
    assert account.asked.count("create") == 3


LOST = OrderOutcomeUnknown("POST /v1/order", "the answer was lost")
LATE = TimedOut("GET /v1/positions", "too late")


@pytest.mark.parametrize("error", [LOST, LATE], ids=["lost", "late"])
@pytest.mark.parametrize(
    "name", ["cancel_all", "cancel_all_algo", "list", "list_algo", "positions", "create"]
)
def test_what_fails_is_done_again(name: str, error: OrderlyError) -> None:
    """Each step, twice in a row; a closing order whose answer was lost was executed, and is not made up for."""
    account = both()
    account.faults[name] = iter([error, error])
    Client(account).flatten()
    assert left_of(account) == ({}, {}, [])


@pytest.mark.parametrize(
    "error", [DryRun("DELETE /v1/orders", ""), UsageError("it was stopped"), AuthenticationError(-1001, "no")]
)
def test_what_cannot_get_better_is_raised_at_once(error: OrderlyError) -> None:
    """Nothing is tried again."""
    account = both()
    account.faults["cancel_all_algo"] = iter([error])
    with pytest.raises(type(error)):
        Client(account).flatten()
    assert account.asked == ["cancel_all_algo"]


def test_what_is_left_is_named() -> None:
    """With what failed last."""
    account = both()
    refused = InvalidOrder(-1103, "less than the least", method="POST", path="/v1/order")
    account.faults = {"create": itertools.repeat(refused), "cancel_all": itertools.repeat(LATE)}
    with pytest.raises(
        NotFlat, match=r"-0\.2 PERP_ETH_USDC:ISOLATED; .*orders 1, 2; call flatten again"
    ) as told:
        Client(account).flatten(timeout=0.3)
    assert told.value.__cause__ is refused
    assert told.value.left is not None
    assert (told.value.left.orders, told.value.left.algo_orders) == ((1, 2), ())
    assert {row.symbol for row in told.value.left.positions} == {ETH, BTC}


def test_where_nothing_can_be_seen_nothing_is_said_to_be_left() -> None:
    """It is not known."""
    account = both()
    account.faults["positions"] = itertools.repeat(LATE)
    with pytest.raises(NotFlat, match="not known") as told:
        Client(account).flatten(timeout=0.3)
    assert told.value.left is None
    assert told.value.__cause__ is LATE


class Fading(Mapping[Any, Any]):
    """What the stream has told: it goes when it has been looked at so often."""

    def __init__(self, rows: Mapping[Any, Any], looks: int) -> None:
        self.rows, self.looks = rows, looks

    def __iter__(self) -> Iterator[Any]:
        self.looks -= 1
        return iter(self.rows if self.looks >= 0 else {})

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, key: Any) -> Any:
        return self.rows[key]

    def keys(self) -> Any:
        return list(self)

    def items(self) -> Any:
        return [(key, self.rows[key]) for key in self]


@pytest.mark.parametrize("name", ["positions", "orders", "algo_orders"])
def test_an_account_is_flat_when_rest_and_the_stream_say_so(name: str) -> None:
    """What only the stream knows of yet, for REST lags behind it, is cancelled, or closed, and waited for."""
    row = position(ETH, "0.5") if name == "positions" else SimpleNamespace(symbol=ETH)
    shown = {
        "positions": {},
        "orders": {},
        "algo_orders": {},
        name: Fading({ETH if name == "positions" else 7: row}, 2),
    }
    account = Account()
    Client(account, SimpleNamespace(**shown)).flatten()
    assert account.asked.count("positions") == 3
    assert account.asked.count("cancel_all") == (1 if name == "positions" else 3)


def test_a_remainder_says_what_it_is() -> None:
    """In one line."""
    rows = (position(ETH, "0.5"), position(BTC, "-1", MarginMode.ISOLATED))
    assert str(Remainder()) == "nothing"
    assert str(Remainder(rows, (1,), (2, 3))) == (
        "0.5 PERP_ETH_USDC; -1 PERP_BTC_USDC:ISOLATED; order 1; algo orders 2, 3"
    )
