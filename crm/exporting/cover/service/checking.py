"""Checking an export contract, and referring a business to a product that may fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.seeing import person_to_name
from crm.businesses.service.keeping import require_in_use
from crm.casework.queries import steps_ever_asked
from crm.casework.service import stepping
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import refuse_if
from crm.directory.models import Service
from crm.evidence.service.crossing import Weighing
from crm.evidence.service.excluding import Asked, record_shut_outs
from crm.evidence.workflow import Occasion
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.policy import POLICY
from crm.exporting.cover.queries import (
    cover_check,
    firm_of,
    limits_on,
    told_to_adviser,
)
from crm.exporting.cover.queries.contracts import checked_again, latest_of_each
from crm.exporting.cover.rules import hanging
from crm.exporting.cover.rules.checking import (
    TRADE_ADVISER,
    TURNOVER,
    Contract,
    Finding,
    Firm,
    Limits,
    check,
    result_of,
)
from crm.exporting.cover.rules.excluding import excluded
from crm.exporting.cover.rules.hanging import Hanging, path_of
from crm.exporting.cover.rules.products import WISHES, Product, products, ways_on
from crm.exporting.cover.rules.since import ANSWERS, Since, contract_of, facts_of, since, told_of
from crm.exporting.cover.service import repeating
from crm.exporting.cover.service.repeating import referred_before, subject_of
from crm.exporting.cover.service.telling import tell_shut_out, tell_withdrawn
from crm.exporting.cover.workflow import Act, why_not_answer, why_withdrawn
from crm.exporting.plans.rules.countries import abroad
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.eligibility import Outcome
from crm.kernel.errors import Conflict, Elsewhere, Invalid, require_reason, says_something
from crm.kernel.permissions import Actor
from crm.referrals.models import Referral
from crm.referrals.queries import open_to
from crm.referrals.rules import Source
from crm.referrals.service import asking
from crm.referrals.service.preparing import ReferralDetails, draft
from crm.referrals.service.telling import stop_it

_BEST = (Outcome.MET, Outcome.UNKNOWN, Outcome.NOT_MET)
NOBODY = "Add a person to the business first: a referral names whom the provider should contact."


def check_contract(
    business: Business, contract: Contract, *, of: CoverCheck | None = None, by: Actor
) -> CoverCheck:
    """Check a contract against every product with the figures of today, and record which thresholds shut the business out.

    Only products that were asked for shut anybody out, and what is not known excludes nobody. A contract counts once: see
    `counting.Attempt`. ``of`` is the check that is made again, whatever is told otherwise now: from now on this one counts.
    """
    POLICY.require(by, Act.CHECK, business)
    require_in_use(business)
    if contract.country not in abroad().values():
        raise Invalid("Choose the country of the buyer, outside the United Kingdom", field="country")
    firm = firm_of(business)
    findings = check(contract, firm, limits=limits_on(today()))
    made = _recorded(business, contract, firm=firm, findings=findings, by=by)
    shut = [row for each in findings if each.is_wanted for row in excluded(each, contract)]
    if shut:
        rows = record_shut_outs(business, shut, asked=Asked(Occasion.COVER, made.id), by=by)
        made.shut_out_id = next((each.id for each in rows if each.rule == TURNOVER), None)
        session().flush()
        tell_shut_out(made, business, shut=shut, by=by)
    repeating.carry_on(made, of=of, by=by)
    return made


def weigh_contracts(weighing: Weighing, **_who: Any) -> None:
    """A product is open to a business where a contract of it that was checked fits by the figures and limits of today."""
    key = _product_behind(weighing.service)
    if key is None:
        return
    firm, limits = firm_of(weighing.owner), limits_on(today())
    found = [_read(each, key, firm, limits) for each in latest_of_each(weighing.owner.id)]
    best = min((each.outcome for each in found), key=_BEST.index, default=None)
    if best is None:
        weighing.unknown.append("for which contract, as none has been checked")
    elif best is not Outcome.MET:
        because = next(each.because for each in found if each.outcome is best)
        words = [each.words for each in because]
        (weighing.against if best is Outcome.NOT_MET else weighing.unknown).extend(words)


def _product_behind(service: Service) -> str | None:
    """The product that a service of the directory stands for; None where it is open to firms of every size as well."""
    ways = {each.service for each in ways_on()}
    keys = (
        each.key for each in products() if each.service == service.service_id and each.service not in ways
    )
    return next(keys, None)


def _read(found: CoverCheck, key: str, firm: Firm, limits: Limits) -> Finding:
    read = check(contract_of(found.told), firm, limits=limits)
    return next(each for each in read if each.product.key == key)


def _recorded(
    business: Business, contract: Contract, *, firm: Firm, findings: Sequence[Finding], by: Actor
) -> CoverCheck:
    fields = {
        "business_id": business.id,
        "country": contract.country,
        "value": contract.value,
        "payment_days": contract.payment_days,
        "turnover": firm.turnover,
    }
    kept = {"told": told_of(contract), "findings": [each.stored() for each in findings]}
    made = CoverCheck(**fields, **kept, result=result_of(findings), at=now(), by_id=by.account_id)
    session().add(made)
    session().flush()
    needs = "; ".join(words for key, words in WISHES.items() if key in contract.wishes)
    audit.record(Act.CHECK, made, created(**fields, needs=needs), by=by)
    return made


def withdraw(check: CoverCheck, *, reason: str, by: Actor) -> None:
    """Withdraw a check that was wrong, with a reason: it stays to be read, and counts nowhere."""
    POLICY.require(by, Act.WITHDRAW, check)
    require_in_use(check.business)
    refuse_if(why_withdrawn(check))
    require_reason(reason)
    changes = amend(check, withdrawn_at=now(), withdrawn_reason=reason.strip(), withdrawn_by_id=by.account_id)
    audit.record(Act.WITHDRAW, check, {name: changes[name] for name in ("withdrawn_reason",)}, by=by)
    _end_what_came_of(check, by=by)
    tell_withdrawn(check)


@dataclass(frozen=True)
class AnswerDetails:
    """What met the need of a contract after a threshold shut the business out, in a line, and on which day."""

    what: str
    on: date


def answer(check: CoverCheck, details: AnswerDetails, *, by: Actor) -> None:
    """Record what met this need after all. It can be corrected: the history keeps what was said before."""
    POLICY.require(by, Act.ANSWER, check)
    require_in_use(check.business)
    refuse_if(why_not_answer(check))
    what = details.what.strip()
    if not says_something(what):
        raise Invalid(
            "Enter what met the need, for example the service or the person who helped", field="answered_with"
        )
    if not day_of(check.at) <= details.on <= today():
        day = day_in_words(day_of(check.at))
        raise Invalid(f"The day must be between the check on {day} and today", field="answered_on")
    changes = amend(check, answered_with=what, answered_on=details.on)
    if changes:
        amend(check, answered_at=now(), answered_by_id=by.account_id)
        audit.record(Act.ANSWER, check, changes, by=by)


def hanging_on(check: CoverCheck, referrals: Iterable[Referral]) -> Hanging:
    """What came of a check, among some referrals of its business: what withdrawing it ends, and what goes on."""
    paths = {path_of(check.id, each["product"]) for each in check.findings}
    steps = reversed(steps_ever_asked(check.business_id))
    asked = [each for each in steps if each.service_id is not None and each.done_at is None]
    return hanging.hanging_on(paths, asked=asked, referrals=referrals)


def _end_what_came_of(check: CoverCheck, *, by: Actor) -> None:
    """End what was asked from a check, and what was drafted from it and not sent; each says why."""
    words = f"The check of the contract was withdrawn: {check.withdrawn_reason}"
    stepping.close_asked(check.business, f"/export-cover/{check.id}", answer=words, by=by)
    for each in hanging_on(check, open_to(check.business_id)).prepared:
        stop_it(each, words)


def note_withdrawn(source: Source, **_who: Any) -> None:
    """A referral that was drafted from a check which was withdrawn is not sent or opened again."""
    found = _check_at(source.referral.path)
    newer = checked_again(found) if found is not None else None
    if newer is not None:
        source.gone = Elsewhere(f"{repeating.AGAIN} Refer the business from the newer check.", newer)
    elif found is not None and found.withdrawn_at is not None:
        on, why = day_in_words(day_of(found.withdrawn_at)), found.withdrawn_reason
        words = f"The check of the contract that this referral came from was withdrawn on {on}: {why}."
        source.gone = Elsewhere(
            f"{words.replace('..', '.')} Make a new check and refer the business from that.", found
        )


def _check_at(path: str) -> CoverCheck | None:
    cover_id = hanging.check_at(path)
    return None if cover_id is None else cover_check(cover_id)


def _said_of(check: CoverCheck) -> list[str]:
    """What else the check was told of the contract, for a provider that would ask for it again; what is not known is left out."""
    rows = facts_of(contract_of(check.told))
    said = "\n".join(f"{words}: {value}" for words, value in rows if value != ANSWERS[None])
    return [said] if said else []


def _decided_by(offer: Offer) -> list[str]:
    """The thresholds of a product that the business meets now, each with its figure: the provider decides by them."""
    owner = offer.check.business
    read = _read(offer.check, offer.product.key, firm_of(owner), limits_on(today()))
    met = [each.words for each in read.conditions if each.rule and each.outcome is Outcome.MET]
    return [f"What decides: {'; '.join(met)}."] if met else []


@dataclass(frozen=True)
class Offer:
    """One product that a check found to fit, or that may fit, with the directory's service for it."""

    check: CoverCheck
    product: Product
    service: Service
    outcome: Outcome

    @property
    def stands_on(self) -> CoverCheck:
        """On whose page it is shown."""
        return self.check

    @property
    def business(self) -> Business:
        """Whose check it is, for the policy."""
        return self.check.business

    @property
    def path(self) -> str:
        """The place on the check where the product stands: what is asked or drafted there is about this contract alone."""
        return path_of(self.check.id, self.product.key)


def since_of(found: CoverCheck) -> Since:
    """What has changed since a check in what it used: the figures on record, and the limits."""
    return since(
        found.told,
        turnover=found.turnover,
        findings=found.findings,
        firm=firm_of(found.business),
        limits=limits_on(today()),
    )


def why_not_go_on(offer: Offer) -> str | None:
    """Why nothing can be asked or drafted for a product: the check was withdrawn, or the record shuts the business out now."""
    if offer.check.withdrawn_at is not None:
        return why_withdrawn(offer.check)
    why = since_of(offer.check).shut(offer.product.key)
    if why is None:
        return None
    return f"{offer.product.name} does not fit any more, because {why}. Check the contract again."


def why_not_ask(offer: Offer) -> str | None:
    """Why a business cannot ask to be referred for a product."""
    why = why_not_go_on(offer) or asking.why_not_ask(offer.business, _wish(offer))
    newer = None if why else checked_again(offer.check)
    if newer is not None:
        return Elsewhere(f"{repeating.AGAIN} Ask on the newer check.", newer)
    return why or _why_referred_before(offer)


def why_not_refer(offer: Offer) -> str | None:
    """Why nothing can be drafted for a product: a newer check of the contract counts, or it was referred from an earlier one."""
    if (why := why_not_go_on(offer)) is not None:
        return why
    newer = checked_again(offer.check)
    if newer is not None:
        return Elsewhere(f"{repeating.AGAIN} Refer the business from the newer check.", newer)
    return _why_referred_before(offer)


def _why_referred_before(offer: Offer) -> str | None:
    before = referred_before(offer.check).get(offer.product.key)
    if before is None or before.is_closed:
        return None
    name = offer.service.name
    return Elsewhere(f"This contract was referred to {name} from an earlier check already.", offer.check)


def _wish(offer: Offer) -> asking.Wish:
    """What a business asks for from a check: this product for this contract."""
    about, note = subject_of(offer.check), f"{offer.check.told['sentence']}."
    return asking.Wish(offer.service, offer.path, about, wanted=offer.product.name, note=note)


def ask(offer: Offer, *, by: Actor) -> str:
    """Ask the adviser to refer the business for a product; says whom, and for what."""
    POLICY.require(by, Act.ASK, offer)
    refuse_if(why_not_ask(offer))
    return asking.ask(offer.business, _wish(offer), by=by)


def refer(offer: Offer, *, by: Actor) -> Referral:
    """Draft a referral with what the check was told: it shares the need of the contract and no other of the business.

    An adviser on markets reads the countries of the export plan and the readiness result too; whoever drafts it can take them out.
    The business is told before anything leaves, and can object.
    """
    POLICY.require(by, Act.REFER, offer)
    refuse_if(why_not_refer(offer))
    owner = offer.business
    asker, asked = asking.person_asking(owner, offer.service, path=offer.path)
    person = asker or person_to_name(owner.id)
    if person is None:
        raise Conflict(NOBODY)
    message = "\n\n".join(filter(None, (*_told_in(offer), asked)))
    subject = subject_of(offer.check)
    details = ReferralDetails(person.id, subject, message, service_id=offer.service.id, needs=())
    return draft(owner, details, path=offer.path, by=by)


def _told_in(offer: Offer) -> list[str]:
    """What a referral says of a contract and of the product."""
    found, on = offer.product, day_in_words(day_of(offer.check.at))
    needed = ", ".join(WISHES[each].lower() for each in found.wishes if each in offer.check.told["wishes"])
    told = [f"From the check of an export contract on {on}.", f"{offer.check.told['sentence']}."]
    told += [f"For: {found.name}.", *_decided_by(offer), f"Needed: {needed}." if needed else ""]
    plans = told_to_adviser(offer.business.id) if found.key == TRADE_ADVISER else []
    return [*told, *_said_of(offer.check), *plans]
