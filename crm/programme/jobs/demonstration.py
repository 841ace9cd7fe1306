"""The demonstration's rounds and applications: one in every state."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.models import Business
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business, places_of
from crm.db.session import session
from crm.kernel.clock import moment_on, today
from crm.kernel.eligibility import Facts
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.jobs.inventing import furnish, invented_answers
from crm.programme.models import Application, Round
from crm.programme.queries import applications
from crm.programme.rules.labels import DECLARATION, TIE_RULE
from crm.programme.service import filling, preparing, ruling, starting, submitting
from crm.programme.service.preparing import RoundDetails

ABOUT = (
    "Up to £50,000 for creative businesses that are ready to grow: to make more of what they own, to sell more, "
    "or to reach new markets. You pay at least as much yourself. This round is invented."
)
MOST = 8


def load_demo() -> dict[str, int]:
    """An open round with applications in every state, and rounds that are coming, over, tried, drafted and discarded."""
    who = account_of("programme@demo.example")
    manager = account(who.id) if who else None
    if manager is None or session().scalar(select(func.count()).select_from(Round)):
        return {"demo rounds": 0}
    by = actor_of(manager)
    open_ = _round("Scale-up: spring round", (-20, 40), by=by)
    preparing.publish(open_, by=by)
    for name, days, is_dry_run in (
        ("Scale-up: autumn round", (150, 200), False),
        ("Scale-up: trial of the questions", (-5, 20), True),
    ):
        preparing.publish(_round(name, days, is_dry_run=is_dry_run, by=by), by=by)
    _round("Scale-up: a round in preparation", (90, 120), by=by)
    preparing.discard(_round("Scale-up: a first idea", (60, 90), by=by), by=by)
    return {"demo rounds": 5, "demo applications": _apply(open_, by=by)}


def _at(days: int) -> datetime:
    return moment_on(today() + timedelta(days=days), time(12))


def _round(name: str, days: tuple[int, int], *, by: Actor, is_dry_run: bool = False) -> Round:
    opens, closes = days
    details = RoundDetails(
        name=name,
        about=ABOUT,
        strands=("ip", "sales", "markets"),
        opens_at=_at(opens),
        deadline_at=_at(closes),
        assess_from=_at(closes + 1),
        assess_until=_at(closes + 30),
        tie_rule=TIE_RULE,
        declaration=DECLARATION,
        grace_minutes=10,
        threshold=6_000,
        is_dry_run=is_dry_run,
    )
    made = furnish(preparing.prepare(details, by=by), by=by)
    terms = {name: getattr(made, name) for name in made.terms.__dataclass_fields__}
    wanted = {"min_trading_months": 12, "leps": ("GBSLEP", "CWLEP", "BCLEP")}
    preparing.set_terms(made, terms | wanted, version=None, by=by)
    return made


def _whole(found: Application) -> Application:
    session().flush()
    session().expire_all()
    whole = applications.application(found.id)
    assert whole is not None
    return whole


def _apply(found: Round, *, by: Actor) -> int:
    """The first business has begun; the others stand in every further state."""
    own = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    rows = [each for each in businesses(Search(), SYSTEM).rows if own is None or each.id != own.id][:MOST]
    found_ids = [each.id for each in ([own] if own else []) + rows]
    begun = [_begin(found, whole) for each in found_ids if (whole := business(each)) is not None]
    drafts = [each for each in begun if each is not None]
    for place, each in enumerate(drafts):
        _settle(_whole(each), place, by=by)
    return len(drafts)


def _begin(found: Round, owner: Business) -> Application | None:
    """One that can apply, as far as is known; of the rest only those of which too little is known."""
    facts = facts_of(owner, owner.figures, places=places_of(owner), needs={}, on=today())
    finding = starting.check(found, facts)
    if finding.verdict == "ineligible":
        facts = Facts()
    return starting.start(found, owner, facts, by=SYSTEM)


def _settle(found: Application, place: int, *, by: Actor) -> None:
    """By its place: begun, filled in, handed in, ruled out, withdrawn, cleared, denied, with more time."""
    if found.clearance is not None and place % 3 != 2:
        (ruling.clear if place % 2 else ruling.deny)(found, reason="Invented: we asked, and know.", by=by)
        found = _whole(found)
    if place == 0 or found.is_held_up:
        return
    answers = invented_answers(found.round, found.business.name, pounds=20_000 + 3_000 * place)
    for section in found.round.sections:
        filling.save(found, section, filling.Saved(answers[section.title], 0, is_finished=True), by=SYSTEM)
    submitting.submit(found, declared_by="Invented Owner", by=SYSTEM)
    if place == 1:
        ruling.rule_out(found, reason="Invented: another public fund pays for the same.", by=by)
    if place == 2:
        submitting.withdraw(found, reason="Invented: we do it another way.", by=SYSTEM)
