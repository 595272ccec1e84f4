"""The console's files and the headers that fence them in: no script, style or request but the venue's own."""

from __future__ import annotations

from pathlib import Path

import attrs

__all__ = ["HEADERS", "ConsolePage"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What the page may do. The last two have a browser refuse to make markup of text, whoever tries."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_FOLDER = Path(__file__).parent
_FILES = {
    "/console": ("console.html", "text/html"),
    "/console/console.css": ("console.css", "text/css"),
    "/console/console.js": ("console.js", "text/javascript"),
    "/console/icon.svg": ("icon.svg", "image/svg+xml"),
}


@attrs.frozen
class ConsolePage:
    """One file of the page."""

    body: bytes
    content_type: str

    @classmethod
    def at(cls, path: str) -> ConsolePage | None:
        """The file that is served at a path; None where none is."""
        name, kind = _FILES.get(path, ("", ""))
        return cls((_FOLDER / name).read_bytes(), kind) if name else None
