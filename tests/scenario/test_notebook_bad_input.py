"""What a notebook does with too little and too much: no extra, an empty account, a silent market, a million candles."""

from __future__ import annotations

import sys
from itertools import islice

import pytest

from orderly_sync import NotFound, Orderly
from tests.support.blocks import run

WITHOUT = """
import sys
for name in ("pandas", "numpy", "plotly", "tqdm", "IPython", "pyarrow", "polars"):
    sys.modules[name] = None

from orderly_sync import Limit, UsageError, connect

ex = connect("paper", seed=7, market="frozen", rate_limits=False)
fills = ex.rest.orders.fills()
stop = ex.history.fills(since="1d")
for ask in (
    lambda: fills.df, lambda: fills.arrow, lambda: fills.to_polars(), lambda: ex.positions.df, lambda: ex.book("ETH").df,
    lambda: ex.plot("ETH"), lambda: ex.plot_depth("ETH"), lambda: ex.plot_equity(), lambda: ex.plot_funding("ETH"),
    lambda: ex.watch("ETH"), lambda: ex.download(stop, bar=True), lambda: ex.candles("ETH", days=1).df,
):
    try:
        print("no error", ask())
    except UsageError as exc:
        print(exc)
print(len(ex.candles("ETH", "1h", days=1)) > 20, len(ex.download(stop)), ex._repr_html_().count("<table"))
ex.stop()
"""


def test_who_lacks_the_extra_is_told_the_command_in_one_sentence_and_all_else_works() -> None:
    """Frames, pictures, live tables and bars each; reading, and showing oneself, need nothing."""
    done = run([sys.executable, "-W", "error", "-c", WITHOUT])
    lines = done.stdout.splitlines()

    assert (done.returncode, done.stderr, len(lines)) == (0, "", 13)
    assert [line for line in lines[:-1] if "pip install" not in line or not line.isascii()] == []
    assert lines[-1] == "True 0 1"


def test_an_empty_account_has_empty_tables_and_pictures_that_say_so(ex: Orderly) -> None:
    """Typed frames without rows, tables that count none, charts of the market alone."""
    assert [len(table.df) for table in (ex.positions, ex.orders, ex.algo_orders)] == [0, 0, 0]
    assert list(ex.positions.df.columns)[:1] == ["symbol"]
    assert "0 rows" in ex.positions._repr_html_()
    assert [len(ex.history.fills(since="1d").df), len(ex.download(ex.history.funding(since="1d")))] == [0, 0]
    assert [trace.name for trace in ex.plot("ETH", "1h", days=1).data] == ["price"]
    assert "no funding of PERP_ETH_USDC" in ex.plot_funding("ETH").layout.annotations[0].text
    assert len(ex.plot_equity().data) >= 1
    with pytest.raises(NotFound):
        ex.plot_algo(404)


def test_a_market_without_candles_is_drawn(ex: Orderly) -> None:
    """The picture says that there is nothing."""
    chart = ex.plot("SOL", "1h", candles=[])
    assert "no candles of PERP_SOL_USDC" in chart.layout.annotations[0].text
    assert ex.plot("SOL", "1h", candles=[]).to_json().isascii()


def test_a_million_candles_are_thinned_and_the_title_says_so(ex: Orderly) -> None:
    """No more are drawn than a screen has room for, and what is written into the notebook stays small."""
    few = list(islice(ex.candles("ETH", "1h", days=5), 100))
    chart = ex.plot("ETH", "1h", candles=few * 10_000)

    assert chart.layout.title.text == "PERP_ETH_USDC 1h, 1000000 candles, thinned to 2000, each of 500"
    assert len(chart.data[0].x) == 2000
    assert len(chart.to_json()) < 1_000_000
