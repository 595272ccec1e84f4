"""What this package computes is the same in every decimal context that its caller may have."""

from __future__ import annotations

import ast
import decimal
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import orderly_sync
from orderly_sync import Limit, Stop
from orderly_sync.errors import OrderlyError
from orderly_sync.formulas import margin
from orderly_sync.formulas.margin import Exposure
from orderly_sync.live.book import Book, Level
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.base import made
from orderly_sync.models.enums import OrderSide, OrderStatus, OrderType
from orderly_sync.models.fill import Fill
from orderly_sync.models.market import SymbolRules
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.models.pushes.market import Bbo
from orderly_sync.rest.request import build
from orderly_sync.trading.rules import check_quantity
from orderly_sync.values.arithmetic import CONTEXT, adopt, all_owned, own, owned
from orderly_sync.wire.converter import structure
from orderly_sync.wire.json import decode, encode
from orderly_sync.wire.numbers import number
from orderly_sync.wire.order_numbers import quantity

ROUNDINGS = [name for name in dir(decimal) if name.startswith("ROUND_")]
SIGNALS = [
    decimal.Inexact,
    decimal.Rounded,
    decimal.Subnormal,
    decimal.Clamped,
    decimal.InvalidOperation,
    decimal.DivisionByZero,
    decimal.Overflow,
]
contexts = st.builds(
    decimal.Context,
    prec=st.integers(1, 6),
    rounding=st.sampled_from(ROUNDINGS),
    Emin=st.sampled_from([-1, -6, -999_999]),
    Emax=st.sampled_from([1, 6, 999_999]),
    capitals=st.sampled_from([0, 1]),
    clamp=st.sampled_from([0, 1]),
    traps=st.lists(st.sampled_from(SIGNALS), unique=True),
)
figures = st.decimals("0.0001", "99999999.9999", places=4)

RULES: SymbolRules = made(
    SymbolRules,
    symbol="PERP_ETH_USDC",
    quote_min=Decimal(0),
    quote_max=Decimal(100000),
    quote_tick=Decimal("0.01"),
    base_min=Decimal("0.0001"),
    base_max=Decimal(1000000),
    base_tick=Decimal("0.0001"),
    min_notional=Decimal(10),
)


def outcome(work: Callable[[], Any]) -> str:
    """What it gives or raises, exact to the digit."""
    try:
        value = work()
    except OrderlyError as exc:
        value = exc
    with own():
        return f"{type(value).__name__} {value!r} {value}"


def exposure(price: Decimal, size: Decimal) -> Exposure:
    return Exposure(
        symbol="PERP_ETH_USDC",
        mark_price=price,
        leverage=7,
        base_imr=Decimal("0.05"),
        base_mmr=Decimal("0.0275"),
        imr_factor=Decimal("0.0000003754"),
        quantity=size,
        bought=size,
        sold=price,
        unsettled_pnl=-price,
    )


def report(price: Decimal, size: Decimal) -> ExecutionReport:
    return made(
        ExecutionReport,
        symbol="PERP_ETH_USDC",
        order_id=1,
        side=OrderSide.BUY,
        type=OrderType.LIMIT,
        status=OrderStatus.PARTIAL_FILLED,
        quantity=size,
        price=price,
        total_executed_quantity=size / 3,
    )


Work = Callable[[], Any]


def order(price: Decimal, size: Decimal) -> Work:
    return lambda: Limit.buy("ETH", quantity=size, price=price, client_order_id="a").check(RULES)


def stop(price: Decimal, size: Decimal) -> Work:
    text, number_ = str(size), float(price)
    return lambda: Stop.buy("ETH", quantity=text, trigger=number_, client_order_id="a").check(RULES)


def lot(_: Decimal, size: Decimal) -> Work:
    odd = size / 7
    return lambda: check_quantity(RULES, odd)


def numbers(price: Decimal, size: Decimal) -> Work:
    return lambda: (number(price, "n"), number(float(price), "n"), quantity(size, "q"))


def too_long(price: Decimal, _: Decimal) -> Work:
    text = format(price, "f") + "123456789"
    return lambda: quantity(text, "order_quantity")


def requests(price: Decimal, size: Decimal) -> Work:
    fields = {"a": price, "b": float(size)}
    return lambda: (build("POST", "/v1/x", body=fields).body, build("GET", "/v1/x", query=fields).target)


def answers(price: Decimal, size: Decimal) -> Work:
    text = encode({"id": 1, "order_id": 2, "executed_price": str(price), "executed_quantity": size})
    return lambda: structure(decode(text, "x"), Fill, "x").notional


def prices(price: Decimal, size: Decimal) -> Work:
    push = made(Bbo, symbol="X", bid=price, ask=size)
    return lambda: (push.mid, push.spread)


def reports(price: Decimal, size: Decimal) -> Work:
    one = report(price, size)
    return lambda: (one.remaining, repr(one))


def positions(price: Decimal, size: Decimal) -> Work:
    live, later = LivePositions(), price + 1
    row = made(Position, symbol="PERP_ETH_USDC", position_qty=size, average_open_price=price, mark_price=size)

    def run() -> Any:
        live.seed_rows([row])
        live.mark("PERP_ETH_USDC", later)
        return [(one.unrealized_pnl, one.notional) for one in live.values()]

    return run


def book(price: Decimal, size: Decimal) -> Work:
    one = Book("PERP_ETH_USDC", 1, (Level(price, size),), (Level(price + size, size),))
    return lambda: (one.mid, one.spread, one.imbalance(), one.cost_to_fill("BUY", size))


def ratios(price: Decimal, size: Decimal) -> Work:
    one = exposure(price, size)
    return lambda: (
        one.imr(price),
        one.notional_with_orders,
        margin.initial_margin([one]),
        margin.maintenance_margin_ratio([one]),
        margin.margin_ratio(price, [one]),
        margin.total_collateral(price, size),
        margin.liquidation_price(price, one),
    )


def largest(price: Decimal, size: Decimal) -> Work:
    one, collateral = exposure(price, size), price * 9
    bounds = {"base_min": RULES.base_tick, "base_max": RULES.base_max, "base_tick": RULES.base_tick}
    fee = Decimal("0.0006")
    return lambda: margin.max_quantity(
        one, buy=True, collateral=collateral, others=Decimal(0), taker_fee=fee, **bounds
    )


WORKS = (
    order, stop, lot, numbers, too_long, requests, answers, prices, reports, positions, book, ratios, largest
)  # fmt: skip


@pytest.mark.parametrize("prepare", WORKS)
@settings(max_examples=40)
@given(context=contexts, price=figures, size=figures)
def test_no_result_depends_on_the_callers_context(
    prepare: Any, context: decimal.Context, price: Decimal, size: Decimal
):
    """Neither precision nor rounding nor traps of the caller reach a figure, a refusal or the wire."""
    with own():
        usual = outcome(prepare(price, size))
        work = prepare(price, size)

    with decimal.localcontext(context):
        assert usual == outcome(work)
        assert decimal.getcontext().prec == context.prec


def test_the_callers_context_stays_as_it_was():
    """What is computed within raises no flag outside, and a thread of the package has its own context."""
    with decimal.localcontext(decimal.Context(prec=3)) as mine:
        mine.clear_flags()
        assert owned(lambda: Decimal(1) / 3)() == CONTEXT.divide(Decimal(1), Decimal(3))
        assert not any(mine.flags.values())
        adopt()
        assert decimal.getcontext().prec == CONTEXT.prec


def test_a_class_computes_in_one_context():
    """Methods and properties alike, their names and docstrings kept."""

    @all_owned
    class Third:
        @property
        def share(self) -> Decimal:
            """A third."""
            return Decimal(1) / 3

        def of(self, value: int) -> Decimal:
            """So much of it."""
            return value * self.share

    with decimal.localcontext(decimal.Context(prec=2)):
        assert len(Third().share.as_tuple().digits) == CONTEXT.prec
        assert Third().of(3) == 3 * Third().share or len(str(Third().of(3))) > 20
    assert (Third.of.__name__, Third.of.__doc__, Third.share.__doc__) == ("of", "So much of it.", "A third.")


STORY = """
import ast
import decimal
{context}
from orderly_sync import connect, Limit, Market
with connect("paper", market="frozen", seed=11) as ex:
    ex.paper.set_mark_price("ETH", "3333.3")
    filled = ex.place(Market.buy("ETH", quantity="1.2345")).wait("filled", timeout=20)
    ex.place(Limit.sell("ETH", quantity="0.7777", price="3456.7"))
    with decimal.localcontext(decimal.Context(prec=28)):
        row = ex.rest.positions.list().rows[0]
        print(filled.average_executed_price, filled.total_fee, row.position_qty, row.est_liq_price, row.imr)
    print(ex.margin.free_collateral(), ex.margin.liquidation_price("ETH"), ex.margin.max_quantity("ETH", "BUY"))
"""


@pytest.mark.slow
def test_a_paper_venue_computes_the_same_for_every_caller():
    """Started, served and asked within any context, even one that was the default before all imports."""
    strange = "prec=3, rounding=decimal.ROUND_UP, traps=[decimal.InvalidOperation, decimal.Inexact]"
    settings_ = (
        "",
        f"decimal.setcontext(decimal.Context({strange}))",
        "decimal.DefaultContext.prec = 4\ndecimal.setcontext(decimal.Context())",
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", STORY.format(context=line)],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for line in settings_
    }
    assert len(told) == 1
    assert len(told.pop().split()) == 8


def _computed_at_import(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _computed_at_import(node.body)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for part in ast.walk(node):
                if isinstance(part, ast.BinOp) and any(
                    isinstance(one, ast.Call) and ast.unparse(one.func) == "Decimal" for one in ast.walk(part)
                ):
                    yield ast.unparse(part)


def test_nothing_is_computed_while_importing():
    """A module may be imported in any context, so no constant is the result of an operation on decimals."""
    package = Path(orderly_sync.__file__).parent
    found = {
        path.name: list(_computed_at_import(ast.parse(path.read_text("utf-8")).body))
        for path in package.rglob("*.py")
    }
    assert {name: parts for name, parts in found.items() if parts} == {}
