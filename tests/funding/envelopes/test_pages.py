"""Envelopes through their pages: opened, approved by another person, read, reversed, downloaded and reconciled."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.queries.reversals import asked_for
from crm.funding.envelopes.rules import LedgerAccount, Line, Movement, Subject
from crm.funding.envelopes.service import posting
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.envelopes.money import REASON, an_award, envelope, whole
from tests.funding.payments.paying import claimed
from tests.programme.pages import sent, typed


def details(cast: Cast, **other: Any) -> dict[str, Any]:
    fields = {
        "name": "Scale-up 2026 to 2028",
        "fund": "Invented fund, grant 1",
        "owner": str(cast.programme_manager.id),
    }
    days = {**typed("1 4 2026", name="starts_on"), **typed("31 3 2028", name="ends_on")}
    return {**fields, **days, "capital": "800,000", "revenue": "£500k", "in_kind": "0", **other}


def test_p29_a_manager_opens_an_envelope_and_an_approver_lets_its_limit_count(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    page = sent(client.sign_in(cast.programme_manager), "/envelopes/new", details(cast))
    made = queries.envelope_named("Scale-up 2026 to 2028")
    assert made is not None
    assert made.limited_to == Money(0)
    change = change_queries.waiting_change(made.id)
    assert change is not None
    here = f"/envelopes/{made.id}/changes/{change.id}"
    assert "An approver must approve its limits" in page
    assert client.post(f"{here}/approve").status_code == 403
    assert "Approve this change" not in client.get(here).text
    assert client.get(f"/envelopes/{made.id}/changes/new").status_code == 409

    client.sign_in(cast.approver)
    assert f"{here}" in client.get("/desk").text
    assert "£1,300,000.00 more" in client.get(here).text
    page = sent(client, f"{here}/approve")
    assert "£1,300,000.00 from Invented fund, grant 1" in page
    assert client.post(f"{here}/approve").status_code == 409
    assert "Limit raised £800,000.00" in client.get(f"/envelopes/{made.id}/ledger").text
    assert client.sign_in(cast.founder).get(f"/envelopes/{made.id}").status_code == 404


def test_a_limit_is_refused_with_a_reason_and_another_proposal_is_withdrawn(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = envelope(cast)
    propose = f"/envelopes/{made.id}/changes/new"
    client.sign_in(cast.programme_manager)
    none = {"revenue": "0", "in_kind": "0"}
    again = client.post(propose, data={"capital": "1,300,000", **none, "reason": REASON})
    assert again.status_code == 422
    assert "These are the limits that it has already" in again.text
    emptied = client.post(propose, data={"capital": " ", "revenue": "", "in_kind": "0", "reason": REASON})
    assert "Enter the limit for capital, or 0" in emptied.text, "an emptied box is no limit of £0"
    assert "Enter the limit for revenue, or 0" in emptied.text
    sent(client, propose, {"capital": "1,200,000", **none, "revenue": "100,000", "reason": "More fees"})
    change = change_queries.waiting_change(made.id)
    assert change is not None
    assert change.total == Money(0)
    here = f"/envelopes/{made.id}/changes/{change.id}"
    client.sign_in(cast.approver)
    assert "Say why" in client.post(f"{here}/refuse", data={"reason": " "}).text
    assert "Change refused, with your reason" in sent(client, f"{here}/refuse", {"reason": "Not agreed"})
    client.sign_in(cast.programme_manager)
    assert "Not agreed" in client.get(here).text
    sent(client, propose, {"capital": "1,400,000", **none, "reason": "Underspend elsewhere"})
    other = change_queries.waiting_change(made.id)
    assert other is not None
    assert "Proposal withdrawn" in sent(client, f"/envelopes/{made.id}/changes/{other.id}/withdraw")
    assert whole(made.id).limited_to == Money.pounds(1_300_000)


def test_p29_a_limit_below_what_is_committed_is_refused_on_the_page(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = envelope(cast)
    posting.commit(made.id, Line.CAPITAL, amount=Money(50_000_01), about=an_award(), reason=REASON, by=SYSTEM)
    answer = client.sign_in(cast.programme_manager).post(
        f"/envelopes/{made.id}/changes/new",
        data={"capital": "50,000.00", "revenue": "0", "in_kind": "0", "reason": REASON},
    )

    assert answer.status_code == 422
    assert "Capital cannot be lowered to £50,000.00: £50,000.01 of it is committed or reserved" in answer.text


@pytest.mark.parametrize(
    "typed_", ["-5", "1e6", "NaN", "12.345", "1" * 20], ids=["below", "e", "nan", "pence", "twenty"]
)
@pytest.mark.engine("sqlite")
def test_p11_a_limit_that_is_no_sum_of_money_is_refused(
    client: ConformingClient, cast: Cast, db: Session, typed_: str
) -> None:
    answer = client.sign_in(cast.programme_manager).post("/envelopes/new", data=details(cast, capital=typed_))

    assert answer.status_code == 422
    assert queries.envelopes() == []


def test_the_dates_and_the_owner_of_an_envelope_are_edited(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = envelope(cast, name="Before")
    form = details(cast, name="After", version=str(made.version))
    client.sign_in(cast.programme_manager)
    wrong = client.post(f"/envelopes/{made.id}/edit", data={**form, **typed("1 1 2026", name="ends_on")})
    assert "The last day must not be before the first" in wrong.text
    assert "Envelope saved" in sent(client, f"/envelopes/{made.id}/edit", form)
    stale = client.post(f"/envelopes/{made.id}/edit", data={**form, "name": "Later"})

    assert stale.status_code == 409
    db.expire_all()
    assert whole(made.id).name == "After"


def test_p44_every_total_agrees_a_mistake_is_reversed_and_the_ledger_is_downloaded(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made, award = envelope(cast), an_award()
    posting.reserve(made.id, Line.CAPITAL, amount=Money.pounds(70), about=award, reason="=1+1", by=SYSTEM)
    (entry,) = posting.commit(
        made.id, Line.CAPITAL, amount=Money.pounds(50), about=award, reason=REASON, by=SYSTEM
    )
    client.sign_in(cast.finance_officer)
    ledger = f"/envelopes/{made.id}/ledger"
    only = client.get(f"{ledger}?account=committed&line=capital").text
    assert "1 entry" in only
    assert "<strong>£50.00</strong>" in only
    assert "2 entries" in client.get(f"{ledger}?about=decision:{award.id}").text
    for asked in ("about=decision:none", "line=other", "account=else"):
        for place in (ledger, f"{ledger}.csv"):
            assert f'href="{ledger}">Show the list without filters' in client.get(f"{place}?{asked}").text
    reverse = f"{ledger}/{entry.id}/reverse"
    assert "Another finance officer" in sent(client, reverse, {"reason": "The wrong award"})
    there = f"/entry-reversals/{asked_for([entry.id])[entry.id]}"
    assert there in client.get(ledger).text
    assert "waits for a second person" in client.get(reverse).text
    assert client.post(f"{there}/confirm").status_code == 403, "nobody confirms their own"
    client.sign_in(cast.approver)
    assert there in client.get("/desk").text
    assert "reversed by entry" in sent(client, f"{there}/confirm")
    assert client.post(f"{there}/confirm").status_code == 409
    client.sign_in(cast.finance_officer)
    assert client.get(reverse).status_code == 409
    rows = client.get(f"{ledger}.csv").text.splitlines()
    assert len(rows) == 5
    assert any("'=1+1" in each and ",70.00," in each for each in rows)
    page = client.get("/reconciliation").text
    assert "All 32 totals agree with their entries. The difference is £0.00." in page


def test_k33_a_limit_that_fell_below_what_was_reserved_meanwhile_is_not_offered_to_approve_and_says_so_on_its_page(
    client: ConformingClient, cast: Cast
) -> None:
    made = envelope(cast, Money.pounds(100))
    propose = f"/envelopes/{made.id}/changes/new"
    lower = {"capital": "60", "revenue": "0", "in_kind": "0", "reason": REASON}
    sent(client.sign_in(cast.programme_manager), propose, lower)
    change = change_queries.waiting_change(made.id)
    assert change is not None
    here = f"/envelopes/{made.id}/changes/{change.id}"
    client.sign_in(cast.approver)
    assert "Approve this change" in client.get(here).text
    posting.reserve(
        made.id, Line.CAPITAL, amount=Money.pounds(70), about=an_award(), reason=REASON, by=SYSTEM
    )
    page = client.get(here).text
    said = (
        "Capital cannot be lowered to £60.00: £70.00 of it is committed or reserved, £10.00 more than that."
    )
    assert f"It cannot be approved now. {said}" in page
    assert "Approve this change" not in page
    late = client.post(f"{here}/approve")
    assert (late.status_code, said in late.text, "Refuse this change" in late.text) == (422, True, True)
    assert "Change refused" in sent(client, f"{here}/refuse", {"reason": "Made: reserved meanwhile"})


def test_p45_a_reversal_is_refused_or_withdrawn_and_not_confirmed_by_who_recorded_the_entry(
    client: ConformingClient, cast: Cast
) -> None:
    made, about = envelope(cast), {"amount": Money(5), "about": an_award(), "reason": REASON}
    (entry,) = posting.reserve(made.id, Line.CAPITAL, **about, by=SYSTEM)
    (own,) = posting.reserve(made.id, Line.CAPITAL, **about, by=cast.approver.actor)

    def ask(found: LedgerEntry) -> str:
        client.sign_in(cast.finance_officer)
        sent(client, f"/envelopes/{made.id}/ledger/{found.id}/reverse", {"reason": "Recorded twice"})
        return f"/entry-reversals/{asked_for([found.id])[found.id]}"

    there = ask(entry)
    client.sign_in(cast.approver)
    assert "Say why" in client.post(f"{there}/refuse", data={}).text
    assert "The ledger stays as it is" in sent(client, f"{there}/refuse", {"reason": "These are two awards"})
    assert "These are two awards" in client.get(there).text
    assert "Request withdrawn" in sent(client, f"{ask(entry)}/withdraw")
    there = ask(own)
    client.sign_in(cast.approver)
    assert client.post(f"{there}/confirm").status_code == 403
    assert queries.reversed_of([entry.id, own.id]) == {}


def test_k8_what_the_ledger_says_was_paid_without_a_payment_is_a_line_of_its_own_that_opens_its_entries(
    client: ConformingClient, cast: Cast
) -> None:
    about, where = claimed(cast, Money.pounds(1_100))
    given = {"amount": Money.pounds(1_100), "about": about, "reason": REASON, "by": SYSTEM}
    posting.pay(where["envelope_id"], where["line"], on=today(), **given)  # type: ignore[arg-type]
    page = " ".join(client.sign_in(cast.auditor).get("/reconciliation").text.split())
    line = r'Entries with no payment: <a class="govuk-link" href="([^"]+)#alone">£1,100.00</a>'
    found = re.search(line, page)
    assert found
    alone = client.get(unescape(found[1])).text
    opened = re.search(r'href="(/envelopes/[^"]+)">[^<]+: £1,100.00</a>', alone)
    assert opened
    assert re.search(rf"{re.escape(REASON)}. Recorded [^<]+, by the system", alone), (
        "on what, when and by whom"
    )
    entries = client.get(unescape(opened[1])).text
    assert ("£1,100.00" in entries, "1 entry" in entries) == (True, True)


def test_k8_what_was_paid_back_without_a_repayment_or_claimed_without_a_claim_is_a_line_of_its_own(
    client: ConformingClient, cast: Cast
) -> None:
    made = envelope(cast)
    about = Subject("business", BUSINESS)
    where = (made.id, Line.CAPITAL)
    for move in (Movement.COMMIT, Movement.CLAIM, Movement.PAY, Movement.RECOVER):
        posting.write(
            posting.Posting(move, *where, Money.pounds(1_200), *OLDER[move], about, REASON), by=SYSTEM
        )
    page = " ".join(client.sign_in(cast.auditor).get("/reconciliation").text.split())
    for words in ("no award", "no claim", "no payment", "no repayment"):
        found = re.search(
            rf'Entries with {words}: <a class="govuk-link" href="([^"]+)#alone">£1,200.00</a>', page
        )
        assert found, words
        assert "£1,200.00" in client.get(unescape(found[1])).text


OLDER = {
    Movement.COMMIT: (LedgerAccount.FREE, LedgerAccount.COMMITTED),
    Movement.CLAIM: (LedgerAccount.COMMITTED, LedgerAccount.CLAIMED),
    Movement.PAY: (LedgerAccount.CLAIMED, LedgerAccount.PAID),
    Movement.RECOVER: (LedgerAccount.PAID, LedgerAccount.RECOVERED),
}


def test_p44_a_total_that_was_changed_by_hand_is_found_to_the_penny(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = envelope(cast)
    db.execute(
        text("UPDATE envelope SET committed = 1 WHERE id = :id"),
        {"id": made.id.hex if db.bind.dialect.name == "sqlite" else made.id},
    )  # type: ignore[union-attr]
    db.expire_all()
    page = client.sign_in(cast.auditor).get("/reconciliation").text

    assert "1 of 4 sets of totals do not agree" in page
    assert "£0.01" in page


def test_an_envelope_page_shows_where_its_money_is_and_each_sum_opens_its_entries(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made, award = envelope(cast, revenue=Money.pounds(200)), an_award()
    for verb in (posting.commit, posting.claim, posting.pay):
        verb(made.id, Line.REVENUE, amount=Money.pounds(80), about=award, reason=REASON, by=SYSTEM)
    client.sign_in(cast.auditor)
    page = client.get(f"/envelopes/{made.id}").text
    assert f"/envelopes/{made.id}/ledger?account=paid&amp;line=revenue" in page
    assert "Change the limit" not in page
    assert "£80.00" in client.get("/envelopes").text
    assert "polyline" in page
