"""Five hundred lost connections at random bytes and states, half of them judged one by one."""

from __future__ import annotations

from random import Random

import pytest

from tests.faults.disconnects import Disconnects, proxied
from tests.faults.oracles import census


@pytest.mark.parametrize("seed", range(2))
def test_two_hundred_and_fifty_disconnects_lose_repeat_and_disorder_nothing(seed: int):
    """By the ledger; the state is the venue's in the end, and threads, descriptors and memory are back."""
    with census(), proxied(seed=seed) as (ex, proxy):
        run = Disconnects(ex, proxy, Random(seed))
        verdict = run.run(250)
        assert verdict.is_clean, f"seed {seed}: {verdict}"
        assert run.done == 250
        assert verdict.events > 500
