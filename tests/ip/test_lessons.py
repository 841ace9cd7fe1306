"""Lessons of test-bed projects: written by one person, published by another, naming nobody without consent."""

from __future__ import annotations

import html

import pytest
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.ip.testbed.queries import reading, seeing
from crm.ip.testbed.service import leading, naming, taking_part, writing
from crm.ip.testbed.service.writing import LessonText
from crm.ip.testbed.workflow import LessonStatus, NamingStatus
from crm.kernel.errors import Conflict, NotAllowed
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from tests import factories
from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.ip import bed

sqlite = pytest.mark.engine("sqlite")


@sqlite
def test_a_lesson_is_written_by_one_person_and_approved_by_another_who_can_send_it_back(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    found = bed.running()
    client.sign_in(manager)
    write = f"/test-bed/{found.id}/lessons/write"
    assert "Enter the lesson" in client.post(write, data={"title": "Keep it short", "text": " "}).text
    where = client.post(write, data={"title": "Keep it short", "text": "Two pages."}).headers["Location"]
    lesson_id = where.rsplit("/", 1)[1]
    public = f"/test-bed/lessons/{lesson_id}"
    client.post(f"{where}/submit")
    assert client.post(f"{where}/publish").status_code == 403
    assert "another person publishes it" in bed.page(client, where)
    assert "Publish the lesson" not in bed.page(client, "/desk")
    assert client.sign_in(cast.visitor).get(public).status_code == 404

    client.sign_in(cast.approver)
    assert "Publish the lesson, or send it back" in bed.page(client, "/desk")
    assert "Say why" in client.post(f"{where}/return", data={"reason": ""}).text
    client.post(f"{where}/return", data={"reason": "Say how many"})
    assert bed.letters("test_bed_text_back")[0].context["reason"] == "Say how many"
    client.sign_in(manager)
    assert "Change the lesson that was sent back" in bed.page(client, "/desk")
    version = str(reading.lessons_of(found.id)[0].version)
    changed = {"title": "Keep it short", "text": "Two pages: 6 of 8 signed.", "version": version}
    client.post(f"{where}/change", data=changed)
    client.post(f"{where}/submit")
    assert client.get(f"{where}/change").status_code == 409


@sqlite
def test_a_writer_takes_a_text_back_from_approval_and_nobody_else_does_k13(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    lesson = bed.submitted(written_by_id=manager.actor.account_id)
    where = f"/test-bed/texts/{lesson.id}"
    for other in (cast.approver, cast.administrator):
        assert "Take back from approval" not in bed.page(client.sign_in(other), where)
        assert client.post(f"{where}/recall").status_code == 403
    client.sign_in(manager)
    assert "Take back from approval" in bed.page(client, where)
    assert client.post(f"{where}/recall").status_code == 303
    page = bed.page(client, where)
    assert "took it back from approval" in page
    assert "Change draft" in page
    assert client.post(f"{where}/recall").status_code == 409, "it is a draft now"
    assert client.sign_in(cast.approver).post(f"{where}/publish", data={"kept": bed.KEPT}).status_code == 409


@sqlite
def test_a_published_lesson_is_for_anyone_until_it_is_taken_back_with_a_trace(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    lesson = bed.submitted(words="Two pages: 6 of 8 signed.")
    where, public = f"/test-bed/texts/{lesson.id}", f"/test-bed/lessons/{lesson.id}"
    client.sign_in(cast.approver).post(f"{where}/publish", data={"kept": bed.KEPT})
    client.sign_in(cast.visitor)
    assert "Two pages: 6 of 8 signed." in bed.page(client, public)
    assert public in bed.page(client, "/test-bed/lessons?q=short")
    assert "No lesson found" in bed.page(client, "/test-bed/lessons?q=zebra")
    client.sign_in(manager).post(f"{where}/take-back", data={"reason": "The figures were wrong"})
    told = bed.page(client, where)
    assert "The figures were wrong" in told
    assert "took it back" in told
    client.sign_in(cast.visitor)
    gone = bed.page(client, public)
    assert "This lesson was taken back" in gone
    assert "6 of 8" not in gone
    assert "Keep it short" not in gone
    assert "figures were wrong" not in gone
    assert public not in bed.page(client, "/test-bed/lessons")


def test_nobody_publishes_what_they_wrote_and_the_database_refuses_it_too(cast: Cast) -> None:
    made = bed.submitted(written_by_id=cast.administrator.id)
    with pytest.raises(NotAllowed):
        writing.publish(made, kept=bed.KEPT, by=cast.administrator.actor)
    changed = bed.text(made.project)
    writing.change_text(changed, LessonText("A", "B"), version=None, by=cast.second_administrator.actor)
    assert changed.written_by_id == cast.second_administrator.id
    writing.publish(made, kept=bed.KEPT, by=cast.approver.actor)
    assert made.status is LessonStatus.PUBLISHED


@sqlite
def test_a_business_is_named_only_in_the_exact_text_that_it_agreed_to(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner()
    factories.person(own, email="ann@made.example")
    found = bed.running()
    part = bed.taking(own, found)
    lesson = bed.text(found, f"{own.name.upper()} signed in a week.")
    where = f"/test-bed/texts/{lesson.id}"
    client.sign_in(manager)
    assert f"The text names {own.name}, which has not agreed to this text" in bed.page(client, where)
    assert client.post(f"{where}/submit").status_code == 409
    assert "ann@made.example" in bed.page(client, f"{where}/ask")
    client.post(f"{where}/ask")
    assert client.get(f"{where}/ask").status_code == 409
    assert bed.letters("test_bed_naming")[0].context["text"] == f"{own.name.upper()} signed in a week."

    asked = reading.namings_in(part.id)[0]
    naming_page = f"/test-bed/namings/{asked.id}"
    assert client.post(f"{naming_page}/agree").status_code == 403
    client.sign_in(cast.founder)
    assert "Say whether you may be named" in bed.page(client, "/desk")
    assert "signed in a week" in bed.page(client, naming_page)
    stale = client.post(f"{naming_page}/agree", data={"seen": "x" * 32})
    assert stale.status_code == 409
    client.post(f"{naming_page}/agree", data={"seen": bed.seen(bed.page(client, naming_page))})
    assert "Agreed to be named" in bed.page(client, naming_page)
    assert client.sign_in(cast.other_founder).get(naming_page).status_code == 404


@sqlite
def test_consent_to_one_text_is_none_to_another_so_the_business_is_asked_again(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    asked = bed.asked(bed.owner())
    naming.agree_naming(asked, by=SYSTEM)
    lesson, own = bed.text_again(asked.lesson), asked.business
    where, naming_page = f"/test-bed/texts/{lesson.id}", f"/test-bed/namings/{asked.id}"
    writing.change_text(
        lesson, LessonText(lesson.title, f"{own.name} signed in a day."), version=None, by=SYSTEM
    )
    session().flush()
    client.sign_in(manager)
    assert "About an earlier text" in bed.page(client, where)
    assert client.post(f"{where}/submit").status_code == 409
    assert "The text was changed after you were asked" in bed.page(client.sign_in(cast.founder), naming_page)
    client.sign_in(manager).post(f"{where}/ask")
    session().expire_all()
    again = reading.naming(asked.id)
    assert again is not None
    assert again.status is NamingStatus.ASKED
    naming.agree_naming(again, by=SYSTEM)
    assert client.post(f"{where}/submit").status_code == 303


def test_consent_that_is_withdrawn_takes_a_published_text_back_at_once_and_one_on_its_way_to_its_writer(
    db: Session,
) -> None:
    own = bed.owner(factories.business(name="Made Otter Works").id)
    for publish, then in ((True, LessonStatus.TAKEN_BACK), (False, LessonStatus.DRAFT)):
        asked = bed.asked(own)
        naming.agree_naming(asked, by=SYSTEM)
        lesson = bed.text_again(asked.lesson)
        writing.submit(lesson, by=SYSTEM)
        if publish:
            writing.publish(bed.text_again(lesson), kept=bed.KEPT, by=SYSTEM)
        session().expire_all()
        again = reading.naming(asked.id)
        assert again is not None
        naming.refuse_naming(again, by=SYSTEM)
        found = bed.text_again(lesson)
        assert found.status is then
        assert "no longer agrees" in found.reason
        if publish:
            with pytest.raises(Conflict, match="no longer used"):
                naming.agree_naming(reading.naming(asked.id), by=SYSTEM)  # type: ignore[arg-type]
        else:
            with pytest.raises(Conflict, match="has not agreed to this text"):
                writing.submit(found, by=SYSTEM)


def test_a_business_that_declined_is_named_no_more_than_any_other(db: Session) -> None:
    own = bed.owner(factories.business(name="Made Harbour Films").id)
    part = bed.invited(own)
    taking_part.decline(part, by=SYSTEM)
    lesson = bed.text(part.project, "Made Harbour Films did not want to.")

    assert (
        naming.why_unnamed(lesson) == "The text names Made Harbour Films, which has not agreed to this text."
    )


@sqlite
def test_words_that_are_the_name_of_another_business_are_checked_before_a_text_is_published(
    client: ConformingClient, cast: Cast
) -> None:
    factories.business(name="Red Door Ltd")
    lesson = bed.submitted(words="Nobody went through the red door, not even STEAMhouse.")
    client.sign_in(cast.approver)
    where = f"/test-bed/texts/{lesson.id}"
    assert "Red Door Ltd" in bed.page(client, where)
    refused = client.post(f"{where}/publish", data={"kept": bed.KEPT})
    assert refused.status_code == 422
    assert "Check that the text does not mean Red Door Ltd, then tick the box" in html.unescape(refused.text)
    assert client.post(f"{where}/publish", data={"checked": "y", "kept": bed.KEPT}).status_code == 303


@sqlite
def test_a_name_of_one_word_of_a_firm_or_a_person_is_checked_before_a_text_is_published(
    client: ConformingClient, cast: Cast
) -> None:
    factories.business(name="Bloomsters Ltd")
    own = bed.owner()
    factories.person(own, name="Rosa Okafor")
    part = bed.taking(own)
    client.sign_in(cast.approver)
    for words, named in (
        ("We asked Bloomsters’s designer.", "Bloomsters Ltd"),
        ("Rosa signed first.", f"Rosa Okafor of {own.name}"),
        ("Ms Okafor’s contract was short.", f"Rosa Okafor of {own.name}"),
    ):
        lesson = bed.text(part.project, words)
        writing.submit(lesson, by=SYSTEM)
        where = f"/test-bed/texts/{lesson.id}"
        assert named in bed.page(client, where), words
        assert client.post(f"{where}/publish", data={"kept": bed.KEPT}).status_code == 422
        assert client.post(f"{where}/publish", data={"checked": "y", "kept": bed.KEPT}).status_code == 303
    plain = bed.text(part.project, "The bloomsters and the rosa are flowers.")
    assert writing.also_names(bed.text_again(plain)) == []
    for page in ("/", "/find-support"):
        assert 'href="/test-bed/lessons"' in client.sign_in(cast.founder).get(page).text or page == "/"


@sqlite
def test_a_partner_and_a_draft_are_removed_and_a_business_refuses_on_their_pages(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    asked = bed.asked(bed.owner())
    found = bed.proposed(title="With a partner too many")
    client.sign_in(manager)
    assert (
        client.post(
            f"/test-bed/{found.id}/partners/{found.partners[0].id}/remove", data={"reason": "It has left"}
        ).status_code
        == 303
    )
    assert "No partner yet" in bed.page(client, f"/test-bed/{found.id}")
    draft = bed.text(words="Nothing new.")
    assert client.post(f"/test-bed/texts/{draft.id}/discard").status_code == 303
    where = f"/test-bed/namings/{asked.id}"
    assert client.sign_in(cast.founder).post(f"{where}/refuse").status_code == 303
    assert "Does not agree to be named" in bed.page(client, where)
    assert "Agree to be named" in bed.page(client, where)


@sqlite
def test_a_published_lesson_keeps_the_question_days_and_partners_that_another_person_approved_k16(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner()
    found = bed.proposed()
    leading.agree(found, by=SYSTEM)
    found = bed.again(found)
    bed.invited(own, found)
    lesson = bed.text(found, "Two pages are enough.")
    client.sign_in(manager)
    asks = bed.details(question=f"Can {own.name}, which lost its composer, close its gaps?")
    leading.change(found, asks, version=None, by=SYSTEM)
    where, public = f"/test-bed/texts/{lesson.id}", f"/test-bed/lessons/{lesson.id}"
    assert f"The text names {own.name}, which has not agreed" in bed.page(client, where)
    assert client.post(f"{where}/submit").status_code == 409
    leading.change(bed.again(found), bed.details(), version=None, by=SYSTEM)
    client.post(f"{where}/submit")
    seen = bed.seen(bed.page(client.sign_in(cast.approver), where))
    leading.change(bed.again(found), bed.details(question="Who pays?"), version=None, by=SYSTEM)
    assert client.post(f"{where}/publish", data={"seen": seen, "kept": bed.KEPT}).status_code == 409
    shown = bed.page(client, where)
    assert "Who pays?" in shown
    assert (
        client.post(f"{where}/publish", data={"seen": bed.seen(shown), "kept": bed.KEPT}).status_code == 303
    )

    leading.change(bed.again(found), asks, version=None, by=SYSTEM)
    leading.add_partner(bed.again(found), own.name, by=SYSTEM)
    for path in ("/test-bed/lessons", public):
        told = bed.page(client.sign_in(cast.visitor), path)
        assert "Who pays?" in told
        assert own.name not in told


@sqlite
def test_the_desk_says_what_a_draft_lacks_and_an_administrator_has_what_is_to_publish_k15(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner()
    found = bed.running()
    bed.taking(own, found)
    lesson = bed.text(found, f"{own.name} signed in a week.", written_by_id=manager.id)
    client.sign_in(manager)
    assert "Ask for consent to be named" in bed.page(client, "/desk")
    assert "Send the lesson for approval" not in bed.page(client, "/desk")
    naming.ask(lesson, by=SYSTEM)
    assert f"Waiting for the answer of {own.name}" in bed.page(client, "/desk")
    asked = reading.naming(reading.namings_of([own.id])[0].id)
    assert asked is not None
    naming.refuse_naming(asked, by=SYSTEM)
    assert f"Remove the name of {own.name} from the lesson" in bed.page(client, "/desk")
    naming.agree_naming(asked, by=SYSTEM)
    assert "Send the lesson for approval" in bed.page(client, "/desk")
    client.post(f"/test-bed/texts/{lesson.id}/submit")
    assert "Publish the lesson, or send it back" in bed.page(client.sign_in(cast.administrator), "/desk")


@sqlite
def test_who_names_a_person_of_a_business_in_full_or_its_first_words_asks_for_its_consent_with_a_trace_k16_k6(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner(factories.business(name="Copper Lark Games Ltd").id)
    factories.person(own, name="Femi Demo-Founder", email="femi@made.example")
    found = bed.running()
    part = bed.taking(own, found)
    client.sign_in(manager)
    for words in ("Femi Demo-Founder said yes.", "The games studio Copper Lark's brief was short."):
        lesson = bed.text(found, words)
        where = f"/test-bed/texts/{lesson.id}"
        assert "The text names Copper Lark Games Ltd, which has not agreed" in bed.page(client, where)
        assert client.post(f"{where}/submit").status_code == 409
    client.post(f"{where}/ask")
    asked = reading.namings_in(part.id)[0]
    naming_of = reading.naming(asked.id)
    assert naming_of is not None
    naming.agree_naming(naming_of, by=SYSTEM)
    naming.refuse_naming(naming_of, by=SYSTEM)
    told = bed.page(client, where)
    assert "Remove the name, or write about it in other words" in told
    assert "Wait for the answer" not in told
    for page in (where, f"/test-bed/{found.id}"):
        told = bed.page(client, page)
        assert "asked Copper Lark Games Ltd for consent to be named" in told, page
        assert "agreed that Copper Lark Games Ltd is named" in told, page
        assert "refused or withdrew the consent of Copper Lark Games Ltd" in told, page
    assert "asked for consent" in bed.page(client, f"/test-bed/namings/{asked.id}")


@sqlite
def test_a_partner_is_removed_once_by_two_at_the_same_time(manager: Member) -> None:
    proposed = bed.proposed(title="With a partner too many")
    twice = seeing.partner(proposed.id, proposed.partners[0].id)
    assert twice is not None
    leading.remove_partner(twice, reason="It has left", by=SYSTEM)
    with pytest.raises(Conflict, match="was removed already"):
        leading.remove_partner(twice, reason="It has left", by=SYSTEM)


@sqlite
def test_whoever_has_an_account_of_a_business_is_found_in_a_text_and_nobody_else_is_warned_of(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    part = bed.taking(bed.owner())
    colleague, other = (factories.account(name=name) for name in ("Oona Smith-Example", "Carl Smith-Hughes"))
    for each in (colleague, other):
        factories.grant(each, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(part.business_id))
    found = bed.whole(part.project_id)
    named = bed.text_again(bed.text(found, words="Oona Smith-Example told us that two pages are enough."))
    assert [each.id for each in naming.named_in(named)] == [part.id], "a person of a business names it"
    assert writing.also_names(named) == [], "Carl Smith-Hughes is not in the text"
    with pytest.raises(Conflict, match="has not agreed to this text"):
        writing.submit(named, by=SYSTEM)
    hinted = bed.text_again(bed.text(found, words="Mr Hughes told us that two pages are enough."))
    assert writing.also_names(hinted) == [f"Carl Smith-Hughes of {part.business.name}"]
    client.sign_in(manager)
    assert "Send for approval" not in bed.page(client, f"/test-bed/texts/{named.id}")
