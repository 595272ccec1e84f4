"""Every model, page and error is a value: it prints as ASCII, stands in sets, and survives pickling and copying."""

from __future__ import annotations

import copy
import importlib
import pickle
import pkgutil
import sys
import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
import pytest

import orderly_sync
from orderly_sync import Bracket, Limit, Network, topics
from orderly_sync.credentials import Credentials
from orderly_sync.errors import ApiError, Disconnected, HookError, InvalidOrder, OrderlyError, UsageError
from orderly_sync.live.book import Book, Level
from orderly_sync.live.table import Table
from orderly_sync.models.base import UNFRAMED, Frame, Model, Page, PageMeta, Push, Rows, made
from orderly_sync.models.enums import OpenEnum, OrderSide, OrderStatus
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import Order
from orderly_sync.models.pages import CursorPage, SnapshotPage

ODD = "caf\u00e9 \u2026 \U0001f680 \u202e"


def classes(base: type) -> list[Any]:
    """All classes of the package below ``base``, the base included."""
    for module in pkgutil.walk_packages(orderly_sync.__path__, "orderly_sync."):
        if module.name.startswith(
            ("orderly_sync.models", "orderly_sync.state", "orderly_sync.stream.events")
        ):
            importlib.import_module(module.name)
    found, wanted = [], [base]
    while wanted:
        kind = wanted.pop()
        wanted += kind.__subclasses__()
        # attrs makes a class anew for its slots, and the first one lingers.
        if getattr(sys.modules[kind.__module__], kind.__name__, None) is kind and kind not in found:
            found.append(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


def sample(hint: Any, above: tuple[Any, ...] = ()) -> Any:
    """A value of a type, every text of it odd; models that hold themselves do so once."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return sample(next(each for each in inside if each is not type(None)), above)
    if origin in {tuple, Rows}:
        return (Rows if origin is Rows else tuple)([] if inside[0] in above else [sample(inside[0], above)])
    if origin is not None and issubclass(origin, Mapping):
        return {sample(inside[0]): sample(inside[1], above)}
    if origin is list:
        return [sample(inside[0], above)]
    if not isinstance(hint, type):
        return ODD
    if issubclass(hint, OpenEnum):
        return hint(ODD)
    if issubclass(hint, Model):
        return filled(hint, above)
    known = {
        bool: True,
        int: 1_700_000_000_000,
        Decimal: Decimal("1.50"),
        float: 1.5,
        Frame: Frame(ODD, 5, ODD),
    }
    return known.get(hint, ODD)


def filled(kind: Any, above: tuple[Any, ...] = ()) -> Any:
    """An object with a value in every field."""
    hints = get_type_hints(kind)
    values = {
        field.name: sample(hints[field.name], (*above, kind)) for field in attrs.fields(kind) if field.init
    }
    if "extra" in values:
        values["extra"] = {"unknown": [{"deep": ODD}]}
    return kind(**values)


MODELS = classes(Model)


def copies(value: Any) -> Iterator[Any]:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(value, protocol))
    yield copy.copy(value)
    yield copy.deepcopy(value)


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.__qualname__)
def test_a_model_is_a_value(kind: Any):
    """ASCII to look at, equal copies with equal hashes, extras aside."""
    one, same = filled(kind), filled(kind)
    assert repr(one).isascii()
    assert str(one).isascii()
    assert one == same
    assert hash(one) == hash(same)
    assert {one, same} == {one}
    for again in copies(one):
        assert again == one
        assert hash(again) == hash(one)
        assert repr(again) == repr(one)
    assert hash(attrs.evolve(one, extra={})) == hash(one)


def test_there_are_models_to_look_at():
    """The walk above finds them."""
    assert len(MODELS) > 200


def test_what_differs_is_told_apart_in_a_set():
    """By any field that is compared."""
    fills = [made(Fill, id=number, order_id=1, executed_price=Decimal(number)) for number in range(50)]
    assert len(set(fills)) == 50
    assert made(Fill, id=1, order_id=1) not in set(fills)


def test_an_event_keeps_its_frame():
    """A pickled event still says where it came from; one that no wire carried says so, too."""
    kind = next(each for each in MODELS if issubclass(each, Push) and each is not Push)
    framed = attrs.evolve(filled(kind), frame=Frame("balance", 7, "rest", recovered=True))
    framed.frame.events = (framed,)
    for again in copies(framed):
        assert (again.topic, again.ts, again.origin, again.recovered) == ("balance", 7, "rest", True)
    loose = attrs.evolve(framed, frame=UNFRAMED)
    assert pickle.loads(pickle.dumps(loose)).origin == "user"


def page(number: int = 1) -> Page[Order]:
    rows = Rows([made(Order, order_id=number, symbol=ODD)])
    return Page(rows, PageMeta(total=3, records_per_page=1, current_page=number), page)


def test_a_pickled_page_keeps_its_rows_and_says_that_it_has_no_client():
    """It never ends early in silence; a copy in the same process reads on."""
    one = page()
    again = pickle.loads(pickle.dumps(one))
    assert (list(again), again.meta, repr(again)) == (list(one), one.meta, repr(one))
    with pytest.raises(UsageError, match="pickled"):
        list(again.each())
    for near in (copy.copy(one), copy.deepcopy(one)):
        assert [row.order_id for row in near.each()] == [1, 2, 3]
    assert pickle.loads(pickle.dumps(again)).rows == one.rows


def test_other_pages_too():
    """Pages by cursor, pages of a snapshot, and pages without successors."""
    rows = Rows([made(Order, order_id=4, symbol="X")])
    cursor = CursorPage(rows, "next", None, lambda _: CursorPage(rows))
    again = pickle.loads(pickle.dumps(cursor))
    assert (again.rows, again.next_cursor, repr(again)) == (rows, "next", repr(cursor))
    with pytest.raises(UsageError, match="pickled"):
        list(again.each())
    snapshot = SnapshotPage(rows, PageMeta(total=1), snapshot_time=9)
    assert pickle.loads(pickle.dumps(snapshot)).snapshot_time == 9
    assert list(pickle.loads(pickle.dumps(snapshot)).each()) == list(rows)


def test_a_book_is_a_value():
    """With its levels."""
    book = Book(ODD, 5, (Level(Decimal(2), Decimal(1)),), (Level(Decimal(3), Decimal(4)),))
    assert repr(book).isascii()
    for again in copies(book):
        assert (again.bids, again.asks, again.mid, repr(again)) == (
            book.bids,
            book.asks,
            book.mid,
            repr(book),
        )


ERRORS = classes(OrderlyError)
FACTS: dict[str, Any] = {
    "status": 400,
    "code": -1104,
    "dropped": 3,
    "method": "POST",
    "path": "/v1/order",
    "report": None,
    "goal": "filled",
    "timeout": 30.0,
}


def error_of(kind: Any) -> Any:
    code = kind.__init__.__code__ if hasattr(kind.__init__, "__code__") else None
    names = code.co_varnames[1 : code.co_argcount] if code else ("message",)
    return kind(*(FACTS.get(name, ODD) for name in names))


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__qualname__)
def test_an_error_is_a_value(kind: Any):
    """Its sentence is ASCII, and a copy of it says the same and knows the same."""
    error = error_of(kind)
    error.note = [1]
    assert str(error).isascii()
    assert repr(error).isascii()
    for again in copies(error):
        assert type(again) is kind
        assert (str(again), again.args) == (str(error), error.args)
        stays = {"sent"}  # what was sent: of use in this process only
        assert vars(again) == {name: value for name, value in vars(error).items() if name not in stays}


def test_what_an_error_knows_besides_its_arguments_is_kept():
    """The nearest value of a refusal, whether a stream is down for good, what a hook raised."""
    refused = InvalidOrder(-1104, "too odd", 400, "/v1/order", "POST")
    refused.nearest = Decimal("0.1")
    hook = HookError("on_fill", "balance", made(Fill, id=1, order_id=2))
    hook.__cause__ = KeyError("x")
    again = pickle.loads(pickle.dumps([refused, Disconnected("gone", "private", final=True), hook]))
    assert (again[0].nearest, again[0].code, again[0].status) == (Decimal("0.1"), -1104, 400)
    assert again[1].final
    assert "KeyError" in str(again[2])
    assert again[2].event == hook.event


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "cp1252"])
def test_any_console_prints_everything(encoding: str):
    """Tables, rows, orders, networks, topics, unknown members: whatever was written into them."""
    table: Table[str, Any] = Table("orders")
    for number in range(9):
        table.put(str(number), made(Order, order_id=number, symbol=ODD, order_tag=ODD))
    things = [
        table,
        Rows([filled(Fill)] * 9),
        page(),
        OrderSide(ODD),
        made(Order, order_id=1, symbol="X" * 200, status=OrderStatus(ODD)),
        Limit.buy("ETH", quantity=1, price=1, order_tag=ODD),
        Bracket.buy("ETH", quantity=1, take_profit=2, stop_loss=1, order_tag=ODD),
        Frame(ODD),
        topics.trade("PERP_ETH_USDC"),
        Network(
            name=ODD,
            rest="https://x.orderly.org",
            ws_public="wss://x.orderly.org",
            ws_private="wss://x.orderly.org",
        ),
        Credentials(account_id="0x" + "a" * 64, secret="1" * 32),
        ApiError(-1000, ODD, 400, "/v1/x", "GET"),
        UsageError(ODD),
    ]
    for thing in things:
        repr(thing).encode(encoding)
        if not isinstance(thing, OpenEnum):
            str(thing).encode(encoding)
