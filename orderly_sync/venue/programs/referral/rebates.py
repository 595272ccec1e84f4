"""What referrers and referees earn, computed from the venue's own fills."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

import attrs

from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.programs.builders.fees import base_fee
from orderly_sync.venue.programs.referral.multilevel import MultilevelTree
from orderly_sync.venue.programs.referral.referral import Referrals

__all__ = ["BASE", "DIRECT", "INDIRECT", "REFEREE", "Rebate", "Rebates", "revenue"]

_ZERO = Decimal(0)
_DIGITS = 8
REFEREE, DIRECT, INDIRECT, BASE = "referee", "direct", "indirect", "base"
"""What a rebate is: back to the trader, to its referrer, to referrers further up, to its referrer besides."""


def revenue(fill: Fill) -> Decimal:
    """What a builder earns by a fill: the fee without the venue's own part and without that of a tag, never below 0."""
    return max(_ZERO, fill.fee - fill.tag_fee - base_fee(fill.notional, maker=fill.is_maker))


@attrs.frozen(kw_only=True)
class Rebate:
    """One part of one fill's revenue."""

    ts: int
    kind: str
    receiver: str
    trader: str
    code: str
    """The code the trader is bound to."""
    amount: Decimal


class Rebates:
    """Who earned what by whom.

    Args:
        referrals: Codes and bindings.
        multilevel: The rates along the tree.
        fills: All fills of an account, in any order.
        broker_of: The builder of an account.
    """

    def __init__(
        self,
        referrals: Referrals,
        multilevel: MultilevelTree,
        fills: Callable[[str], Sequence[Fill]],
        broker_of: Callable[[str], str],
    ) -> None:
        self._referrals = referrals
        self._multilevel = multilevel
        self._fills = fills
        self._broker_of = broker_of

    def fills(self, account_id: str, since: int = 0, until: int | None = None) -> list[Fill]:
        """The fills of a referee since it was bound, and within a window."""
        binding = self._referrals.binding(account_id)
        if binding is None:
            return []
        start = max(since, binding.since)
        return [
            fill
            for fill in self._fills(account_id)
            if fill.ts >= start and (until is None or fill.ts < until)
        ]

    def below(self, owner: str) -> tuple[list[str], list[str]]:
        """The direct and the indirect referees of an account."""
        direct = [binding.referee for binding in self._referrals.direct(owner)]
        indirect: list[str] = []
        queue = list(direct)
        while queue:
            below = [binding.referee for binding in self._referrals.direct(queue.pop(0))]
            indirect += below
            queue += below
        return direct, indirect

    def earned(
        self, receiver: str, kinds: Iterable[str], since: int = 0, until: int | None = None
    ) -> list[Rebate]:
        """What an account earned in some ways within a window."""
        wanted = frozenset(kinds)
        direct, indirect = self.below(receiver)
        traders = {receiver: None, **dict.fromkeys(direct), **dict.fromkeys(indirect)}
        return [
            rebate
            for trader in traders
            for rebate in self.of_trader(trader, since, until)
            if rebate.receiver == receiver and rebate.kind in wanted
        ]

    def of_trader(self, trader: str, since: int = 0, until: int | None = None) -> Iterator[Rebate]:
        """All that a referee's trades brought to anybody."""
        shares = list(self._shares(trader))
        if not shares:
            return
        binding = self._referrals.binding(trader)
        assert binding is not None
        for fill in self.fills(trader, since, until):
            earned = revenue(fill)
            for kind, receiver, rate, start in shares:
                amount = round(earned * rate, _DIGITS)
                if amount and fill.ts >= start:
                    yield Rebate(
                        ts=fill.ts,
                        kind=kind,
                        receiver=receiver,
                        trader=trader,
                        code=binding.code,
                        amount=amount,
                    )

    def _shares(self, trader: str) -> Iterator[tuple[str, str, Decimal, int]]:
        """Kind, receiver, rate and beginning of all parts of a trader's revenue."""
        binding = self._referrals.binding(trader)
        if binding is None:
            return
        rates, broker = self._multilevel, self._broker_of(trader)
        owner = self._referrals.code(binding.code).owner
        yield REFEREE, trader, rates.referee_rate(trader, broker), binding.since
        yield DIRECT, owner, rates.referrer_rate(trader, broker), binding.since
        yield BASE, owner, rates.base_rate(trader, broker), binding.since
        is_multilevel, start = self._referrals.code(binding.code).is_multilevel, binding.since
        above = self._referrals.binding(owner)
        while is_multilevel and above is not None:
            code, start = self._referrals.code(above.code), max(start, above.since)
            if not code.is_multilevel:
                return
            yield INDIRECT, code.owner, rates.referrer_rate(above.referee, broker), start
            above = self._referrals.binding(code.owner)
