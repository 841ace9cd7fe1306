"""Due diligence: who asked what, who answered, with whom it is shared; and nobody else reads a word of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.angels.diligence.models import DiligenceAnswer, DiligenceItem
from crm.angels.diligence.rules.usual import USUAL
from crm.angels.diligence.service import answering, asking
from crm.angels.diligence.service.answering import Answering
from crm.angels.diligence.workflow import ItemStatus, Sharing
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.queries import introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.models import Certification
from crm.angels.pitches.models import Promotion
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.service import pitching
from crm.angels.pitches.workflow import Channel, ClosedAs
from crm.documents.models import Document
from crm.evidence.workflow import UnmetReason
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, NotAllowed
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.notices.workflow import LetterStatus
from tests import claimed, held, network
from tests.angels.introductions.test_introducing import shown
from tests.angels.people import acting, letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
S = ItemStatus
SECRET = "We owe £41,000 to a cousin."


@dataclass(frozen=True)
class Met:
    """An introduction that took place, with its investor and pitch, whatever was read anew meanwhile."""

    id: UUID
    account: Account
    pitch_id: UUID

    @property
    def whole(self) -> Introduction:
        """As its page loads it."""
        found = introduction(self.id)
        assert found is not None
        return found


def met(owner: Account | None = None, pitch_id: UUID | None = None) -> Met:
    holder = owner or network.admitted(network.investor(name="Philippa Unmistakable"))
    found = pitch(pitch_id) if pitch_id else shown()
    assert found is not None
    made = network.introduction(found, holder, IntroductionStatus.AGREED)
    return Met(made.id, holder, made.pitch_id)


def place(found: Met) -> str:
    return f"/introductions/{found.id}/due-diligence"


def text_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def asked(found: Met, *codes: str) -> list[DiligenceItem]:
    actor = acting(found.account)
    made = asking.ask(found.whole, codes, by=actor)
    return [held.whole_item(each) for each in made]


def answered(found: DiligenceItem, cast: Cast, sharing: Sharing = Sharing.ASKER, words: str = SECRET) -> None:
    answering.answer(held.whole_item(found), Answering(sharing, words), by=cast.founder.actor)


def test_an_investor_asks_and_the_business_answers_from_its_raise_with_words_and_a_file(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    client.sign_in(found.account)
    assert "No questions asked yet" in text_of(client, f"/introductions/{found.id}")
    sent = {"codes": ["cap_table", "accounts"], "own": "Who else bid for the work?"}
    assert client.post(f"{place(found)}/ask", data=sent).status_code == 303
    assert "waiting for an answer" in text_of(client, f"/introductions/{found.id}")
    (letter,) = letters("diligence_asked")
    assert letter.to_address == cast.founder.email
    assert letter.context["count"] == 3
    client.sign_in(cast.founder)
    assert "due-diligence questions to answer" in text_of(client, "/desk")
    raised = text_of(client, f"/raises/{found.pitch_id}")
    assert "Philippa Unmistakable asked" in raised
    assert USUAL["cap_table"].question in raised
    table = next(each for each in rows(DiligenceItem) if each.kind == "cap_table")
    where = f"/due-diligence/{table.id}"
    given = {"words": SECRET, "file": (io.BytesIO(claimed.PDF), "cap table.pdf"), "sharing": "asker"}
    done = client.post(f"{where}/answer", data=given, content_type="multipart/form-data")
    assert done.status_code == 303
    assert SECRET in client.get(where).text
    own = text_of(client.sign_in(found.account), place(found))
    assert SECRET in own
    assert f"by {cast.founder.account.name}" in own
    (kept,) = rows(Document)
    link = f"/due-diligence/answers/{kept.about_id}/files/{kept.id}"
    assert client.get(link).data == claimed.PDF
    shown_rows = {(each.channel, each.item) for each in rows(Promotion)}
    assert (Channel.PAGE, "Due diligence") in shown_rows
    assert (Channel.FILE, "Due diligence: cap table.pdf") in shown_rows


@pytest.mark.parametrize("sharing", Sharing)
def test_an_answer_is_read_by_those_it_is_shared_with_and_by_nobody_else(
    cast: Cast, client: ConformingClient, sharing: Sharing
) -> None:
    found = met()
    other, stranger = met(network.admitted(), found.pitch_id), network.admitted()
    (item,) = asked(found, "debts")
    answered(item, cast, sharing)
    link = f"/due-diligence/{item.id}"
    assert SECRET in client.sign_in(found.account).get(place(found)).text
    is_shared = sharing is Sharing.INTRODUCED
    theirs = client.sign_in(other.account).get(place(other)).text
    assert (SECRET in theirs) is is_shared
    assert len(letters("diligence_shared")) == is_shared
    assert "Unmistakable" not in theirs, "who asked is not said to another investor"
    assert client.get(link).status_code == 404
    for reader in (cast.network_manager, cast.auditor, cast.administrator):
        for page in (link, place(found), "/due-diligence", "/audit"):
            seen = client.sign_in(reader).get(page)
            assert SECRET not in seen.text, page
    assert client.sign_in(stranger).get(link).status_code == 404
    assert client.sign_in(cast.adviser).get(link).status_code == 404
    assert client.sign_in(cast.other_founder).get(link).status_code == 404


def test_a_file_shared_with_the_asker_alone_opens_for_no_other_investor_and_for_no_staff(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    other = met(network.admitted(), found.pitch_id)
    item = held.diligence_item(found.whole, S.ANSWERED)
    kept = network.factories.document("diligence_answer", item.answer_id)
    link = f"/due-diligence/answers/{item.answer_id}/files/{kept.id}"
    assert client.sign_in(other.account).get(link).status_code in {403, 404}
    assert client.sign_in(cast.network_manager).get(link).status_code in {403, 404}
    elsewhere = held.diligence_item(status=S.ANSWERED)
    assert client.get(f"/due-diligence/answers/{elsewhere.answer_id}/files/{kept.id}").status_code == 404


def test_n26_nothing_is_asked_or_read_while_the_gate_is_closed_and_all_of_it_again_afterwards(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = met()
    (item,) = asked(found, "debts")
    answered(item, cast)
    db.execute(update(Certification).values(revoked_at=now(), revoked_reason="Made"))
    client.sign_in(found.account)
    for page in (place(found), f"/due-diligence/{item.id}"):
        seen = text_of(client, page)
        assert SECRET not in seen
        assert "We may not show you the answer" in seen
    assert client.get(f"{place(found)}/ask").status_code in {403, 404}
    with pytest.raises(NotAllowed):
        asked(found, "accounts")
    assert rows(Promotion) == []
    network.certification(found.account)
    assert SECRET in client.get(place(found)).text


@pytest.mark.parametrize("end", ["withdraw", "close"])
def test_n24_the_end_of_the_pitch_closes_due_diligence_and_tells_the_investor(
    cast: Cast, client: ConformingClient, end: str
) -> None:
    found = met()
    first, second = asked(found, "debts", "accounts")
    answered(first, cast)
    ends = pitch(found.pitch_id)
    assert ends is not None
    if end == "withdraw":
        pitching.withdraw(ends, reason="Sold", by=cast.founder.actor)
    else:
        outcome = pitching.Outcome(ClosedAs.UNFUNDED, why=UnmetReason.TOO_EARLY)
        pitching.close(ends, outcome, by=cast.founder.actor)
    assert {held.whole_item(each).status for each in (first, second)} == {S.ENDED}
    (letter,) = letters("diligence_closed")
    assert letter.to_address == found.account.email
    client.sign_in(found.account)
    for page in (place(found), f"/due-diligence/{first.id}", f"/introductions/{found.id}"):
        assert SECRET not in client.get(page).text
    assert "closed" in text_of(client, place(found))
    assert client.get(f"{place(found)}/ask").status_code in {403, 404, 409}
    assert "Answered, now closed" in text_of(client, f"/due-diligence/{first.id}")
    client.sign_in(cast.founder)
    for page in (place(found), f"/due-diligence/{first.id}"):
        text = text_of(client, page)
        assert SECRET in text
        assert cast.founder.actor.name in text
        assert "Answered, now closed" in text
    assert "Closed without an answer" in text_of(client, f"/due-diligence/{second.id}")
    raised = text_of(client, f"/raises/{found.pitch_id}")
    assert "Closed without an answer: 1; Answered, now closed: 1." in raised
    assert client.get(f"/due-diligence/{second.id}/answer").status_code == 409
    assert "to answer" not in text_of(client, "/desk")
    client.sign_in(cast.network_manager)
    assert SECRET not in client.get(f"/due-diligence/{first.id}").text + client.get(place(found)).text
    assert found.whole.status is IntroductionStatus.AGREED, "N24: it stays"


def test_leaving_the_network_closes_an_investors_due_diligence_and_says_so_first(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    (item,) = asked(found, "debts")
    answered(item, cast)
    client.sign_in(found.account)
    assert "Your due diligence is closed (1 question)" in text_of(client, "/angels/mine/leave")
    assert client.post("/angels/mine/leave").status_code == 303
    assert held.whole_item(item).status is S.ENDED
    assert SECRET not in client.get(f"/due-diligence/{item.id}").text


def test_the_next_asker_is_given_the_same_answer_on_the_founders_yes(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    other = met(network.admitted(), found.pitch_id)
    (first,), (second,) = asked(found, "debts"), asked(other, "debts")
    answered(first, cast)
    assert SECRET not in client.sign_in(other.account).get(place(other)).text
    client.sign_in(cast.founder)
    form = text_of(client, f"/due-diligence/{second.id}/answer")
    assert f"{USUAL['debts'].question} (24 November 2026 at 10am: {SECRET})" in form
    sent_file = {"earlier": "new", "file": (io.BytesIO(claimed.PDF), "table.pdf")}
    again = client.post(
        f"/due-diligence/{second.id}/answer", data=sent_file, content_type="multipart/form-data"
    )
    assert again.status_code == 422
    assert "The files you chose were not saved. Choose them again." in again.text
    given = held.whole_item(first).answer_id
    assert client.post(f"/due-diligence/{second.id}/answer", data={"sharing": "asker"}).status_code == 422
    sent = {"earlier": str(given), "sharing": "asker"}
    both = client.post(f"/due-diligence/{second.id}/answer", data=sent | {"words": "Typed too"})
    assert "You chose an earlier answer" in both.text
    assert "Typed too" in both.text
    assert client.post(f"/due-diligence/{second.id}/answer", data=sent).status_code == 303
    assert held.whole_item(second).answer_id == given
    assert len(rows(DiligenceAnswer)) == 1
    assert SECRET in client.sign_in(other.account).get(place(other)).text


def test_who_may_not_read_an_answer_today_gets_no_letter_that_it_was_shared(cast: Cast, db: Session) -> None:
    found = met()
    other = met(network.admitted(), found.pitch_id)
    (item,) = asked(found, "debts")
    theirs = update(Certification).where(Certification.account_id == other.account.id)
    db.execute(theirs.values(revoked_at=now(), revoked_reason="Made"))
    answered(item, cast, Sharing.INTRODUCED)
    assert letters("diligence_shared") == []


def test_a_founder_widens_and_narrows_who_reads_an_answer(cast: Cast, client: ConformingClient) -> None:
    found = met()
    other = met(network.admitted(), found.pitch_id)
    (item,) = asked(found, "debts")
    answered(item, cast)
    where = f"/due-diligence/{item.id}/sharing"
    for sharing, is_read in (("introduced", True), ("asker", False)):
        client.sign_in(cast.founder)
        assert client.post(where, data={"sharing": sharing}).status_code == 303
        page = text_of(client, f"/due-diligence/{item.id}")
        assert ("Every investor introduced to you" in page) is is_read
        assert (SECRET in client.sign_in(other.account).get(place(other)).text) is is_read
        assert SECRET in client.sign_in(found.account).get(place(found)).text
    assert len(letters("diligence_shared")) == 1


def test_a_withdrawn_answer_is_read_no_longer_by_anybody_it_served_and_the_questions_wait_again(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    other = met(network.admitted(), found.pitch_id)
    (first,), (second,) = asked(found, "debts"), asked(other, "debts")
    answered(first, cast)
    earlier = Answering(Sharing.INTRODUCED, "", earlier_id=held.whole_item(first).answer_id)
    answering.answer(held.whole_item(second), earlier, by=cast.founder.actor)
    client.sign_in(cast.founder)
    confirm = text_of(client, f"/due-diligence/{first.id}/withdraw-answer")
    assert found.account.name in confirm
    assert other.account.name in confirm
    assert client.post(f"/due-diligence/{first.id}/withdraw-answer").status_code == 303
    assert {held.whole_item(each).status for each in (first, second)} == {S.ASKED}
    for each in (found, other):
        assert SECRET not in client.sign_in(each.account).get(place(each)).text
    assert {each.to_address for each in letters("diligence_retracted")} == {
        found.account.email,
        other.account.email,
    }
    (kept,) = rows(DiligenceAnswer)
    assert kept.words == SECRET
    assert kept.withdrawn_at is not None


def test_not_available_needs_a_reason_that_the_investor_reads_and_can_be_answered_after_all(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    (item,) = asked(found, "customers")
    where = f"/due-diligence/{item.id}"
    client.sign_in(cast.founder)
    assert client.post(f"{where}/not-available", data={"reason": " "}).status_code == 422
    sent = {"reason": "Our customers have not agreed yet."}
    assert client.post(f"{where}/not-available", data=sent).status_code == 303
    assert "Answer after all" in client.get(where).text
    theirs = client.sign_in(found.account).get(place(found)).text
    assert "Our customers have not agreed yet." in theirs
    assert len(letters("diligence_settled")) == 1
    answered(item, cast)
    assert SECRET in client.get(place(found)).text


def test_an_investor_withdraws_a_question_and_the_letter_that_had_not_left_is_cancelled(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    (item,) = asked(found, "customers")
    client.sign_in(found.account)
    assert client.post(f"/due-diligence/{item.id}/take-back").status_code == 303
    assert held.whole_item(item).status is S.WITHDRAWN
    assert {each.status for each in letters("diligence_asked")} == {"cancelled"}
    assert letters("diligence_withdrawn") == []
    assert "Question withdrawn" in client.get(place(found)).text
    (again,) = asked(found, "customers")
    assert again.id != item.id


def test_a_business_that_was_told_of_a_question_is_told_that_it_is_withdrawn(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = met()
    (item,) = asked(found, "customers")
    db.execute(update(Letter).values(_status=LetterStatus.SENT, sent_at=now()))
    db.expire_all()
    assert client.sign_in(found.account).post(f"/due-diligence/{item.id}/take-back").status_code == 303
    (letter,) = letters("diligence_withdrawn")
    assert letter.to_address == cast.founder.email
    assert "Customers or buyers" not in str(letter.context)


def test_asking_twice_for_a_usual_item_is_one_question_and_nothing_is_asked_before_both_agree(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    client.sign_in(found.account)
    assert client.post(f"{place(found)}/ask", data={}).status_code == 422
    assert client.post(f"{place(found)}/ask", data={"codes": "debts"}).status_code == 303
    assert "Loans, overdue payments" not in client.get(f"{place(found)}/ask").text
    assert client.post(f"{place(found)}/ask", data={"codes": ["debts"]}).status_code in {303, 422}
    assert len(rows(DiligenceItem)) == 1
    waits = f"/introductions/{network.introduction(shown(), found.account).id}/due-diligence"
    assert client.get(waits).status_code == 409
    assert client.get(f"{waits}/ask").status_code in {403, 404, 409}


def test_two_colleagues_who_answer_at_once_give_one_answer(cast: Cast) -> None:
    found = met()
    (item,) = asked(found, "debts")
    answered(item, cast)
    with pytest.raises(Conflict):
        answering.answer(held.whole_item(item), Answering(Sharing.ASKER, "Other"), by=cast.founder.actor)
    assert [each.words for each in rows(DiligenceAnswer)] == [SECRET]


def test_the_log_says_that_there_is_an_answer_and_who_reads_it_and_not_what_it_says(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    (item,) = asked(found, "debts")
    answered(item, cast, Sharing.INTRODUCED)
    log = text_of(client.sign_in(cast.auditor), "/audit")
    assert "Shared with: Every investor introduced to you for this pitch" in log
    assert SECRET not in log


def test_the_system_itself_closes_nothing_twice(cast: Cast) -> None:
    item = held.diligence_item()
    answering.decline(held.whole_item(item), reason="Made", by=SYSTEM)
    with pytest.raises(Conflict):
        asking.take_back(held.whole_item(item), by=SYSTEM)
