"""All checks, in the order in which one stands on another."""

from __future__ import annotations

from orderly_sync.checks import key, machine, way
from orderly_sync.checks.check import Check

__all__ = ["CHECKS"]

CHECKS: tuple[Check, ...] = (
    Check("python", machine.python),
    Check("dependencies", machine.dependencies),
    Check("journal folder", machine.folder),
    Check("proxies", machine.proxies),
    Check("dns", way.names),
    Check("tls", way.hosts, ("dns",)),
    Check("rest", way.rest, ("tls",)),
    Check("maintenance", way.maintenance, ("rest",)),
    Check("key", key.key, ("rest",)),
    Check("account", key.account, ("key",)),
    Check("clock", way.clock, ("rest",)),  # after signed requests: a refusal tells more
    Check("scopes", key.scopes, ("key",)),
    Check("expiry", key.expiry, ("key",)),
    Check("ip list", key.ip_list, ("account",)),
)
