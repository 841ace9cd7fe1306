"""A business records where the papers of each issue of shares stand, and gives each investor their certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import InvestmentStatus, ShareRelief
from crm.angels.holdings.models import ReliefCertificate, ReliefFiling
from crm.angels.holdings.models.papers import CERTIFICATE_TABLE
from crm.angels.holdings.policy import POLICY
from crm.angels.holdings.queries import papers as queries
from crm.angels.holdings.queries.papers import CertificateFile, Papers
from crm.angels.holdings.rules.labels import ANSWERS, CERTIFICATES, STATEMENTS
from crm.angels.holdings.rules.reliefs import can_be_sent_from, is_reference
from crm.angels.holdings.service.telling import tell_business, tell_investors
from crm.angels.holdings.workflow import Act, FiledRelief
from crm.angels.pitches.queries import pitches
from crm.audit import service as audit
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import refuse_if, require_as_shown
from crm.documents import service as documents
from crm.documents.queries import documents_about
from crm.documents.service import Stored, Subject
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class FilingDetails:
    """What happened, each on its day; None where it has not yet."""

    assured_on: date | None = None
    trading_from: date | None = None
    spent_on: date | None = None
    sent_on: date | None = None
    authorised_on: date | None = None
    uir: str = ""


NAMES: Mapping[str, str] = {
    "assured_on": "The day of advance assurance",
    "trading_from": "The day trading began",
    "spent_on": "The day on which 70% was spent",
    "sent_on": "The day you sent it",
    "authorised_on": "The day of HMRC’s answer",
}


def record(found: Papers, details: FilingDetails, *, version: int | None = None, by: Actor) -> ReliefFiling:
    """Record where the papers stand. Days lie in the past, in their order, and the statement is not sent too early."""
    POLICY.require(by, Act.RECORD, found.pitch)
    pitches.hold(found.pitch)
    filing = queries.filings_of([found.pitch.id]).get(found.issue)
    if filing is not None:
        require_as_shown(filing, version)
    _require_sound(found, details)
    _require_certified(found, details)
    _require_own(found, details, queries.other_filings(found))
    made = filing or begun(found)
    changes = amend(made, **fields_of(details))
    if filing is None and not changes:
        raise Invalid("Enter a day on which something happened", field="assured_on")
    session().add(made)
    session().flush()
    if changes:
        of_day = created(issued_on=made.issued_on) if filing is None else {}
        audit.record(Act.RECORD, made, of_day | changes, by=by)
    return made


def begun(found: Papers) -> ReliefFiling:
    """The papers of an issue of shares before anything is recorded of them."""
    pitch_id, relief, issued_on, share_class = found.issue
    made = ReliefFiling(pitch_id=pitch_id, relief=relief, issued_on=issued_on, uir="")
    made.share_class = share_class
    return made


def _require_sound(found: Papers, details: FilingDetails) -> None:
    for name, words in NAMES.items():
        day = getattr(details, name)
        if day is not None and day > today():
            raise Invalid(f"{words} cannot be in the future", field=name)
    if details.spent_on and found.relief is not FiledRelief.SEIS:
        raise Invalid("Only SEIS asks when 70% was spent", field="spent_on")
    if details.sent_on is not None:
        _require_in_time(found, details, details.sent_on)
    _require_answer(found, details)


def _require_answer(found: Papers, details: FilingDetails) -> None:
    """HMRC's answer has its day and its reference, and comes after the statement."""
    if bool(details.authorised_on) != bool(details.uir):
        field = "uir" if details.authorised_on else "authorised_on"
        raise Invalid(
            f"Enter both the day and the reference of {ANSWERS[found.relief]}, or neither", field=field
        )
    if details.authorised_on and (details.sent_on is None or details.authorised_on < details.sent_on):
        words = f"HMRC answers after {STATEMENTS[found.relief]} is sent: enter that day first, and a later one here"
        raise Invalid(words, field="authorised_on")
    if details.uir and not is_reference(details.uir):
        raise Invalid(
            f"Enter the reference as it is on {ANSWERS[found.relief]}, with its digits", field="uir"
        )


def _require_certified(found: Papers, details: FilingDetails) -> None:
    """What the certificates that were given rest on stays: HMRC's answer, its reference, and a day not after theirs."""
    given = [each for _, each in found.every if each is not None]
    if not given:
        return
    named = CERTIFICATES[found.relief]
    first = f"A certificate ({named}) that was given carries it. Remove the certificate first"
    if any(each.uir != details.uir for each in given):
        raise Invalid(f"This reference cannot be changed. {first}", field="uir")
    earliest = min(each.given_on for each in given)
    if details.authorised_on is None or details.authorised_on > earliest:
        words = f"A certificate ({named}) was given on {day_in_words(earliest)}, so HMRC answered by then"
        raise Invalid(words, field="authorised_on")


def _require_own(found: Papers, details: FilingDetails, others: Sequence[ReliefFiling]) -> None:
    """A company begins to trade once, whatever it issues; and HMRC answers each statement with a reference of its own."""
    for each in others:
        day = each.trading_from
        if each.sent_on is not None and day is not None and details.trading_from not in (None, day):
            told = f"{STATEMENTS[each.relief]} was sent saying that trading began on {day_in_words(day)}"
            raise Invalid(f"{told}. Enter the same day", field="trading_from")
    before = found.filing.uir if found.filing else ""
    of_others = [each for each in others if queries.issue_filed(each)[:3] != found.issue[:3]]
    taken = next(
        (each for each in of_others if details.uir not in ("", before) and each.uir == details.uir), None
    )
    if taken is not None:
        of_other = f"{ANSWERS[taken.relief]} for the shares issued on {day_in_words(taken.issued_on)}"
        words = f"This is the reference of {of_other}. HMRC gives each issue of shares a reference of its own"
        raise Invalid(words, field="uir")


def _require_in_time(found: Papers, details: FilingDetails, sent_on: date) -> None:
    """SEIS1 and EIS1 are sent neither before shares were issued nor before the company has traded long enough (VCM35040, VCM14090)."""
    name = STATEMENTS[found.relief]
    if sent_on < found.issued_on:
        day = day_in_words(found.issued_on)
        raise Invalid(f"{name} is sent after the shares were issued, on {day}", field="sent_on")
    first = can_be_sent_from(details.trading_from, details.spent_on, lengths=found.lengths)
    if first is None:
        way = " or when 70% was spent" if found.relief is FiledRelief.SEIS else ""
        raise Invalid(f"Enter when trading began{way}: {name} depends on it", field="trading_from")
    if sent_on < first:
        raise Invalid(
            f"{name} can be sent from {day_in_words(first)}, by the days you entered", field="sent_on"
        )


def why_not_certified(found: Investment) -> str | None:
    """Why no certificate can be given for an investment now."""
    if found.relief is ShareRelief.NONE:
        return "These were not issued under SEIS or EIS, so there is no certificate."
    if found.status is InvestmentStatus.REVERSED:
        return "This investment was reversed, so no certificate is given for it."
    if not found.is_completed:
        return "Both sides must agree on this investment before its certificate is given."
    if queries.certificates_of([found.id]):
        return "This investment has its certificate. Remove it first to give another."
    filing = queries.filings_of([found.pitch_id]).get(queries.issue_of(found))
    if filing is None or filing.authorised_on is None:
        of_day = f"for the shares issued on {day_in_words(found.issued_on)}"
        return f"Record HMRC’s answer ({ANSWERS[found.relief]}) {of_day} first. It carries the reference for the certificates."
    return None


def certify(found: Investment, paper: Stored, *, given_on: date, by: Actor) -> ReliefCertificate:
    """Give an investor the certificate of their investment, with its file, which they and the business alone open."""
    POLICY.require(by, Act.CERTIFY, found)
    pitches.hold(found.pitch)
    refuse_if(why_not_certified(found))
    filing = queries.filings_of([found.pitch_id])[queries.issue_of(found)]
    _require_day(filing, given_on)
    made = ReliefCertificate(investment_id=found.id, uir=filing.uir, given_on=given_on, made_at=now())
    made.made_by_id = by.account_id
    session().add(made)
    session().flush()
    documents.keep(paper, Subject(CERTIFICATE_TABLE, made.id), by=by)
    audit.record(
        Act.CERTIFY, made, created(reference=found.reference, uir=made.uir, given_on=given_on), by=by
    )
    _tell_investor(found, "certificate_given")
    return made


def _require_day(filing: ReliefFiling, given_on: date) -> None:
    """A certificate is dated when HMRC had answered: by then the statement was sent, and before that the shares were issued."""
    answered = filing.authorised_on
    if answered is not None and not answered <= given_on <= today():
        raise Invalid(
            f"The day must be from HMRC’s answer, on {day_in_words(answered)}, to today", field="given_on"
        )


def _tell_investor(found: Investment, kind: str) -> None:
    """A letter to a member about their investment; whom the company named from outside gets none of ours."""
    if found.account is not None:
        path = f"/holdings/{found.id}"
        about = {"reference": found.reference, "business": found.pitch.business.name}
        tell_investors([found.account], kind, path=path, form=CERTIFICATES[found.relief], **about)


def remove(found: CertificateFile, *, by: Actor) -> None:
    """Remove a certificate that was given by mistake: its file opens for nobody, and the investor is told."""
    POLICY.require(by, Act.REMOVE, found.investment)
    for each in documents_about(CERTIFICATE_TABLE, found.certificate.id):
        documents.remove(each)
    audit.record(Act.REMOVE, found.certificate, amend(found.certificate, removed_at=now()), by=by)
    _tell_investor(found.investment, "certificate_removed")


def tell_can_be_sent(found: Papers) -> None:
    """Tell a business once that the statement of an issue of shares can be sent from now on."""
    assert found.filing is not None
    amend(found.filing, told_at=now())
    _tell(found, "papers_can_be_sent")


def tell_near(found: Papers) -> None:
    """Remind a business once that the last day to send the statement of an issue of shares is near."""
    filing = found.filing or begun(found)
    session().add(filing)
    amend(filing, reminded_at=now())
    _tell(found, "papers_due")


def _tell(found: Papers, kind: str) -> None:
    path, statement = f"/raises/{found.pitch.id}/papers#issue-{found.first.id}", STATEMENTS[found.relief]
    more = {"statement": statement, "last_day": day_in_words(found.send_by), "issued": found.issued}
    tell_business(found.pitch.business, kind, path=path, **more)
