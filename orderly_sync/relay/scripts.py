"""What Redis does for a relay in one step, as Lua. Text only.

Each script names all keys it touches, which share one hash tag, so they run on a Redis Cluster, too.
"""

from __future__ import annotations

__all__ = ["ACQUIRE", "FENCED", "KEEP", "PUBLISH", "RELEASE", "RENEW"]

FENCED = "FENCED"
"""How the answer begins to a write whose token is not the last one."""

PUBLISH = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('FENCED another relay has led since')
end
local head = redis.call('GET', KEYS[2]) or '0-0'
if head ~= ARGV[2] and head ~= ARGV[3] then
  return redis.error_reply('FENCED this Redis does not hold what was written last')
end
local at, refused = 4, 0
while at <= #ARGV do
  local count = tonumber(ARGV[at])
  local call = {ARGV[at + 1], KEYS[tonumber(ARGV[at + 2])]}
  for one = 3, count do
    call[one] = ARGV[at + one]
  end
  local told = redis.pcall(unpack(call))
  if type(told) == 'table' and told['err'] then
    if ARGV[at + 1] == 'XADD' and string.find(told['err'], 'equal or smaller') then
      refused = refused + 1
    else
      return told
    end
  end
  at = at + count + 1
end
redis.call('SET', KEYS[2], ARGV[3])
return refused
"""
"""Writes, unless another has led since or Redis has lost what was written. ``KEYS[1]`` is the fence and ``ARGV[1]``
the token, ``KEYS[2]`` the last entry's id, ``ARGV[2]`` what it must be and ``ARGV[3]`` what it becomes; then for each
command how many words it has, its name, the number of its key, and the rest. How many entries were there already."""

ACQUIRE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return redis.call('INCR', KEYS[2])
end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return redis.call('INCR', KEYS[2])
end
return 0
"""
"""Takes the lease ``KEYS[1]`` for so many milliseconds if it is free or one's own: a new token of the fence
``KEYS[2]``, or 0."""

RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
"""
"""Prolongs the lease ``KEYS[1]`` if it is still one's own: 1, else 0."""

RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
"""
"""Gives the lease ``KEYS[1]`` back if it is still one's own."""

KEEP = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
for at = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
end
return 1
"""
"""Writes fields of the hash ``KEYS[2]`` if the lease ``KEYS[1]`` is still one's own: 1, else 0."""
