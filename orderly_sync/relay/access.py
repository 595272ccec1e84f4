"""Who may do what in Redis, as rules of its ACL: a relay writes, a bot reads and writes what is its own. Pure.

``ACL SETUSER NAME on >PASSWORD`` and then the rules. They need Redis 7 or newer, or Valkey.
"""

from __future__ import annotations

from orderly_sync.relay.keys import KeyLayout

__all__ = ["bot_rules", "relay_rules"]

_BOTH = "resetkeys resetchannels -@all +ping +auth +hello +select +client|setname +info +multi +exec +discard"
_READS = "+get +exists +hget +hgetall +hmget +hkeys +xread +xrange +xrevrange +zrange +zcount +zcard"
_OWN = "+set +del +expire +pexpire +hset +hdel +xadd +zadd +zremrangebyscore +evalsha +script|load"
_RELAYS = "+scan +incr +xtrim"


def relay_rules(prefix: str) -> list[str]:
    """What a relay needs: all keys of its prefix, and no more."""
    keys = KeyLayout(prefix)
    return f"{_BOTH} {_READS} {_OWN} {_RELAYS} ~{{{keys.prefix}}}:*".split()


def bot_rules(prefix: str, name: str) -> list[str]:
    """What the bot of a group needs: all keys to read, to write its wishes, its group and its share of rate limits.

    Args:
        prefix: The relay's.
        name: The bot's ``group=``.
    """
    keys = KeyLayout(prefix)
    own = (keys.wishes(name), keys.group(name), keys.reader(name), keys.asks, keys.rate("*"))
    return [*f"{_BOTH} {_READS} {_OWN}".split(), f"%R~{{{keys.prefix}}}:*", *(f"~{key}" for key in own)]
