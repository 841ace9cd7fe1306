"""Open Referral UK feeds of others: asked page by page, within bounds of time and size, and never at an address of our own network."""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from typing import Any, Protocol
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


class _Plain(HTTPConnection):
    """A connection to an address that was looked at: the name is looked up once, so it cannot change in between."""

    may_be_private = False

    def _new_conn(self) -> socket.socket:
        (address, *_) = addresses_of(self.host, self.port or 80, may_be_private=self.may_be_private)
        return socket.create_connection((address, self.port or 80), CONNECT_SECONDS)


class _Secure(HTTPSConnection):
    """The same with TLS, for the name that was asked for."""

    may_be_private = False

    def _new_conn(self) -> socket.socket:
        (address, *_) = addresses_of(self.host, self.port or 443, may_be_private=self.may_be_private)
        return socket.create_connection((address, self.port or 443), CONNECT_SECONDS)


def _pool(*, may_be_private: bool) -> PoolManager:
    plain = type("Plain", (_Plain,), {"may_be_private": may_be_private})
    secure = type("Secure", (_Secure,), {"may_be_private": may_be_private})
    made = PoolManager(num_pools=2)
    made.pool_classes_by_scheme = {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
    return made


class AskedFeeds:
    """Feeds as they are asked over the network. ``may_be_private`` is for the stand-in beside a test or the demonstration."""

    def __init__(self, *, may_be_private: bool = False) -> None:
        self._pool, self._may_be_private = _pool(may_be_private=may_be_private), may_be_private

    def page(self, address: str, **asked: Any) -> Any:
        """Ask once, follow a few redirects, and read what comes as JSON."""
        ends = time.monotonic() + SECONDS
        where = f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}" if asked else address
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._asked(where)
            try:
                if answer.status not in REDIRECTS:
                    return _read(answer, ends=ends)
                where = urljoin(where, answer.headers.get("Location", ""))
            finally:
                answer.drain_conn() if answer.status in REDIRECTS else answer.close()
        raise FeedUnreadable("The server sends us from one address to the next without an end.")

    def _asked(self, where: str) -> BaseHTTPResponse:
        parts = urlsplit(where)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise FeedUnreadable("The address must begin with https:// or http:// and name a server.")
        try:
            return self._pool.request(
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


def _read(answer: BaseHTTPResponse, *, ends: float) -> Any:
    if answer.status != 200:
        raise FeedUnreadable(f"The server answered with status {answer.status} rather than with a page.")
    return parsed(_body(answer, ends=ends))


def _body(answer: BaseHTTPResponse, *, ends: float) -> bytes:
    """Everything that is sent, unpacked, as long as it is neither too much nor too slow."""
    body = bytearray()
    try:
        # One reading at a time: to wait for a full part would let a server send drop by drop for hours.
        while part := answer.read1(AT_ONCE, decode_content=True):
            body += part
            if len(body) > MOST_BYTES:
                raise FeedUnreadable(f"A page is larger than {MOST_BYTES // 1_000_000} MB.")
            if time.monotonic() > ends:
                raise FeedUnreadable(f"A page took longer than {SECONDS:.0f} seconds.")
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
