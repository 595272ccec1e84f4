"""What the reports of an ordinary order amount to, in whatever order they come. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from orderly_sync.models.enums import OrderStatus
from orderly_sync.models.pushes.execution import ExecutionReport

__all__ = ["OrderTally"]


class OrderTally(NamedTuple):
    """What the reports of an ordinary order amount to."""

    filled: Decimal
    """The greatest total of any."""
    furthest: ExecutionReport | None = None
    """The one that tells where the order stands: nothing that is told later leads back behind it."""
    fill: ExecutionReport | None = None
    """The furthest that knows of fills."""
    fee: Decimal | None = None
    """As told by the furthest that does."""
    end: ExecutionReport | None = None
    """The first that is final,"""
    filled_end: ExecutionReport | None = None
    """and the first that is final and FILLED."""

    def is_behind(self, report: ExecutionReport) -> bool:
        """Whether a report tells of what the order has left behind."""
        furthest = self.furthest
        if furthest is None:
            return False
        if report.filled < self.filled or (furthest.is_final and not report.is_final):
            return True
        return report.status == OrderStatus.NEW

    def added(self, report: ExecutionReport) -> OrderTally:
        """What it is with one more report."""
        is_filled = report.is_final and report.status == OrderStatus.FILLED
        is_further = report.filled >= self.filled
        return OrderTally(
            filled=max(self.filled, report.filled),
            furthest=self.furthest if self.is_behind(report) else report,
            fill=report if report.filled and is_further else self.fill,
            fee=report.total_fee if report.total_fee is not None and is_further else self.fee,
            end=self.end or (report if report.is_final else None),
            filled_end=self.filled_end or (report if is_filled else None),
        )

    def has_told(self, report: ExecutionReport) -> bool:
        """Whether a report tells nothing that those before it have not told."""
        end = self.end
        is_same_end = end is not None and (end.status, end.filled) == (report.status, report.filled)
        return not report.is_fill and (is_same_end or self.is_behind(report))
