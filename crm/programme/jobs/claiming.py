"""The demonstration's claims: one in every state against an award under way, and evidence for each of its milestones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from crm.accounts.queries import account, account_of, acting, actor_of, standing_in, standing_in_for
from crm.businesses.queries.seeing import business
from crm.businesses.service import people
from crm.businesses.service.people import PersonDetails
from crm.db.session import session
from crm.documents.papers import store
from crm.documents.service import Upload, stored
from crm.funding.envelopes.rules import Subject
from crm.funding.payments.jobs import LATELY, PAYER, given_to_the_bank
from crm.funding.payments.models import PaymentRun
from crm.funding.payments.queries import answers, payments
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.rules.accounts import BankAccount
from crm.funding.payments.service import details, reconciling, requesting, running
from crm.funding.payments.service.details import Call
from crm.kernel.clock import earlier, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.awards.models import Award
from crm.programme.awards.queries import awards
from crm.programme.awards.service import preparing
from crm.programme.awards.service.preparing import Standing
from crm.programme.claims.models import AwardChange, AwardClaim, MilestoneEvidence
from crm.programme.claims.queries import claims
from crm.programme.claims.queries import evidence as milestones
from crm.programme.claims.queries.changes import Asking, change
from crm.programme.claims.rules.changing import AwardTerms, terms_of_award
from crm.programme.claims.service import assessing, changing, claiming
from crm.programme.claims.service import evidence as proving
from crm.programme.claims.service.assessing import Ruling
from crm.programme.claims.service.claiming import CostDetails
from crm.programme.claims.workflow import ChangeKind
from crm.programme.jobs.paying_back import ask_back, return_claims

SHEET = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
)
"""The parts of a PDF of one page, before what is written on it."""
DIRECTOR = ("Ash Demo-Director", "Director", "ash.director@demo.example", "0121 496 0456")
BILL = "of two halves"
"""Two claims of the demonstration have the same bill, and say why."""
FIRST_KNOWN = timedelta(days=400)


def claim_all(found: Award, *, by: Actor, approver: Actor) -> None:
    """Claims that are paid, approved, rejected, discarded, in draft, submitted and returned; evidence in every state."""
    with earlier(LATELY):
        proving.send_back(_hand_in(found, 0), reason="Invented: add who ordered, and how much.", by=by)
        for place in (0, 2):
            proving.accept(_hand_in(found, place), by=by)
        run = _released(_approved(found, 0, 2_000, bill=BILL, by=by), approver=approver)
    _answered(run)
    _hand_in(found, 1)
    ask_back(found, by=by, approver=approver)
    _approved(found, 0, 1_500, bill=BILL, by=by)
    _unpaid(found, 0, 600, by=by)
    returned = _unpaid(found, 2, 400, by=by)
    return_claims(_unpaid(found, 0, 350, by=by), returned, approver=approver)
    claiming.discard(_whole(returned), by=_owner(found))
    assessing.reject(_submitted(found, 0, 800), reason="Invented: paid before the award started.", by=by)
    claiming.discard(_draft(found, 0, 300), by=_owner(found))
    _draft(found, 0, 1_200)
    _submitted(found, 1, 2_400)
    assessing.return_(_submitted(found, 2, 900), reason="Invented: the invoice lacks its second page.", by=by)


def change_all(found: Award, *, by: Actor, approver: Actor) -> None:
    """Changes of the terms: of money, approved by two people, refused, withdrawn, and one of dates that waits."""
    moved = _change(found, ChangeKind.MONEY, _moved(found, 400))
    changing.support(moved, by=by)
    changing.approve(moved, by=approver)
    shorter = replace(terms_of_award(found), purpose="Invented: a pilot in one market")
    why = "Invented: two markets were what the panel scored."
    changing.refuse(_change(found, ChangeKind.SCOPE, shorter), reason=why, by=by)
    changing.withdraw(_change(found, ChangeKind.SCOPE, shorter), by=_owner(found))
    terms = terms_of_award(found)
    later = replace(terms, ends_on=terms.ends_on + timedelta(days=60))
    _change(found, ChangeKind.TIME, later)


def support_change(found: Award, *, by: Actor) -> None:
    """A change that moves money, supported, which waits for a second person."""
    changing.support(_change(found, ChangeKind.MONEY, _moved(found, 250)), by=by)


def _moved(found: Award, pounds: int) -> AwardTerms:
    """Its terms with a sum moved from the second milestone to the third."""
    terms, sum_ = terms_of_award(found), Money.pounds(pounds)
    first, second, third = terms.milestones
    rows = (first, replace(second, amount=second.amount - sum_), replace(third, amount=third.amount + sum_))
    return replace(terms, milestones=rows)


def _change(found: Award, kind: ChangeKind, terms: AwardTerms) -> AwardChange:
    wanted = changing.ChangeWanted(terms, "Invented: the buyer’s order came later than planned.")
    made = changing.ask(Asking(found, kind), wanted, by=_owner(found))
    again = change(_flushed(made.id))
    assert again is not None
    return again


def claim_part(found: Award, *, by: Actor) -> None:
    """A claim that was approved, and is not paid yet, against the first milestone."""
    proving.accept(_hand_in(found, 0), by=by)
    _approved(found, 0, 1_000, by=by)


def give_account(found: Award) -> None:
    """Bank details of its business, which a finance officer confirmed by a call to a number that was known before."""
    own = business(found.business_id)
    assert own is not None
    with earlier(FIRST_KNOWN):
        people.add_person(own, PersonDetails(*DIRECTOR), by=SYSTEM)
        session().flush()
    entered = details.enter(
        own, BankAccount(f"{own.name} (invented)", "000000", "90000006"), by=_owner(found)
    )
    made = details_queries.details(_flushed(entered.id))
    assert made is not None
    call = Call(made.numbers[0]["number"], "An invented director", "It is on their invoices (invented)")
    details.confirm(made, call, by=standing_in(acting("finance@demo.example")))
    session().flush()


def replace_account(business_id: UUID) -> None:
    """Other bank details that a business entered: they wait for a call, and nothing is paid to it meanwhile."""
    own = business(business_id)
    assert own is not None
    account = BankAccount(f"{own.name} (invented)", "000000", "90000007")
    details.enter(own, account, by=standing_in_for(business_id, otherwise=SYSTEM))


def claim_whole(found: Award, *, by: Actor, approver: Actor) -> None:
    """Every milestone is met, and all of it was claimed and paid."""
    for place, pounds in enumerate([each.amount.pence // 100 for each in found.milestones]):
        with earlier(LATELY):
            proving.accept(_hand_in(found, place), by=by)
            claim = _submitted(found, place, pounds)
            assessing.approve(claim, {}, by=by)
            run = _released(_whole(claim.id), approver=approver)
        _answered(run)


def _owner(found: Award) -> Actor:
    """The owner of the business that was awarded."""
    return standing_in_for(found.business_id, otherwise=SYSTEM)


def begin_evidence(found: Award, place: int) -> MilestoneEvidence:
    """Evidence for a milestone that is not handed in yet."""
    about = milestones.milestone_of(found.id, found.milestones[place].id)
    assert about is not None
    words = "Invented: it is done, and the file shows it."
    upload = Upload("evidence.pdf", _paper("Invented evidence", "Ten buyers have ordered."))
    paper = stored(upload, files=store())
    begun = proving.begin(about, words=words, papers=[paper], by=_owner(found))
    made = milestones.evidence(begun.id)
    assert made is not None
    return made


def _hand_in(found: Award, place: int) -> MilestoneEvidence:
    made = begin_evidence(found, place)
    proving.hand_in(made, by=_owner(found))
    return made


def _draft(found: Award, place: int, pounds: int, *, bill: str = "") -> AwardClaim:
    """Costs of two suppliers, each with an invoice of its own; or with the same two as other claims with this ``bill``."""
    about = milestones.milestone_of(found.id, found.milestones[place].id)
    assert about is not None
    made = claiming.begin(about, by=_owner(found)).id
    half = Money(pounds * 50)
    for supplier, what in (("Invented Studios", "editing"), ("Invented Prints", "samples")):
        details = CostDetails(today(), supplier, f"Invented: {what}", half, half)
        cost = claiming.add_cost(_whole(made), details, by=_owner(found))
        about_cost = claims.cost_of(made, _flushed(cost.id))
        assert about_cost is not None
        invoice = _paper("Invented invoice", bill or str(cost.id), supplier, details.what)
        paper = stored(Upload("invoice.pdf", invoice), files=store())
        claiming.attach(about_cost, paper, by=_owner(found))
    return _whole(made)


def _flushed(row_id: UUID) -> UUID:
    """The id of a row that later reads see."""
    session().flush()
    session().expire_all()
    return row_id


def _whole(claim_id: UUID) -> AwardClaim:
    found = claims.claim(_flushed(claim_id))
    assert found is not None
    return found


def _submitted(found: Award, place: int, pounds: int, *, bill: str = "") -> AwardClaim:
    made = _draft(found, place, pounds, bill=bill)
    who = _owner(found)
    claiming.submit(made, declared_by=who.name, by=who)
    return _whole(made.id)


def _approved(found: Award, place: int, pounds: int, *, bill: str = "", by: Actor) -> AwardClaim:
    """Approved but for £50 of its first cost; of a ``bill`` that another claim has too, with why."""
    made = _submitted(found, place, pounds, bill=bill)
    first, *others = made.costs
    again = "Invented: the bill was for two halves of the work, and each claim has one." if bill else ""
    cut = Ruling(first.claimed - Money.pounds(50), "Invented: train tickets are not paid for.", again)
    rulings = {first.id: cut} | {each.id: Ruling(each.claimed, why_again=again) for each in others}
    assessing.approve(made, rulings, by=by)
    return _whole(made.id)


def _released(found: AwardClaim, *, approver: Actor) -> PaymentRun | None:
    """Its payment in a run whose file was given to the bank, if the demonstration's finance officer is there."""
    who = account_of("finance@demo.example")
    officer = account(who.id) if who else None
    due = next(iter(payments.payments_about(Subject("award_claim", found.id))), None)
    if officer is None or due is None:
        return None
    by = actor_of(officer)
    standing = Standing("active", "Invented: read at Companies House.")
    preparing.check_company(awards.award(found.award_id) or found.award, standing, by=by)
    run = payments.run(running.make([due.id], pay_on=running.next_pay_day(), by=by).id)
    assert run is not None
    running.release(run, payer=PAYER, by=approver)
    return given_to_the_bank(run, by=by)


def _answered(run: PaymentRun | None) -> None:
    """The bank's answer about a run of one payment: paid, on the day of the run."""
    if run is None:
        return
    (line,) = run.lines
    amount = line.amount.in_full().lstrip("£").replace(",", "")
    row = f"{line.end_to_end_id},{amount},PAID,,{run.pay_on:%Y-%m-%d}"
    data = f"end_to_end_id,amount,status,reason,paid_on\n{row}".encode()
    by = acting("finance@demo.example")
    answer = answers.answer(reconciling.upload("invented answer about a claim.csv", data, by=by).id)
    assert answer is not None
    reconciling.record(answer, by=by)
    session().flush()


def _unpaid(found: Award, place: int, pounds: int, *, by: Actor) -> UUID:
    """An approved claim whose payment was cancelled: a finance officer has it paid again, or proposes to return it."""
    made = _approved(found, place, pounds, by=by)
    due = payments.payment_for(Subject("award_claim", made.id))
    assert due is not None
    requesting.cancel(
        due, reason="Invented: the bank closed the account.", by=standing_in(acting("finance@demo.example"))
    )
    return _flushed(made.id)


def _paper(*lines: str) -> bytes:
    """A page of text as a PDF that every reader opens."""
    words = " ".join(f"({each.translate({40: None, 41: None, 92: None})}) Tj T*" for each in lines)
    drawn = f"BT /F1 14 Tf 60 760 Td 22 TL {words} ET".encode("latin-1", "replace")
    whole, places = b"%PDF-1.4\n", []
    for number, each in enumerate(
        (*SHEET, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)), 1
    ):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % each for each in places)
    ends = b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return whole + ends % (table, len(whole))
