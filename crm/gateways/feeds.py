"""Open Referral UK feeds of others: asked page by page, within bounds of time and size, and never at an address of our own network."""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlencode, urljoin, urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

MOST_BYTES = 10_000_000
SECONDS, CONNECT_SECONDS, SILENT_SECONDS = 30.0, 5.0, 10.0
"""For one page altogether, to connect, and between two parts of an answer."""
MOST_REDIRECTS = 3
AT_ONCE = 65_536
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NO_ADDRESS = "The address must begin with https:// or http:// and name a server."
OURS = "The address leads into a private network, so it was not opened."


class FeedUnreadable(Exception):
    """A page of a feed could not be had or read; the message is for people."""


class Feeds(Protocol):
    """Reads a page of JSON at an address. Raises `FeedUnreadable` with words for people."""

    def page(self, address: str, **asked: Any) -> Any:
        """What stands at this address, asked with these parameters."""


def addresses_of(host: str, port: int, *, may_be_private: bool) -> list[str]:
    """The network addresses of a host. Raises `FeedUnreadable` where one of them is not of the public internet."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FeedUnreadable(f"There is no such server: {host}") from error
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    if not may_be_private and not all(_is_public(each) for each in addresses):
        raise FeedUnreadable(OURS)
    return addresses


def _is_public(address: str) -> bool:
    """Whether an address is of the public internet, also where IPv6 wraps one of IPv4."""
    read = ipaddress.ip_address(address)
    inner = getattr(read, "ipv4_mapped", None) or getattr(read, "sixtofour", None)
    return read.is_global and not read.is_multicast and (inner is None or inner.is_global)


class _Deadline:
    """The time that one page has altogether. Whatever is still open at its end is cut off, headings of an answer included."""

    def __init__(self) -> None:
        self._ends = time.monotonic() + SECONDS
        self._opened: list[socket.socket] = []
        self._timer = threading.Timer(SECONDS, self._cut)
        self._timer.daemon = True

    @property
    def is_over(self) -> bool:
        """Whether the time has run out."""
        return time.monotonic() > self._ends

    def holds(self, opened: socket.socket) -> socket.socket:
        """A connection to be cut off at the end. TLS takes the first handle of it for itself, so a second is kept here."""
        self._opened.append(opened.dup())
        return opened

    def _cut(self) -> None:
        for each in self._opened:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        for each in self._opened:
            each.close()


class _Plain(HTTPConnection):
    """A connection to an address that was looked at: the name is looked up once, so it cannot change in between."""

    may_be_private = False
    deadline: _Deadline

    def _new_conn(self) -> socket.socket:
        (address, *_) = addresses_of(self.host, self.port or 80, may_be_private=self.may_be_private)
        return self.deadline.holds(socket.create_connection((address, self.port or 80), CONNECT_SECONDS))


class _Secure(HTTPSConnection):
    """The same with TLS, for the name that was asked for."""

    may_be_private = False
    deadline: _Deadline

    def _new_conn(self) -> socket.socket:
        (address, *_) = addresses_of(self.host, self.port or 443, may_be_private=self.may_be_private)
        return self.deadline.holds(socket.create_connection((address, self.port or 443), CONNECT_SECONDS))


def _pool(deadline: _Deadline, *, may_be_private: bool) -> PoolManager:
    bounds = {"may_be_private": may_be_private, "deadline": deadline}
    plain = type("Plain", (_Plain,), bounds)
    secure = type("Secure", (_Secure,), bounds)
    made = PoolManager(num_pools=2)
    made.pool_classes_by_scheme = {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
    return made


class AskedFeeds:
    """Feeds as they are asked over the network. ``may_be_private`` is for the stand-in beside a test or the demonstration."""

    def __init__(self, *, may_be_private: bool = False) -> None:
        self._may_be_private = may_be_private

    def page(self, address: str, **asked: Any) -> Any:
        """Ask once, follow a few redirects, and read what comes as JSON."""
        where = f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}" if asked else address
        with _Deadline() as deadline:
            pool = _pool(deadline, may_be_private=self._may_be_private)
            try:
                return _followed(pool, where, deadline)
            except FeedUnreadable as error:
                if deadline.is_over:
                    raise _too_slow() from error
                raise
            finally:
                pool.clear()


def _too_slow() -> FeedUnreadable:
    return FeedUnreadable(f"A page took longer than {SECONDS:.0f} seconds.")


def _followed(pool: PoolManager, where: str, deadline: _Deadline) -> Any:
    """What is found at an address or where it leads. What is said beside a redirect is not read, however long it is."""
    for _ in range(MOST_REDIRECTS + 1):
        answer = _asked(pool, where)
        try:
            if answer.status not in REDIRECTS:
                return _read(answer, deadline)
            where = _led_to(where, answer.headers.get("Location", ""))
        finally:
            answer.close()
    raise FeedUnreadable("The server sends us from one address to the next without an end.")


def _led_to(where: str, location: str) -> str:
    try:
        return urljoin(where, location)
    except ValueError as error:
        raise FeedUnreadable(NO_ADDRESS) from error


def _asked(pool: PoolManager, where: str) -> BaseHTTPResponse:
    try:
        parts = urlsplit(where)
        has_server = parts.scheme in ("http", "https") and parts.hostname
    except ValueError as error:
        raise FeedUnreadable(NO_ADDRESS) from error
    if not has_server or parts.username or parts.password:
        raise FeedUnreadable(NO_ADDRESS)
    try:
        return pool.request(
            "GET",
            where,
            headers={"Accept": "application/json", "User-Agent": "creative-growth-directory"},
            preload_content=False,
            redirect=False,
            retries=False,
            timeout=Timeout(connect=CONNECT_SECONDS, read=SILENT_SECONDS),
        )
    except (HTTPError, OSError, ValueError) as error:
        raise FeedUnreadable("The server did not answer.") from error


def _read(answer: BaseHTTPResponse, deadline: _Deadline) -> Any:
    if answer.status != 200:
        raise FeedUnreadable(f"The server answered with status {answer.status} rather than with a page.")
    return parsed(_body(answer, deadline))


def _body(answer: BaseHTTPResponse, deadline: _Deadline) -> bytes:
    """Everything that is sent, unpacked, as long as it is neither too much nor too slow."""
    body = bytearray()
    try:
        # One reading at a time: to wait for a full part would let a server send drop by drop for hours.
        while part := answer.read1(AT_ONCE, decode_content=True):
            body += part
            if len(body) > MOST_BYTES:
                raise FeedUnreadable(f"A page is larger than {MOST_BYTES // 1_000_000} MB.")
            if deadline.is_over:
                raise _too_slow()
    except (HTTPError, OSError) as error:
        raise FeedUnreadable("The server stopped in the middle of its answer.") from error
    return bytes(body)


def parsed(body: bytes) -> Any:
    """JSON in UTF-8. Raises `FeedUnreadable` for anything else."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise FeedUnreadable("The answer is not in UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise FeedUnreadable("The answer is not JSON.") from error


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")
