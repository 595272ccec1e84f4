"""A picture is saved with all that draws it."""

from __future__ import annotations

import re

from orderly_sync.notebook.figures import figure, marks
from orderly_sync.notebook.offline import offline


def test_a_notebook_saves_the_picture_and_what_draws_it_and_loads_nothing() -> None:
    """No script, style or picture from elsewhere, and plotly's own way of being shown is out of the way."""
    made = offline(figure("a & b", [marks("fills", [(1000, 2.0, "bought 1")], "#000000")]))
    bundle = made._repr_mimebundle_()
    loaded = re.findall(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=\s*[\"']([^\"']+)", bundle["text/html"]
    )

    assert bundle.keys() == {"text/html", "text/plain"}
    assert [one for one in loaded if not one.startswith("data:")] == []
    assert '"displaylogo": false' in bundle["text/html"][-3000:]
    assert "Plotly.newPlot" in bundle["text/html"]
    assert len(bundle["text/html"]) > 1_000_000
    assert bundle["text/plain"] == "OfflineFigure('a &amp; b', 1 traces)"
