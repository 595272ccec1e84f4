"""The console's files as they are served: to whom, with which headers, and only where they were asked for."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from orderly_sync.venue.server.console.page import ConsolePage
from orderly_sync.venue.server.serve import Venue

FILES = {
    "/console": "text/html",
    "/console/console.css": "text/css",
    "/console/console.js": "text/javascript",
    "/console/icon.svg": "image/svg+xml",
}


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    with Venue(seed=3, market="frozen", console=True) as running:
        yield running


@pytest.fixture(scope="module")
def plain() -> Iterator[Venue]:
    """A venue without a console."""
    with Venue(seed=3, market="frozen") as running:
        yield running


def ask(venue: Venue, method: str, path: str, body: object = None, **headers: str):
    place = urlsplit(venue.urls["rest"])
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
    try:
        text = None if body is None else json.dumps(body)
        connection.request(
            method, path, text, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def policy(headers) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", FILES)
def test_every_file_is_fenced_in(venue, path):
    """Nothing but the venue's own may run, be loaded or be spoken to; nobody may frame it, keep it or guess its type."""
    status, headers, body = ask(venue, "GET", path)

    assert (status, headers["Content-Type"].partition(";")[0]) == (200, FILES[path])
    assert body
    rules = policy(headers)
    assert (
        rules["default-src"]
        == rules["frame-ancestors"]
        == rules["base-uri"]
        == rules["form-action"]
        == "'none'"
    )
    assert {rules[name] for name in ("script-src", "style-src", "connect-src", "img-src")} == {"'self'"}
    assert rules["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert not [name for name in headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", FILES)
def test_head_is_get_without_the_body(venue, path):
    """The headers are the same."""
    status, headers, body = ask(venue, "HEAD", path)

    assert (status, body) == (200, b"")
    assert headers["Content-Security-Policy"] == ask(venue, "GET", path)[1]["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_file_is_only_read(venue, method):
    """405 for whatever would do more."""
    assert ask(venue, method, "/console")[0] == 405


@pytest.mark.parametrize(
    "path",
    [
        "/console/",
        "/console/x",
        "/console/../feed.py",
        "/console/%2e%2e/feed.py",
        "/console/feed.py",
        "/console/console.html",
    ],
)
def test_no_other_file_is_served(venue, path):
    """Those of the list, whatever lies beside them."""
    assert ask(venue, "GET", path)[0] == 404
    assert ConsolePage.at(path) is None


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "127.0.0.1"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
@pytest.mark.parametrize("path", ["/console", "/console/console.js", "/venue/console", "/venue/health"])
def test_foreign_hosts_and_origins_stay_outside(venue, path, headers):
    """As for all of the venue, even with the token."""
    status, _, body = ask(venue, "GET", path, x_venue_token=venue.token, **headers)

    assert status == 403
    assert venue.token.encode() not in body


def test_the_page_may_speak_to_control_with_its_token(venue):
    """Its own origin, by any name of loopback; to the API it may not speak, for it has no key."""
    for name in ("127.0.0.1", "localhost"):
        own = f"http://{name}:{urlsplit(venue.urls['rest']).port}"
        assert ask(venue, "GET", "/venue/health", x_venue_token=venue.token, Origin=own)[0] == 200
        assert ask(venue, "GET", "/v1/public/info", Origin=own)[0] == 403


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_without_the_token_nothing_is_told(venue, token):
    """Neither by the feed nor by another control call; the page itself holds nothing."""
    assert ask(venue, "POST", "/venue/console", {}, x_venue_token=token)[0] == 401
    assert ask(venue, "GET", "/venue/health", x_venue_token=token)[0] == 401
    assert all(venue.token.encode() not in ask(venue, "GET", path)[2] for path in FILES)


def test_what_the_page_is_told_is_neither_kept_nor_guessed(venue):
    """No cache, no sniffing."""
    status, headers, _ = ask(venue, "POST", "/venue/console", {}, x_venue_token=venue.token)

    assert (status, headers["Cache-Control"], headers["X-Content-Type-Options"]) == (
        200,
        "no-store",
        "nosniff",
    )


def test_the_token_stands_behind_the_hash(venue):
    """In the fragment, which no browser sends; the page's own URL holds none."""
    page = urlsplit(venue.console or "")

    assert (page.path, page.query, page.fragment) == ("/console", "", f"token={venue.token}")
    assert f"{page.scheme}://{page.netloc}" == venue.urls["rest"]
    assert json.loads(venue.line())["console"] == venue.console
    assert venue.token not in repr(venue)


def test_a_page_that_waits_does_not_keep_the_venue():
    """It stops as fast as without one, and the request that waited ends."""
    with Venue(seed=3, market="frozen", console=True) as running:
        known = json.loads(ask(running, "POST", "/venue/console", {}, x_venue_token=running.token)[2])["data"]
        place = urlsplit(running.urls["rest"])
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
        connection.request(
            "POST",
            "/venue/console",
            json.dumps({"version": known["version"]}),
            {"x-venue-token": running.token},
        )
        began = time.monotonic()
        running.stop()
        assert time.monotonic() - began < 1.5
        with pytest.raises((http.client.HTTPException, OSError)):
            connection.getresponse()
        connection.close()


def test_there_is_none_unless_it_was_asked_for(plain):
    """No page, no feed, no URL; a browser's origin is as foreign as any."""
    assert plain.console is None
    assert "console" not in json.loads(plain.line())
    assert ask(plain, "GET", "/console")[0] == 404
    assert ask(plain, "POST", "/venue/console", {}, x_venue_token=plain.token)[0] == 404
    assert ask(plain, "GET", "/venue/health", x_venue_token=plain.token, Origin=plain.urls["rest"])[0] == 403


def test_the_page_makes_no_markup_and_names_no_other_host():
    """No way in which text becomes elements, no inline script or style, no address but its own."""
    pages = {path: page.body.decode() for path in FILES if (page := ConsolePage.at(path)) is not None}
    script, markup = pages["/console/console.js"], pages["/console"]

    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|DOMParser|createContextualFragment|srcdoc|localStorage|document\.cookie"
    assert re.findall(forbidden, script) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", markup) == []
    assert set(re.findall(r"https?://[^\"'\s<]+", "".join(pages.values()))) == {"http://www.w3.org/2000/svg"}
