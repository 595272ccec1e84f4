"""The rules of each market and the markets a paper venue opens with.

All figures are chosen after the shape of the public ones; the reference price only says where a market starts.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import attrs

from orderly_sync.models.enums import SymbolStatus

__all__ = ["SYMBOLS", "SymbolRules"]

D = Decimal
_CREATED = 1_684_140_107_326


@attrs.frozen(kw_only=True)
class SymbolRules:
    """What one market allows; fields as in GET /v1/public/info. Prices and notionals in USDC, ratios as fractions."""

    symbol: str
    quote_min: Decimal
    quote_max: Decimal
    quote_tick: Decimal
    base_min: Decimal
    base_max: Decimal
    base_tick: Decimal
    reference_price: Decimal
    """Mark and index price at the opening of the venue."""
    base_imr: Decimal
    base_mmr: Decimal
    imr_factor: Decimal
    min_notional: Decimal = D(10)
    price_range: Decimal = D("0.03")
    price_scope: Decimal = D("0.4")
    std_liquidation_fee: Decimal = D("0.012")
    liquidator_fee: Decimal = D("0.006")
    claim_insurance_fund_discount: Decimal = D("0.0075")
    liquidation_tier: int = 2
    funding_period: int = 8
    """Hours."""
    cap_funding: Decimal = D("0.00375")
    floor_funding: Decimal = D("-0.00375")
    interest_rate: Decimal = D("0.0001")
    cap_ir: Decimal = D("0.0005")
    floor_ir: Decimal = D("-0.0005")
    global_max_oi_cap: Decimal = D(20_000_000)
    """USDC notional; the unit is not published."""
    status: SymbolStatus = SymbolStatus.ACTIVE
    created_time: int = _CREATED
    updated_time: int = _CREATED

    @property
    def max_leverage(self) -> int:
        """1 / base_imr, whole."""
        return int(1 / self.base_imr)

    @property
    def base(self) -> str:
        """The asset traded, such as ETH."""
        return self.symbol.split("_")[1]

    def price_below(self, price: Decimal) -> Decimal:
        """The highest price on the tick that is not above ``price``, within the bounds."""
        return max(
            self.first_price,
            min(_on_step(price, self.quote_min, self.quote_tick, ROUND_FLOOR), self.quote_max),
        )

    def price_above(self, price: Decimal) -> Decimal:
        """The lowest price on the tick that is not below ``price``, within the bounds."""
        return min(
            self.quote_max,
            max(_on_step(price, self.quote_min, self.quote_tick, ROUND_CEILING), self.first_price),
        )

    @property
    def first_price(self) -> Decimal:
        """The lowest price that can be asked: never 0."""
        return self.quote_min if self.quote_min > 0 else self.quote_tick

    def quantity_below(self, quantity: Decimal) -> Decimal:
        """The largest quantity on the step that is not above ``quantity``; may be under the minimum, never negative."""
        return max(D(0), _on_step(quantity, self.base_min, self.base_tick, ROUND_FLOOR))

    def quantity_above(self, quantity: Decimal) -> Decimal:
        """The smallest quantity on the step that is not below ``quantity``, at least the minimum."""
        return max(self.base_min, _on_step(quantity, self.base_min, self.base_tick, ROUND_CEILING))


def _on_step(value: Decimal, origin: Decimal, step: Decimal, rounding: str) -> Decimal:
    return origin + ((value - origin) / step).to_integral_value(rounding) * step


def _market(
    base: str, *, price: str, tick: str, lot: str, most: str, factor: str, **more: Any
) -> SymbolRules:
    """A smaller market, ten times leverage, unless ``more`` says otherwise."""
    rules = SymbolRules(
        symbol=f"PERP_{base}_USDC",
        quote_min=D(0),
        quote_max=D(price) * 50,
        quote_tick=D(tick),
        base_min=D(lot),
        base_max=D(most),
        base_tick=D(lot),
        reference_price=D(price),
        base_imr=D("0.1"),
        base_mmr=D("0.05"),
        imr_factor=D(factor),
    )
    return attrs.evolve(rules, **more)


def _liquid(lev: int, tier: int) -> dict[str, Any]:
    """What sets a liquid market apart: high leverage, halved liquidation fees."""
    return {
        "base_imr": D(1) / lev,
        "base_mmr": D(6) / (D(10) * lev),
        "std_liquidation_fee": D("0.006"),
        "liquidator_fee": D("0.003"),
        "claim_insurance_fund_discount": D("0.005"),
        "liquidation_tier": tier,
        "global_max_oi_cap": D(250_000_000),
    }


SYMBOLS: tuple[SymbolRules, ...] = (
    _market(
        "BTC", price="64000", tick="1", lot="0.00001", most="40", factor="0.0000000512", **_liquid(50, 1)
    ),
    _market(
        "ETH", price="3400", tick="0.1", lot="0.0001", most="600", factor="0.0000000512", **_liquid(50, 1)
    ),
    _market("SOL", price="150", tick="0.01", lot="0.01", most="12000", factor="0.0000002", **_liquid(20, 2)),
    _market(
        "NEAR", price="5.2", tick="0.0001", lot="0.1", most="200000", factor="0.00000125", funding_period=4
    ),
    _market("WOO", price="0.25", tick="0.00001", lot="1", most="2000000", factor="0.00000278"),
    _market(
        "ARB", price="0.8", tick="0.0001", lot="0.1", most="900000", factor="0.00000125", funding_period=4
    ),
    _market(
        "OP", price="1.9", tick="0.0001", lot="0.1", most="400000", factor="0.00000125", funding_period=4
    ),
    _market("DOGE", price="0.12", tick="0.00001", lot="1", most="6000000", factor="0.000000625"),
    _market("AVAX", price="28", tick="0.001", lot="0.1", most="30000", factor="0.000000625"),
    _market("LINK", price="14", tick="0.001", lot="0.1", most="60000", factor="0.000000625"),
    _market(
        "SUI", price="1.1", tick="0.0001", lot="0.1", most="700000", factor="0.00000125", funding_period=1
    ),
    _market("BNB", price="570", tick="0.1", lot="0.001", most="1500", factor="0.000000625"),
)
"""Twelve markets at mid-2024 prices."""
