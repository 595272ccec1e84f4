"""``orderly-sync demo``: a bot at work on the paper venue, one order of each algo type, every report accounted for."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from orderly_sync.cli.epilogs import help_of
from orderly_sync.client import Orderly
from orderly_sync.connecting import connect
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.algo_requests import Stop, TrailingStop
from orderly_sync.trading.leg_requests import Bracket, PositionalTpSl, TpSl
from orderly_sync.trading.orders import Market
from orderly_sync.waiting import WaitQueue
from orderly_sync.wire import topics
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.json import decode, encode

__all__ = ["demo"]

SYMBOL = "PERP_ETH_USDC"
PATIENCE = 20.0
TYPES = ("STOP", "TP_SL", "POSITIONAL_TP_SL", "BRACKET", "TRAILING_STOP")


class _Seen:
    """Every algo report that reached the hook, printed as it comes."""

    def __init__(self, console: Console) -> None:
        self.reports: list[AlgoExecutionReport] = []
        self._console = console
        self._changed = WaitQueue()

    def __call__(self, report: AlgoExecutionReport) -> None:
        self.reports.append(report)
        self._changed.wake_all()
        fill = f" filled {report.executed_quantity} at {report.executed_price}" if report.is_fill else ""
        at = f" trigger {report.trigger_price}" if report.trigger_price else ""
        self._console.print(
            f"  {report.root_algo_order_id}/{report.algo_order_id} {report.algo_type} {report.side or ''} "
            f"{report.algo_status} (tree {report.root_algo_status}) {report.trigger_status or ''}{at}{fill}",
            highlight=False,
        )

    def wait_final(self, root_id: int | None, timeout: float) -> None:
        """Wait until the tree's end has reached the hook: handles hear of it first."""
        until = time.monotonic() + timeout
        self._changed.wait_for(lambda: any(_ends(one, root_id) for one in self.reports), until)

    def wait(self, count: int, timeout: float) -> None:
        """Wait until so many reports have come; returns in any case, the comparison tells."""
        self._changed.wait_for(lambda: len(self.reports) >= count, time.monotonic() + timeout)


def _ends(report: AlgoExecutionReport, root_id: int | None) -> bool:
    status = report.root_algo_status
    return report.root_algo_order_id == root_id and status is not None and status.is_final


@click.command(epilog=help_of("orderly-sync demo", "orderly-sync demo --seed 8", codes=(0, 1, 2, 130)))
@click.option("--seed", default=7, show_default=True, help="Seed of the paper venue.")
def demo(seed: int) -> None:
    """Trade one order of each algo type on a paper venue and account for every report."""
    console = Console(width=120)
    with connect("paper", seed=seed, market="frozen") as ex:
        seen = _Seen(console)
        ex.on(topics.algo_execution_report(), seen)
        handles = _trade(ex, console, seen)
        agreed = _settle(ex, console, seen, handles)
    sys.exit(0 if agreed else 1)


def _trade(ex: Orderly, console: Console, seen: _Seen) -> dict[str, AlgoHandle]:
    """Open a position, place one order of each type, walk the mark price through their triggers."""
    mark = ex.rest.market.futures_info(SYMBOL).mark_price
    assert mark is not None
    start = mark.quantize(Decimal(1))
    ex.paper.set_mark_price(SYMBOL, start)
    console.print(f"[bold]{SYMBOL} at {start}: buying 1, then one algo order of each type")
    entry = ex.place(Market.buy(SYMBOL, quantity=1))
    console.print(
        f"  bought {entry.wait('filled', PATIENCE).total_executed_quantity} at {entry.average_price}"
    )
    handles = {
        "STOP": ex.place(Stop.sell(SYMBOL, quantity="0.3", trigger=start - 20)),
        "TP_SL": ex.place(TpSl.sell(SYMBOL, quantity="0.2", take_profit=start + 30, stop_loss=start - 40)),
        "POSITIONAL_TP_SL": ex.place(
            PositionalTpSl.sell(SYMBOL, take_profit=start + 60, stop_loss=start - 80)
        ),
        "BRACKET": ex.place(
            Bracket.buy(SYMBOL, quantity="0.4", take_profit=start + 15, stop_loss=start - 50)
        ),
        "TRAILING_STOP": ex.place(TrailingStop.sell(SYMBOL, quantity="0.1", callback_value=10)),
    }
    walk = ((16, "BRACKET"), (31, "TP_SL"), (20, "TRAILING_STOP"), (-21, "STOP"), (61, "POSITIONAL_TP_SL"))
    for step, name in walk:
        console.print(f"[bold]mark price {start + step}: the {name} fires")
        ex.paper.set_mark_price(SYMBOL, start + step)
        handles[name].wait("triggered", PATIENCE)
        handles[name].wait("done", PATIENCE)
        seen.wait_final(handles[name].order_id, PATIENCE)
    return handles


def _settle(ex: Orderly, console: Console, seen: _Seen, handles: Mapping[str, AlgoHandle]) -> bool:
    """Compare what the venue's ledger holds with what the hook was given, and show both."""
    account = ex.rest.credentials
    assert account is not None
    emitted = list(_emitted(ex.paper.ledger(account.account_id)))
    seen.wait(len(emitted), PATIENCE)
    received = [_plain(encode(to_wire(report))) for report in list(seen.reports)]
    lost, extra = _difference(emitted, received)
    console.print(_table(ex, seen, handles))
    position = ex.positions.get(SYMBOL)
    unsettled = position.unsettled_pnl if position is not None else Decimal(0)
    fills = list(ex.rest.orders.fills(symbol=SYMBOL, size=500).rows)
    pnl = sum((fill.realized_pnl or Decimal(0) for fill in fills), Decimal(0))
    fees = sum((fill.fee or Decimal(0) for fill in fills), Decimal(0))
    console.print(
        f"fills {len(fills)}, fees {fees:f} USDC, position {position.quantity if position else 0}, "
        f"realised PnL {pnl:f} USDC, unsettled PnL {unsettled} USDC, balance {ex.holdings['USDC'].holding} USDC",
        highlight=False,
    )
    types = {str(report.algo_type) for report in seen.reports if report.is_root}
    agreed = not lost and not extra and types == set(TYPES)
    console.print(
        f"[bold]reports in the venue's ledger {len(emitted)}, reports seen by the hook {len(received)}: "
        f"{'equal' if agreed else f'NOT EQUAL ({lost} lost, {extra} unexpected)'}",
        highlight=False,
    )
    return agreed


def _table(ex: Orderly, seen: _Seen, handles: Mapping[str, AlgoHandle]) -> Table:
    table = Table(title=f"{ex.rest.network.name}: what became of each order")
    for column in ("order", "id", "status", "reports", "statuses", "filled"):
        table.add_column(column, justify="right" if column in {"id", "reports", "filled"} else "left")
    per_tree = Counter(report.root_algo_order_id for report in seen.reports)
    for name, handle in handles.items():
        own = [report for report in seen.reports if report.root_algo_order_id == handle.order_id]
        statuses = " ".join(dict.fromkeys(str(report.algo_status) for report in own))
        table.add_row(
            name,
            str(handle.order_id),
            str(handle.status),
            str(per_tree[handle.order_id or 0]),
            statuses,
            f"{handle.filled:f}",
        )
    return table


def _emitted(ledger: list[dict[str, Any]]) -> Iterator[str]:
    """Every state of every node that the ledger tells of, each once, in order."""
    last: dict[int, str] = {}
    for entry in ledger:
        if entry["topic"] != "algoexecutionreportv2":
            continue
        for node in _nodes(entry["data"]):
            text = _plain(encode(node))
            if last.get(node["algoOrderId"]) != text:
                last[node["algoOrderId"]] = text
                yield text


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("childOrders") or ():
        yield from _nodes(child)


def _plain(text: bytes) -> str:
    """One node as comparable text: every field and digit of it, save its children and what is null or empty."""
    node = decode(text, "a report")
    kept = {
        key: str(value) for key, value in node.items() if key != "childOrders" and value not in {None, ""}
    }
    return json.dumps(kept, sort_keys=True)


def _difference(emitted: list[str], received: list[str]) -> tuple[int, int]:
    """How many were lost, and how many came that the ledger does not have (or came twice)."""
    sent, got = Counter(emitted), Counter(received)
    return sum((sent - got).values()), sum((got - sent).values())
