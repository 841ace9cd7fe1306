"""Checking export contracts, and the case against the threshold that shuts small businesses out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business, person_to_name
from crm.businesses.service.extracting import noting
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import Act as BusinessAct
from crm.casework.policy import POLICY as CASEWORK
from crm.casework.workflow import Act as CaseworkAct
from crm.db.states import refuse_if
from crm.exporting.cover import queries
from crm.exporting.cover.forms import AnswerForm, CheckFilters, WithdrawForm
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.papers import (
    CHECKS_HEAD,
    COLUMNS,
    HEADINGS,
    SHUT_OUTS_HEAD,
    check_cells,
    letter_pdf,
    shut_out_cells,
)
from crm.exporting.cover.policy import POLICY, is_outside
from crm.exporting.cover.queries.contracts import checked_again
from crm.exporting.cover.rules.counting import BANDS, BECAME, NO_SECTOR, Attempt, case_of
from crm.exporting.cover.rules.hanging import page_of_check, path_of
from crm.exporting.cover.rules.labels import COLOURS, RESULTS, STARTS
from crm.exporting.cover.rules.products import WISHES, product, ways_on
from crm.exporting.cover.rules.since import Since, contract_of, facts_of
from crm.exporting.cover.service import checking as service
from crm.exporting.cover.service.repeating import came_from, places_before, referred_before
from crm.exporting.cover.views.contract import contract_form
from crm.exporting.cover.workflow import Act, why_not_answer, why_withdrawn
from crm.exporting.plans.policy import POLICY as PLANS
from crm.exporting.plans.rules.countries import NO_COVER, abroad, in_sentence, is_sanctioned
from crm.exporting.plans.workflow import Act as PlanAct
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS, Outcome
from crm.kernel.permissions import Audience
from crm.kernel.roles import Role
from crm.kernel.small_numbers import FEWEST_TOLD, HIDDEN
from crm.kernel.workflow import first_reason
from crm.referrals import rules as sending
from crm.referrals.policy import POLICY as REFERRALS
from crm.referrals.queries import sent_since
from crm.referrals.service import asking
from crm.referrals.workflow import Act as ReferralAct
from crm.web.extracts import csv_response, pdf_response
from crm.web.filtering import as_offered, chosen
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.paging import cursor, numbered, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("cover", __name__)
permit = permits(POLICY)
ROWS = 50
EACH = {"check": "Each check", "business": "Each business once"}
NAMES: dict[str, Mapping[str, str]] = {
    "sector": {**DCMS_GROUPS, NO_SECTOR: "No sector recorded"},
    "wanted": WISHES,
    "band": {key: words for key, words, _ in BANDS},
    "became": BECAME,
}


@blueprint.route("/businesses/<uuid:business_id>/export-cover/new", methods=["GET", "POST"])
@permit(Act.CHECK, audience=Audience.MEMBER, load=business, unless=why_archived)
def check(found: Business) -> ResponseReturnValue:
    """Check what insurance and finance fits one contract. The same contract is checked anew once the record has changed."""
    form, known, before = contract_form(found)
    return answer(
        form,
        page=lambda: _check_page(form, found, told=known.told),
        act=lambda: service.check_contract(found, form.contract(), of=before, by=current_actor()),
        then=lambda made: saved("Contract checked.", "cover.cover_check", cover_id=made.id),
    )


def _check_page(form: Form, found: Business, *, told: Sequence[str]) -> str:
    is_founder = current_actor().holds_for(found.id, Role.FOUNDER)
    year = found.figures[0] if found.figures else None
    shown = {"firm": queries.firm_of(found), "is_founder": is_founder, "year": year, "told": told}
    shown["here"] = request.full_path.rstrip("?")
    return render_template("exporting/cover/check.html", form=form, business=found, **shown)


@blueprint.get("/export-cover/<uuid:cover_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.cover_check)
def cover_check(found: CoverCheck) -> ResponseReturnValue:
    """Which products fit, which do not and why, and what to do where none fits."""
    return _cover_check_page(found)


def _cover_check_page(found: CoverCheck, *, form: Form | None = None) -> str:
    """The page of a check; the form that withdraws it stands on it, refused or fresh."""
    shown: dict[str, Any] = {"services": queries.open_services(), "wishes": WISHES}
    ways = [each for each in ways_on() if each.service or not found.told.get("is_private_refused")]
    shown["ways_on"] = sorted(ways, key=lambda each: not set(each.wishes) & set(found.told["wishes"]))
    shown |= _referred(found) | _standing(found)
    shown |= _reader(found) | {"sending": sending, "starts": STARTS}
    shown |= {"where": in_sentence(found.country), "form": form, "withdrawing": form or WithdrawForm()}
    shown |= _open_to(found) | _sorted(found) | _since(found) | {"facts": facts_of(contract_of(found.told))}
    shown |= {"is_sanctioned": is_sanctioned(found.country), "is_forbidden": found.country in NO_COVER}
    can_plan = shown["can_check"] and not shown["is_sanctioned"]
    shown["plan_code"] = _to_plan(found) if can_plan else None
    return render_template("exporting/cover/cover_check.html", check=found, **shown)


def _standing(found: CoverCheck) -> dict[str, Any]:
    """What was asked for and answered, for the page and for the macros that it shares with results."""
    standing = asking.standing_of(found.business)
    return standing | {"standing": standing}


def _reader(found: CoverCheck) -> dict[str, Any]:
    """Whether somebody of the business reads it, and then their own adviser."""
    is_founder = current_actor().holds_for(found.business_id, Role.FOUNDER)
    return {"is_founder": is_founder, "adviser": asking.adviser_of(found.business) if is_founder else None}


def _since(found: CoverCheck) -> dict[str, Any]:
    """What has changed since in what a check used, and the newer check of the same contract where there is one."""
    changed = Since() if found.withdrawn_at else service.since_of(found)
    return {"since": changed, "newer": checked_again(found)}


def _to_plan(found: CoverCheck) -> str | None:
    """The code of the buyer's country, where it is not in the export plan and this person can add it."""
    can_add = PLANS.allows(current_actor(), PlanAct.ADD_COUNTRY, found.business)
    codes = (code for code, name in abroad().items() if name == found.country)
    return next(codes, None) if can_add and not queries.is_planned(found) else None


def _referred(found: CoverCheck) -> dict[str, Any]:
    """The referrals since a check and those under way, and which of them this person can open."""
    actor, earlier = current_actor(), referred_before(found)
    since = sent_since(found.business_id, found.at).but(places_before(found))
    rows = (*since.rows, *earlier.values())
    may_open = {each.id for each in rows if REFERRALS.allows(actor, ReferralAct.VIEW, each)}
    shown = {"referrals": since, "may_open": may_open, "path_of": path_of, "earlier": earlier}
    return shown | {
        "hanging": service.hanging_on(found, since.rows),
        "page_of": page_of_check,
        "came_from": came_from(found),
    }


def _open_to(found: CoverCheck) -> dict[str, bool]:
    """What this person can do from a check now."""
    actor, is_kept = current_actor(), not found.business.is_archived
    is_open = is_kept and not found.withdrawn_at
    can_refer = is_open and POLICY.allows(actor, Act.REFER, found)
    lacks_person = can_refer and person_to_name(found.business_id) is None
    shown = {"can_refer": can_refer and not lacks_person, "lacks_person": lacks_person}
    shown["can_consent"] = BUSINESSES.allows(actor, BusinessAct.CONSENT, found.business)
    shown["can_answer_asked"] = can_refer and CASEWORK.allows(actor, CaseworkAct.CHANGE_STEP, found.business)
    shown |= {"sees_asked": can_refer, "can_ask": is_open and POLICY.allows(actor, Act.ASK, found)}
    shown["can_withdraw"] = is_open and POLICY.allows(actor, Act.WITHDRAW, found)
    shown["can_answer"] = is_open and not why_not_answer(found) and POLICY.allows(actor, Act.ANSWER, found)
    return shown | {"can_check": is_kept and POLICY.allows(actor, Act.CHECK, found.business)}


def _sorted(found: CoverCheck) -> dict[str, Any]:
    """The findings for what was asked, the others, and whether one of the first fits."""
    told = _findings(found)
    wanted = [each for each in told if each["wanted"]]
    has_fit = any(each["outcome"] == Outcome.MET for each in wanted)
    others = [each for each in told if not each["wanted"]]
    is_shut_out = any(each["outcome"] == Outcome.NOT_MET for each in wanted)
    return {"wanted": wanted, "others": others, "has_fit": has_fit, "is_shut_out": is_shut_out}


def _findings(found: CoverCheck) -> list[dict[str, Any]]:
    """The findings with their products; one that is no longer known is left out."""
    pairs = ((product(each["product"]), each) for each in found.findings)
    return [{**each, "product": known} for known, each in pairs if known is not None]


def _offer(cover_id: UUID, product_key: str) -> service.Offer | None:
    """A product of a check that fits or may fit, whose service is open."""
    found, known = queries.cover_check(cover_id), product(product_key)
    if found is None or known is None:
        return None
    outcome = next(
        (Outcome(each["outcome"]) for each in found.findings if each["product"] == known.key), None
    )
    there = queries.open_services().get(known.service)
    if outcome in (None, Outcome.NOT_MET) or there is None:
        return None
    return service.Offer(found, known, there, Outcome(str(outcome)))


@blueprint.post("/export-cover/<uuid:cover_id>/<string:product_key>/refer")
@permit(Act.REFER, audience=Audience.INTERNAL, load=_offer, unless=service.why_not_refer, makes_one=True)
def refer(offer: service.Offer) -> ResponseReturnValue:
    """Draft a referral for a product."""
    made = service.refer(offer, by=current_actor())
    words = "Referral drafted from the check. Check it, then tell the business."
    return done(saved(words, "referrals.referral", referral_id=made.id))


@blueprint.post("/export-cover/<uuid:cover_id>/<string:product_key>/ask")
@permit(
    Act.ASK, audience=Audience.MEMBER, load=_offer, unless=first_reason(why_archived, service.why_not_ask)
)
def ask(offer: service.Offer) -> ResponseReturnValue:
    """Ask the adviser to refer the business for a product."""
    words = service.ask(offer, by=current_actor())
    return done(saved(words, "cover.cover_check", cover_id=offer.check.id))


@blueprint.post("/export-cover/<uuid:cover_id>/withdraw")
@permit(
    Act.WITHDRAW,
    audience=Audience.MEMBER,
    load=queries.cover_check,
    unless=first_reason(why_archived, why_withdrawn),
)
def withdraw(found: CoverCheck) -> ResponseReturnValue:
    """Withdraw a check that was wrong."""
    form = WithdrawForm.of_request()
    return answer(
        form,
        page=lambda: _cover_check_page(found, form=form),
        act=lambda: service.withdraw(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Check withdrawn. No report counts it.", "cover.cover_check", cover_id=found.id),
    )


@blueprint.route("/export-cover/<uuid:cover_id>/answer", methods=["GET", "POST"])
@permit(
    Act.ANSWER,
    audience=Audience.INTERNAL,
    load=queries.cover_check,
    unless=first_reason(why_archived, why_not_answer),
)
def record_answer(found: CoverCheck) -> ResponseReturnValue:
    """Record what met the need after a threshold shut the business out."""
    form = AnswerForm.of_request(answered_with=found.answered_with, answered_on=found.answered_on)
    return answer(
        form,
        page=lambda: render_template(
            "exporting/cover/record_answer.html", form=form, check=found, wishes=WISHES
        ),
        act=lambda: service.answer(found, form.details(), by=current_actor()),
        then=lambda _: saved(
            "Saved. Reports now count this need as met.", "cover.cover_check", cover_id=found.id
        ),
    )


@blueprint.get("/export-cover")
@permit(Act.LIST, audience=Audience.INTERNAL)
def checks() -> ResponseReturnValue:
    """The contracts that were checked, the newest first."""
    filters, actor = as_offered(CheckFilters(request.args)), current_actor()
    wanted = filters.wanted()
    page, count = page_of(queries.checks(wanted, actor, cursor=cursor())), queries.count_checks(wanted, actor)
    sent = {name: value for name, value in filters.data.items() if value}
    shown: dict[str, Any] = {"filters": filters, "count": count, "sent": sent}
    shown |= {"results": RESULTS, "colours": COLOURS, "wishes": WISHES}
    return render_template("exporting/cover/checks.html", page=page, **shown)


@blueprint.get("/export-cover.csv")
@permit(
    Act.EXTRACT,
    audience=Audience.INTERNAL,
    leaves_trace="who downloaded the checks of contracts, and how many rows",
)
def extract() -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    wanted, actor = as_offered(CheckFilters(request.args)).wanted(), current_actor()
    rows = [check_cells(each) for each in queries.every_check(wanted, actor)]
    filters = {name: [value] for name, value in vars(wanted).items()}
    after(noting(Act.EXTRACT, filters, rows=len(rows), by=actor))
    return csv_response("export-cover.csv", CHECKS_HEAD, rows=rows)


@blueprint.get("/export-cover/case")
@permit(Act.VIEW_CASE, audience=Audience.INTERNAL)
def case() -> ResponseReturnValue:
    """How many the threshold of turnover shut out, who they are, what they wanted, what became of them."""
    actor = current_actor()
    found, seen = queries.case_for(actor)
    open_ = {(name, each.key): each for name, lines in seen.tables.items() for each in lines}
    shown: dict[str, Any] = {"headings": HEADINGS, "columns": COLUMNS, "hidden": HIDDEN}
    shown |= {"is_outside": is_outside(actor), "seen": seen, "open": open_, "case": found}
    shown |= {"focus": figure_on("trade.turnover_focus", on=today())}
    shown |= {
        "letter": POLICY.allows(actor, Act.WRITE_LETTER),
        "why_no_letter": why_too_few(found.businesses),
    }
    return render_template("exporting/cover/case.html", **shown)


@dataclass(frozen=True)
class Asked:
    """What the address of the list asks for, its words, and what each row is: a request, or every check, or a business."""

    wanted: queries.Wanted
    words: str
    each: str

    @property
    def sent(self) -> dict[str, Any]:
        """The same as it stands in an address."""
        return {k: v for k, v in vars(self.wanted).items() if v} | ({"each": self.each} if self.each else {})

    def rows(self, *, of_all: bool = False) -> list[Attempt]:
        """The rows that this person sees, or all."""
        found = queries.attempts(current_actor(), of_all=of_all, is_each=self.each == "check")
        rows = [each for each in found if self.wanted.holds(each)]
        return (
            list({each.business_id: each for each in reversed(rows)}.values())
            if self.each == "business"
            else rows
        )


def _asked() -> Asked:
    told = {name: chosen(name, words) for name, words in NAMES.items()}
    words = ", ".join(NAMES[name][value] for name, value in told.items() if value)
    return Asked(queries.Wanted(**told), words, chosen("each", EACH))


@blueprint.get("/export-cover/shut-outs")
@permit(Act.LIST_SHUT_OUTS, audience=Audience.INTERNAL)
def shut_outs() -> ResponseReturnValue:
    """Each time that a business was shut out by turnover."""
    asked = _asked()
    rows = asked.rows()
    shown: dict[str, Any] = {"unseen": len(asked.rows(of_all=True)) - len(rows), "show": asked.each}
    shown |= {"businesses": len({each.business_id for each in rows}), "count": len(rows), "told": asked.words}
    csv_href = url_for("cover.shut_outs_csv", **asked.sent)
    page = numbered(rows, size=ROWS)
    return render_template(
        "exporting/cover/shut_outs.html", page=page, wishes=WISHES, became=BECAME, csv=csv_href, **shown
    )


@blueprint.get("/export-cover/shut-outs.csv")
@permit(Act.LIST_SHUT_OUTS, audience=Audience.INTERNAL)
def shut_outs_csv() -> ResponseReturnValue:
    """The same rows as a file."""
    rows = [shut_out_cells(each) for each in _asked().rows()]
    return csv_response("shut-out-by-turnover.csv", SHUT_OUTS_HEAD, rows=rows)


def _why_no_letter(_thing: Any) -> str | None:
    """Why the letter cannot be written yet."""
    return why_too_few(len({each.business_id for each in queries.attempts(current_actor(), of_all=True)}))


def why_too_few(businesses: int) -> str | None:
    """Why so few businesses cannot be told of in a letter."""
    if businesses >= FEWEST_TOLD:
        return None
    return "The letter can be written once 5 businesses have been shut out, so that none of them can be told apart."


@blueprint.get("/export-cover/case/letter")
@permit(Act.WRITE_LETTER, audience=Audience.INTERNAL)
def letter() -> ResponseReturnValue:
    """The letter to the department’s adviser."""
    refuse_if(_why_no_letter(None))
    ours, actor = settings(), current_actor()
    found = case_of(queries.attempts(actor, of_all=True), WISHES, is_outside=True)
    focus = figure_on("trade.turnover_focus", on=today())
    names = {"sender": ours.service_name, "contact": ours.contact_email, "signed": actor.name}
    source = queries.source_of_threshold(today())
    made = letter_pdf(found, focus=focus, source=source, on=today(), **names)
    return pdf_response("turnover-threshold.pdf", made)
