"""What a URL of a Redis may say, and what is refused before anything is dialled."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.relay.redis_url import is_redis_url, read_redis_url
from tests.support.http_host import TLS

CA = f"ssl_ca_certs={TLS / 'authority.pem'}"
CLIENT = f"ssl_certfile={TLS / 'client.pem'}"
LOCKED = f"ssl_certfile={TLS / 'locked.pem'}"


@pytest.mark.parametrize(
    ("url", "place", "is_tls"),
    [
        ("redis://127.0.0.1", "127.0.0.1:6379", False),
        ("redis://user:word@redis.example:6380/2", "redis.example:6380", False),
        ("redis://:word@redis.example?db=3", "redis.example:6379", False),
        ("rediss://u:w@redis.example:6380", "redis.example:6380", True),
        ("rediss://[::1]:7/0", "[::1]:7", True),
        ("redis://", "localhost:6379", False),
        ("unix:///run/redis.sock?db=1", "/run/redis.sock", False),
    ],
)
def test_the_place_shows_no_password(url: str, place: str, is_tls: bool) -> None:
    """Host and port, or the socket's file; a URL's own display shows no more."""
    found = read_redis_url(url)

    assert (found.place, found.is_tls) == (place, is_tls)
    assert "word" not in repr(found)


@pytest.mark.parametrize("value", [None, 6379, "localhost:6379", "http://localhost", "redis:/localhost", ""])
def test_what_is_no_url_of_a_redis_is_refused(value: object) -> None:
    """With the form that it has."""
    assert not is_redis_url(value)
    with pytest.raises(UsageError, match="name a Redis by its URL: redis://host:6379, or rediss:// for TLS"):
        read_redis_url(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["redis://host:port", "redis://host:99999", "redis://[::1"])
def test_a_place_that_is_none_is_refused(url: str) -> None:
    """The port is no number, or none of 16 bits; the address has no end."""
    with pytest.raises(
        UsageError, match="this is no URL of a Redis, or its port is no number; write redis://"
    ):
        read_redis_url(url)


@pytest.mark.parametrize(
    ("url", "match"),
    [
        (
            "redis://h?decode_responses=true",
            "takes no option 'decode_responses'; it takes db, and of rediss:// ssl_",
        ),
        ("redis://h?protocol=3", "takes no option 'protocol'"),
        ("rediss://h?socket_timeout=0.01", "takes no option 'socket_timeout'"),
        ("rediss://h?ssl_ca_cert=x", "takes no option 'ssl_ca_cert'"),
        ("redis://h?password=hunter2word", "takes no option 'password'"),
        ("redis://h?db=x", "db= in the URL of a Redis is a whole number"),
        (
            f"redis://h?{CA}",
            "ssl_ca_certs= in the URL of a Redis is for TLS; write rediss:// instead of redis://",
        ),
        (f"unix:///h?{CLIENT}", "ssl_certfile= in the URL of a Redis is for TLS"),
        (
            "rediss://h?ssl_cert_reqs=never",
            "ssl_cert_reqs= in the URL of a Redis is none or optional or required",
        ),
        ("rediss://h?ssl_check_hostname=0", "ssl_check_hostname= in the URL of a Redis is false or true"),
        (
            "rediss://h?ssl_keyfile=/k.pem",
            "name the client's certificate, too, in the URL of a Redis: ssl_certfile=",
        ),
        (
            "rediss://h?ssl_ca_certs=/no/ca.pem",
            "ssl_ca_certs= in the URL of a Redis: No such file or directory",
        ),
        (
            f"rediss://h?ssl_ca_certs={__file__}",
            r"this does not fit \(.*\); name certificates of authorities, as PEM",
        ),
        (
            "rediss://h?ssl_ca_path=/no/folder",
            "ssl_ca_path= in the URL of a Redis names no folder: '/no/folder'",
        ),
        (f"rediss://h?ssl_certfile={TLS / 'clients.pem'}", "name a certificate and its key, as PEM"),
        (
            f"rediss://h?{CLIENT}&ssl_keyfile=/no/key.pem",
            "ssl_certfile=, ssl_keyfile= or ssl_password= in the URL",
        ),
        (f"rediss://h?{LOCKED}", "this does not fit"),
        (f"rediss://h?{LOCKED}&ssl_password=hunter2word", "this does not fit"),
    ],
)
def test_options_that_cannot_be_right_are_refused(
    url: str, match: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """In one line of ASCII, without their words, and without asking a terminal for any."""
    with pytest.raises(UsageError, match=match) as caught:
        read_redis_url(url)

    text = str(caught.value)
    assert text.isascii()
    assert len(text.splitlines()) == 1
    assert "hunter2word" not in text
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("query", "checks_name", "unchecked"),
    [
        ("", True, ()),
        (CA, True, ()),
        ("ssl_cert_reqs=required&ssl_check_hostname=true", True, ()),
        ("ssl_cert_reqs=none", False, ("ssl_cert_reqs=none",)),
        ("ssl_check_hostname=false", False, ("ssl_check_hostname=false",)),
        (
            "ssl_check_hostname=false&ssl_cert_reqs=none",
            False,
            ("ssl_cert_reqs=none", "ssl_check_hostname=false"),
        ),
    ],
)
def test_the_hosts_name_is_checked_unless_that_is_switched_off(
    query: str, checks_name: bool, unchecked: tuple[str, ...]
) -> None:
    """Whatever redis-py would do of itself; what is switched off is named."""
    found = read_redis_url(f"rediss://h?{query}")

    assert found.options == {"ssl_check_hostname": checks_name}
    assert found.unchecked == unchecked


def test_certificates_that_fit_are_taken(tmp_path: Path) -> None:
    """With the key in the same file, in another, or locked; a folder of authorities."""
    assert not read_redis_url("rediss://h").has_certificate
    for query in (
        CLIENT,
        f"{CLIENT}&ssl_keyfile={TLS / 'client.pem'}",
        f"{LOCKED}&ssl_password=sesame",
        f"{CLIENT}&{CA}&ssl_ca_path={tmp_path}",
    ):
        assert read_redis_url(f"rediss://h?{query}").has_certificate
