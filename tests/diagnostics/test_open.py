"""Readiness without an account: nothing is stored, the address brings one back, and answers are carried on request."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.diagnostics.models import ReadinessAnswer, ReadinessCheck
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries.opened import opened
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.service import editing, sets
from crm.diagnostics.workflow import AnsweredBy, ReadinessStatus
from crm.kernel.permissions import SYSTEM
from crm.signposting.models import Enquiry
from tests import assessments
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def answered(client: ConformingClient, name: str, about: dict[str, Any], pattern: str = "b") -> str:
    """Answer every question that the pages ask, part by part; return the address of the result."""
    where = client.post(f"/check-readiness/{name}", data=about).headers["Location"]
    while "/result" not in where:
        asked = dict.fromkeys(
            re.findall(r'name="([a-z]+[0-9]+)" type="radio"|name="([a-z]+[0-9]+)"', client.get(where).text)
        )
        keys = [one or other for one, other in asked]
        where = client.post(
            where, data={key: pattern[n % len(pattern)] for n, key in enumerate(keys)}
        ).headers["Location"]
    return where


def stored(db: Session) -> int:
    return sum(
        db.scalar(select(func.count()).select_from(each)) or 0 for each in (ReadinessCheck, ReadinessAnswer)
    )


def test_a_visitor_answers_both_assessments_without_an_account_and_nothing_is_stored(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    assert "/check-readiness" in client.get("/find-support").text
    start = client.get("/check-readiness").text
    assert "12 parts. You can stop after each" in start
    assert "saved page by page" not in start, "nothing is stored"
    for name, about in ((IP, {"groups": ["crafts"], "screen": "no"}), (EXPORT, {"sells": "services"})):
        assert client.post(f"/check-readiness/{name}", data={}).status_code == 422
        where = answered(client, name, about)
        page = client.get(where).text
        assert "What to do next" in page
        assert "33.3 out of 100" in page
        assert "/directory/services/" in page
        assert f"next=/check-readiness/{name}/result" in page
        asking = re.findall(r'href="(/enquire[^"]*)"[^>]*>Ask an adviser', page)
        assert asking, "what to do next offers an adviser"
        assert all("readiness=" in each for each in asking), (
            "each way to an adviser carries the answers (K17)"
        )
        assert client.get(where).text.count("Come back to your answers") == 1
        assert len(where) < 200
        assert "damaged" not in page
        assert "damaged" not in client.get(where.rstrip(".")).text, "a full stop at the end is often lost"
        assert "This link is incomplete or damaged" in client.get(where[:-20]).text
        assert "This link is incomplete or damaged" in client.get(f"/check-readiness/{name}?a=x").text
    assert "/check-readiness" in client.get("/").text
    assert stored(db) == 0


def test_of_a_damaged_link_the_mended_one_is_offered_to_keep_k10(
    client: ConformingClient, cast: Cast
) -> None:
    where = answered(client, EXPORT, {"sells": "services"})
    damaged = f"{where[:-9]}u{where[-8:]}"
    page = client.get(damaged).text
    assert "This link is incomplete or damaged" in page
    assert damaged.partition("a=")[2] not in page, "the damaged link is nowhere offered again"
    (kept,) = re.findall(r'app-wrap"><a class="govuk-link" href="https?://[^/"]+(/[^"]*)"', page)
    assert "Bookmark this page" not in page, "this page has the damaged address"
    again = client.get(kept).text
    assert "damaged" not in again
    assert "Bookmark this page" in again


def test_what_no_page_asks_and_what_no_question_offers_is_refused_and_a_strange_address_is_read_as_nothing(
    client: ConformingClient, cast: Cast
) -> None:
    where = client.post(f"/check-readiness/{IP}", data={"screen": "no"}).headers["Location"]
    for data in ({"own1": "z"}, {"cop2": "a"}, {"ex01": "a"}):
        refused = client.post(where, data=data)
        assert refused.status_code == 422
    shown = client.post(where, data={"own1": "a"}).headers["Location"].replace("/copyright", "/result")
    assert "1 of 43 questions answered" in client.get(shown).text
    page = client.get(shown).text
    assert "Answer these first" in page
    (first, *_) = re.findall(r'href="(/check-readiness/[^"]+#ask-[a-z0-9]+)"', page)
    address, mark = html.unescape(first).split("#")
    assert f'id="{mark}"' in client.get(address).text, "the link lands at its question"
    for strange in ("1.999zz<script>.y.x.~~~", "99999.1.n.both.", "x" * 5000, ".....", "1.a"):
        there = client.get(f"/check-readiness/{IP}/result", query_string={"a": strange})
        assert there.status_code == 303, strange
    assert client.get("/check-readiness/nothing").status_code == 404
    assert client.get(f"/check-readiness/{IP}/nothing?a=1.1").status_code == 404


def test_without_an_answer_the_result_says_why_there_is_none_and_not_sure_yet_is_not_counted_as_answered(
    client: ConformingClient, cast: Cast
) -> None:
    first = client.post(f"/check-readiness/{IP}", data={"screen": "no"}).headers["Location"]
    assert "See the result so far" not in client.get(first).text
    nothing = re.sub(r"/[a-z_]+\?", "/result?", first)
    start = client.get(client.get(nothing).headers["Location"]).text
    assert "There is no result yet. Answer 26 or more questions to see one." in start, "as the result says"
    assert "marked “Needed for a result”, choose" in " ".join(start.split())
    assert "save your answers in the record of your business" in " ".join(start.split()), "where the PDF is"
    damaged = client.get(f"/check-readiness/{IP}/result?a=x").headers["Location"]
    assert "This link is incomplete or damaged" in client.get(damaged).text
    keys = re.findall(r'name="([a-z]+[0-9]+)"', client.get(first).text)
    told = {key: "unsure" if n == 0 else "a" for n, key in enumerate(dict.fromkeys(keys))}
    second = client.post(first, data=told).headers["Location"]
    asked = client.get(second).text
    assert 'name="to" value="result"' in asked
    (key, *_) = re.findall(r'name="([a-z]+[0-9]+)"', asked)
    there = client.post(second, data={key: "a", "to": "result"}).headers["Location"]
    assert f"{len(told)} of 43 questions answered" in client.get(there).text, "what was chosen is kept"
    so_far = client.get(re.sub(r"/[a-z_]+\?", "/result?", second)).text
    assert f"{len(told) - 1} of 43 questions answered" in so_far
    assert f"{len(told) - 1} of {len(told)} answered, 1 not sure yet" in so_far


def test_a_link_outlives_the_version_it_was_answered_under_a55(client: ConformingClient, cast: Cast) -> None:
    where = answered(client, IP, {"screen": "no"}, "c")
    before = client.get(where).text
    assert "newer" not in before
    shown = queries.published_set(IP)
    assert shown is not None
    draft = sets.draft(shown, by=SYSTEM)
    editing.remove_question(draft, "own2", by=SYSTEM)
    sets.publish(draft, by=SYSTEM)
    after = client.get(where).text
    assert "These questions have been replaced by a newer version" in after
    assert f'href="/check-readiness/{IP}">Answer the newer questions' in after
    assert (
        re.sub(
            r'<p class="govuk-body">\s*These questions have been replaced.*?</p>\s*',
            "",
            after,
            flags=re.DOTALL,
        )
        == before
    )
    assert f"version {shown.number + 1}" in client.get(answered(client, IP, {"screen": "no"})).text


def test_a_founder_who_signs_in_saves_the_answers_in_the_record_once(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    where = answered(client, IP, {"screen": "yes", "groups": ["crafts"]}, "cb")
    bring = where.replace("/check-readiness/", f"/businesses/{BUSINESS}/readiness/").replace(
        "/result", "/bring"
    )
    assert client.post(bring).status_code in (303, 401, 403)
    assert stored(db) == 0
    client.sign_in(cast.other_founder)
    assert client.post(bring).status_code in (403, 404)
    client.sign_in(cast.founder)
    page = client.get(where).text
    assert "Save in the record of" in page
    there = client.post(bring).headers["Location"]
    found = db.scalars(select(ReadinessCheck)).one()
    assert there == f"/readiness/{found.id}"
    assert (found.status, found.answered_by) == (ReadinessStatus.FINISHED, AnsweredBy.BUSINESS)
    assert found.circumstances == {"groups": ["crafts"], "screen": True, "sells": "both"}
    opened_there = opened(IP, where.partition("?a=")[2])
    assert opened_there is not None
    assert assessments.again(found).given == opened_there.sheet.answers
    assert client.post(bring).status_code == 409
    assert "Save in the record of" not in client.get(where).text
    assert len(db.scalars(select(ReadinessCheck)).all()) == 1


def test_k10_answers_that_are_saved_are_scored_with_the_sectors_of_the_record_and_the_page_says_so_before(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    own = db.get_one(Business, BUSINESS)
    own.dcms_groups = ("it_software",)
    assessments.finished(own, IP)
    db.commit()
    where = answered(client, IP, {"screen": "no", "groups": ["advertising"]}, "cb")
    client.sign_in(cast.founder)
    words = "its own sub-sectors count, not those chosen here: IT, software and computer services"
    assert words in " ".join(client.get(where).text.split())
    bring = where.replace("/check-readiness/", f"/businesses/{BUSINESS}/readiness/").replace(
        "/result", "/bring"
    )
    page = client.get(client.post(bring).headers["Location"]).text
    assert "the sectors of the business have changed" not in page
    newest = db.scalars(
        select(ReadinessCheck).order_by(ReadinessCheck.begun_at.desc(), ReadinessCheck.id)
    ).all()
    assert {tuple(each.circumstances["groups"]) for each in newest} == {("it_software",)}


def test_answers_are_carried_into_an_enquiry_on_request_and_into_the_record_when_it_is_attached(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    where = answered(client, IP, {"screen": "no", "groups": ["crafts"]}, "b")
    asked = re.search(r'href="(/enquire\?readiness=[^"]+)"', client.get(where).text)
    assert asked is not None
    page = client.get(asked.group(1)).text
    assert "The adviser who answers sees your answers to the" in page
    draft = client.post(asked.group(1)).headers["Location"].removesuffix("/where")
    for step, box in (("work", "crafts"), ("help", "ip")):
        assert re.search(rf'value="{box}"[^>]* checked', client.get(f"{draft}/{step}").text), "told before"
    for step, told in STEPS.items():
        assert client.post(f"{draft}/{step}", data=told).status_code == 303, step
    assert "43 of 43 questions answered" not in client.get(f"{draft}/check").text, "unticked with the rest"
    page = html.unescape(client.get(f"{draft}/help?change=yes").text)
    token = re.search(r'name="readiness"[^>]*value="([^"]+)"', page)
    assert token is not None
    assert client.post(f"{draft}/help", data=STEPS["help"] | {"readiness": token[1]}).status_code == 303
    assert "43 of 43 questions answered" in client.get(f"{draft}/check").text
    client.post(f"{draft}/check")
    made = db.scalars(select(Enquiry)).one()
    client.sign_in(cast.adviser)
    page = client.get(f"/enquiries/{made.id}").text
    assert "/check-readiness/ip_readiness/result?a=" in page
    client.post(f"/enquiries/{made.id}/claim")
    client.post(f"/enquiries/{made.id}/business", data={"business_id": "new"})
    brought = db.scalars(select(ReadinessCheck)).one()
    assert brought.status is ReadinessStatus.FINISHED
    db.refresh(made)
    assert brought.business_id == made.business_id
    said = html.unescape(" ".join(client.get(f"/readiness/{brought.id}").text.split()))
    assert "Answered by the business (Ann Made)," in said, "not by the adviser who attached it"


def test_k17_the_answers_to_a_second_assessment_join_the_enquiry_that_was_begun(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    first = answered(client, IP, {"screen": "no", "groups": ["crafts"]}, "b")
    asked = re.search(r'href="(/enquire\?readiness=[^"]+)"', client.get(first).text)
    assert asked is not None
    assert "Add these answers" not in client.get(asked.group(1)).text
    draft = client.post(asked.group(1)).headers["Location"].removesuffix("/where")
    for step in ("where", "business"):
        assert client.post(f"{draft}/{step}", data=STEPS[step]).status_code == 303
    second = answered(client, EXPORT, {"sells": "both", "groups": ["crafts"]}, "b")
    again = re.search(r'href="(/enquire\?readiness=[^"]+)"', client.get(second).text)
    assert again is not None
    assert "Add these answers to it" in client.get(again.group(1)).text
    there = client.post(again.group(1), data={"to": "begun"}).headers["Location"]
    assert there == f"{draft}/work", "where it was left, and what was told is kept"
    page = html.unescape(client.get(f"{draft}/help").text)
    assert len(re.findall(r'name="readiness"[^>]*value="[^"]+"[^>]* checked', page)) == 2
    with client.session_transaction() as kept:
        kept.clear()
    assert client.post(again.group(1), data={"to": "begun"}).status_code == 409, "another browser has none"


STEPS: dict[str, dict[str, Any]] = {
    "where": {"place": "B1 1AA"},
    "business": {"name": "Made Pottery", "form": "sole_trader"},
    "work": {"groups": ["crafts"], "people": "1", "turnover": "30000", "years": "2"},
    "help": {"needs": ["ip"], "story": "Made."},
    "finance": {"seeks": "no"},
    "you": {"name": "Ann Made", "email": "ann@made.example"},
}
