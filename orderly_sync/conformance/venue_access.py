"""The way to a venue that checks look through: REST and stream, with all that goes over the wire kept as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

import attrs

from orderly_sync.config import Network
from orderly_sync.conformance.aliases import Aliases
from orderly_sync.conformance.capture import AnswerCapture, CapturedAnswer, FrameCapture
from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.rest import Rest, Retries
from orderly_sync.rest.transport import Transport
from orderly_sync.wire.symbols import symbol as native_symbol
from orderly_sync.wire.topic import Topic

__all__ = ["ConformanceOptions", "OpenStream", "PushSource", "VenueAccess"]


@attrs.frozen(kw_only=True)
class ConformanceOptions:
    """How a run goes about it."""

    symbol: str = attrs.field(default="PERP_ETH_USDC", converter=native_symbol)
    """The market that is looked at, and traded in."""
    listen: float = 70.0
    """Seconds that public topics are listened to at most; less, where all have pushed often enough before."""
    speed: float = 1.0
    """How many times faster than the wall clock the venue's time runs: what a paper venue was started with."""
    wait: float = 10.0
    """Seconds within which what was caused must be told."""
    end_within: float = 30.0
    """Seconds within which nothing may be left open at the end."""
    trade: bool = False
    """Whether orders are placed."""
    real_money: bool = False
    """Whether they may be placed on a venue that is no test network."""
    max_notional: Decimal | None = None
    """USDC that one order may be worth at most; needed to trade."""
    rate_limits: bool = True
    """Whether the venue's rate limits are kept by waiting."""
    proxy: str | None = attrs.field(default=None, repr=False)
    transport: Transport | None = None
    """Carries the requests instead of the network."""
    only: tuple[str, ...] = ()
    """Names of the checks that are run, ``*`` for any run of characters; all if there is none."""


class PushSource(Protocol):
    """What checks ask of a ``Stream``."""

    def on(self, topic: Topic[Any], fn: Callable[[Any], object], *, timeout: float | None = None) -> object:
        """Subscribe; returns once that is acknowledged."""

    def request(self, params: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], None]) -> None:
        """Send a request command on the public connection."""

    def wait_ready(self, timeout: float | None = None) -> None:
        """Wait until all is logged in and acknowledged."""

    def stop(self) -> None:
        """End it."""


OpenStream = Callable[[FrameCapture], PushSource]
"""Starts a stream of the account, each of whose frames is kept there."""


class VenueAccess:
    """A venue, looked at as one account or as nobody. Closed by whoever made it.

    Args:
        network: The venue.
        credentials: Whose account; None looks at what is public.
        options: How.
    """

    def __init__(
        self, network: Network, credentials: Credentials | None, options: ConformanceOptions
    ) -> None:
        self.network = network
        self.credentials = credentials
        self.options = options
        self.aliases = Aliases()
        self.answers = AnswerCapture(proxy=options.proxy, within=options.transport)
        self.frames = FrameCapture()
        self.kept: dict[str, Any] = {}
        """What one check learnt and others ask with: ids, names, addresses."""
        self.shapes: dict[str, dict[str, str]] = {}
        """By operation or topic, how each field was written."""
        self.rest = Rest(
            network,
            credentials,
            rate_limits=options.rate_limits,
            retries=Retries(tries=1),
            transport=self.answers,
            max_notional=options.max_notional,
        )
        self.open_stream: OpenStream | None = None
        """What starts streams; set by who knows how."""
        self._stream: PushSource | None = None
        if credentials is not None:
            self.aliases.own("account", credentials.account_id)
            self.aliases.own("key", credentials.key)

    def close(self) -> None:
        """Close all connections."""
        if self._stream is not None:
            self._stream.stop()
        self.rest.close()
        self.answers.close()

    @property
    def symbol(self) -> str:
        """The market that is looked at."""
        return self.options.symbol

    @property
    def stream(self) -> PushSource:
        """The stream, started; every frame that comes over it is kept in ``frames``."""
        if self._stream is None:
            self._stream = self.new_stream(self.frames)
        return self._stream

    def new_stream(self, frames: FrameCapture) -> PushSource:
        """One more stream of the same account, started; whoever asks for it stops it.

        Raises:
            UsageError: Nothing starts streams here.
        """
        if self.open_stream is None:
            raise UsageError("this way to a venue has no streams; it is for REST alone")
        return self.open_stream(frames)

    def latest(self) -> CapturedAnswer:
        """The answer to what was asked last.

        Raises:
            UsageError: There was none.
        """
        answer = self.answers.latest()
        if answer is None:
            raise UsageError("nothing was answered yet; ask first")
        return answer
