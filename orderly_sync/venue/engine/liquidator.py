"""Liquidations carried out: accounts frozen, positions offered, claimed, or taken over by the insurance fund."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import attrs

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.commands import ClaimInsuranceFund, ClaimLiquidation
from orderly_sync.venue.engine.deleveraging import deleverage
from orderly_sync.venue.engine.facts import Liquidated, LiquidationEnded, LiquidationOffered, LiquidatorTook
from orderly_sync.venue.engine.ledger import settle, trade
from orderly_sync.venue.engine.liquidation import (
    LiquidationCollateral,
    group,
    holdings,
    is_small,
    part,
    ratio_needed,
    shares,
    split,
)
from orderly_sync.venue.engine.margin import collateral, initial_margin
from orderly_sync.venue.engine.orders import Key
from orderly_sync.venue.engine.records import LiquidatedPosition, LiquidationRow, Offer
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.state import Account, Day, ExchangeState
from orderly_sync.wire.error_codes import (
    INVALID_PARAM,
    LIQUIDATION_REQUEST_RATIO_TOO_SMALL,
    LIQUIDATION_STATUS_ERROR,
    PERCENTAGE_FILTER,
    RISK_TOO_HIGH,
)

__all__ = ["Liquidator"]

_ZERO, _ONE = Decimal(0), Decimal(1)
_GRACE_MS = 10_000
"""How long liquidators have before the insurance fund takes what nobody claims (assumed)."""

Answer = dict[str, object]
Scope = str | None


class Liquidator:
    """Takes over what an account can no longer carry, and has liquidators and the insurance fund take it.

    Args:
        state: What it works on.
        cancel_orders: Cancels all orders of an account, or those of one symbol's isolated position.
    """

    def __init__(self, state: ExchangeState, cancel_orders: Callable[[Account, Scope, str], None]) -> None:
        self._state = state
        self._cancel_orders = cancel_orders

    def watch(self) -> bool:
        """Start and end liquidations at the present mark prices; whether anything happened."""
        happened = False
        for account in self._state.accounts.values():
            if account.is_maker:
                continue
            for scope in self._scopes(account):
                happened |= self._watch(account, scope)
        return happened

    @staticmethod
    def _scopes(account: Account) -> list[Scope]:
        own = [
            key[0]
            for key, entry in account.entries.items()
            if key[1] is MarginMode.ISOLATED and entry.quantity
        ]
        return [None, *dict.fromkeys([*own, *(scope for scope in account.offers if scope is not None)])]

    def _watch(self, account: Account, scope: Scope) -> bool:
        unsafe = holdings(account, self._state.markets, scope).is_unsafe
        offer_id = account.offers.get(scope)
        if offer_id is not None and unsafe:
            return self._offer(account, scope)
        if offer_id is not None:
            self._end(account, scope)
            return True
        if not unsafe:
            return False
        reason = "the account is in liquidation" if scope is None else f"{scope} is in liquidation"
        self._cancel_orders(account, scope, reason)
        # Without its orders the account may be safe again: what they froze is collateral.
        if holdings(account, self._state.markets, scope).is_unsafe:
            account.offers[scope] = self._state.next_liquidation_id()
            self._offer(account, scope)
        return True

    def _end(self, account: Account, scope: Scope) -> None:
        offer_id = account.offers.pop(scope)
        del self._state.offers[offer_id]
        self._state.emit(
            LiquidationEnded(ts=self._state.now, account_id=account.account_id, liquidation_id=offer_id)
        )
        self._state.accounts_changed[account.account_id] = None

    def _offer(self, account: Account, scope: Scope) -> bool:
        """Offer what must go now, and whether that is news; a bankrupt account goes to the insurance fund at once."""
        state, markets = self._state, self._state.markets
        held = holdings(account, markets, scope)
        keys = group(account, markets, held.keys)
        ratio = ratio_needed(account, markets, held, keys)
        offer_id = account.offers[scope]
        previous = state.offers.get(offer_id)
        offer = Offer(
            liquidation_id=offer_id,
            account_id=account.account_id,
            margin_mode=keys[0][1],
            type="liquidated",
            timestamp=previous.timestamp if previous else state.now,
            positions=tuple(
                (key[0], part(account.entry(key).quantity, ratio, markets[key[0]].rules.base_tick))
                for key in keys
            ),
            must_take_all=is_small(account, markets, keys),
            symbol=scope,
        )
        if offer != previous:
            state.offers[offer_id] = offer
            state.emit(LiquidationOffered(ts=state.now, offer=offer))
        if held.is_bankrupt:
            self._take_over(account, scope)
        return offer != previous or held.is_bankrupt

    def claim(self, account: Account, command: ClaimLiquidation) -> Answer:
        """A liquidator takes positions offered.

        Raises:
            Refused: -1202 for an id that is no open liquidation, -1201 for too little, -1005 for ratios out of range,
                -1105 beyond a limit price, -1101 without the margin to hold the positions.
        """
        state = self._state
        offer = state.offers.get(command.liquidation_id)
        if offer is None or offer.type != "liquidated":
            raise Refused(LIQUIDATION_STATUS_ERROR, f"liquidation {command.liquidation_id} is not open")
        if offer.account_id == account.account_id:
            raise Refused(LIQUIDATION_STATUS_ERROR, "an account cannot liquidate itself")
        debtor = state.accounts[offer.account_id]
        ratios = self._ratios(offer, command)
        taken = {}
        for symbol, quantity in offer.positions:
            whole = debtor.entry((symbol, offer.margin_mode)).quantity
            tick = state.market(symbol).rules.base_tick
            first = part(quantity, ratios[symbol], tick)
            taken[symbol] = first + part(whole - quantity, command.extra_liquidation_ratio, tick)
        self._check_liquidator(account, taken, dict(command.limit_price))
        row = self._transfer(debtor, account, offer, {symbol: size for symbol, size in taken.items() if size})
        if holdings(debtor, state.markets, offer.symbol).is_unsafe:
            self._offer(debtor, offer.symbol)
        return {"liquidation_id": row.liquidation_id, "row": row}

    @staticmethod
    def _ratios(offer: Offer, command: ClaimLiquidation) -> dict[str, Decimal]:
        extra = command.extra_liquidation_ratio
        ratios = {symbol: command.ratio_qty_request for symbol, _ in offer.positions}
        for symbol, ratio in command.symbols:
            if symbol not in ratios:
                raise Refused(INVALID_PARAM, f"liquidation {offer.liquidation_id} does not offer {symbol}")
            ratios[symbol] = ratio
        for ratio in (*ratios.values(), extra):
            if not (ratio.is_finite() and 0 <= ratio <= 1):
                raise Refused(INVALID_PARAM, f"ratio {ratio} must be 0 to 1")
        smallest = min(ratios.values())
        if extra and smallest < 1:
            raise Refused(INVALID_PARAM, "extra_liquidation_ratio needs a ratio_qty_request of 1")
        if max(ratios.values()) == 0:
            raise Refused(LIQUIDATION_REQUEST_RATIO_TOO_SMALL, "ratio_qty_request must be above 0")
        if offer.must_take_all and smallest < 1:
            raise Refused(
                LIQUIDATION_REQUEST_RATIO_TOO_SMALL,
                "a liquidation this small must be taken whole: ratio_qty_request 1",
            )
        return ratios

    def _check_liquidator(
        self, account: Account, taken: dict[str, Decimal], limits: dict[str, Decimal]
    ) -> None:
        extra: dict[Key, tuple[Decimal, Decimal]] = {}
        for symbol, size in taken.items():
            mark, limit = self._state.market(symbol).mark, limits.get(symbol)
            if limit is not None and (mark > limit if size > 0 else mark < limit):
                raise Refused(
                    PERCENTAGE_FILTER,
                    f"{symbol} changes hands at mark {plain(mark)}, beyond the limit {plain(limit)}",
                )
            extra[symbol, MarginMode.CROSS] = (max(size, _ZERO), max(-size, _ZERO))
        needed = initial_margin(account, self._state.markets, extra=extra)
        has = collateral(account, self._state.markets)
        if has < needed and not account.is_maker:
            raise Refused(
                RISK_TOO_HIGH,
                f"holding these positions needs {plain(round(needed, 2))} USDC of margin, "
                f"the account has {plain(round(has, 2))}",
            )

    def _transfer(
        self, debtor: Account, taker: Account, offer: Offer, taken: dict[str, Decimal]
    ) -> LiquidationRow:
        """Hand positions over at mark, and the fee to who gets it."""
        state = self._state
        held = holdings(debtor, state.markets, offer.symbol)
        notionals = [abs(size) * state.market(symbol).mark for symbol, size in taken.items()]
        rules = [state.market(symbol).rules for symbol in taken]
        fees = [each * rule.std_liquidation_fee for each, rule in zip(notionals, rules, strict=True)]
        first = [each * rule.liquidator_fee for each, rule in zip(notionals, rules, strict=True)]
        for_taker, for_fund = shares(sum(fees, _ZERO), sum(first, _ZERO), held.collateral)
        rows = []
        for (symbol, size), own, funds in zip(
            taken.items(), split(for_taker, fees), split(for_fund, fees), strict=True
        ):
            rows.append(
                self._hand_over(debtor, taker, (symbol, offer.margin_mode), size, own=own, funds=funds)
            )
        covered = self._settle_flat(debtor, offer.symbol)
        return self._record((debtor, taker), offer, held, rows, covered=covered)

    def _hand_over(
        self, debtor: Account, taker: Account, key: Key, size: Decimal, *, own: Decimal, funds: Decimal
    ) -> LiquidatedPosition:
        state, market = self._state, self._state.market(key[0])
        total = debtor.entry(key).quantity
        self._book(debtor, key, -size, own + funds)
        self._book(taker, (key[0], MarginMode.CROSS), size, -own)
        state.fund.usdc += funds
        return LiquidatedPosition(
            symbol=key[0],
            margin_mode=key[1],
            position_qty=size,
            total_position=total,
            transfer_price=market.mark,
            cost_position_transfer=size * market.mark,
            mark_price=market.mark,
            liquidator_fee=market.rules.liquidator_fee,
            insurance_fund_fee=market.rules.std_liquidation_fee - market.rules.liquidator_fee,
            abs_liquidator_fee=own,
            abs_insurance_fund_fee=funds,
        )

    def _book(self, account: Account, key: Key, size: Decimal, fee: Decimal) -> None:
        state, market = self._state, self._state.market(key[0])
        state.touch(account, key, account.entry(key).quantity)
        account.entries[key], realized = trade(
            account.entry(key),
            size,
            market.mark,
            fee=fee,
            sum_unitary_funding=market.sum_unitary_funding,
            now=state.now,
        )
        if not account.is_maker:
            account.days.setdefault(key, Day()).add(state.now, realized, fee)

    def _settle_flat(self, debtor: Account, scope: Scope) -> Decimal:
        """Settle what is gone; the fund makes good for a loss beyond the collateral. What the fund paid."""
        state = self._state
        for key, entry in tuple(debtor.entries.items()):
            mine = key[1] is MarginMode.CROSS if scope is None else key == (scope, MarginMode.ISOLATED)
            if mine and not entry.quantity and entry.is_listed:
                market = state.market(key[0])
                after, pnl = settle(entry, market.mark, market.sum_unitary_funding, state.now)
                result = pnl + entry.margin
                debtor.entries[key] = attrs.evolve(after, margin=_ZERO)
                if scope is not None:
                    return self._return_isolated(debtor, result)
                debtor.usdc += result
        held = holdings(debtor, state.markets, scope)
        if scope is None and not held.notional and held.collateral < 0:
            return self._cover(debtor, -held.collateral)
        return _ZERO

    def _return_isolated(self, debtor: Account, result: Decimal) -> Decimal:
        debtor.usdc += result
        return self._cover(debtor, -result) if result < 0 else _ZERO

    def _cover(self, debtor: Account, loss: Decimal) -> Decimal:
        debtor.usdc += loss
        self._state.fund.usdc -= loss
        return loss

    def _record(
        self,
        parties: tuple[Account, Account],
        offer: Offer,
        held: LiquidationCollateral,
        rows: list[LiquidatedPosition],
        *,
        covered: Decimal,
    ) -> LiquidationRow:
        """Keep and report what debtor and taker did; ``held`` is what stood behind the debtor before."""
        debtor, taker = parties
        state = self._state
        row = LiquidationRow(
            liquidation_id=offer.liquidation_id,
            account_id=debtor.account_id,
            liquidator_id=taker.account_id,
            type=offer.type,
            timestamp=state.now,
            margin_ratio=held.margin_ratio,
            account_mmr=held.maintenance_ratio,
            position_notional=held.notional,
            collateral_value=held.collateral,
            transfer_amount_to_insurance_fund=-covered + _ZERO,
            positions=tuple(rows),
        )
        state.liquidation_rows.append(row)
        state.emit(Liquidated(ts=state.now, account_id=debtor.account_id, row=row))
        state.emit(LiquidatorTook(ts=state.now, account_id=taker.account_id, row=row))
        state.accounts_changed.update({debtor.account_id: None, taker.account_id: None})
        return row

    def pass_time(self) -> None:
        """Let the insurance fund take what nobody has claimed in time."""
        for offer in tuple(self._state.offers.values()):
            if offer.type == "liquidated" and self._state.now >= offer.timestamp + _GRACE_MS:
                self._take_over(self._state.accounts[offer.account_id], offer.symbol)

    def _take_over(self, debtor: Account, scope: Scope) -> None:
        """The insurance fund takes what is offered, and more as long as the account is unsafe."""
        state = self._state
        while holdings(debtor, state.markets, scope).is_unsafe:
            held = holdings(debtor, state.markets, scope)
            keys = group(debtor, state.markets, held.keys)
            ratio = ratio_needed(debtor, state.markets, held, keys)
            ticks = {key: state.market(key[0]).rules.base_tick for key in keys}
            taken = {key[0]: part(debtor.entry(key).quantity, ratio, ticks[key]) for key in keys}
            self._transfer(debtor, state.fund, state.offers[debtor.offers[scope]], taken)
        deleverage(state)
        self._sell_fund()

    def _sell_fund(self) -> None:
        """Offer the fund's positions to whoever claims them at a discount."""
        state = self._state
        for offer in tuple(state.offers.values()):
            if offer.type == "claim" and offer.symbol is not None:
                held = state.fund.entry((offer.symbol, MarginMode.CROSS)).quantity
                if not held:
                    del state.offers[offer.liquidation_id]
        offered = {offer.symbol: offer for offer in state.offers.values() if offer.type == "claim"}
        for (symbol, _), entry in state.fund.entries.items():
            known = offered.get(symbol)
            positions = ((symbol, entry.quantity),)
            if not entry.quantity or (known is not None and known.positions == positions):
                continue
            offer = Offer(
                liquidation_id=known.liquidation_id if known else state.next_liquidation_id(),
                account_id=state.fund.account_id,
                margin_mode=MarginMode.CROSS,
                type="claim",
                timestamp=state.now,
                positions=positions,
                must_take_all=False,
                symbol=symbol,
            )
            state.offers[offer.liquidation_id] = offer
            state.emit(LiquidationOffered(ts=state.now, offer=offer))

    def claim_fund(self, account: Account, command: ClaimInsuranceFund) -> Answer:
        """Take a position of the insurance fund at mark less the symbol's discount.

        Raises:
            Refused: -1202 for an id that is no open claim, -1005 for a quantity it does not hold, -1105 beyond a limit
                price, -1101 without the margin to hold the position.
        """
        state = self._state
        offer = state.offers.get(command.claim_id)
        if offer is None or offer.type != "claim" or offer.symbol != command.symbol:
            raise Refused(
                LIQUIDATION_STATUS_ERROR, f"claim {command.claim_id} of {command.symbol} is not open"
            )
        key = (command.symbol, MarginMode.CROSS)
        held, rules = state.fund.entry(key).quantity, state.market(command.symbol).rules
        wanted = command.qty_request
        if not (wanted.is_finite() and 0 < wanted <= abs(held)) or wanted % rules.base_tick:
            step = plain(rules.base_tick)
            raise Refused(
                INVALID_PARAM, f"qty_request {wanted} must be in steps of {step} up to {plain(abs(held))}"
            )
        size = wanted if held > 0 else -wanted
        self._check_liquidator(account, {command.symbol: size}, dict(command.limit_price))
        discount = wanted * state.market(command.symbol).mark * rules.claim_insurance_fund_discount
        before = holdings(state.fund, state.markets, None)
        taken = self._hand_over(state.fund, account, key, size, own=discount, funds=_ZERO)
        row = self._record((state.fund, account), offer, before, [taken], covered=_ZERO)
        self._sell_fund()
        return {"liquidation_id": row.liquidation_id, "row": row}
