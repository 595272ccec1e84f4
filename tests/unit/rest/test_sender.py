"""What leaves this machine, to whom, and what does not: signatures, headers, connections, TLS, proxies."""

from __future__ import annotations

import json
import logging
import socket
import threading
import traceback

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import errors
from orderly_sync.clock import ManualClock
from orderly_sync.config import Timeouts
from orderly_sync.rest import Rest, Retries, connection
from orderly_sync.rest.request import build
from orderly_sync.rest.transport import NotSent
from orderly_sync.signing import request_message, verify
from tests.support.http_host import TLS, HttpHost, answer, hang_up, raw, reset
from tests.support.rest_client import CREATED, INFO, ME, ONCE, here, place, read


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
    assert (
        host.seen[1].target
        == "/v1/orders?symbol=PERP_ETH_USDC&order_tag=a%20b%26c%3Dd%2F%C3%A9%2B%25&page=1&size=25"
    )


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


def test_tls_is_not_given_up_for_a_plain_host():
    """A host that answers without TLS gets nothing but the greeting."""
    greetings = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_plainly():
            sock, _ = listener.accept()
            with sock:
                greetings.append(sock.recv(65536))
                sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer_plainly)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        secure = connection.Connections(url, connect=2, now=lambda: 0.0, limit=9)
        with pytest.raises(NotSent, match="TLS failed"):
            secure.exchange("POST", "/v1/order", {"x": "y"}, b"{}", 2.0)
        thread.join()
    assert b"/v1/order" not in greetings[0]


def test_tls_is_prepared_once():
    """Further connections use the same authorities without reading them again."""
    with HttpHost(answer(INFO), certificate=TLS / "host.pem") as host:
        with here(host, ca_file=str(TLS / "authority.pem")) as rest:
            read(rest)
            rest.close()
            read(rest)
        assert [seen.connection for seen in host.seen] == [0, 1]


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


def test_a_client_says_whose_it_is():
    """By network and short account, never by secret."""
    assert repr(Rest("testnet")) == "Rest('testnet', public)"
    shown = repr(Rest("mainnet", ME))
    assert "0xabab" in shown
    assert ME.secret.reveal() not in shown


def test_retries_are_counted():
    """stats() tells tries, further tries and losses apart."""
    patient = Retries(tries=3, first=0.001)
    with HttpHost(hang_up, answer(INFO)) as host, here(host, retries=patient) as rest:
        read(rest)
        stats = rest.stats()
    assert (stats.sent, stats.retried, stats.lost) == (2, 1, 1)
    assert (stats.waits, stats.limits) == (0, {})


def test_limits_are_kept_and_shown():
    """With the limits on, a runaway loop is slowed down here."""
    clock = ManualClock()
    with (
        HttpHost(answer(INFO)) as host,
        here(host, rate_limits=True, clock=clock, timeouts=Timeouts()) as rest,
    ):
        for _ in range(12):
            read(rest)
        stats = rest.stats()
    assert 1 <= clock.monotonic() < 1.1
    assert (stats.sent, stats.waits) == (12, 1)
    assert 1 <= stats.waited < 1.1


ODD = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        "a+b",
        "100%",
        "~",
        "a b",
        " ",
        "%2f",
        "a&b=c",
        "#?",
        "é",
        "\r\n",
        "\u202e",
        "..",
        '"',
        "\\",
        "\x00",
        "{}",
        "/",
    ]
)
FIELDS = st.dictionaries(
    st.text("abc_", min_size=1, max_size=4), ODD | st.integers() | st.booleans(), max_size=4
)


def test_the_bytes_that_arrive_are_the_bytes_that_were_signed():
    """Whatever the values are: a query on a DELETE, an empty body, a batch; the socket receives what the signature covers."""
    with HttpHost(answer({})) as host, here(host, timeouts=Timeouts(request=20.0)) as rest:

        @given(
            method=st.sampled_from(["GET", "DELETE", "POST", "PUT"]),
            slot=st.from_regex(r"[A-Za-z0-9_.:$-]{1,20}", fullmatch=True).filter(
                lambda text: text.strip(".")
            ),
            query=FIELDS,
            body=FIELDS | st.fixed_dictionaries({"orders": st.lists(FIELDS, max_size=3)}),
        )
        def arrives(method, slot, query, body):
            request = build(
                method,
                "/v1/order/{order_id}",
                at={"order_id": slot},
                query=query,
                body=body if method in {"POST", "PUT"} else None,
            )
            host.seen.clear()
            rest._signed._send(request)
            (seen,) = host.seen
            assert (seen.method, seen.target, seen.body) == (method, request.target, request.body)
            stamp = int(seen.headers["orderly-timestamp"])
            message = request_message(stamp, seen.method, seen.target, seen.body)
            assert verify(ME.key, message, seen.headers["orderly-signature"])
            assert seen.headers.get("content-length", "0") == str(len(seen.body))
            assert set(seen.headers) <= HEADERS

        arrives()


HEADERS = {
    *("host", "accept-encoding", "accept", "user-agent", "content-type", "content-length"),
    *("orderly-timestamp", "orderly-account-id", "orderly-key", "orderly-signature"),
}


def test_a_header_of_one_request_is_in_no_other():
    """Each request has headers of its own, whatever the one before on the same connection had."""
    with HttpHost(answer(CREATED), answer(INFO), answer({"rows": []})) as host, here(host) as rest:
        rest._signed.post("/v1/order", dict, headers={"x-recv-window": 5000}, symbol="X")
        read(rest)
        rest.positions.list()

    assert [seen.connection for seen in host.seen] == [0, 0, 0]
    assert ["x-recv-window" in seen.headers for seen in host.seen] == [True, False, False]
    assert ["orderly-signature" in seen.headers for seen in host.seen] == [True, False, True]
