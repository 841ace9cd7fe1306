"""Investors of the demonstration with what few have: a certificate of a firm, statements refused, an investor erased; all invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from flask import current_app

from crm.angels.investors.models import Angel
from crm.angels.investors.queries.angels import certification
from crm.angels.investors.rules.certifying import Certificate, Experience, NetWorth
from crm.angels.investors.rules.erasing import OF_THE_NETWORK, TO_INVESTORS
from crm.angels.investors.service import certifying, erasing, joining, network
from crm.angels.investors.service.certifying import Signing
from crm.angels.investors.service.network import BasisDetails
from crm.angels.investors.workflow import Basis, CheckOutcome, Instrument
from crm.angels.jobs.acting import self_of
from crm.angels.jobs.inventing import invented_angel
from crm.db.session import session
from crm.documents.service import Subject, Upload, keep, stored
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.queries import letters_of
from crm.notices.rules import Person
from crm.notices.service import WAITING, cancel
from crm.throttles.rules import Source

INVENTED = "Invented for the demonstration"
SIGNING = Signing("", "192.0.2.1", "Firefox on Linux")
FIRM, FRN = "Invented Advisers Ltd", "000000"
PAPER = b"Invented for the demonstration: a certificate of an authorised person\n"
EARLIER = ((Basis.APPOINTED_REPRESENTATIVE, 900, 701), (Basis.AUTHORISED, 700, 401))
"""On what the network rested before, and from and until how many days ago."""


def applied(name: str, email: str) -> Angel:
    """Somebody who wants to join."""
    made = joining.join(invented_angel(name, email), sent_from=Source(email, "demo"), by=SYSTEM)
    assert made is not None
    return made


def found_network(actor: Actor) -> None:
    """What the network rests on today, and rested on before."""
    for basis, first, last in EARLIER:
        days = {"valid_from": _ago(first), "valid_to": _ago(last)}
        network.record_basis(BasisDetails(basis, INVENTED, firm=FIRM, frn=FRN, **days), by=actor)
    note = f"{INVENTED}: nobody advised on it"
    network.record_basis(BasisDetails(Basis.ENTERPRISE_EXEMPTION, note, _ago(400)), by=actor)


def _ago(days: int) -> date:
    return today() - timedelta(days=days)


def refuse_check(found: Angel, *, by: Actor) -> None:
    """An identity check that failed."""
    joining.check(found, joining.Check(CheckOutcome.FAILED, today(), "Quin Demo-Network", INVENTED), by=by)


def waive_check(found: Angel, *, by: Actor) -> None:
    """A decision that no identity check is required."""
    why = f"{INVENTED}: the network’s chair has known them for ten years and decided so"
    joining.check(found, joining.Check(CheckOutcome.NOT_REQUIRED, note=why), by=by)


def erase_applicant(actor: Actor) -> None:
    """Somebody who was declined and asked to be erased. No letter that names them may still wait to be sent."""
    made = applied("Piet Demo-Angel", "angel.piet@demo.example")
    joining.decline(made, reason=f"{INVENTED}: lives abroad", by=actor)
    for each in letters_of(Person(None, made.email, made.name, TO_INVESTORS, OF_THE_NETWORK)):
        if each.status in WAITING:
            cancel(each, by=SYSTEM)
    erasing.erase(made, reason=f"{INVENTED}: asked us to", by=actor)


def certify_by_firm(found: Angel, *, by: Actor) -> None:
    """A statement that rests on the certificate of an authorised person, which the network has seen."""
    kinds = frozenset({Instrument.EQUITY.value, Instrument.LOAN_NOTE.value})
    said, own = Certificate(FIRM, FRN, _ago(100), kinds), self_of(found)
    signing = replace(SIGNING, name=found.name)
    made = certifying.certify_certificate(
        found, said, kinds_in_words="shares and loan notes", signing=signing, by=own
    )
    files = current_app.extensions["files"]
    kept = stored(Upload("certificate.txt", PAPER), files=files)
    paper = keep(kept, Subject("certification", made.id), by=own)
    certifying.attach(made, paper, by=own)
    session().flush()
    whole = certification(made.id)
    assert whole is not None
    certifying.confirm(whole, by=by)


def try_in_vain(found: Angel) -> None:
    """Statements that were refused, one on each ground: each is kept as an attempt."""
    own, signing = self_of(found), replace(SIGNING, name=found.name)
    too_little = NetWorth(has_income=True, income=Money.pounds(90_000))
    once, too_old = (
        Experience(has_invested=True, investments=1),
        Certificate(FIRM, FRN, _ago(1_200), frozenset({"equity"})),
    )
    _refused(lambda: certifying.certify_net_worth(found, too_little, signing=signing, by=own))
    _refused(lambda: certifying.certify_experience(found, once, network_name="", signing=signing, by=own))
    _refused(
        lambda: certifying.certify_certificate(found, too_old, kinds_in_words="", signing=signing, by=own)
    )


def _refused(sign: Callable[[], object]) -> None:
    try:
        sign()
    except Invalid as refusal:
        keep_it = refusal.trace or (lambda: None)
        keep_it()
