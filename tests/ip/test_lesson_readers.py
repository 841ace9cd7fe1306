"""Who reads what became of a lesson: those whom it names, its writer, and who approves what the partners agreed."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from crm.db.session import session
from crm.ip.testbed.rules.naming import is_without_names
from crm.ip.testbed.service import naming, writing
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from tests import factories
from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.ip import bed

sqlite = pytest.mark.engine("sqlite")


@sqlite
def test_who_approves_says_how_a_text_keeps_to_what_the_partners_agreed_and_that_stays_in_the_record_k16(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner()
    asked = bed.asked(own)
    naming.agree_naming(asked, by=SYSTEM)
    lesson = bed.text_again(asked.lesson)
    where = f"/test-bed/texts/{lesson.id}"
    client.sign_in(manager)
    against = f"What may be published is “The result without names”, and the text names {own.name}"
    assert against in bed.page(client, where), "its writer reads it before it is sent"
    client.post(f"{where}/submit")
    shown = bed.page(client, where)
    assert "Sent for approval on" in shown
    assert cast.approver.account.name in shown, "its writer reads who can publish it"
    client.sign_in(cast.approver)
    assert against in bed.page(client, where)
    empty = client.post(f"{where}/publish", data={"kept": " ", "checked": "y"})
    assert empty.status_code == 422
    assert "Say how the text keeps to what may be published" in empty.text
    words = "The partners agreed by email that it may be named"
    assert client.post(f"{where}/publish", data={"kept": words, "checked": "y"}).status_code == 303
    assert words in bed.page(client, where)


@pytest.mark.parametrize(
    ("agreed", "is_without"),
    [
        ("The result without names", True),
        ("The result, naming no business: no names of people either", True),
        ("Figures only; firms are not named", True),
        ("An anonymous summary", True),
        ("The result with the names of those who agree", False),
        ("Everything. Names too", False),
        ("The result, without names unless a business agrees", False),
    ],
)
def test_what_partners_agreed_is_read_as_without_names_however_it_is_written(
    agreed: str, is_without: bool
) -> None:
    assert is_without_names(agreed) is is_without


@sqlite
def test_whoever_was_asked_is_told_what_was_answered_and_what_became_of_the_lesson_k15(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner()
    colleague = factories.account()
    factories.grant(colleague, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(own.id))
    session().flush()
    asked = bed.asked(own)
    lesson = bed.text_again(asked.lesson)
    lesson.written_by_id = manager.id
    session().flush()
    client.sign_in(cast.founder)
    where = f"/test-bed/namings/{asked.id}"
    assert client.post(f"{where}/agree", data={"seen": bed.seen(bed.page(client, where))}).status_code == 303
    (told,) = bed.letters("test_bed_naming_answered")
    assert (told.to_address, told.context["agrees"]) == (colleague.email, True), "not who answered"

    writing.submit(bed.text_again(lesson), by=manager.actor)
    text = f"/test-bed/texts/{lesson.id}/publish"
    assert (
        client.sign_in(cast.approver).post(text, data={"kept": bed.KEPT, "checked": "y"}).status_code == 303
    )
    out = {each.to_address for each in bed.letters("test_bed_published")}
    assert out == {cast.founder.email, colleague.email}
    assert manager.email in {each.to_address for each in bed.letters("test_bed_out")}
    assert cast.approver.email not in {each.to_address for each in bed.letters("test_bed_out")}

    assert client.sign_in(cast.founder).post(f"{where}/refuse").status_code == 303
    last = bed.letters("test_bed_naming_answered")[-1]
    assert (last.to_address, last.context["is_taken_back"]) == (colleague.email, True)
    assert last.context["is_withdrawn"], "it had agreed: this is no first answer"
    back = {each.to_address for each in bed.letters("test_bed_taken_back")}
    assert back >= {manager.email, cast.approver.email}, "who published it is told too"


@sqlite
def test_a_consent_that_was_withdrawn_is_found_by_business_and_lesson_and_its_text_stays_k11_k32(
    client: ConformingClient, cast: Cast
) -> None:
    own = bed.owner()
    asked = bed.asked(own)
    naming.agree_naming(asked, by=SYSTEM)
    lesson, where = bed.text_again(asked.lesson), f"/test-bed/namings/{asked.id}"
    writing.submit(lesson, by=SYSTEM)
    writing.publish(bed.text_again(lesson), kept=bed.KEPT, is_checked=True, by=SYSTEM)
    session().expire_all()
    assert client.sign_in(cast.founder).post(f"{where}/refuse").status_code == 303
    over = bed.page(client, where)
    assert "nothing can be answered about it" in over
    assert lesson.title in over
    client.sign_in(cast.auditor)
    for words in (own.name, lesson.title):
        log = bed.page(client, f"/audit?thing={quote(words)}")
        assert "agreed to be named in test-bed lesson" in log
        assert "did not agree, or no longer agreed, to be named" in log
        assert own.name in log
        assert lesson.title in log


@sqlite
def test_a_business_is_told_that_its_lesson_was_taken_back_and_not_why(
    client: ConformingClient, cast: Cast
) -> None:
    own = bed.owner()
    asked = bed.asked(own)
    naming.agree_naming(asked, by=SYSTEM)
    lesson = bed.text_again(asked.lesson)
    writing.submit(lesson, by=SYSTEM)
    writing.publish(bed.text_again(lesson), kept=bed.KEPT, is_checked=True, by=SYSTEM)
    where = f"/test-bed/texts/{lesson.id}/take-back"
    assert (
        client.sign_in(cast.administrator).post(where, data={"reason": "A wrong figure"}).status_code == 303
    )
    (told,) = bed.letters("test_bed_unpublished")
    assert told.to_address == cast.founder.email
    assert "A wrong figure" not in str(told.context)
