"""What a notebook shows of a handle: where its order stands, and its latest reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from orderly_sync.tables.html import pairs
from orderly_sync.tables.shown import Row, Tabular
from orderly_sync.tables.views import listing

__all__ = ["HandleView"]

_REPORTS = 5


class HandleView(Tabular):
    """The part of a handle that shows it; ``.df`` has a row for each report so far."""

    _internal: ClassVar[frozenset[str]] = frozenset({"apply", "owner", "placed", "take_row"})
    """What is for the client that made it alone: tab and the reference leave it out."""

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__()} - self._internal)

    @property
    def reports(self) -> tuple[Row, ...]:
        """All reports so far."""
        raise NotImplementedError

    def _table(self) -> tuple[type | None, Iterable[Row]]:
        return self._report_type(), self.reports

    def _report_type(self) -> type:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        names = (
            "symbol",
            "order_id",
            "client_order_id",
            "status",
            "filled",
            "average_price",
            "fee",
            "is_done",
        )
        told = [(name, getattr(self, name)) for name in names if hasattr(self, name)]
        reports = self.reports[-_REPORTS:]
        shown = listing(reports, self._report_type(), reports) if reports else ""
        return pairs(type(self).__name__, told) + shown
