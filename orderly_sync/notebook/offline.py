"""Figures of plotly that need no network: each is saved in its notebook with all that draws it."""

from __future__ import annotations

import plotly.graph_objects as go

from orderly_sync.notebook.figures import Figure

__all__ = ["OfflineFigure", "offline"]

_BUTTONS = ["toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"]
_CONFIG = {"displaylogo": False, "modeBarButtons": [_BUTTONS], "responsive": True}
"""No button that leads to, or sends the data of an account to, somebody else."""


class OfflineFigure(go.Figure):  # type: ignore[misc, unused-ignore]  # plotly has no types
    """A figure of plotly, to be changed as any other; a notebook shows it from its own file, also after reopening.

    What is saved holds the drawing library, 4 to 5 MB a picture.
    """

    def _ipython_display_(self) -> None:
        # Not as the value of its cell, of which IPython 9 keeps all that was shown: megabytes, each time a cell runs.
        from IPython.display import display

        display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call, unused-ignore]

    def _repr_mimebundle_(self, *_: object, **__: object) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}

    def _repr_html_(self) -> str:
        html: str = self.to_html(
            full_html=False, include_plotlyjs=True, include_mathjax=False, config=dict(_CONFIG)
        )
        return html

    def __repr__(self) -> str:
        title = str(self.layout.title.text or "").encode("ascii", "backslashreplace").decode()
        return f"OfflineFigure({title!r}, {len(self.data)} traces)"


def offline(made: Figure) -> OfflineFigure:
    """The figure that a dictionary describes."""
    return OfflineFigure(made)
