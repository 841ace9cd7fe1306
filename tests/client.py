"""The conforming client: a visitor's browser without the browser, which looks hard at every answer it gets.

Whatever a test asks for, each answer is also held to what every answer of the product must be (`tests.conforming`),
and each request to what it may say to the database.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import pytest
from flask import Flask, got_request_exception
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from crm.accounts.models import LoginSession
from crm.accounts.rules import hash_of_token, new_session_token
from crm.db.session import session
from crm.kernel.clock import now
from crm.web.once import FIELD
from crm.web.permit import Door, door_of
from tests import posted, sent_twice
from tests.conforming import SUMMARY, Page, elements, faults_of_answer, parsed, words
from tests.statements import Statements, recording

RAW_TOKEN = "0" * 40  # what the cookie holds; the form carries it signed
LIFETIME = timedelta(hours=12)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_HOPS = 4
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Counted whatever becomes of the act, and known to nobody by name: not an act of its own.
COUNTERS = frozenset({"throttle_count", "submission", "unsent_typing"})
# Doors where an act that went well may leave nothing, each with the case in which it does.
MAY_LEAVE_NOTHING = {
    "introductions.request_introduction": "asked twice it is one request, and whoever asks is led to it",
    "tags.change_tags": "a form sent as it was shown changes nothing",
    "rights.correct": "a form sent as it was shown changes nothing",
    "raises.write": "a form sent as it was shown changes nothing",
    "accounts.ask_for_link": "whoever asks for an account that does not exist is answered as if it did",
    "directory.edit": "a form sent as it was shown changes nothing",
    "business_changes.edit": "a form sent as it was shown changes nothing",
    "business_changes.correct_person": "a form sent as it was shown changes nothing",
    "asks.correct": "a form sent as it was shown changes nothing",
    "diagnostics.answer_section": "answers sent as they were change nothing",
    "diagnostics.begin": "the diagnosis that is open is gone on with",
    "readiness.start": "the assessment that is open is gone on with",
    "readiness.answer_area": "answers sent as they were change nothing",
    "readiness_sets.draft": "the draft that there is is gone on with",
    "readiness_sets.edit_results": "a form sent as it was shown changes nothing",
    "readiness_sets.edit_question": "a form sent as it was shown changes nothing",
    "plans.edit": "opening words sent as they were change nothing",
    "plans.draft_plan": "the draft that there is is gone on with",
    "plans.unchoose": "a service that is not in the plan is not taken out",
    "plans.rule_in": "a service that is not ruled out is not taken back",
    "plans.choose": "a service that is in the plan already is chosen once",
    "plans.rule_out": "a service that is ruled out already is ruled out once",
    "plans.remove_step": "a step that is not there is not taken out",
    "plans.reword": "words for a service that is not in the plan are kept nowhere",
    "plans.tick": "a step that is done is ticked once",
    "plans.untick": "a step that is not done is not unticked",
    "rounds.set_terms": "a form sent as it was shown changes nothing",
    "rounds.change": "a form sent as it was shown changes nothing",
    "allocation.spread_out": "where nobody is missing, nothing is given to anybody",
    "eligibility.start": "the application that there is is gone on with",
    "business_voices.give_consent": "what is agreed to already is agreed to once",
    "stripe.events": "an event that was heard before is not acted on again",
    "enquiring.ask": "an enquiry that was sent is shown as sent",
    "actions.ask": "what was asked for already leads to where it stands",
    "cover.ask": "what was asked for already leads to where it stands",
    "syndicate_members.naming": "a form sent as it was shown changes nothing",
}


class Somebody(Protocol):
    """Whoever can sign in: one of the cast, or an account."""

    @property
    def id(self) -> UUID | None: ...


class ConformingClient(FlaskClient):
    """`post` brings a valid token by itself; `token=False` posts without. `may_break` lets a 500 be an answer."""

    may_break = False
    sender: UUID | None = None

    def sign_in(self, person: Somebody) -> ConformingClient:
        """Go on as this person, as if they had signed in; the visitor is nobody."""
        self.sender = person.id
        keys = getattr(getattr(person, "actor", None), "keys", frozenset())
        with self.session_transaction() as cookie:
            cookie.clear()
            cookie["csrf_token"] = RAW_TOKEN
            if person.id is not None:
                cookie["_user_id"], cookie["_fresh"] = _new_session(person.id), True
            if keys:
                cookie["keys"] = sorted(keys)
        return self

    def sign_out(self) -> None:
        """Go on as a visitor, with an empty cookie."""
        self.sender = None
        with self.session_transaction() as cookie:
            cookie.clear()

    def token(self) -> str:
        """A token that the next form may carry."""
        raw = self._cookie().get("csrf_token")
        if raw is None:
            with self.session_transaction() as cookie:
                raw = cookie.setdefault("csrf_token", RAW_TOKEN)
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw)

    def post(self, *args: Any, token: bool = True, **kw: Any) -> TestResponse:
        """Post a form, with a valid token unless told otherwise."""
        if not token or isinstance(kw.get("data"), bytes | str):
            return super().post(*args, **kw)
        data = {"csrf_token": self.token(), **(kw.pop("data", None) or {})}
        endpoint = self._endpoint_of(str(args[0])) if args else None
        door = door_of(self.application, endpoint) if endpoint else None
        if not sent_twice.is_due(endpoint, door, data):
            return super().post(*args, data=data, **kw)
        data[FIELD] = sent_twice.one_time_id(self.application, self.sender, self._visitor_secret())
        send = super().post
        return sent_twice.send(lambda form: send(*args, data=form, **kw), data, str(endpoint))

    def _visitor_secret(self) -> str:
        return str(self._cookie().get("csrf_token", ""))

    def _cookie(self) -> dict[str, Any]:
        """What the browser's cookie holds. To open it for writing each time is slow."""
        found = self.get_cookie(self.application.config["SESSION_COOKIE_NAME"])
        reader = SecureCookieSessionInterface().get_signing_serializer(self.application)
        return dict(reader.loads(found.value)) if found and reader else {}

    def _endpoint_of(self, path: str) -> str | None:
        try:
            endpoint, _ = self.application.url_map.bind("localhost").match(
                path.split("?", maxsplit=1)[0], "POST"
            )
        except HTTPException:
            return None
        return str(endpoint)

    def open(self, *args: Any, **kw: Any) -> TestResponse:
        """Ask, and hold the answer and what was said to the database to the rules of every page."""
        app, broken = self.application, list[BaseException]()

        def note(_sender: Any, exception: BaseException, **_given: Any) -> None:
            broken.append(exception)

        kw.setdefault("buffered", True)  # files are read to their end and closed
        session().flush()  # what a test has prepared must be there for the request
        with recording(app) as heard, got_request_exception.connected_to(note, app):
            response = super().open(*args, **kw)
        if broken and not self.may_break:
            raise broken[0]
        endpoint = _endpoint(app, response)
        door = door_of(app, endpoint) if endpoint else None
        found = faults_of_answer(response, door, is_static=endpoint == "static")
        found += faults_of_statements(response, heard, door, endpoint)
        assert not found, f"{response.request.method} {response.request.path}:\n" + "\n".join(found)
        if endpoint and response.request.method == "POST" and not posted.is_known(endpoint):
            self._note(endpoint, response, heard)
        return response

    def _note(self, endpoint: str, response: TestResponse, heard: Statements) -> None:
        """Note whether a door was opened as a person opens it, up to the page that they see afterwards."""
        door = door_of(self.application, endpoint)
        is_sent_away = "/sign-in?next=" in response.headers.get("Location", "")
        if response.status_code >= 400 or is_sent_away or door is None:
            posted.note(endpoint, f"answered {response.status_code} at best")
        elif door.records and "audit_entry" not in heard.writes:
            posted.note(endpoint, "it went well and nothing was done")
        elif (seen := self._page_after(response)) == 200:
            posted.note(endpoint, posted.WELL)
        else:
            posted.note(endpoint, f"the page after it answers {seen}")

    def _page_after(self, response: TestResponse) -> int:
        """What the page answers to which a post led, asked for by a copy of this browser; whatever that leaves is undone."""
        copy = self.application.test_client()
        copy._cookies = dict(self._cookies or {})
        point = session().connection().begin_nested()
        try:
            for _hop in range(MOST_HOPS):
                where = response.headers.get("Location", "")
                if response.status_code not in REDIRECTS or not where.startswith("/"):
                    break
                response = copy.get(where)
            return 200 if response.status_code in REDIRECTS else response.status_code
        finally:
            point.rollback()


def _new_session(account_id: UUID) -> str:
    """The secret of a session that began just now."""
    secret, moment = new_session_token(), now()
    row = LoginSession(account_id=account_id, token_hash=hash_of_token(secret), device="A test")
    row.began_at, row.expires_at = moment, moment + LIFETIME
    session().add(row)
    session().flush()
    return secret


def _endpoint(app: Flask, response: TestResponse) -> str | None:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(response.request.path, response.request.method)
    except HTTPException:
        return None
    return str(endpoint)


def faults_of_statements(
    response: TestResponse, heard: Statements, door: Door | None, endpoint: str | None
) -> list[str]:
    """What a request said to the database that it must not have, or did not say that it should."""
    found = [f"a template asked the database: {each}" for each in heard.while_rendering]
    wrote = set(heard.writes) - COUNTERS
    is_look = response.request.method in READING
    if door is not None and door.leaves_trace and (is_look or response.status_code >= 400):
        return found
    if response.request.method in READING or (door is not None and not door.records):
        if wrote:
            found.append(f"it must keep nothing and wrote to {', '.join(sorted(wrote))}")
    elif is_sent_again(wrote, heard):
        return found
    elif is_done_without_a_line(response, door, wrote, endpoint):
        found.append(f"it was done and left no line in the trail; wrote to {sorted(wrote)}")
    return found


def is_sent_again(wrote: set[str], heard: Statements) -> bool:
    """Whether a form was known from before, so that it was led on and nothing was done."""
    return not wrote and "submission" in heard.writes and not sent_twice.FIRST.is_on_its_way


def is_done_without_a_line(
    response: TestResponse, door: Door | None, wrote: set[str], endpoint: str | None
) -> bool:
    """Whether a post went well and is not in the trail. Who is sent to sign in first has done nothing."""
    is_sent_away = any(each in response.headers.get("Location", "") for each in ("/sign-in?next=", "?kept="))
    if response.status_code >= 400 or door is None or is_sent_away:
        return False
    return "audit_entry" not in wrote and bool(wrote or endpoint not in MAY_LEAVE_NOTHING)


def errors_of(response: TestResponse) -> list[str]:
    """What the list of errors of a page says, line by line."""
    page = Page(parsed(response.text).root)
    lists = [each for each in page.having("class") if SUMMARY in each.attrs["class"].split()]
    return [words(each) for one in lists for each in elements(one) if each.name == "li"]


@pytest.fixture
def client(app: Flask, db: Session, reference: None) -> ConformingClient:
    """A visitor's browser without the browser, on the reference data."""
    app.test_client_class = ConformingClient
    made = app.test_client()
    assert isinstance(made, ConformingClient)
    return made
