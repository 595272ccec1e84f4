"""Checks of an account's key: whether the venue knows it, what it may do, until when, and from where."""

from __future__ import annotations

from orderly_sync.checks.check import CheckSubject, Finding, failed, fine, skipped, warned
from orderly_sync.models.account_enums import IpRestrictionStatus, KeyScope
from orderly_sync.models.key import OrderlyKey

__all__ = ["account", "expiry", "ip_list", "key", "scopes"]

_DAY_MS = 86_400_000
_SOON = 7
_NONE = "no account: only market data can be had"
_ADD = "add a new one: the venue's web page, or ex.wallet of this package, and orderly-sync keys add"


def key(subject: CheckSubject) -> Finding:
    """Whether the venue knows the key as one of the account's."""
    found = _public(subject)
    if found is None:
        return skipped(_NONE)
    return fine(f"{found.orderly_key[:16]}... is known to the venue")


def _public(subject: CheckSubject) -> OrderlyKey | None:
    own = subject.credentials
    if own is None:
        return None
    return subject.rest.keys.get(account_id=own.account_id, orderly_key=own.key)


def account(subject: CheckSubject) -> Finding:
    """Whether the venue takes what the key signs."""
    if subject.credentials is None:
        return skipped(_NONE)
    held = subject.rest.account.info()
    return fine(f"signed requests of {held.account_id[:10]}... are taken")


def scopes(subject: CheckSubject) -> Finding:
    """Whether the key may read and trade."""
    found = _public(subject)
    if found is None:
        return skipped(_NONE)
    has = found.scopes
    shown = ", ".join(sorted(str(one) for one in has)) or "none"
    if not has:
        return skipped("the venue does not say what the key may do")
    if KeyScope.READ not in has:
        return failed(f"the key may only do: {shown}", f"its scope must hold read; {_ADD}")
    if KeyScope.TRADING not in has:
        return warned(f"the key may only do: {shown}", f"to place orders its scope must hold trading; {_ADD}")
    return fine(shown)


def expiry(subject: CheckSubject) -> Finding:
    """Whether the key ends soon."""
    found = _public(subject)
    if found is None:
        return skipped(_NONE)
    if not found.expiration:
        return skipped("the venue does not say when the key ends")
    days = (found.expiration - subject.rest.clock.time_ms()) / _DAY_MS
    when = found.expires_at
    shown = f"{when:%Y-%m-%d %H:%M} UTC" if when else "an unknown time"
    if days <= 0:
        return failed(f"the key ended at {shown}", _ADD)
    if days < _SOON and subject.network.name != "paper":  # a paper venue's keys are made for the day
        return warned(f"the key ends in {days:.1f} days, {shown}", _ADD)
    return fine(f"the key ends {shown}")


def ip_list(subject: CheckSubject) -> Finding:
    """Whether the key may be used from the address at which the venue sees this machine."""
    own = subject.credentials
    if own is None:
        return skipped(_NONE)
    known = next((one for one in subject.rest.keys.info() if one.orderly_key == own.key), None)
    if known is None:
        return skipped("the venue does not list the key among the account's")
    here = subject.rest.system.ip_info().ip or "an address that it does not say"
    if known.ip_restriction_status == IpRestrictionStatus.DISALLOW_ALL_IPS:
        return failed(
            "the key may be used from nowhere", "allow addresses: rest.keys.set_ip_restriction(...)"
        )
    allowed = known.ip_restriction_list or ()
    if not allowed:
        return (
            warned(
                f"the key may be used from everywhere; the venue sees this machine at {here}",
                "a key of real money is safer if it works from your addresses only: rest.keys.set_ip_restriction(...)",
            )
            if subject.network.name == "mainnet"
            else fine(f"from everywhere; this machine is {here}")
        )
    return fine(f"from {', '.join(allowed)}; the venue sees this machine at {here}")
