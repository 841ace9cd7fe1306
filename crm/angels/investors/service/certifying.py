"""Signing a statement: by the investor alone, with its details; a refused statement is stored as an attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.accounts.queries import account
from crm.angels.investors.models import Angel, Certification, CertificationAttempt, StatementWording
from crm.angels.investors.policy import POLICY
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.queries.gate import thresholds_on
from crm.angels.investors.rules import certifying as rules
from crm.angels.investors.rules.gate import MONTHS_OF_A_STATEMENT
from crm.angels.investors.rules.statements import digest, rendered
from crm.angels.investors.workflow import Act, AngelStatus, Ground
from crm.audit import service as audit
from crm.billing.queries import membership_of
from crm.db.changes import amend, created, fields_of, plain
from crm.db.following import follow
from crm.db.session import session
from crm.documents.models import Document
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, Trace, says_something
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue

HISTORIC = "For the record only: it does not open pitches. Only the investor can certify, on the day, on their own page."
NO_CONDUCT = "Accept the code of conduct first. It is on your investor profile."
NOT_OPEN = "You cannot sign this statement yet: a lawyer has not approved its wording."


@dataclass(frozen=True)
class Signing:
    """Who signs and from where: the name as typed, the network address and the device."""

    name: str
    ip: str
    device: str


@dataclass(frozen=True)
class Said:
    """What is signed, ready to be kept: the letters claimed, what was stated, and how it is read out."""

    ground: Ground
    letters: tuple[str, ...]
    particulars: Mapping[str, Any]
    words: Mapping[str, str]
    extra: Mapping[str, Any]


def certify_net_worth(found: Angel, said: rules.NetWorth, *, signing: Signing, by: Actor) -> Certification:
    """Sign as a high net worth individual (article 48)."""
    law = thresholds_on(today())
    words = {
        "threshold_income": str(law.income),
        "threshold_assets": str(law.assets),
        "income_step": str(law.income_step),
        "assets_step": str(law.assets_step),
        "income": str(said.income or ""),
        "assets": str(said.assets or ""),
    }
    letters = tuple(letter for letter, claimed in (("A", said.has_income), ("B", said.has_assets)) if claimed)
    stated = Said(Ground.HIGH_NET_WORTH, letters, fields_of(said), words, {})
    return _sign(found, stated, rules.fault_in_net_worth(said, law), signing=signing, by=by)


def certify_experience(
    found: Angel, said: rules.Experience, *, network_name: str, signing: Signing, by: Actor
) -> Certification:
    """Sign as a self-certified sophisticated investor (article 50A). ``network_name`` is how this network is called."""
    law, day = thresholds_on(today()), today()
    since = membership_of(found.account_id, on=day).since if found.account_id else None
    words = {
        "threshold_turnover": str(law.turnover),
        "network_months": str(law.network_months),
        "organisation": said.organisation,
        "company": said.company,
        "company_number": said.company_number,
        "investments": str(said.investments or 0),
        "network": network_name if said.is_this_network else said.network,
    }
    extra = {"rests_on_membership": said.rests_on_this_network}
    stated = Said(Ground.SELF_CERTIFIED, said.grounds, fields_of(said), words, extra)
    fault = rules.fault_in_experience(said, law, member_since=since, on=day)
    return _sign(found, stated, fault, signing=signing, by=by)


def certify_certificate(
    found: Angel, said: rules.Certificate, *, kinds_in_words: str, signing: Signing, by: Actor
) -> Certification:
    """Sign with the certificate of an authorised person (article 50). It counts once it was confirmed."""
    words = {"firm": said.firm, "frn": said.frn, "kinds": kinds_in_words}
    words["issued_on"] = day_in_words(said.issued_on)
    kinds = tuple(sorted(said.kinds))
    extra = {"firm": said.firm, "frn": said.frn, "issued_on": said.issued_on, "kinds": kinds}
    stated = Said(Ground.CERTIFIED, ("A",), fields_of(said), words, extra)
    return _sign(found, stated, rules.fault_in_certificate(said, on=today()), signing=signing, by=by)


def _sign(
    found: Angel, said: Said, fault: rules.Fault | None, *, signing: Signing, by: Actor
) -> Certification:
    POLICY.require(by, Act.CERTIFY, found)
    _require_may_sign(found, by)
    fault = fault or rules.fault_in_signature(signing.name, name=_name_of(found))
    if fault is not None:
        trace = _attempt(found, said, fault, signing)
        raise Invalid(fault.words, field=fault.field, trace=trace)
    wording = queries.wording_on(said.ground, on=today())
    if wording is None or not wording.is_approved:
        raise Conflict(NOT_OPEN)
    made = _signed(found, said, wording, signing)
    kept = {"ground": said.ground, "valid_until": made.valid_until, "sha256": made.sha256}
    audit.record(Act.CERTIFY, made, created(**kept), by=by)
    follow(Act.CERTIFY, made, by=by)
    return made


def _require_may_sign(found: Angel, actor: Actor) -> None:
    """Only the investor signs, and the day is the server's."""
    if found.account_id is None or found.account_id != actor.account_id:
        raise Conflict("Only the investor can sign their own statement.")
    if found.status is not AngelStatus.ACCEPTED:
        raise Conflict("You can certify once the network has accepted you.")
    if not found.conduct_version:
        raise Conflict(NO_CONDUCT)


def _name_of(found: Angel) -> str:
    """The name on the account of an investor."""
    own = account(found.account_id) if found.account_id else None
    return own.name if own else found.name


def _signed(found: Angel, said: Said, wording: StatementWording, signing: Signing) -> Certification:
    day = today()
    ends = rules.until(day, issued_on=said.extra.get("issued_on"), counts_until=wording.counts_until)
    name = signing.name.strip()
    words = dict(said.words) | {"signed_name": name, "signed_on": day_in_words(day)}
    made = _worded(found, wording, rendered(wording.body, said.letters, particulars=words))
    made.signed_on, made.valid_until, made.signed_name = day, ends, name
    made.particulars, made.ip, made.device = plain(said.particulars), signing.ip, signing.device
    for field, value in said.extra.items():
        setattr(made, field, value)
    session().add(made)
    session().flush()
    return made


def _worded(found: Angel, wording: StatementWording, text: str) -> Certification:
    """A statement of an investor in these words, with their digest; its days are still to be filled in."""
    return Certification(
        account_id=found.account_id,
        ground=wording.ground,
        wording_id=wording.id,
        signed_at=now(),
        text=text,
        sha256=digest(text),
    )


def _attempt(found: Angel, said: Said, fault: rules.Fault, signing: Signing) -> Trace:
    """What a refused statement leaves: kept in a transaction of its own, with ids and words alone."""
    account_id, ground, stated = found.account_id, said.ground, plain(said.particulars)

    def keep() -> None:
        session().add(
            CertificationAttempt(
                account_id=account_id,
                ground=ground,
                tried_at=now(),
                particulars=stated,
                reason=fault.words[:500],
                ip=signing.ip,
            )
        )

    return keep


def attach(found: Certification, file: Document, *, by: Actor) -> None:
    """Keep the certificate of the authorised person with the statement that rests on it."""
    POLICY.require(by, Act.ATTACH_CERTIFICATE, found)
    audit.record(Act.ATTACH_CERTIFICATE, found, amend(found, document_id=file.id), by=by)


def confirm(found: Certification, *, by: Actor) -> None:
    """Say that an authorised person's certificate was seen and is what the investor states."""
    POLICY.require(by, Act.CONFIRM, found)
    if found.ground is not Ground.CERTIFIED or found.revoked_at is not None:
        raise Conflict("This statement has no certificate to confirm.")
    if found.confirmed_at is not None:
        raise Conflict("This certificate has already been confirmed.")
    if found.document_id is None:
        raise Conflict("The certificate has not been uploaded.")
    changes = amend(found, confirmed_at=now(), confirmed_by_id=by.account_id)
    audit.record(Act.CONFIRM, found, changes, by=by)
    _write_to(found, "statement_confirmed", last_day=day_in_words(found.last_day))
    follow(Act.CONFIRM, found, by=by)


def remind(found: Certification) -> None:
    """Tell an investor, once, that their statement ends soon."""
    amend(found, reminded_at=now())
    told = {"last_day": day_in_words(found.last_day), "months": str(MONTHS_OF_A_STATEMENT)}
    _write_to(found, "statement_ends", **told, path="/angels/certify")


def _write_to(found: Certification, kind: str, **more: str) -> None:
    """A letter to the investor about their statement. Its account must be loaded."""
    context = {"path": f"/certifications/{found.id}"} | more
    queue(kind, Reader(found.account.email, found.account.name, found.account_id), having=Extras(context))


def revoke(found: Certification, *, reason: str, by: Actor) -> None:
    """Withdraw a statement: the very next request is refused, and letters that wait are not sent.

    Where staff withdraw it, the investor is told why.
    """
    POLICY.require(by, Act.REVOKE, found)
    if not says_something(reason):
        raise Invalid("Enter a reason", field="reason")
    if found.revoked_at is not None:
        raise Conflict("This statement has already been withdrawn.")
    changes = amend(found, revoked_at=now(), revoked_by_id=by.account_id, revoked_reason=reason)
    audit.record(Act.REVOKE, found, changes, by=by)
    if found.account_id != by.account_id:
        _write_to(found, "statement_withdrawn", reason=reason)


@dataclass(frozen=True)
class OnPaper:
    """An old statement on paper: its form, the day on it, and where the paper lies."""

    wording: StatementWording
    signed_on: date
    kept_at: str


def keep_historic(found: Angel, paper: OnPaper, *, by: Actor) -> Certification:
    """Record an old statement on paper: it was valid as long as its form was, and does not open pitches today."""
    POLICY.require(by, Act.KEEP_PAPER, found)
    wording, signed_on = paper.wording, paper.signed_on
    if found.account_id is None:
        raise Conflict(
            "They are not a member of the network yet, so a statement cannot be recorded for them."
        )
    if signed_on > today():
        raise Invalid("The date must be today or in the past", field="signed_on")
    if not wording.can_be_signed(on=signed_on):
        raise Invalid("This form was not in use on that date", field="signed_on")
    made = _worded(found, wording, f"{wording.body['title']}\n\nKept from paper, signed on {signed_on}.\n")
    made.signed_on, made.valid_until = signed_on, rules.until(signed_on, counts_until=wording.counts_until)
    made.signed_name, made.ip, made.device = found.name, "", "paper"
    made.particulars = {"kept_at": paper.kept_at}
    made.revoked_at, made.revoked_by_id, made.revoked_reason = now(), by.account_id, HISTORIC
    session().add(made)
    session().flush()
    audit.record(Act.KEEP_PAPER, made, created(signed_on=signed_on, ground=wording.ground), by=by)
    return made
