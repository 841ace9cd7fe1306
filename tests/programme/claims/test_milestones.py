"""Milestones by their days: reminded of, overdue, and what that means for the next payment."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.notices.service import as_sent
from crm.programme.claims.service import claiming, following, reminding
from tests import claimed, factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.claims.test_claims import letters
from tests.programme.pages import sent


def test_p47_reminders_run_twice_a_day_send_once_before_and_once_after(cast: Cast, db: Session) -> None:
    found = claimed.award(due=10)
    db.expunge_all()  # as the worker finds it: nothing is known beforehand
    assert [reminding.remind_all(), reminding.remind_all()] == [1, 0]
    late = found.milestones[0].due_on + timedelta(days=1)
    assert [reminding.remind_all(on=late), reminding.remind_all(on=late)] == [1, 0]
    assert letters(db, "milestone_due") == letters(db, "milestone_overdue") == 1


def test_p47_an_overdue_milestone_is_a_row_for_the_manager_and_says_what_it_means_for_payment(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award(due=-1)
    here, words = f"/awards/{found.id}", "Ask about a milestone that is overdue"
    client.sign_in(cast.programme_manager)
    assert words in client.get("/desk").text
    rows = client.get("/awards").text
    assert "Milestone overdue" in rows
    assert "was due" in rows
    assert "payment waits until a programme manager has confirmed" in " ".join(client.get(here).text.split())
    client.sign_in(cast.founder)
    for page in (here, f"{here}/claims"):
        assert "Your next payment waits until we have confirmed" in " ".join(client.get(page).text.split())
    claimed.handed_in(found)
    assert "We are checking your evidence" in client.get(here).text
    assert words not in client.sign_in(cast.programme_manager).get("/desk").text, "its evidence waits instead"


def test_p47_on_its_last_day_and_once_the_award_has_ended_no_milestone_is_overdue(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    due, ended = claimed.award(due=0), claimed.award(due=-5)
    claimed.closed(ended)
    client.sign_in(cast.programme_manager)
    assert "Ask about a milestone" not in client.get("/desk").text
    for each in (due, ended):
        assert "verdue" not in client.get(f"/awards/{each.id}").text
    assert "Milestone overdue" not in client.get("/awards").text


def test_p47_an_overdue_milestone_holds_the_next_payment_and_not_an_earlier_one(
    cast: Cast, db: Session
) -> None:
    found = claimed.award(due=-200)
    claimed.met(found, 0)
    first = claimed.approved(claimed.whole(found.id), 1_000)
    assert found.milestones[1].due_on < today()
    assert "was due on" in (following.why_withheld(first.id) or "")
    first.decided_at = first.decided_at - timedelta(days=150)  # type: ignore[operator]
    db.flush()
    assert following.why_withheld(first.id) is None, "it was approved before that milestone was due"


def test_p47_what_was_approved_is_paid_once_an_award_ended_early_and_nothing_is_left_to_claim_of_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award(due=-200)
    claimed.met(found, 0)
    claimed.begun_evidence(found, 1)
    held = claimed.approved(claimed.whole(found.id), 1_000)
    assert "was due on" in (following.why_withheld(held.id) or "")
    claimed.closed(claimed.whole(found.id))
    db.expire_all()
    assert "was due on" not in (following.why_withheld(held.id) or "")
    client.sign_in(cast.founder)
    page = " ".join(client.get(f"/awards/{found.id}/claims").text.split())
    for words in ("Left to claim", "Go on with the evidence", "still to be claimed", "Hand in evidence"):
        assert words not in page, words
    assert "Claimed: £1,000.00 of" in page
    table = page.rpartition("Claimed, by financial year")[2]
    assert (table.count("£1,000.00"), table.count("£")) == (1, 1), "what can be claimed no more is in no year"
    assert "waits until it is" not in client.get(f"/award-claims/{held.id}").text


def test_k16_who_approves_and_who_is_told_read_what_holds_the_payment_and_what_to_do(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award(due=-200)
    made = claimed.submitted(found, 1_000)
    late = claimed.whole(found.id).milestones[1]
    here, begin = f"/award-claims/{made.id}", f"/awards/{found.id}/milestones/{late.id}/evidence"
    why = f"“{late.title}” was due on {day_in_words(late.due_on)} and is not confirmed as met."
    client.sign_in(cast.programme_manager)
    form = client.get(f"{here}/approve").text
    assert (why in form, "due to be paid at once" in form) == (True, False)
    boxes = {f"approved_{each.id.hex}": str(each.claimed) for each in made.costs}
    done = sent(client, f"{here}/approve", boxes | {"version": str(made.version)})
    assert f"It is paid once “{late.title}” is confirmed as met" in done
    assert (why in done, "It is paid with a payment run" in done) == (True, False)
    letter = db.scalars(select(Letter).where(Letter.kind == "grant_claim_approved")).first()
    assert letter
    assert (letter.context["late"], letter.context["hand_in"]) == (late.title, begin)
    wording = as_sent("grant_claim_approved", {**letter.context, "to_name": "Made"}).text
    assert (f'"{late.title}" was due on {day_in_words(late.due_on)}' in wording, begin in wording) == (
        True,
        True,
    )
    assert "Next we pay it" not in wording
    client.sign_in(cast.founder)
    for page, said in ((here, why), ("/desk", "£1,000.00 waits for it")):
        text = client.get(page).text
        assert (said in text, begin in text) == (True, True), page
    assert "We will write to you when it is paid" not in client.get(here).text

    # Once it is handed in there is nothing more to do for the founder, and once it is confirmed nothing holds the payment.
    given = claimed.handed_in(claimed.whole(found.id), 1)
    assert "We are checking your evidence" in client.get(here).text
    sent(client.sign_in(cast.programme_manager), f"/milestone-evidence/{given.id}/accept")
    assert "It is paid with a payment run" in client.get(here).text


def test_k15_evidence_that_was_sent_back_is_a_thing_to_do_for_its_founder_until_it_is_handed_in_again(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    given, desk = claimed.handed_in(found), "Hand in evidence again, which was sent back"
    here, again = f"/milestone-evidence/{given.id}", "Hand it in again"
    client.sign_in(cast.founder)
    assert desk not in client.get("/desk").text
    assert again not in client.get(here).text
    sent(client.sign_in(cast.programme_manager), f"{here}/send-back", {"reason": "Made: add the third order"})
    assert again not in client.get(here).text, "it is the founder's to do"
    begin = f"/awards/{found.id}/milestones/{given.milestone_id}/evidence"
    client.sign_in(cast.founder)
    for page, words in (("/desk", desk), (f"/awards/{found.id}", desk), (here, again)):
        text = client.get(page).text
        assert (words in text, begin in text) == (True, True), page
    form = client.get(begin).text
    assert (given.words in form, "Made: add the third order" in form) == (True, True)
    claimed.handed_in(found)
    assert desk not in client.get("/desk").text
    assert again not in client.get(here).text


def test_k33_whoever_confirms_a_milestone_goes_on_to_the_claim_that_waits_for_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    given = claimed.handed_in(found)
    made = claiming.begin(claimed.of(found), by=SYSTEM)
    added = claiming.add_cost(claimed.again(made), claimed.cost(1_000), by=SYSTEM)
    factories.document("award_cost", added.id, b"Made")
    claiming.submit(claimed.again(made), declared_by="Made Owner", by=SYSTEM)
    db.flush()
    client.sign_in(cast.programme_manager)
    here, claim = f"/milestone-evidence/{given.id}", f'href="/award-claims/{made.id}"'
    assert claim not in client.get(here).text
    met = " ".join(sent(client, f"{here}/accept").split())
    assert (claim in met, "for £1,000.00, waits to be decided" in met) == (True, True)
    assert claim not in client.sign_in(cast.founder).get(here).text


def test_k14_each_sum_of_an_award_opens_the_claims_that_come_to_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    paid = claimed.paid(found, 2_000)
    due = claimed.approved(claimed.whole(found.id), 700)
    waits = claimed.submitted(claimed.whole(found.id), 300)
    claimed.met(claimed.whole(found.id), 1)
    claims = f"/awards/{found.id}/claims"
    client.sign_in(cast.auditor)
    whole = client.get(f"/awards/{found.id}").text
    assert "What to do now" not in whole, "an auditor has nothing to do here"
    for name, mine, sum_ in (("paid", paid, "2,000"), ("due", due, "700"), ("waits", waits, "300")):
        for text in (whole, client.get(claims).text):
            assert f'href="{claims}?counts={name}#claims">£{sum_}.00<' in text
        opened = client.get(f"{claims}?counts={name}").text.partition('id="claims"')[2].partition("<table")[0]
        shown = [f"/award-claims/{each.id}" in opened for each in (paid, due, waits)]
        assert shown == [each is mine for each in (paid, due, waits)], name
    assert f'href="{claims}#milestones">£5,000.00<' in whole
    assert client.get(f"{claims}?counts=other").status_code == 422
    assert "The business’s own share of the project" in whole
    assert "Your own share of the project" in client.sign_in(cast.founder).get(f"/awards/{found.id}").text


def test_k10_the_letter_about_a_late_milestone_says_that_it_waits_until_we_have_confirmed_it(
    db: Session, cast: Cast
) -> None:
    found = claimed.award(due=10)
    reminding.remind_all(on=found.milestones[0].due_on + timedelta(days=1))
    letter = db.scalars(select(Letter).where(Letter.kind == "milestone_overdue")).one()
    text = as_sent(letter.kind, {**letter.context, "to_name": "Made"}).text
    assert "Your next payment waits until we have confirmed that it is met." in text


def test_k15_once_a_late_milestone_is_met_its_letter_says_which_sum_is_paid_and_what_is_still_needed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award(due=-200)
    claimed.met(found, 0)
    claimed.approved(claimed.whole(found.id), 1_000)
    given = claimed.handed_in(claimed.whole(found.id), 1)
    sent(client.sign_in(cast.programme_manager), f"/milestone-evidence/{given.id}/accept")
    rows = db.scalars(select(Letter).where(Letter.kind == "milestone_met")).all()
    texts = [as_sent(each.kind, {**each.context, "to_name": "Made"}).text for each in rows]
    (text,) = [each for each in texts if "can now be paid" in each]
    assert "£1,000.00 that waited for it can now be paid. We still need your bank details." in text
    assert f"/businesses/{found.business_id}/bank-details/new" in text


def test_k11_who_asked_for_a_change_is_not_told_to_ask_for_one(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award(due=-200)
    ask, waits = "ask for a change to the dates", "we decide on that first"
    client.sign_in(cast.founder)
    here = f"/awards/{found.id}"
    assert ask in client.get(here).text
    claimed.change(claimed.whole(found.id))
    for page in (here, f"{here}/claims"):
        text = client.get(page).text
        assert (ask in text, waits in text) == (False, True), page


def test_p47_the_letter_of_a_milestone_that_is_met_says_which_other_one_holds_the_payment(
    cast: Cast, db: Session
) -> None:
    found = claimed.award(due=-200)
    claimed.met(found, 0)
    letter = db.scalars(select(Letter).where(Letter.kind == "milestone_met")).one()
    text = as_sent(letter.kind, letter.context | {"to_name": "Made"}).text
    assert f"Nothing is paid before “{found.milestones[1].title}” is confirmed as met too" in text
