"""Messages whose time the gateway refuses: signed anew once, and only if the time was wrong."""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import Any

import pytest

from orderly_sync import Rest
from orderly_sync.clock import ManualClock
from orderly_sync.errors import ApiError
from orderly_sync.rest.transport import HttpRequest, HttpResponse
from orderly_sync.wallet.timely import timely

BEGAN = 1_790_000_000_000


class Gateway:
    """Refuses messages more than five minutes off; the machine's clock is ``skew`` ms ahead of it."""

    def __init__(self, skew: int, code: int = 2) -> None:
        self.machine = ManualClock(BEGAN)
        self.skew = skew
        self.code = code
        self.always = False
        self.seen: list[int] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        self.machine.advance(0.02)
        now = self.machine.time_ms() - self.skew
        value: dict[str, Any] = {"success": True, "data": {"rows": []}}
        if request.target != "/v1/public/info":
            stamp = int(request.target.rpartition("=")[2])
            self.seen.append(stamp)
            if self.always or abs(stamp - now) > 300_000:
                value = {"success": False, "code": self.code, "message": "timestamp expired"}
        body = json.dumps({**value, "timestamp": now}).encode()
        headers = {"date": formatdate(now / 1000, usegmt=True)}
        return HttpResponse(200 if value["success"] else 400, headers, body)

    def client(self) -> Rest:
        return Rest("testnet", transport=self, clock=self.machine, rate_limits=False)


@timely
def flow(rest: Rest, name: str, *, kind: str = "plain") -> tuple[str, str]:
    """Send the client's time."""
    rest._public.get("/v1/public/config", dict, start_t=rest.clock.time_ms())
    return name, kind


@pytest.mark.parametrize("skew", [-86_400_000, -301_000, 301_000, 3_600_000])
def test_a_message_of_a_wrong_time_is_signed_anew_once(skew: int) -> None:
    """With the venue's time; arguments, result, name and documentation are the flow's own."""
    gateway = Gateway(skew)
    assert flow(gateway.client(), "mine", kind="other") == ("mine", "other")
    assert len(gateway.seen) == 2
    assert abs(gateway.seen[1] - gateway.seen[0] + skew) <= 60
    assert (flow.__name__, flow.__doc__) == ("flow", "Send the client's time.")


@pytest.mark.parametrize("skew", [0, 299_000, -299_000])
def test_a_message_that_is_taken_is_sent_once(skew: int) -> None:
    """Within five minutes either way."""
    gateway = Gateway(skew)
    flow(gateway.client(), "mine")
    assert len(gateway.seen) == 1


@pytest.mark.parametrize(("skew", "sent"), [(0, 1), (301_000, 2)])
def test_a_gateway_that_refuses_all_the_same_is_not_asked_again(skew: int, sent: int) -> None:
    """What it says then is raised."""
    gateway = Gateway(skew)
    gateway.always = True
    with pytest.raises(ApiError) as caught:
        flow(gateway.client(), "mine")
    assert caught.value.code == 2
    assert len(gateway.seen) == sent


@pytest.mark.parametrize("code", [3, 9, 15, 29, -1005, -1007])
def test_other_refusals_are_raised_at_once(code: int) -> None:
    """A wrong clock excuses nothing else."""
    gateway = Gateway(301_000, code)
    with pytest.raises(ApiError):
        flow(gateway.client(), "mine")
    assert len(gateway.seen) == 1
