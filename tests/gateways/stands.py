"""Little servers on loopback, with a certificate of an authority that nobody but these tests trusts."""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests.engines import free_port

TLS = Path(__file__).parent / "invented_tls"
AUTHORITY = TLS / "authority.pem"


def certified() -> ssl.SSLContext:
    """What a server with a certificate of the invented authority speaks by."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(TLS / "server.pem")
    return made


@dataclass
class Letters:
    """A mail server that keeps what it is given."""

    received: list[EmailMessage] = field(default_factory=list)
    were_encrypted: list[bool] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        self.received.append(message_from_bytes(envelope.content, policy=policy.SMTP))
        self.were_encrypted.append(session.ssl is not None)
        return "250 OK"


@contextmanager
def mail_server(*, offers_tls: bool = True) -> Iterator[tuple[Letters, str]]:
    """Such a server, and its address."""
    letters = Letters()
    tls = {"tls_context": certified()} if offers_tls else {}
    controller = Controller(letters, hostname="127.0.0.1", port=free_port(), **tls)
    controller.start()
    try:
        yield letters, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@dataclass
class Bucket:
    """An S3-compatible store: what it holds, how it was asked, and for how many seconds it lets people wait."""

    held: dict[str, bytes] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    spoils: bool = False


class Silent(BaseHTTPRequestHandler):
    """Answers without a word in the log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Nothing is said."""


@contextmanager
def bucket_server() -> Iterator[tuple[Bucket, str]]:
    """Such a store over https, and its address."""
    bucket = Bucket()

    class Handler(Silent):
        def _answer(self, status: int, body: bytes = b"") -> None:
            time.sleep(bucket.seconds)
            bucket.signed.append(self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"made"')
            self.send_header("Last-Modified", "Tue, 24 Nov 2026 10:00:00 GMT")
            self.end_headers()
            self.wfile.write(body)

        def do_PUT(self) -> None:
            bucket.held[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(200)

        def do_GET(self) -> None:
            body = bucket.held.get(self.path)
            if body is None:
                self._answer(404)
            else:
                self._answer(200, b"spoilt" if bucket.spoils else body)

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            keys = re.findall("<Key>([^<]+)</Key>", asked)
            for each in keys:
                bucket.held.pop(f"{self.path.partition('?')[0]}/{each}", None)
            told = "".join(f"<Deleted><Key>{each}</Key></Deleted>" for each in keys)
            self._answer(200, f"<DeleteResult>{told}</DeleteResult>".encode())

    with _serving(Handler) as address:
        yield bucket, f"s3://KEY@{address}/files"


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.socket = certified().wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
