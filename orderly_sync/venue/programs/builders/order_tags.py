"""Builders' own fees for tagged orders: created, changed, put away and taken out again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.wire.error_codes import (
    INVALID_PARAM,
    TAG_ALREADY_ARCHIVED,
    TAG_BAD_FEE_RATE,
    TAG_BAD_ID,
    TAG_BAD_SYMBOL,
    TAG_ID_TOO_LONG,
    TAG_LIMIT_REACHED,
    TAG_NOT_ACTIVE,
    TAG_NOT_FOUND,
    TAG_TAKEN,
    TAG_UNARCHIVED_TOO_LATE,
)

__all__ = ["TagTable", "TagTerms"]

_FORM = re.compile(r"[A-Z0-9_]+")
_PREFIX = "enum:"
_LONGEST = 36
_MOST_ACTIVE = 10
_KEPT_MS = 30 * 86_400_000
_LOWEST, _HIGHEST, _STEP = Decimal("0.00001"), Decimal("0.01"), Decimal("0.00001")


@attrs.frozen(kw_only=True)
class TagTerms:
    """One tag as it stands; orders name it ``enum:<broker_id>:<enum_id>``."""

    broker_id: str
    enum_id: str
    name: str
    default_fee_rate: Decimal
    created_time: int
    updated_time: int
    description: str | None = None
    pair_overrides: Mapping[str, Decimal] = attrs.field(factory=dict)
    archived_time: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether new orders may carry it."""
        return self.archived_time is None

    @property
    def order_tag(self) -> str:
        """What orders carry."""
        return f"enum:{self.broker_id}:{self.enum_id}"

    def fee_rate(self, symbol: str) -> Decimal:
        """The rate in one market, a decimal fraction."""
        return self.pair_overrides.get(symbol, self.default_fee_rate)


class TagTable:
    """The tags of all builders.

    Args:
        symbols: The markets that overrides may name.
    """

    def __init__(self, symbols: Iterable[str]) -> None:
        self._symbols = frozenset(symbols)
        self._tags: dict[tuple[str, str], TagTerms] = {}

    def of(
        self, broker_id: str, *, symbol: str | None = None, part: str | None = None, archived: bool = False
    ) -> list[TagTerms]:
        """A builder's tags, oldest first: those with a rate of their own for ``symbol``, ``part`` in their id."""
        return [
            tag
            for tag in self._tags.values()
            if tag.broker_id == broker_id
            and (archived or tag.is_active)
            and (symbol is None or symbol in tag.pair_overrides)
            and (part is None or part in tag.enum_id)
        ]

    def get(self, broker_id: str, enum_id: str) -> TagTerms:
        """One tag; raises Refused -1202, and -1209 for an id that is too long."""
        self._check_length(enum_id)
        tag = self._tags.get((broker_id, enum_id))
        if tag is None:
            raise Refused(TAG_NOT_FOUND, f"{broker_id} has no order tag {enum_id}")
        return tag

    def admit(self, order_tag: str | None) -> None:
        """Check the tag of a new order; tags of another form than ``enum:…`` are the user's own and cost nothing.

        Raises:
            Refused: -1202 no builder has it, -1203 it is archived.
        """
        if order_tag is not None and order_tag.startswith(_PREFIX):
            self._active(*self._parts(order_tag))

    def rate(self, order_tag: str | None, symbol: str) -> Decimal:
        """What a fill of an order with that tag costs besides, a decimal fraction; 0 for any other tag."""
        if order_tag is None or not order_tag.startswith(_PREFIX):
            return Decimal(0)
        tag = self._tags.get(self._parts(order_tag))
        return Decimal(0) if tag is None else tag.fee_rate(symbol)

    def _parts(self, order_tag: str) -> tuple[str, str]:
        broker_id, _, enum_id = order_tag.removeprefix(_PREFIX).rpartition(":")
        return broker_id, enum_id

    def create(
        self,
        broker_id: str,
        enum_id: str,
        *,
        name: str,
        rate: Decimal,
        description: str | None,
        overrides: Mapping[str, Decimal],
        now: int,
    ) -> TagTerms:
        """Add a tag.

        Raises:
            Refused: -1201 the id is taken, -1206 ten are active, -1207 and -1209 the id, -1208 a rate, -1210 a symbol.
        """
        self._check_length(enum_id)
        if not _FORM.fullmatch(enum_id):
            raise Refused(TAG_BAD_ID, "enum_id holds capital letters, digits and underscores only")
        self._check_rates(rate, overrides)
        if (broker_id, enum_id) in self._tags:
            raise Refused(TAG_TAKEN, f"{broker_id} has an order tag {enum_id} already")
        self._check_room(broker_id)
        tag = TagTerms(
            broker_id=broker_id,
            enum_id=enum_id,
            name=name,
            description=description,
            default_fee_rate=rate,
            pair_overrides=dict(overrides),
            created_time=now,
            updated_time=now,
        )
        return self._keep(tag)

    def update(
        self,
        broker_id: str,
        enum_id: str,
        *,
        name: str | None,
        rate: Decimal | None,
        description: str | None,
        overrides: Mapping[str, Decimal] | None,
        now: int,
    ) -> TagTerms:
        """Change what is given of an active tag.

        Raises:
            Refused: -1202 unknown, -1203 archived, -1208 a rate, -1210 a symbol.
        """
        old = self._active(broker_id, enum_id)
        self._check_rates(rate, overrides or {})
        return self._keep(
            attrs.evolve(
                old,
                name=old.name if name is None else name,
                description=old.description if description is None else description,
                default_fee_rate=old.default_fee_rate if rate is None else rate,
                pair_overrides=old.pair_overrides if overrides is None else dict(overrides),
                updated_time=now,
            )
        )

    def archive(self, broker_id: str, enum_id: str, now: int) -> TagTerms:
        """Put a tag away; raises Refused -1202 unknown, -1204 archived already."""
        tag = self.get(broker_id, enum_id)
        if not tag.is_active:
            raise Refused(TAG_ALREADY_ARCHIVED, f"order tag {enum_id} is archived already")
        return self._keep(attrs.evolve(tag, archived_time=now, updated_time=now))

    def unarchive(self, broker_id: str, enum_id: str, now: int) -> TagTerms:
        """Take an archived tag out again.

        Raises:
            Refused: -1202 unknown, -1205 later than 30 days, -1206 ten are active. One that is active already is
                refused with -1005 (assumed).
        """
        tag = self.get(broker_id, enum_id)
        if tag.archived_time is None:
            raise Refused(INVALID_PARAM, f"order tag {enum_id} is not archived")
        if now - tag.archived_time > _KEPT_MS:
            raise Refused(TAG_UNARCHIVED_TOO_LATE, f"order tag {enum_id} was archived more than 30 days ago")
        self._check_room(broker_id)
        return self._keep(attrs.evolve(tag, archived_time=None, updated_time=now))

    def _keep(self, tag: TagTerms) -> TagTerms:
        self._tags[tag.broker_id, tag.enum_id] = tag
        return tag

    def _active(self, broker_id: str, enum_id: str) -> TagTerms:
        tag = self.get(broker_id, enum_id)
        if not tag.is_active:
            raise Refused(TAG_NOT_ACTIVE, f"order tag {enum_id} is archived")
        return tag

    def _check_length(self, enum_id: str) -> None:
        if len(enum_id) > _LONGEST:
            raise Refused(
                TAG_ID_TOO_LONG, f"enum_id has {len(enum_id)} characters, at most {_LONGEST} are allowed"
            )

    def _check_room(self, broker_id: str) -> None:
        if len(self.of(broker_id)) >= _MOST_ACTIVE:
            raise Refused(
                TAG_LIMIT_REACHED, f"{broker_id} has {_MOST_ACTIVE} active order tags, no more are allowed"
            )

    def _check_rates(self, rate: Decimal | None, overrides: Mapping[str, Decimal]) -> None:
        for symbol in overrides:
            if symbol not in self._symbols:
                raise Refused(TAG_BAD_SYMBOL, f"{symbol} in pair_overrides is not a market")
        for each in (rate, *overrides.values()):
            if each is not None and (not _LOWEST <= each <= _HIGHEST or each % _STEP):
                raise Refused(
                    TAG_BAD_FEE_RATE, f"fee rate {each} must be {_LOWEST:f} to 0.01 with five decimals"
                )
