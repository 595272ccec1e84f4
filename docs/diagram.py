"""Draw the states of a connection from their table, ``orderly_sync/stream/transitions.py``, into docs/pictures.

    python docs/diagram.py

A test holds the picture to be what this makes.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from orderly_sync.stream.transitions import TRANSITIONS, State  # noqa: E402 - from this checkout

PICTURE = Path(__file__).parent / "pictures" / "connection-states.svg"
PLACES = {
    State.IDLE: (70, 60),
    State.DIALLING: (240, 60),
    State.LOGIN: (410, 60),
    State.SUBSCRIBING: (600, 60),
    State.READY: (790, 60),
    State.WAITING: (410, 220),
    State.FAILED: (600, 220),
    State.CLOSED: (790, 220),
}
"""The middle of each state."""
WIDE, HIGH, STEP = 62, 18, 200
STYLE = (
    "text{font:12px sans-serif;text-anchor:middle;fill:#222}rect{fill:#eef3fb;stroke:#4a6fa5}"
    ".c{fill:none}line,.c{stroke:#666;marker-end:url(#a)}.e{font-size:11px;fill:#555}"
)


def edges() -> list[tuple[State, str, State]]:
    """What leads from where to where; ``close`` leads from everywhere to CLOSED and is told in one line."""
    return [
        (state, event, after)
        for state, events in TRANSITIONS.items()
        for event, after in events.items()
        if event != "close"
    ]


def _arrow(state: State, event: str, after: State) -> str:
    (x1, y1), (x2, y2) = PLACES[state], PLACES[after]
    level, down = y1 == y2, y2 > y1
    if level and abs(x2 - x1) > STEP:  # past another state: above it
        top = y1 - HIGH
        curve = f'<path class="c" d="M{x1} {top}Q{(x1 + x2) / 2:g} {top - 46} {x2} {top}"/>'
        return f'{curve}<text class="e" x="{(x1 + x2) / 2:g}" y="{top - 26}">{event}</text>'
    if level:
        path, at = (x1 + WIDE, y1, x2 - WIDE, y2), ((x1 + x2) / 2, y1 - 8)
    else:
        sign = 1 if down else -1
        shift = 24 * (1 if down else -1) if x1 != x2 else 0
        path = (x1 + shift / 2, y1 + sign * HIGH, x2 + shift, y2 - sign * HIGH)
        at = (path[0] + (path[2] - path[0]) * 0.3, path[1] + (path[3] - path[1]) * 0.3)
    line = '<line x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}"/>'.format(*path)
    return f'{line}<text class="e" x="{at[0]:g}" y="{at[1]:g}">{event}</text>'


def picture() -> str:
    """The whole picture."""
    rows = [_arrow(*edge) for edge in edges()]
    for state, (x, y) in PLACES.items():
        box = f'<rect x="{x - WIDE}" y="{y - HIGH}" width="{2 * WIDE}" height="{2 * HIGH}" rx="4"/>'
        rows.append(f'{box}<text x="{x}" y="{y + 4}">{state.name}</text>')
    closing = sorted(state.name for state, events in TRANSITIONS.items() if "close" in events)
    assert len(closing) == len(State)
    rows.append('<text class="e" x="790" y="258">close, from every state</text>')
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 870 270" role="img">'
    arrow = '<path d="M0 0L9 4L0 8z"/>'
    head_of_line = 'id="a" refX="9" refY="4" markerWidth="9" markerHeight="8" orient="auto"'
    mark = f"<defs><marker {head_of_line}>{arrow}</marker></defs>"
    return "\n".join(
        [
            head,
            "<title>The states of a connection</title>",
            f"<style>{STYLE}</style>",
            mark,
            *rows,
            "</svg>",
            "",
        ]
    )


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")
