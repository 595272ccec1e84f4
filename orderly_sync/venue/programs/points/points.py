"""Points: stages that builders set up, weekly epochs, and what trades earn in them.

How many points a trade earns is the venue's secret; here one per 100 USDC of volume and one per USDC of profit, each
times the stage's boost (assumed).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import attrs

from orderly_sync.venue.engine.records import Fill, volume
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["EPOCH_DAYS", "Earned", "PointsEpoch", "PointsService", "PointsStage", "earned"]

_DAY = 86_400_000
_ZERO, _DIGITS = Decimal(0), 8
_PER_VOLUME = Decimal("0.01")
EPOCH_DAYS = 7
_EARLIER_EPOCHS = 2
_FIRST_STAGE_DAYS = 28


def _day(ms: int) -> date:
    return datetime.fromtimestamp(ms / 1000, tz=timezone.utc).date()


def _start(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp() * 1000)


@attrs.frozen(kw_only=True)
class PointsStage:
    """One stage; it begins and ends with its first and last day, UTC."""

    stage_id: int
    broker_id: str
    name: str
    first: date
    last: date | None
    volume_boost: Decimal
    pnl_boost: Decimal
    l1_boost: Decimal
    l2_boost: Decimal
    is_continuous: bool

    @property
    def start(self) -> int:
        """When it begins, ms."""
        return _start(self.first)

    @property
    def end(self) -> int | None:
        """When it is over, ms; None for never."""
        return None if self.last is None else _start(self.last) + _DAY

    def status(self, now: int) -> str:
        """Where it stands."""
        if now < self.start:
            return "pending"
        return "active" if self.end is None or now < self.end else "completed"

    def checked(self) -> PointsStage:
        """Itself, or Refused -1005."""
        if self.last is None and not self.is_continuous:
            raise Refused(INVALID_PARAM, "end_date is required unless is_continous")
        if self.last is not None and self.last < self.first:
            raise Refused(INVALID_PARAM, "end_date lies before start_date")
        if min(self.volume_boost, self.pnl_boost, self.l1_boost, self.l2_boost) < 0:
            raise Refused(INVALID_PARAM, "a boost must not be below 0")
        return self

    def meets(self, other: PointsStage) -> bool:
        """Whether both have a moment in common."""
        starts_late = other.end is not None and self.start >= other.end
        ends_early = self.end is not None and self.end <= other.start
        return not (starts_late or ends_early)


@attrs.frozen(kw_only=True)
class PointsEpoch:
    """One week of merits, ms."""

    epoch_id: int
    start: int
    end: int


@attrs.frozen(kw_only=True)
class Earned:
    """What somebody earned by trading, without referees."""

    trading: Decimal = _ZERO
    pnl: Decimal = _ZERO

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.trading + self.pnl


def earned(
    fills: Iterable[Fill], *, volume_boost: Decimal = Decimal(1), pnl_boost: Decimal = Decimal(1)
) -> Earned:
    """The points of some fills; a loss earns none and costs none."""
    kept = list(fills)
    profit = sum((fill.realized_pnl - fill.fee for fill in kept), _ZERO)
    return Earned(
        trading=round(volume(kept) * _PER_VOLUME * volume_boost, _DIGITS),
        pnl=round(max(profit, _ZERO) * pnl_boost, _DIGITS),
    )


class PointsService:
    """Stages and epochs.

    Args:
        opening: When the venue opened, ms.
        broker_id: The builder that has a stage from the beginning.
    """

    def __init__(self, opening: int, broker_id: str) -> None:
        today = _day(opening)
        monday = today - timedelta(days=today.weekday())
        self._first_epoch = _start(monday - timedelta(days=_EARLIER_EPOCHS * EPOCH_DAYS))
        self._stages: dict[int, PointsStage] = {}
        self._count = 0
        self.save(
            None,
            broker_id=broker_id,
            name="Season 1",
            first=monday,
            last=monday + timedelta(days=_FIRST_STAGE_DAYS - 1),
            volume_boost=Decimal(1),
            pnl_boost=Decimal("0.5"),
            l1_boost=Decimal("0.1"),
            l2_boost=Decimal("0.05"),
            is_continuous=False,
        )

    # Stages.

    def stages(self, broker_id: str) -> list[PointsStage]:
        """A builder's stages, oldest first."""
        return [stage for stage in self._stages.values() if stage.broker_id == broker_id]

    def stage(self, stage_id: int) -> PointsStage:
        """One stage; raises Refused -1006."""
        found = self._stages.get(stage_id)
        if found is None:
            raise Refused(RESOURCE_NOT_FOUND, f"stage {stage_id} does not exist")
        return found

    def save(self, stage_id: int | None, *, broker_id: str, **fields: object) -> PointsStage:
        """Create a stage, or replace the builder's stage of that id.

        Raises:
            Refused: -1006 no such stage, -1005 it makes no sense or two would be active at one moment.
        """
        if stage_id is not None:
            self._own(stage_id, broker_id)
        number = self._count + 1 if stage_id is None else stage_id
        stage = PointsStage(stage_id=number, broker_id=broker_id, **fields).checked()  # type: ignore[arg-type]
        for other in self.stages(broker_id):
            if other.stage_id != number and stage.meets(other):
                raise Refused(INVALID_PARAM, f"stage {other.stage_id} is active at the same time")
        self._count = max(self._count, number)
        self._stages[number] = stage
        return stage

    def delete(self, stage_id: int, broker_id: str) -> None:
        """Delete a builder's stage; raises Refused -1006."""
        self._own(stage_id, broker_id)
        del self._stages[stage_id]

    def _own(self, stage_id: int, broker_id: str) -> None:
        if self.stage(stage_id).broker_id != broker_id:
            raise Refused(RESOURCE_NOT_FOUND, f"stage {stage_id} does not exist")

    # Epochs.

    def epochs(self, now: int) -> list[PointsEpoch]:
        """All epochs that have begun, oldest first; two were over before the venue opened."""
        length = EPOCH_DAYS * _DAY
        count = max(1, (now - self._first_epoch) // length + 1)
        return [
            PointsEpoch(
                epoch_id=number + 1,
                start=self._first_epoch + number * length,
                end=self._first_epoch + (number + 1) * length,
            )
            for number in range(count)
        ]

    def epoch(self, epoch_id: int | None, now: int) -> PointsEpoch:
        """One epoch, the present one if none is named; raises Refused -1006."""
        begun = self.epochs(now)
        if epoch_id is None:
            return begun[-1]
        if not 1 <= epoch_id <= len(begun):
            raise Refused(RESOURCE_NOT_FOUND, f"epoch {epoch_id} does not exist")
        return begun[epoch_id - 1]
