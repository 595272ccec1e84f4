"""The dead man's switch: the venue cancels all orders of the account unless it hears from this client in time.

The venue has one timer an account (``POST /v1/order/cancel_all_after``): whoever sets it last decides, and when it runs
out every open order goes, algo orders too. A thread of its own sets it anew, three times as often as need be, so that
neither a slow hook nor a long recovery lets it run out. It runs out when this process hangs, dies or cannot reach the
venue, and also when the private stream has been gone for that long: a bot that sees no fills should have no orders.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue

from orderly_sync.clock import Clock
from orderly_sync.config import seconds
from orderly_sync.dialling.cancellation import Cancellation
from orderly_sync.errors import OrderlyError, UsageError
from orderly_sync.logs import log_of
from orderly_sync.rest import Rest
from orderly_sync.stream.events import CancelTimer
from orderly_sync.stream.hub import Hub
from orderly_sync.waiting import Worker

__all__ = ["CancelOnSilence", "checked_silence", "refuse_silence"]

log = log_of("orderly_sync.state")

SHORTEST, LONGEST = 5.0, 900.0
"""Seconds that the venue's timer can be set to."""
_SHARE = 3.0
"""How often it is set anew while it runs,"""
_SLOWEST = 10.0
"""and the most seconds between two times."""
_RETRY = 1.0
"""Seconds after which a setting that failed is tried again; the venue takes one a second."""
_JOIN = 1.5
"""Seconds that switching it off may take when the client is stopped, with what was under way before,"""
_GIVEN_UP = 0.5
"""and seconds until the thread has ended that could not do it."""

_running: weakref.WeakSet[CancelOnSilence] = weakref.WeakSet()


def checked_silence(value: object) -> float | None:
    """``cancel_on_silence`` as ``connect`` is given it.

    Raises:
        UsageError: It is no number of seconds that the venue's timer can be set to.
    """
    if value is None:
        return None
    limit = seconds(value, "cancel_on_silence")
    if not SHORTEST <= limit <= LONGEST:
        raise UsageError(
            f"cancel_on_silence={value!a:.60} must be {SHORTEST:.0f} to {LONGEST:.0f} seconds, or None for no timer"
        )
    return limit


def refuse_silence(value: float | None) -> None:
    """Refuse a timer where there is no account.

    Raises:
        UsageError: There is one.
    """
    if value is not None:
        raise UsageError("cancel_on_silence= needs credentials: whose orders are to be cancelled?")


class CancelOnSilence:
    """Keeps the venue's timer of one account set.

    Args:
        limit: Seconds of silence after which the venue cancels.
        account: Whose timer it is.
        set_timer: Sets it to that many ms; 0 switches it off.
        lost_since: The monotonic second since which the private stream is gone; None while it is there, infinity below
            zero once it is gone for good.
        announce: Given each CancelTimer.
        clock: Where time comes from.
        ended: Told of the defect of this package by which its thread ends.
    """

    def __init__(
        self,
        limit: float,
        account: str,
        set_timer: Callable[[int], object],
        *,
        lost_since: Callable[[], float | None],
        announce: Callable[[CancelTimer], object],
        clock: Clock,
        ended: Callable[[BaseException], object] | None = None,
    ) -> None:
        self.account = account
        self._limit = limit
        self._set_timer = set_timer
        self._lost_since = lost_since
        self._announce = announce
        self._clock = clock
        self._calls = Cancellation()  # whatever the thread asks of the venue
        self._orders: SimpleQueue[bool] = SimpleQueue()  # to end, and whether to switch the timer off
        self._until: float | None = None  # when the timer runs out
        self._told = True  # that it is set
        self._renewals = 0
        self._thread = Worker(self._run, "orderly-cancel-timer", ended)

    @classmethod
    def over(cls, rest: Rest, hub: Hub, limit: float) -> CancelOnSilence:
        """The timer of the account of a client's two halves."""
        assert rest.credentials is not None

        def set_timer(after_ms: int) -> None:
            rest.orders.cancel_all_after(trigger_after=after_ms)

        return cls(
            limit,
            rest.credentials.account_id,
            set_timer,
            lost_since=hub.private_lost_since,
            announce=hub.announce,
            clock=hub.options.clock,
            ended=partial(hub.thread_ended, "timer that cancels all orders"),
        )

    def start(self) -> None:
        """Set the timer for the first time and keep it set.

        Raises:
            RequestError: The venue would not.
        """
        self._renew()
        _running.add(self)
        self._thread.start()

    def stop(self, *, disarm: bool) -> None:
        """Set it no more; ``disarm`` switches it off, unless another client here keeps it for the same account."""
        _running.discard(self)
        if not self._thread.is_alive:
            return
        self._orders.put(disarm and not any(other.account == self.account for other in list(_running)))
        self._thread.join(_JOIN)
        self._calls.set()
        self._thread.join(_GIVEN_UP)

    def stats(self) -> dict[str, object]:
        """Whether the timer is set, the seconds until it runs out, and how often it was set."""
        left = None if self._until is None else max(0.0, self._until - self._clock.monotonic())
        return {"armed": bool(left), "runs_out_in": left, "renewals": self._renewals}

    def pause(self) -> float:
        """Seconds until the timer is set anew."""
        return min(self._limit / _SHARE, _SLOWEST) if self._told else _RETRY

    def step(self) -> None:
        """Set the timer anew, or say why not."""
        now = self._clock.monotonic()
        lost = self._lost_since()
        if lost is not None and now - lost >= self._limit:
            self._tell(armed=False, reason="the private stream is gone")
            return
        try:
            self._renew()
        except OrderlyError as exc:
            self._tell(armed=False, reason=str(exc))
        else:
            self._tell(armed=True, reason="set anew")

    def _renew(self) -> None:
        asked = self._clock.monotonic()
        self._set_timer(round(self._limit * 1000))
        self._until = asked + self._limit
        self._renewals += 1

    def _tell(self, *, armed: bool, reason: str) -> None:
        if armed is self._told:
            return
        self._told = armed
        if not armed:
            log.warning("the venue's timer is not set anew, it may cancel all orders: %s", reason)
        self._announce(CancelTimer(armed=armed, reason=reason))

    def _run(self) -> None:
        with self._calls.applied():
            self._keep_set()

    def _keep_set(self) -> None:
        while True:
            try:
                disarm = self._orders.get(timeout=self.pause())
            except Empty:
                self.step()
                continue
            if disarm:
                self._switch_off()
            return

    def _switch_off(self) -> None:
        try:
            self._set_timer(0)
        except OrderlyError as exc:
            log.warning("the venue's timer could not be switched off, it will cancel all orders: %s", exc)
        else:
            self._until = None
