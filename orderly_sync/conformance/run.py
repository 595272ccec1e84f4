"""A run: the way to the venue first, then check by check, with a report that always says how far it came."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import partial
from typing import Any

from orderly_sync._version import __version__
from orderly_sync.checks.check import CheckState, CheckSubject, run_checks
from orderly_sync.checks.checks import CHECKS as DOCTOR_CHECKS
from orderly_sync.config import Network
from orderly_sync.config import network as find_network
from orderly_sync.conformance.capture import FrameCapture
from orderly_sync.conformance.check import CheckGroup, CheckResult, ConformanceCheck, could_not_tell
from orderly_sync.conformance.clean_end import Interrupts, left_clean
from orderly_sync.conformance.plan import LAST, chosen
from orderly_sync.conformance.report import ConformanceReport
from orderly_sync.conformance.topics import listen, wait_for_cadences
from orderly_sync.conformance.venue_access import ConformanceOptions, VenueAccess
from orderly_sync.credentials import Credentials
from orderly_sync.errors import OrderlyError, UsageError
from orderly_sync.stream.stream import Stream
from orderly_sync.wire.topic import Topic

__all__ = ["run_conformance"]

_GROUND = ("dns", "tls", "rest", "maintenance", "key", "account", "clock", "scopes", "expiry")
"""What ``orderly-sync doctor`` looks at, as far as checks stand on it."""
_NEEDED = {
    CheckGroup.PUBLIC: ("tls", "rest"),
    CheckGroup.PRIVATE: ("tls", "rest", "key", "account", "scopes", "expiry"),
    CheckGroup.TRADE: ("tls", "rest", "maintenance", "key", "account", "scopes", "expiry"),
}
"""What must hold for the checks of a group to say anything."""

Told = Callable[[ConformanceCheck, CheckResult], object]


def run_conformance(
    network: str | Network,
    credentials: Credentials | None = None,
    options: ConformanceOptions | None = None,
    *,
    told: Told | None = None,
) -> ConformanceReport:
    """Hold a venue against what this package takes for granted.

    Without credentials what is public is looked at, with them what a key may read, too. An interrupt ends the run in
    good order: the report says how far it came.

    Args:
        network: The venue.
        credentials: Whose account.
        options: How; by default nothing is placed.
        told: Called with each check and its result as soon as it is there.

    Raises:
        UsageError: The network is unknown, or the options make no sense.
    """
    options = options or ConformanceOptions()
    found = find_network(network)
    groups = _groups(found, credentials, options)
    checks = chosen(groups, options.only)
    report = ConformanceReport(
        network=found.name,
        package=__version__,
        python=platform.python_version(),
        day=f"{datetime.now(timezone.utc):%Y-%m-%d}",
        symbol=options.symbol,
        planned=len(checks),
    )
    with Interrupts() as interrupts, _opened(found, credentials, options) as access:
        try:
            _Run(access, report, told).go(checks)
        except KeyboardInterrupt:
            report.ended = _where(report, "interrupted")
        finally:
            interrupts.shut_out()
            if access.kept.get("placed"):
                report.left = left_clean(access)
            report.shapes = access.shapes
    return report


def _groups(
    network: Network, credentials: Credentials | None, options: ConformanceOptions
) -> list[CheckGroup]:
    """What can be looked at, and may be.

    Raises:
        UsageError: Orders are wanted without a key, without a limit, or with real money unsaid.
    """
    if credentials is None and options.trade:
        raise UsageError(
            "--trade places orders, which takes a key; name an account by --account or --credentials"
        )
    if options.trade and options.max_notional is None:
        raise UsageError(
            "--trade needs --max-notional, the USDC that one order may be worth at most; 50 will do"
        )
    if options.trade and network.name not in {"paper", "testnet"} and not options.real_money:
        raise UsageError(
            f"{network.name} is no test network: --trade would trade real money there; say --yes-mainnet if you mean it"
        )
    if credentials is None:
        return [CheckGroup.PUBLIC]
    return [CheckGroup.PUBLIC, CheckGroup.PRIVATE, *([CheckGroup.TRADE] if options.trade else ())]


class _Listening:
    """A ``Stream`` as checks ask for one.

    Args:
        access: Whose venue and account.
        frames: Where each frame is kept.
    """

    def __init__(self, access: VenueAccess, frames: FrameCapture) -> None:
        self._stream = Stream(
            access.network,
            access.credentials,
            clock=access.rest.clock,
            proxy=access.options.proxy,
            record=frames,
        ).start()

    def on(self, topic: Topic[Any], fn: Callable[[Any], object], *, timeout: float | None = None) -> object:
        return self._stream.on(topic, fn, timeout=timeout)

    def request(self, params: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], None]) -> None:
        self._stream.hub.request(params, answer)

    def wait_ready(self, timeout: float | None = None) -> None:
        self._stream.wait_ready(timeout)

    def stop(self) -> None:
        self._stream.stop()


@contextmanager
def _opened(
    network: Network, credentials: Credentials | None, options: ConformanceOptions
) -> Iterator[VenueAccess]:
    """The way to a venue; at the end of the block all connections are closed."""
    access = VenueAccess(network, credentials, options)
    access.open_stream = partial(_Listening, access)
    try:
        yield access
    finally:
        access.close()


def _where(report: ConformanceReport, why: str) -> str:
    last = f"after the check {report.rows[-1]['name']}" if report.rows else "before the first check"
    return f"{why} {last}"


class _Run:
    """One run over one way to a venue."""

    def __init__(self, access: VenueAccess, report: ConformanceReport, told: Told | None) -> None:
        self._access = access
        self._report = report
        self._told = told
        self._gone: dict[str, str] = {}

    def go(self, checks: Iterable[ConformanceCheck]) -> None:
        """Look at the ground, listen, run all checks."""
        began = time.monotonic()
        access, report = self._access, self._report
        last = [one for one in checks if one in LAST]
        first = [one for one in checks if one not in LAST]
        try:
            self._ground()
            blocked = self._blocked(CheckGroup.PUBLIC)
            if blocked is not None:
                report.ended = f"the venue cannot be spoken to: {blocked}"
                return
            if last:
                listen(access, private=False)
            wanted = any(check.group is CheckGroup.TRADE for check in first) or last
            if wanted and access.credentials is not None and self._blocked(CheckGroup.PRIVATE) is None:
                listen(access, private=True)
            for check in first:
                self._one(check)
            if last:
                told = wait_for_cadences(access, access.options.listen - (time.monotonic() - began))
                access.kept["told enough"] = told
                access.kept["listened"] = time.monotonic() - began
            for check in last:
                self._one(check)
        except OrderlyError as exc:
            report.ended = access.aliases.sentence(f"{_where(report, 'ended')}: {exc}")

    def _ground(self) -> None:
        access = self._access
        subject = CheckSubject(
            network=access.network,
            rest=access.rest,
            credentials=access.credentials,
            proxy=access.options.proxy,
        )
        for one in run_checks([check for check in DOCTOR_CHECKS if check.name in _GROUND], subject):
            says = access.aliases.sentence(one.says, numbers=False)
            self._report.ground.append(
                {"name": one.name, "state": str(one.state), "says": says, "advice": one.advice}
            )
            if one.state is CheckState.FAILED:
                self._gone[one.name] = says

    def _blocked(self, group: CheckGroup) -> str | None:
        return next((self._gone[name] for name in _NEEDED[group] if name in self._gone), None)

    def _one(self, check: ConformanceCheck) -> None:
        blocked = self._blocked(check.group)
        result = self._looked(check) if blocked is None else could_not_tell(f"not asked, since {blocked}")
        self._report.add(check, result)
        if self._told is not None:
            self._told(check, result)

    def _looked(self, check: ConformanceCheck) -> CheckResult:
        try:
            return check.look(self._access)
        except (OrderlyError, TimeoutError) as exc:
            return could_not_tell(self._access.aliases.sentence(f"{type(exc).__name__}: {exc}"))
        except Exception as exc:  # noqa: BLE001 - what a venue says unforeseen breaks one check, and not the run
            return could_not_tell(f"the check itself broke on what it saw: {type(exc).__name__}")
