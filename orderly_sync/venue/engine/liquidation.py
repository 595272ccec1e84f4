"""Liquidation: when it is due, how much must go, and who gets what of the fee. Pure; the doing is in ``liquidator``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal

import attrs

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.margin import Markets, collateral, imr, leverage, mmr, sums
from orderly_sync.venue.engine.orders import Key
from orderly_sync.venue.engine.state import Account

__all__ = [
    "LiquidationCollateral",
    "group",
    "holdings",
    "is_small",
    "ratio_needed",
    "shares",
]

_ZERO, _ONE = Decimal(0), Decimal(1)
_LOW_TIER = 1
# Below these notionals (USDC) a claim must take everything.
_SMALL = {True: Decimal(10_000), False: Decimal(5_000)}
_FEE_STEP = Decimal("0.00000001")


@attrs.frozen(kw_only=True)
class LiquidationCollateral:
    """What stands behind a set of positions: the cross account's, or one isolated position's."""

    collateral: Decimal
    notional: Decimal
    initial: Decimal
    maintenance: Decimal
    keys: tuple[Key, ...]

    @property
    def is_unsafe(self) -> bool:
        """Margin ratio below the maintenance margin ratio."""
        return self.notional > 0 and self.collateral < self.maintenance

    @property
    def is_bankrupt(self) -> bool:
        """Nothing left behind open positions."""
        return self.notional > 0 and self.collateral <= 0

    @property
    def margin_ratio(self) -> Decimal:
        """Collateral / notional."""
        return round(self.collateral / self.notional, 8) if self.notional else _ZERO

    @property
    def maintenance_ratio(self) -> Decimal:
        """Maintenance margin / notional."""
        return round(self.maintenance / self.notional, 8) if self.notional else _ZERO


def holdings(account: Account, markets: Markets, symbol: str | None) -> LiquidationCollateral:
    """The cross positions of an account, or the isolated one of a symbol."""
    if symbol is None:
        total = sums(account, markets)
        return LiquidationCollateral(
            collateral=collateral(account, markets),
            notional=total.notional,
            initial=total.initial,
            maintenance=total.maintenance,
            keys=tuple(
                key for key, entry in account.entries.items() if key[1] is MarginMode.CROSS and entry.quantity
            ),
        )
    key, market = (symbol, MarginMode.ISOLATED), markets[symbol]
    entry = account.entry(key)
    notional = abs(entry.quantity) * market.mark
    return LiquidationCollateral(
        collateral=entry.margin + entry.unsettled_pnl(market.mark, market.sum_unitary_funding),
        notional=notional,
        initial=notional * imr(market.rules, leverage(account, market.rules, key[1]), notional),
        maintenance=notional * mmr(market.rules, notional),
        keys=(key,) if entry.quantity else (),
    )


def group(account: Account, markets: Markets, keys: Iterable[Key]) -> tuple[Key, ...]:
    """The positions to offer: all of low tier together, or one of high tier; those that ask for the most margin."""
    groups: dict[str, list[Key]] = {}
    for key in sorted(keys):
        tier = markets[key[0]].rules.liquidation_tier
        groups.setdefault("" if tier == _LOW_TIER else key[0], []).append(key)

    return max(
        (tuple(rows) for rows in groups.values()), key=lambda rows: _maintenance(account, markets, rows)
    )


def _maintenance(account: Account, markets: Markets, keys: Sequence[Key]) -> Decimal:
    notionals = [(key, abs(account.entry(key).quantity) * markets[key[0]].mark) for key in keys]
    return sum((each * mmr(markets[key[0]].rules, each) for key, each in notionals), _ZERO)


def is_small(account: Account, markets: Markets, keys: Sequence[Key]) -> bool:
    """Whether the group is too small to be taken in parts."""
    notional = sum((abs(account.entry(key).quantity) * markets[key[0]].mark for key in keys), _ZERO)
    return notional < _SMALL[markets[keys[0][0]].rules.liquidation_tier == _LOW_TIER]


def ratio_needed(
    account: Account, markets: Markets, held: LiquidationCollateral, keys: Sequence[Key]
) -> Decimal:
    """The part of a group, 0 to 1, that must go to lift the margin ratio to the initial one, its fees paid.

    The margin ratios of the remaining positions are taken as they are now (assumed).
    """
    if held.is_bankrupt or is_small(account, markets, keys):
        return _ONE
    relief = _ZERO
    for key in keys:
        rules, notional = markets[key[0]].rules, abs(account.entry(key).quantity) * markets[key[0]].mark
        relief += notional * (
            imr(rules, leverage(account, rules, key[1]), notional) - rules.std_liquidation_fee
        )
    lacking = held.initial - held.collateral
    return _ONE if relief <= 0 else max(_ZERO, min(_ONE, lacking / relief))


def part(quantity: Decimal, ratio: Decimal, tick: Decimal) -> Decimal:
    """That part of a signed quantity, rounded up to the step, never more than all of it."""
    size = min(abs(quantity), (abs(quantity) * ratio / tick).to_integral_value(ROUND_CEILING) * tick)
    return size if quantity > 0 else -size


def shares(fee: Decimal, liquidator_fee: Decimal, left: Decimal) -> tuple[Decimal, Decimal]:
    """What liquidator and insurance fund get of a fee when ``left`` is the margin behind it, USDC.

    All of it if it is there; then the liquidator's part first; less than that goes to the fund alone.
    """
    if left >= fee:
        return liquidator_fee, fee - liquidator_fee
    if left >= liquidator_fee:
        return liquidator_fee, left - liquidator_fee
    return _ZERO, max(_ZERO, left)


def split(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """``total`` in proportion to the weights, to the last digit: the last one takes what rounding leaves."""
    whole = sum(weights, _ZERO)
    parts = [(total * weight / whole).quantize(_FEE_STEP) if whole else _ZERO for weight in weights[:-1]]
    return [*parts, total - sum(parts, _ZERO)]
