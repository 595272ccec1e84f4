"""What happens between a request and its answer: every way it can fail, told by phase, and nothing sent twice."""

from __future__ import annotations

import gzip
import json
import zlib
from functools import cache

import pytest

from orderly_sync import errors
from orderly_sync.rest import Rest
from orderly_sync.rest.connection import Connections
from orderly_sync.rest.transport import ConnectionBroken
from tests.support.http_host import HttpHost, answer, drip, hang_up, plain, raw, reset, silence
from tests.support.rest_client import INFO, ME, ONCE, here, place, read


@cache
def blown_up():
    """200 KB that inflate to 200 MiB."""
    press = zlib.compressobj(9, wbits=31)
    return b"".join(press.compress(b" " * (1 << 20)) for _ in range(200)) + press.flush()


def bomb(host, sock, seen):
    raw(plain(blown_up(), headers="Content-Encoding: gzip\r\n"))(host, sock, seen)


def test_an_answer_that_blows_up_is_left_packed():
    """Sixteen megabytes are unpacked, no more; the error says so."""
    body = blown_up()
    packed = raw(plain(body, headers="Content-Encoding: gzip\r\n"))
    with (
        HttpHost(packed) as host,
        here(host) as rest,
        pytest.raises(errors.TransportError, match="inflates beyond 16 MiB"),
    ):
        read(rest)
    assert len(body) < 256 * 1024


@pytest.mark.parametrize(
    "act",
    [
        hang_up,
        reset,
        silence,
        drip(plain(b'{"success":true,"data":{}}', headers="X-Long: " + "y" * 99 + "\r\n")),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", close=True),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}", close=True),
        raw(b"this is no HTTP\r\n\r\n", close=True),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"),
        bomb,
        raw(plain(b"no gzip", headers="Content-Encoding: gzip\r\n")),
        raw(plain(gzip.compress(b"{}" * 9)[:-9], headers="Content-Encoding: gzip\r\n")),
        raw(plain(b"??", headers="Content-Encoding: br\r\n")),
    ],
    ids=[
        "hang up", "reset", "silence", "drip", "cut body", "cut chunk", "no http", "huge length", "many headers",
        "long header", "gzip bomb", "no gzip", "cut gzip", "unknown encoding",
    ],
)  # fmt: skip
def test_a_lost_answer_leaves_a_write_open_and_fails_a_read(act):
    """The write says which order to ask for and is sent once; the read is a plain transport error."""
    with HttpHost(act) as host, here(host) as rest, pytest.raises(errors.OrderOutcomeUnknown) as caught:
        place(rest)
    assert caught.value.client_order_id == "mine"
    assert caught.value.request == "POST /v1/order"
    assert [seen.method for seen in host.seen] == ["POST"]

    with HttpHost(act) as host, here(host) as rest, pytest.raises(errors.TransportError) as caught:
        read(rest)
    assert type(caught.value) in {errors.TransportError, errors.TimedOut}
    assert rest.stats().lost == 1


def test_a_body_beyond_the_limit_is_not_read():
    """Sixteen megabytes are the end, whether the length was told or not."""
    endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"100000\r\n" + b" " * 0x100000
    with HttpHost(raw(endless + (b"\r\n100000\r\n" + b" " * 0x100000) * 20)) as host:
        connections = Connections(host.url, connect=1, now=lambda: 0.0, limit=1 << 20)
        with pytest.raises(ConnectionBroken, match="exceeds 1 MiB"):
            connections.exchange("GET", "/", {}, b"", 5.0)


@pytest.mark.parametrize("act", [silence, drip(plain(b" " * 5000))])
def test_a_deadline_holds_for_the_whole_answer(act):
    """A host that drips its answer cannot hold a caller longer than one that is silent."""
    with HttpHost(act) as host, here(host) as rest, pytest.raises(errors.TimedOut):
        read(rest)


def test_no_connection_means_nothing_was_sent():
    """A refused connection is safe to repeat, for writes too."""
    with HttpHost() as host:
        network = host.network
    with Rest(network, ME, retries=ONCE) as rest, pytest.raises(errors.ConnectFailed):
        place(rest)


@pytest.mark.parametrize("encoding", [gzip.compress, zlib.compress])
def test_an_answer_compressed_unasked_is_read(encoding):
    """Small, whole and of a known kind, it is harmless."""
    body = encoding(json.dumps({"success": True, "data": INFO}).encode())
    kind = "gzip" if encoding is gzip.compress else "deflate"
    with HttpHost(raw(plain(body, headers=f"Content-Encoding: {kind}\r\n"))) as host, here(host) as rest:
        assert read(rest).symbol == "PERP_ETH_USDC"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_errors(status):
    """Neither body nor signature goes where a redirect points."""
    with HttpHost() as other, HttpHost(answer(status=status, headers=f"Location: {other.url}/\r\n")) as host:
        with here(host) as rest, pytest.raises(errors.ApiError, match="redirects are never followed"):
            place(rest)
        assert len(host.seen) == 1
        assert other.seen == []


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"<html>Bad gateway</html>", 502, errors.ApiError),
        (b"", 200, errors.DecodingError),
        (b"", 401, errors.AuthenticationError),
        (b'{"success":true,"data":{"symb', 200, errors.DecodingError),
        (b"\xef\xbb\xbf{}", 200, errors.DecodingError),
        (b"[" * 100_000, 200, errors.DecodingError),
        (b'{"success":true,"data":{"symbol":"A","mark_price":NaN}}', 200, errors.DecodingError),
        (b'{"success":true,"data":[]}', 200, errors.DecodingError),
        (b'"text"', 200, errors.DecodingError),
        (b'{"success":false,"code":-1005,"message":"no"}', 200, errors.BadRequest),
        (b'{"success":false,"code":-1006,"message":"no"}', 400, errors.NotFound),
        (b'{"success":false,"code":"INVALID_CODE","message":"no"}', 400, errors.BadRequest),
        (b'{"success":false,"code":-1003,"message":"slow"}', 429, errors.RateLimited),
    ],
)
def test_answers_that_are_none_have_a_typed_error(body, status, kind):
    """Whatever a host says, a read raises one of this package's errors and says where."""
    with HttpHost(raw(plain(body, status))) as host, here(host) as rest, pytest.raises(kind) as caught:
        read(rest)
    assert "/v1/public/futures/{symbol}" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, -1000), (502, None), (503, -1011), (504, None), (400, -1011), (400, -1000), (409, -1007)],
)
def test_refusals_that_may_hide_a_success_leave_a_placement_open(status, code):
    """The venue says so itself of a failure inside; an id that exists already may be this very order."""
    refusal = answer(status=status, success=False, code=code, message="no idea")
    with HttpHost(refusal) as host, here(host) as rest, pytest.raises(errors.OrderOutcomeUnknown) as caught:
        place(rest)
    assert caught.value.client_order_id == "mine"
    assert len(host.seen) == 1


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, -1101, errors.InsufficientMargin),
        (400, -1103, errors.InvalidOrder),
        (400, -1005, errors.BadRequest),
        (400, -1012, errors.BadRequest),
        (401, -1001, errors.AuthenticationError),
        (429, -1003, errors.RateLimited),
    ],
)
def test_refusals_that_are_final_say_what_was_wrong(status, code, kind):
    """These were not placed, for sure."""
    refusal = answer(status=status, success=False, code=code, message="no")
    with HttpHost(refusal) as host, here(host) as rest, pytest.raises(kind) as caught:
        place(rest)
    assert (caught.value.code, caught.value.status) == (code, status)
    assert len(host.seen) == 1


def test_an_answer_that_cannot_be_read_leaves_a_write_open():
    """The host said 200; what it did remains to be asked."""
    with HttpHost(raw(plain(b'{"success":tr'))) as host, here(host) as rest:
        with pytest.raises(errors.OrderOutcomeUnknown, match="not readable"):
            place(rest)
        with pytest.raises(errors.OrderOutcomeUnknown):
            rest.orders.cancel_by_client_order_id(symbol="PERP_ETH_USDC", client_order_id="mine")


def test_a_duplicate_elsewhere_is_a_duplicate():
    """Only a placement can have been placed by its own lost twin."""
    refusal = answer(status=409, success=False, code=-1007, message="twice")
    with HttpHost(refusal) as host, here(host) as rest, pytest.raises(errors.Duplicate):
        rest.config.set_leverage(leverage=5)
    assert len(host.seen) == 1
