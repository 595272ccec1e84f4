"""What every model has in common: declaration, wire names, extras, frames, pages.

A model is an attrs class declared with ``@model``: keyword-only, unchangeable after construction, with ``.extra`` for
fields this package does not know yet. Fields carry the wire's own names in snake_case. Only the fields without which a
value means nothing are required; any other may be absent or null on the wire and is then ``None``, never invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NewType, NoReturn, TypeVar

import attrs

from orderly_sync.errors import DecodingError, UsageError
from orderly_sync.models.event_id import event_id
from orderly_sync.models.field_text import field_text, word_text
from orderly_sync.models.walk import walk
from orderly_sync.tables.shown import Shown, Tabular
from orderly_sync.values.printing import in_ascii, printable

if TYPE_CHECKING:
    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**_: object) -> Callable[[Any], Any]:
        return lambda function: function


__all__ = [
    "EMPTY",
    "UNFRAMED",
    "Acknowledged",
    "ClientOrderId",
    "Detachable",
    "Frame",
    "Model",
    "Page",
    "PageMeta",
    "Push",
    "Rows",
    "changed",
    "made",
    "model",
    "utc",
    "wire",
    "zero_like",
]

T = TypeVar("T")
M = TypeVar("M", bound=type)

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class _Empty(Mapping[str, Any]):
    """No entries, for ever. Unlike a mapping proxy it can be pickled and copied, and so can the models that hold it."""

    __slots__ = ()

    def __getitem__(self, key: str) -> NoReturn:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "{}"

    def __reduce__(self) -> str:
        return "EMPTY"


EMPTY: Mapping[str, Any] = _Empty()
"""Shared by all models without extras."""

ClientOrderId = NewType("ClientOrderId", str)
"""A caller's own order id. The wire's 0, "0", "" and null all mean none."""

_REPR_FIELDS = 9


def utc(ms: int | None) -> datetime | None:
    """Wire milliseconds as an aware UTC datetime; 0 and None mean no time, as does what no calendar reaches."""
    try:
        return _EPOCH + timedelta(milliseconds=ms) if ms else None
    except OverflowError:
        return None


def wire(*names: str, default: Any = None, **options: Any) -> Any:
    """A field whose wire name is not its own: the first name is the one written, all are read."""
    return attrs.field(default=default, metadata={"wire": names}, **options)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(attrs.field, wire))
def model(cls: M) -> M:
    """Declare a model; see the module's text."""
    made_of = attrs.define(cls, kw_only=True, on_setattr=attrs.setters.frozen, repr=False)
    # What equals itself for ever may stand in a set; attrs would let it only if no field were a mapping.
    made_of.__hash__ = _hash  # type: ignore[method-assign, assignment]
    return made_of


def _hash(self: Any) -> int:
    """Of all that is compared, save what this package does not know: extras are whatever JSON holds."""
    fields = (field for field in attrs.fields(type(self)) if field.eq and field.name != "extra")
    return hash((type(self), *(_hashable(getattr(self, field.name)) for field in fields)))


def _hashable(value: object) -> object:
    if isinstance(value, Mapping):
        return frozenset((key, _hashable(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(_hashable(item) for item in value)
    return frozenset(value) if isinstance(value, set) else value


@model
class Model(Shown):
    """The base of all models: one-line repr, extras, wire times as UTC.

    A field that is None was absent or null on the wire; where that means something, the field says what.
    """

    if TYPE_CHECKING:
        __attrs_attrs__: ClassVar[Any]
    wire_case: ClassVar[str] = "snake"
    shown: ClassVar[tuple[str, ...]] = ()
    """What repr shows, save what is empty, zero or false; without any, the first few fields that have a value."""
    always: ClassVar[tuple[str, ...]] = ()
    """Figures among them that are shown even if they are zero."""

    extra: Mapping[str, Any] = attrs.field(default=EMPTY, metadata={"wire": ()})
    """Fields of the wire that this package does not know, as decoded."""

    def __delattr__(self, name: str) -> None:
        raise attrs.exceptions.FrozenAttributeError

    @printable
    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._summary() if self.shown else self._first_fields()})"

    def _summary(self) -> str:
        """Texts as they are, then what is true, then figures by name."""
        values = [(name, getattr(self, name)) for name in self.shown]
        words = " ".join(word_text(value) for _, value in values if value and isinstance(value, str))
        figures = [
            name if value is True else f"{name}={field_text(value)}"
            for name, value in values
            if not isinstance(value, str) and (value or (name in self.always and value is not None))
        ]
        return ", ".join([words, *figures] if words else figures)

    def _first_fields(self) -> str:
        given = []
        for field in attrs.fields(type(self)):
            value = getattr(self, field.name)
            if field.metadata.get("wire") != () and value is not None and value != field.default:
                given.append(f"{field.name}={field_text(value)}")
        return ", ".join([*given[:_REPR_FIELDS], "..."] if len(given) > _REPR_FIELDS else given)


class Frame:
    """Where an event came from; shared by all events of one frame, which are its ``events`` where there are several."""

    __slots__ = ("__weakref__", "events", "origin", "out_of_order", "recovered", "redelivered", "topic", "ts")

    def __init__(
        self,
        topic: str = "",
        ts: int | None = None,
        origin: str = "stream",
        *,
        recovered: bool = False,
        out_of_order: bool = False,
    ) -> None:
        self.topic = topic
        self.ts = ts
        self.origin = origin
        self.recovered = recovered
        self.out_of_order, self.redelivered = out_of_order, False
        self.events: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        return f"Frame({self.topic!a}, ts={self.ts}, origin={self.origin!a}, recovered={self.recovered})"


UNFRAMED = Frame(origin="user")
"""The frame of values that no wire carried."""


@model
class Push(Model):
    """The base of everything the stream delivers."""

    wire_case: ClassVar[str] = "camel"

    frame: Frame = attrs.field(default=UNFRAMED, metadata={"wire": ()}, eq=False)
    """The frame that carried it."""

    @property
    def topic(self) -> str:
        """The wire topic it came by."""
        return self.frame.topic

    @property
    def ts(self) -> int | None:
        """The frame's own time in ms, as sent."""
        return self.frame.ts

    @property
    def origin(self) -> str:
        """``"stream"``, ``"rest"`` or ``"replay"``."""
        return self.frame.origin

    @property
    def recovered(self) -> bool:
        """Whether it was rebuilt by REST after a gap."""
        return self.frame.recovered

    @property
    def out_of_order(self) -> bool:
        """Whether it is delivered behind what came after it, or ahead of what is still missing before it."""
        return self.frame.out_of_order

    def as_out_of_order(self) -> Self:
        """The same event, saying that it goes out of order."""
        of = self.frame
        frame = Frame(of.topic, of.ts, of.origin, recovered=of.recovered, out_of_order=True)
        frame.events = of.events
        return changed(self, frame=frame)

    @property
    def redelivered(self) -> bool:
        """Whether a process before this one may have taken it already; see ``connect(journal=...)``."""
        return self.frame.redelivered

    @property
    def event_id(self) -> str:
        """What it tells of, in words that are the same in every process, whether the stream told or REST did.

        ``executionreport/1234/fill/77``. Two events of one id tell of the same thing. Where the venue gives an event
        nothing that names it, a digest of all that it says stands for it.
        """
        said = {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}
        return event_id(self.topic, self._identity(), {**said, "frame": self.ts})

    def _identity(self) -> tuple[object, ...] | None:
        """What names the event within its topic; None where nothing does."""
        return None


@model
class Acknowledged(Model):
    """The answer of an operation that says no more than yes."""

    timestamp: int | None = None
    """The venue's time of the answer, ms."""

    @property
    def time(self) -> datetime | None:
        """The venue's time of the answer, UTC."""
        return utc(self.timestamp)


@model
class PageMeta(Model):
    """Where a page stands in its list.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-orders
    """

    total: int = 0
    """How many rows the whole list has; it may move while pages are read."""
    records_per_page: int = 0
    """How many rows a page has at most."""
    current_page: int = 1
    """Which page this is, from 1."""


class Rows(Tabular, tuple[T, ...], Generic[T]):  # noqa: SLOT001 - a tuple has no room for a slot of its own
    """Rows of one answer, in the venue's order. A tuple, and ``.df`` is a frame."""

    row_type: type | None = None
    """The class of the rows; None where nobody said."""

    @classmethod
    def of(cls, kind: Any, rows: Iterable[T]) -> Rows[T]:
        """Rows that know their class, though there be none."""
        made_of = cls(rows)
        made_of.row_type = kind if isinstance(kind, type) else None
        return made_of

    @property
    def rows(self) -> Rows[T]:
        """These rows, by the name under which a page has its own."""
        return self

    def _table(self) -> tuple[type | None, Iterable[T]]:
        return self.row_type, self

    def __repr__(self) -> str:
        shown = ", ".join(in_ascii(repr(row)) for row in self[:3])
        return f"[{shown}{', ...' if len(self) > 3 else ''}] ({len(self)} rows)"  # noqa: PLR2004


class Detachable:
    """A page that can be pickled. Elsewhere there is no client to read on with, and its ``each()`` says so."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}  # type: ignore[arg-type]
        return _page, (type(self), {**fields, "fetch": fields["fetch"] and detached})

    def __copy__(self) -> Self:
        return attrs.evolve(self)  # type: ignore[misc]

    def __deepcopy__(self, memo: object) -> Self:
        return attrs.evolve(self)  # type: ignore[misc]


def _page(kind: Callable[..., object], fields: dict[str, object]) -> object:
    return kind(**fields)


def detached(_: object) -> NoReturn:
    """What a page that was pickled reads further pages with.

    Raises:
        UsageError: Always.
    """
    raise UsageError(
        "this page was pickled and has no client any more; ask the client for the pages that follow"
    )


@attrs.define(eq=False, repr=False)
class Page(Detachable, Tabular, Generic[T]):
    """One page of a list; iterating and indexing go over its rows.

    ``each()`` goes on over all further pages.
    """

    rows: Rows[T]
    """The rows of this page, in the venue's order."""
    meta: PageMeta
    """Where the page stands in its list."""
    fetch: Callable[[int], Page[T]] | None = None
    """Reads the page of a number; None for a page that was built without a client."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> T:
        return self.rows[index]

    def _table(self) -> tuple[type | None, Iterable[T]]:
        return self.rows.row_type, self.rows

    def __repr__(self) -> str:
        return f"Page({self.meta.current_page}, {len(self.rows)} of {self.meta.total} rows)"

    def each(self) -> Iterator[T]:
        """The rows of this page and of all after it, in order, none twice, fetched as they are needed.

        Raises:
            DecodingError: The list moves, or lies about its length, so that not all of it could be read.
        """
        return walk(self, partial(DecodingError, "a list", ""))


def zero_like(value: Model) -> Decimal:
    """0 in the kind of the numbers that a model holds: with ``numbers=float`` a float."""
    for field in value.__attrs_attrs__:
        if getattr(value, field.name).__class__ is float:
            return 0.0  # type: ignore[return-value]
    return Decimal(0)


def made(kind: type[T], **fields: object) -> T:
    """A model from fields known only at run time."""
    return kind(**fields)


def changed(value: T, **fields: object) -> T:
    """A copy with these fields changed."""
    return attrs.evolve(value, **fields)  # type: ignore[misc]
