"""Mail by a real server on loopback, and by a folder: what arrives, and how each refusal is understood."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from crm.gateways.mail import (
    FolderMail,
    Line,
    MailRefused,
    MailUnavailable,
    SmtpMail,
    mail_from_url,
)
from tests.engines import free_port
from tests.gateways.stands import AUTHORITY, mail_server

pytestmark = pytest.mark.loopback
HERE = Line(is_plain=True)
"""As to a mail server on the same machine."""


@dataclass
class Server:
    """A mail server that keeps what it is given, and answers each command as told."""

    answers: dict[str, str] = field(default_factory=dict)
    received: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)

    async def handle_MAIL(
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            self.received.append(message_from_bytes(envelope.content, policy=policy.SMTP))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return answer

    async def handle_QUIT(self, _server: SMTP, _session: Any, _envelope: Any) -> str:
        return self.answers.get("QUIT", "221 Bye")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def letter(text: str = "Hello\n", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = "<1@letters.crm>"
    message["From"], message["To"] = "no-reply@people.example", "Reader <reader@people.example>"
    message["Subject"] = "A subject"
    for name, value in headers.items():
        del message[name]
        message[name] = value
    message.set_content(text)
    return message


def test_a_letter_arrives_as_it_was_written(server: Server, url: str) -> None:
    mail_from_url(url, HERE).send(letter("Grüße\n.\n..\nhere\n", Subject="Grüße \N{SNOWMAN}"))
    (arrived,) = server.received
    assert arrived["Message-ID"] == "<1@letters.crm>"
    assert arrived["Subject"] == "Grüße \N{SNOWMAN}"
    assert arrived.get_content().splitlines() == ["Grüße", ".", "..", "here"]
    assert server.envelopes == [("no-reply@people.example", ["reader@people.example"])]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "means"),
    [("550 no such mailbox", MailRefused), ("552 too much", MailRefused), ("451 later", MailUnavailable)],
)
def test_no_for_good_and_not_now_are_told_apart(
    server: Server, url: str, command: str, answer: str, means: type[Exception]
) -> None:
    server.answers[command] = answer
    with pytest.raises(means) as refused:
        mail_from_url(url, HERE).send(letter())
    assert answer[:3] in str(refused.value)
    assert server.received == []


def test_an_address_is_in_no_message_of_a_refusal(server: Server, url: str) -> None:
    server.answers["RCPT"] = "550 <reader@people.example> unknown"
    with pytest.raises(MailRefused) as refused:
        mail_from_url(url, HERE).send(letter())
    assert "reader" not in str(refused.value)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(MailUnavailable):
        mail_from_url(f"smtp://127.0.0.1:{free_port()}", HERE).send(letter())


def test_a_letter_that_was_accepted_is_sent_even_if_the_farewell_fails(server: Server, url: str) -> None:
    server.answers["QUIT"] = "421 going down"
    mail_from_url(url, HERE).send(letter())
    assert len(server.received) == 1


def test_a_password_is_never_said_to_a_server_without_encryption(server: Server, url: str) -> None:
    with pytest.raises(MailUnavailable):
        mail_from_url(url.replace("//", "//user:secret@"), HERE).send(letter())
    assert server.received == []


@pytest.mark.parametrize("offers_tls", [True, False])
def test_letters_go_encrypted_or_not_at_all(offers_tls: bool) -> None:
    with mail_server(offers_tls=offers_tls) as (letters, url):
        mail = mail_from_url(url, Line(ca_file=str(AUTHORITY)))
        if offers_tls:
            mail.send(letter())
        else:
            with pytest.raises(MailUnavailable):
                mail.send(letter())

    assert letters.were_encrypted == [True] * offers_tls


def test_a_certificate_that_nobody_vouches_for_is_not_believed() -> None:
    with mail_server() as (letters, url), pytest.raises(MailUnavailable):
        mail_from_url(url).send(letter())

    assert letters.received == []


def test_what_is_no_mail_server_is_no_gateway() -> None:
    with pytest.raises(ValueError, match="smtp://"):
        mail_from_url("ftp://mail.example.org")


def test_a_connection_that_breaks_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib, "SMTP", broken)
    with pytest.raises(MailUnavailable):
        SmtpMail("smtp://localhost").send(letter())


@pytest.mark.parametrize(
    ("url_", "parts"),
    [
        ("smtp://mail.example", ("mail.example", 587, False, "", "")),
        ("smtps://mail.example", ("mail.example", 465, True, "", "")),
        ("smtp://a%40b:p%2Fw@mail.example:2525", ("mail.example", 2525, False, "a@b", "p/w")),
    ],
)
def test_a_setting_names_the_server(url_: str, parts: tuple[object, ...]) -> None:
    made = mail_from_url(url_)
    assert isinstance(made, SmtpMail)
    assert (made._host, made._port, made._is_tls, made._user, made._password) == parts


def test_a_folder_keeps_each_letter_as_a_file(tmp_path: Path) -> None:
    mail = mail_from_url(f"folder://{tmp_path}/new/mailbox")
    assert isinstance(mail, FolderMail)
    mail.send(letter())
    (found,) = (tmp_path / "new" / "mailbox").iterdir()
    assert found.name == "1.eml"
    assert message_from_bytes(found.read_bytes())["Subject"] == "A subject"


def test_a_letter_sent_twice_is_in_the_folder_once(tmp_path: Path) -> None:
    mail = FolderMail(tmp_path)
    mail.send(letter("first\n"))
    mail.send(letter("second\n"))
    (found,) = tmp_path.iterdir()
    assert b"second" in found.read_bytes()
