"""A feed of another council is read within bounds, and no address of a private network is ever opened."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crm.gateways import feeds
from crm.gateways.feeds import AskedFeeds, FeedUnreadable, parsed

PAGE = {"page_number": 1, "contents": []}
pytestmark = pytest.mark.loopback


class Council(BaseHTTPRequestHandler):
    """A server of another council, with something wrong at each address but one."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        try:
            getattr(self, self.path.strip("/").partition("?")[0].replace("-", "_"))()
        except (BrokenPipeError, ConnectionResetError):
            return

    def log_message(self, *_said: Any) -> None:
        return

    def say(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def services(self) -> None:
        self.say(json.dumps(PAGE).encode())

    def packed(self) -> None:
        self.say(gzip.compress(json.dumps(PAGE).encode()), Content_Encoding="gzip")

    def bomb(self) -> None:
        self.say(gzip.compress(b" " * 20_000_000), Content_Encoding="gzip")

    def large(self) -> None:
        self.say(b"[" + b"1," * 5_100_000 + b"1]")

    def gone(self) -> None:
        self.say(b"{}", status=410)

    def page(self) -> None:
        self.say(b"<html>", Content_Type="text/html")

    def latin(self) -> None:
        self.say('{"name": "Café"}'.encode("latin-1"))

    def to_services(self) -> None:
        self.say(b"", status=302, Location="/services")

    def loop(self) -> None:
        self.say(b"", status=302, Location="/loop")

    def to_private(self) -> None:
        self.say(b"", status=302, Location="http://10.1.2.3/services")

    def to_file(self) -> None:
        self.say(b"", status=302, Location="file:///etc/passwd")

    def short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"{")

    def to_bad(self) -> None:
        self.say(b"", status=302, Location="http://[::1/services")

    def drip_heading(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self.drop_by_drop()

    def drip_redirect(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/services")
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.drop_by_drop()

    def drop_by_drop(self) -> None:
        for _ in range(500):
            self.wfile.write(b"x")
            self.wfile.flush()
            threading.Event().wait(0.02)

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b" ")
            self.wfile.flush()
            threading.Event().wait(0.02)


@pytest.fixture
def council() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Council)
    Council.asked.clear()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_page_is_read_packed_or_not_and_over_a_redirect(council: str) -> None:
    asked = AskedFeeds(may_be_private=True)

    assert [asked.page(f"{council}/{name}") for name in ("services", "packed", "to-services")] == [PAGE] * 3
    assert asked.page(f"{council}/services", page=2, per_page=100) == PAGE
    assert Council.asked[-1] == "/services?page=2&per_page=100"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bomb", "larger than 10 MB"),
        ("large", "larger than 10 MB"),
        ("gone", "status 410"),
        ("page", "not JSON"),
        ("latin", "not in UTF-8"),
        ("loop", "from one address to the next"),
        ("to-file", "must begin with https"),
        ("to-bad", "must begin with https"),
        ("short", "in the middle"),
    ],
)
def test_what_is_no_page_is_refused_in_words(council: str, name: str, said: str) -> None:
    with pytest.raises(FeedUnreadable, match=said):
        AskedFeeds(may_be_private=True).page(f"{council}/{name}")


def test_a_page_that_comes_drop_by_drop_is_given_up(council: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 1_000, 10))
    monkeypatch.setattr(time, "monotonic", _stepping(ticks, time.monotonic))

    with pytest.raises(FeedUnreadable, match="longer than 30 seconds"):
        AskedFeeds(may_be_private=True).page(f"{council}/drip")


def test_an_answer_whose_heading_comes_drop_by_drop_is_cut_off(
    council: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "SECONDS", 1.0)
    began = time.monotonic()

    with pytest.raises(FeedUnreadable, match="A page took longer than 1 seconds"):
        AskedFeeds(may_be_private=True).page(f"{council}/drip-heading")

    assert time.monotonic() - began < 5


def test_what_is_said_beside_a_redirect_is_not_waited_for(council: str) -> None:
    began = time.monotonic()

    assert AskedFeeds(may_be_private=True).page(f"{council}/drip-redirect") == PAGE
    assert time.monotonic() - began < 5


def _stepping(ticks: Iterator[int], real: Callable[[], float]) -> Callable[[], float]:
    """A clock on which ten seconds pass each time this gateway looks at it."""

    def look() -> float:
        import sys

        caller = sys._getframe(1).f_globals.get("__name__")
        return float(next(ticks)) if caller == feeds.__name__ else real()

    return look


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
        *(
            "2130706433",
            "127.1",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:10.0.0.1]",
            "localhost",
            "224.0.0.1",
        ),
    ],
)
def test_an_address_of_a_private_network_is_never_opened(council: str, host: str) -> None:
    port = council.rsplit(":", 1)[1]
    with pytest.raises(FeedUnreadable, match=r"private network|no such server"):
        AskedFeeds().page(f"http://{host}:{port}/services")

    assert Council.asked == []


def test_a_redirect_to_a_private_network_is_not_followed(
    council: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = feeds._is_public
    monkeypatch.setattr(feeds, "_is_public", lambda address: address == "127.0.0.1" or real(address))

    with pytest.raises(FeedUnreadable, match="private network"):
        AskedFeeds().page(f"{council}/to-private")
    assert AskedFeeds().page(f"{council}/services") == PAGE


@pytest.mark.parametrize(
    "address", ["ftp://x.example/", "//x.example", "x", "https://a:b@x.example/", "http://", ""]
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(FeedUnreadable, match="must begin with https"):
        AskedFeeds().page(address)


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b"[Infinity]", b"[" * 100_000, b"\xff\xfe{\x00}\x00"])
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(FeedUnreadable, match=r"not JSON|not in UTF-8"):
        parsed(body)
