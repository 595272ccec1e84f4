"""This project beside other clients, in one run on one machine: streams, orders, scale.

Figures of different runs or machines are not comparable; the ratios within a run are what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from contenders import registry
from frames import KINDS, TITLES
from table import number, table

_HERE = Path(__file__).resolve().parent
_CHILD_LIMIT = 180
_PARTS = ("streams", "orders", "scale", "growth")


def _cores() -> tuple[int | None, int | None]:
    """One core for the client, another for the stub; None where there is only one or no choice."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[-1]) if len(cores) > 1 else (None, None)


@contextmanager
def _stub(script: str, core: int | None):
    """A stub in a process of its own; it ends with its standard input."""
    command = [sys.executable, str(_HERE / script), "-" if core is None else str(core)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield json.loads(running.stdout.readline())
        finally:
            running.stdin.close()
            running.wait(timeout=10)


class Bench:
    """Two stubs and a way to measure one contender in a fresh process."""

    def __init__(self, ports: dict[str, int], core: int | None) -> None:
        self._places = {
            "ws": f"ws://127.0.0.1:{ports['ws']}",
            "http": f"http://127.0.0.1:{ports['http']}",
            "control": ports["control"],
            "cpu": core,
        }

    def measure(self, mode: str, contender: str, **order: object) -> dict:
        """The figures of one contender, or why there are none."""
        if (absent := registry.missing(registry.load(contender))) is not None:
            return {"failed": f"{absent} is not installed"}
        text = json.dumps({"mode": mode, "contender": contender, **self._places, **order})
        try:
            done = subprocess.run(
                [sys.executable, str(_HERE / "child.py"), text],
                capture_output=True,
                text=True,
                timeout=_CHILD_LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"failed": f"not done within {_CHILD_LIMIT} s"}
        lines = done.stdout.strip().splitlines()
        if done.returncode or not lines:
            return {"failed": (done.stderr.strip().splitlines() or ["no figures"])[-1][:160]}
        return json.loads(lines[-1])

    def rounds(self, mode: str, contenders: tuple[str, ...], count: int, **order: object) -> dict[str, dict]:
        """Medians over rounds that go through all contenders in turn: A B C, A B C and so on."""
        runs: dict[str, list[dict]] = {name: [] for name in contenders}
        for turn in range(count):
            for name in contenders:
                if turn and "failed" in runs[name][-1]:
                    continue
                _say(f"  round {turn + 1} of {count}: {registry.load(name).NAME}")
                runs[name].append(self.measure(mode, name, **order))
        _say("")
        return {name: _medians(found) for name, found in runs.items()}


def _medians(runs: list[dict]) -> dict:
    good = [run for run in runs if "failed" not in run]
    if not good:
        return runs[-1]
    return {
        key: median(run[key] for run in good) if isinstance(value, (int, float)) else value
        for key, value in good[-1].items()
    }


def _say(text: str) -> None:
    """A line of progress that the next one overwrites, on terminals only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def _ratio(figures: dict, reference: dict, key: str) -> float | None:
    return figures[key] / reference[key] if key in figures and key in reference else None


def _goal(what: str, value: float | None, aim: float) -> str:
    return f"  {what}: {number(value, 2)} (aim: at most {aim:g})"


def _reasons(found: dict[str, dict]) -> None:
    """Why a row has no figures."""
    for name, figures in found.items():
        if "failed" in figures:
            print(f"  {registry.load(name).NAME}: {figures['failed']}")


def _stream_row(title: str, figures: dict, reference: dict) -> tuple[str, ...]:
    if "failed" in figures:
        return (title, "-", "-", "-", "-", "-", "no figures")
    return (
        title,
        number(figures["cpu"]),
        number(_ratio(figures, reference, "cpu"), 2),
        number(figures.get("paced_cpu")),
        number(figures.get("p50"), 0),
        number(figures.get("p99"), 0),
        figures["hands"],
    )


def _call_row(title: str, figures: dict, call: str, by_hand: dict, official: dict) -> tuple[str, ...]:
    if "failed" in figures:
        return (title, "-", "-", "-", "-", "-", "no figures")
    p50 = f"{call}_p50"
    return (
        title,
        number(figures[p50], 0),
        number(figures[f"{call}_p99"], 0),
        number(figures[f"{call}_cpu"], 0),
        number(_ratio(figures, by_hand, p50), 2),
        number(_ratio(figures, official, p50), 2),
        figures[f"{call}_hands"],
    )


def streams(bench: Bench, kind: str, options: argparse.Namespace) -> None:
    """CPU per message and latency from the socket to the user's callback."""
    contenders = registry.STREAMS + (registry.BOOK_READERS if kind == "book" else ())
    found = bench.rounds("stream", contenders, options.rounds, kind=kind, paced=options.paced, rate=1000)
    reference = found[registry.REFERENCE]
    rows = [_stream_row(registry.load(name).NAME, figures, reference) for name, figures in found.items()]
    head = (
        "from the socket to the callback",
        "CPU µs",
        "ratio",
        "CPU µs at 1,000/s",
        "p50 µs",
        "p99 µs",
        "hands out",
    )
    print(table(f"Stream: {TITLES[kind]}", head, rows))
    _reasons(found)
    own = found["orderly_sync_stream"]
    if "failed" not in own:
        if kind.startswith("algo"):
            print(_goal("CPU against websocket-client + orjson", _ratio(own, reference, "cpu"), 1.0))
        for name, aim in zip(registry.BOOK_READERS, (1.3, 4.0), strict=True) if kind == "book" else ():
            what = f"CPU against websocket-client + orjson: {registry.load(name).NAME}"
            print(_goal(what, _ratio(found[name], reference, "cpu"), aim))
        print(_goal("CPU against the official connector", _ratio(own, found["official"], "cpu"), 0.1))
        print(_goal("p50 against websocket-client + orjson", _ratio(own, reference, "p50"), 1.5))
        print()


def orders(bench: Bench, options: argparse.Namespace) -> None:
    """Signed round trips against a stub that answers at once."""
    found = bench.rounds("rest", registry.ORDERS, options.rounds, calls=options.calls)
    for call, title in (("order", "a signed order"), ("positions", "a signed read of 50 positions")):
        official, by_hand = found["rest_official"], found["rest_httpclient"]
        rows = [
            _call_row(registry.load(name).NAME, figures, call, by_hand, official)
            for name, figures in found.items()
        ]
        head = ("round trip", "p50 µs", "p99 µs", "CPU µs", "of http.client", "of the official", "hands out")
        print(table(f"REST: {title}", head, rows))
    _reasons(found)
    own = found["rest_orderly_sync"]
    if "failed" not in own:
        print(
            _goal(
                "order p50 against the official connector",
                _ratio(own, found["rest_official"], "order_p50"),
                0.35,
            )
        )
        print(
            _goal(
                "order p50 against http.client by hand",
                _ratio(own, found["rest_httpclient"], "order_p50"),
                2.2,
            )
        )
        print()


def scale(bench: Bench, options: argparse.Namespace) -> None:
    """Memory and threads: a stuck hook, many clients, many topics."""
    figures = bench.measure("stuck", "orderly_sync_stream", kind="algo", count=options.flood)
    rows = [_scale_row(f"{options.flood:,} algo reports into a stuck hook", figures)]
    figures = bench.measure("topics", "orderly_sync_stream", kind="bbo", count=1000)
    rows.append(_scale_row("1,000 public topics on one client", figures))
    for name in ("websocketapp", "official", "orderly_sync_stream"):
        figures = bench.measure("many", name, kind="algo", count=50)
        rows.append(_scale_row(f"50 clients in one process: {registry.load(name).NAME}", figures))
    head = ("memory and threads", "more MiB", "peak MiB more", "more threads", "remark")
    print(table("Scale", head, rows))


def _scale_row(title: str, figures: dict) -> tuple[str, ...]:
    if "failed" in figures:
        return (title, "-", "-", "-", figures["failed"])
    return (
        title,
        number(figures["more"]),
        number(figures["peak"]),
        str(figures["threads"]),
        figures.get("remark", ""),
    )


def growth_table() -> None:
    """The paper venue alone: what a command costs with 10 to 10,000 open orders."""
    done = subprocess.run(
        [sys.executable, str(_HERE / "growth.py")], capture_output=True, text=True, check=False
    )
    print("\n" + (done.stdout if not done.returncode else f"growth: {done.stderr.strip()[-160:]}"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help="streams, orders, scale, growth; all by default"
    )
    parser.add_argument(
        "--kind", choices=KINDS, action="append", help="streams of this kind only; may be repeated"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--paced", type=int, default=2000, help="messages in the run at 1,000 a second")
    parser.add_argument("--calls", type=int, default=1000, help="round trips a contender and round")
    parser.add_argument("--flood", type=int, default=100_000, help="reports into the stuck hook")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(_PARTS):
        parser.error(f"no part called {', '.join(sorted(unknown))}; use {', '.join(_PARTS)}")
    return options


def main() -> None:
    """Print the tables asked for."""
    options = _options()
    parts = options.parts or _PARTS
    client, other = _cores()
    print(
        f"CPython {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores;",
        end=" ",
    )
    print("client and stub on one core each" if client is not None else "client and stub share what there is")
    print(f"wsaccel: {registry.installed('wsaccel') or 'not installed, as none of the clients asks for it'}")
    print(f"medians of {options.rounds} rounds, each contender in a fresh process every time\n", flush=True)
    with ExitStack() as stack:
        ports = {
            **stack.enter_context(_stub("stub_ws.py", other)),
            **stack.enter_context(_stub("stub_http.py", other)),
        }
        bench = Bench(ports, client)
        if "streams" in parts:
            for kind in options.kind or KINDS:
                streams(bench, kind, options)
        if "orders" in parts:
            orders(bench, options)
        if "scale" in parts:
            scale(bench, options)
    if "growth" in parts:
        growth_table()


if __name__ == "__main__":
    main()
