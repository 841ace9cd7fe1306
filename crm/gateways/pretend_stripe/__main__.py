"""Serve the stand-in on this machine alone: `python -m crm.gateways.pretend_stripe PORT EVENTS_TO SECRET FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from crm.gateways.pretend_stripe.api import Api
from crm.gateways.pretend_stripe.sending import Sender
from crm.gateways.pretend_stripe.server import Board
from crm.gateways.pretend_stripe.store import Store


class Quiet(WSGIRequestHandler):
    """Writes no line for each request, and lets connections stay open, as Stripe does."""

    protocol_version = "HTTP/1.1"

    def log(self, *_words: object) -> None:
        """Say nothing."""


def serve(port: int, *, events_to: str, secret: str, file: Path | None) -> None:
    """Serve until ended."""
    store = Store(f"http://127.0.0.1:{port}", path=file)
    sender = Sender(events_to, secret)
    store.told = sender.take
    board = Board(Api(store), sender)
    make_server("127.0.0.1", port, board, threaded=True, request_handler=Quiet).serve_forever()


if __name__ == "__main__":
    number, events, signing, *rest = sys.argv[1:]
    serve(int(number), events_to=events, secret=signing, file=Path(rest[0]) if rest else None)
