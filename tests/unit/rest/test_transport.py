"""What happens between a request and its answer: every way it can fail, told by phase, and nothing sent twice."""

from __future__ import annotations

import gzip
import json
import logging
import threading
import traceback
import zlib

import pytest
import responses

from orderly_sync import errors
from orderly_sync.config import Timeouts
from orderly_sync.credentials import Credentials, Secret
from orderly_sync.rest import Rest, Retries
from orderly_sync.rest.connection import Broken, Connections, NotConnected
from orderly_sync.signing import request_message, verify
from tests.support.http_host import TLS, HttpHost, answer, drip, hang_up, plain, raw, reset, silence

SECRET = Secret.generate()
ME = Credentials(account_id="0x" + "ab" * 32, secret=SECRET)
ONCE = Retries(tries=1)
HASTY = Timeouts(connect=0.3, request=0.3)
CREATED = {"order_id": 7, "client_order_id": "mine", "error_message": "none"}
INFO = {"symbol": "PERP_ETH_USDC", "mark_price": 3000.1}


def here(host, **more):
    return Rest(host.network, ME, **{"timeouts": HASTY, "retries": ONCE, "rate_limits": False, **more})


def place(rest):
    return rest.orders.create(
        symbol="PERP_ETH_USDC",
        order_type="LIMIT",
        side="BUY",
        order_price="3000",
        order_quantity="0.1",
        client_order_id="mine",
    )


def read(rest):
    return rest.market.futures_info("PERP_ETH_USDC")


def bomb(host, sock, seen):
    """200 KB that inflate to 200 MiB."""
    press = zlib.compressobj(9, wbits=31)
    body = b"".join(press.compress(b" " * (1 << 20)) for _ in range(200)) + press.flush()
    raw(plain(body, headers="Content-Encoding: gzip\r\n"))(host, sock, seen)


def test_what_is_sent_is_what_was_signed():
    """The host can verify the signature over the target and body as they arrived."""
    with HttpHost(answer(CREATED), answer({"rows": [], "meta": {"total": 0}})) as host, here(host) as rest:
        place(rest)
        rest.orders.list(symbol="PERP_ETH_USDC", order_tag="a b&c=d/é+%")

    for seen in host.seen:
        stamp = int(seen.headers["orderly-timestamp"])
        message = request_message(stamp, seen.method, seen.target, seen.body)
        assert verify(seen.headers["orderly-key"], message, seen.headers["orderly-signature"])
        assert seen.headers["orderly-account-id"] == ME.account_id
    assert json.loads(host.seen[0].body)["order_price"] == 3000
    assert host.seen[1].target == "/v1/orders?symbol=PERP_ETH_USDC&order_tag=a%20b%26c%3Dd%2F%C3%A9%2B%25"


def test_headers_are_the_venues_and_few():
    """Content types as the venue wants them, no compression asked for, nothing of the environment."""
    with HttpHost(answer(CREATED), answer(INFO)) as host, here(host) as rest:
        place(rest)
        read(rest)
    write, public = (seen.headers for seen in host.seen)

    assert write["content-type"] == "application/json"
    assert public["content-type"] == "application/x-www-form-urlencoded"
    assert {seen.headers["accept-encoding"] for seen in host.seen} == {"identity"}
    assert not any(name.startswith("orderly-") for name in public)
    assert set(public) == {"host", "accept-encoding", "accept", "user-agent", "content-type"}


def test_a_connection_is_used_again():
    """Requests of one thread share one connection."""
    with HttpHost(answer(INFO)) as host, here(host) as rest:
        for _ in range(3):
            read(rest)
    assert {seen.connection for seen in host.seen} == {0}


def test_a_connection_that_the_host_closed_is_not_used_again():
    """A keep-alive that ended meanwhile is noticed before the next write is sent on it."""
    done = threading.Event()

    def last(host, sock, seen):
        answer(INFO)(host, sock, seen)
        hang_up(host, sock, seen)
        done.set()

    with HttpHost(last, answer(CREATED)) as host, here(host) as rest:
        read(rest)
        done.wait(5)
        assert place(rest).order_id == 7
    assert [seen.connection for seen in host.seen] == [0, 1]


def test_closing_keeps_the_client_usable():
    """close() gives up idle connections; the next call dials anew."""
    with HttpHost(answer(INFO)) as host, here(host) as rest:
        read(rest)
        rest.close()
        read(rest)
    assert [seen.connection for seen in host.seen] == [0, 1]


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
        with pytest.raises(Broken, match="exceeds 1 MiB"):
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


def test_signed_calls_need_credentials():
    """Without a key only public operations can be called; nothing is sent."""
    with HttpHost(answer(INFO)) as host, Rest(host.network) as rest:
        assert read(rest).mark_price is not None
        with pytest.raises(errors.UsageError, match="credentials"):
            rest.positions.list()
    assert len(host.seen) == 1


def test_errors_show_neither_signature_nor_headers(caplog):
    """Not the error, not its causes, not the frames of its traceback, not the log."""
    caplog.set_level(logging.DEBUG)
    signatures = []
    texts = []
    for act in (reset, answer(status=502), raw(b"junk\r\n\r\n", close=True)):
        with HttpHost(act) as host, here(host) as rest:
            try:
                place(rest)
            except errors.OrderlyError as exc:
                told = traceback.TracebackException.from_exception(exc)
                texts += [
                    repr(exc),
                    str(exc),
                    "".join(told.format()),
                    repr(exc.__cause__),
                    repr(exc.__context__),
                ]
            signatures += [seen.headers["orderly-signature"] for seen in host.seen]
    shown = "\n".join([*texts, caplog.text])

    assert len(signatures) == 3
    assert [signature for signature in signatures if signature in shown] == []


def test_the_environment_is_ignored(monkeypatch, tmp_path):
    """Proxies, netrc and bundles of certificates in the environment change nothing."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password word\n")
    netrc.chmod(0o600)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    with HttpHost(answer(INFO)) as host, here(host) as rest:
        read(rest)
    assert "authorization" not in host.seen[0].headers


def test_tls_with_an_authority_of_ones_own():
    """A host signed by the authority of ca_file is spoken to."""
    with HttpHost(answer(INFO), certificate=TLS / "host.pem") as host:
        with here(host, ca_file=str(TLS / "authority.pem")) as rest:
            assert read(rest).symbol == "PERP_ETH_USDC"
        assert len(host.seen) == 1


@pytest.mark.parametrize(
    ("certificate", "ca_file"),
    [("host.pem", None), ("stranger.pem", "authority.pem")],
    ids=["unknown", "wrong name"],
)
def test_tls_refuses_who_it_does_not_know(certificate, ca_file):
    """Neither an unknown authority nor another's name is accepted; nothing of the request leaves."""
    with HttpHost(answer(CREATED), certificate=TLS / certificate) as host:
        with (
            here(host, ca_file=str(TLS / ca_file) if ca_file else None) as rest,
            pytest.raises(errors.ConnectFailed, match="certificate"),
        ):
            place(rest)
        assert host.seen == []


def test_tls_is_not_spoken_to_a_plain_host():
    """A host that answers without TLS gets nothing."""
    with HttpHost(answer(CREATED)) as host:
        secure = Connections(host.url.replace("http:", "https:"), connect=0.2, now=lambda: 0.0, limit=9)
        with pytest.raises(NotConnected):
            secure.exchange("POST", "/v1/order", {"x": "y"}, b"{}", 2.0)
        assert host.seen == []


def test_a_proxy_is_used_when_it_is_given():
    """A plain host is asked through it by its whole URL, a secure one through a tunnel; its user goes to it alone."""
    with HttpHost(answer(INFO)) as proxy, HttpHost() as host:
        with here(host, proxy=f"http://me:a%40b@127.0.0.1:{proxy.port}") as rest:
            read(rest)
        assert proxy.seen[0].target == f"{host.url}/v1/public/futures/PERP_ETH_USDC"
        assert proxy.seen[0].headers["proxy-authorization"] == "Basic bWU6YUBi"
        assert host.seen == []

    tunnel = raw(b"HTTP/1.1 200 Established\r\n\r\n")
    with HttpHost(tunnel, answer(INFO), certificate=TLS / "host.pem") as host:
        with here(
            host, proxy=f"http://me:word@127.0.0.1:{host.port}", ca_file=str(TLS / "authority.pem")
        ) as rest:
            assert read(rest).symbol == "PERP_ETH_USDC"
        assert [seen.method for seen in host.seen] == ["CONNECT", "GET"]
        assert "proxy-authorization" in host.seen[0].headers
        assert "proxy-authorization" not in host.seen[1].headers


def test_a_proxy_that_refuses_is_a_failed_connection():
    """Nothing of the request has left."""
    with HttpHost(answer(status=407), certificate=TLS / "host.pem") as host:
        with (
            here(host, proxy=f"http://127.0.0.1:{host.port}") as rest,
            pytest.raises(errors.ConnectFailed, match="proxy answered 407"),
        ):
            place(rest)
        assert [seen.method for seen in host.seen] == ["CONNECT"]


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:1", "http://127.0.0.1", "127.0.0.1:1", ""])
def test_what_is_no_proxy_is_refused(url):
    """Only HTTP proxies with a port are spoken to; the message never repeats the URL, which may hold a password."""
    with pytest.raises(errors.UsageError, match="URL of an HTTP proxy"):
        Rest("testnet", proxy=url)


def test_the_adapter_of_requests_is_the_seam():
    """What mocks or records traffic at requests' adapter sees every request, whole."""
    with responses.RequestsMock() as mock, Rest("testnet", ME) as rest:
        mock.post("https://testnet-api.orderly.org/v1/order", json={"success": True, "data": CREATED})
        assert place(rest).is_accepted
        (call,) = mock.calls
    assert json.loads(call.request.body)["client_order_id"] == "mine"
    assert call.request.headers["orderly-account-id"] == ME.account_id


def test_a_failure_at_the_seam_is_scrubbed():
    """What requests raises holds the signed headers; it is replaced."""
    with responses.RequestsMock() as mock, Rest("testnet", ME, retries=ONCE) as rest:
        mock.post(
            "https://testnet-api.orderly.org/v1/order", body=responses.ConnectionError("orderly-signature: x")
        )
        with pytest.raises(errors.OrderOutcomeUnknown) as caught:
            place(rest)
    assert "signature" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_numbers_are_floats_for_those_who_want_them():
    """numbers=float reaches every answer."""
    with HttpHost(answer(INFO)) as host, here(host, numbers=float) as rest:
        assert type(read(rest).mark_price) is float


def test_threads_share_one_client():
    """32 threads sign at once: every request is signed over its own bytes, none gets another's answer."""

    def echo(host, sock, seen):
        symbol = seen.target.partition("symbol=")[2]
        answer({"rows": [{"symbol": symbol, "price": 1, "id": 1, "order_id": 1}], "meta": {"total": 1}})(
            host, sock, seen
        )

    wrong = []

    def ask(number):
        for turn in range(5):
            symbol = f"PERP_T{number}N{turn}_USDC"
            if rest.orders.fills(symbol=symbol)[0].symbol != symbol:
                wrong.append(symbol)

    with HttpHost(echo) as host, here(host, timeouts=Timeouts()) as rest:
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert wrong == []
    assert len(host.seen) == 160
    assert all(
        verify(
            seen.headers["orderly-key"],
            request_message(int(seen.headers["orderly-timestamp"]), seen.method, seen.target, seen.body),
            seen.headers["orderly-signature"],
        )
        for seen in host.seen
    )
    assert rest.stats().sent == 160
