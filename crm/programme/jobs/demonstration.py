"""The demonstration's rounds and applications: one in every state."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.jobs.demonstration import SECOND, STUDIO
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business, places_of
from crm.db.session import session
from crm.directory.rules.facts import where
from crm.funding.envelopes.jobs import SCALE_UP
from crm.funding.envelopes.queries.ledger import envelope_named
from crm.kernel.clock import moment_on, today
from crm.kernel.eligibility import Facts
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.applications.models import Application
from crm.programme.applications.queries import applications
from crm.programme.applications.service import filling, ruling, starting, submitting
from crm.programme.jobs.casting import owner_of
from crm.programme.jobs.choosing import begin, choose_all
from crm.programme.jobs.claiming import replace_account
from crm.programme.jobs.growing import grow
from crm.programme.jobs.inventing import furnish, invented_answers
from crm.programme.jobs.judging import judge_all
from crm.programme.rounds.models import Round
from crm.programme.rounds.rules.labels import DECLARATION
from crm.programme.rounds.service import preparing
from crm.programme.rounds.service.preparing import RoundDetails
from crm.programme.rounds.workflow import TieRule

ABOUT = (
    "Up to {most} for creative businesses that are ready to grow: to make more of what they own, to sell more, "
    "or to reach new markets. You pay at least as much yourself. This round is invented."
)
MOST, JUDGED, AWAY, GROWING = 8, 6, 3, 8
"""How many apply, how many are judged, in which of these an assessor has an interest, and how many more apply for growth."""
CHOSEN = (
    "Scale-up: harvest round",
    "Scale-up: first round",
    "Scale-up: second round",
    "Scale-up: small round",
    "Scale-up: pilot round",
)
"""One whose cohort is being built, one half of which is told, one all told with awards in every state, one whose letters all wait, and one that is finished."""
GROWTH = "Scale-up: growth round"
TOLD = Facts(places=where("B9 4AA")[0], trading_months=40)
"""What the founder of the demonstration answers before they begin."""


def load_demo() -> dict[str, int]:
    """An open round with applications in every state, and rounds that are coming, over, tried, drafted and discarded."""
    who = account_of("programme@demo.example")
    manager = account(who.id) if who else None
    if manager is None or session().scalar(select(func.count()).select_from(Round)):
        return {"demo rounds": 0}
    by = actor_of(manager)
    open_ = _round("Scale-up: spring round", (-20, 40), by=by)
    preparing.publish(open_, by=by)
    autumn = _round("Scale-up: autumn round", (150, 200), by=by)
    trial = _round("Scale-up: trial of the questions", (-5, 20), is_dry_run=True, by=by)
    for each in (autumn, trial):
        preparing.publish(each, by=by)
    begin(autumn, envelope_named(SCALE_UP), by=by)
    _round("Scale-up: a round in preparation", (90, 120), by=by)
    preparing.discard(_round("Scale-up: a first idea", (60, 90), by=by), by=by)
    applied = _apply(open_, by=by)
    judged = _round("Scale-up: winter round", (-60, 10), by=by, is_open_to_all=True)
    preparing.publish(judged, by=by)
    rows = _with_numbers()
    applied += judge_all(judged, rows[:JUDGED], by=by)
    for each in (open_, judged):
        begin(each, envelope_named(SCALE_UP), is_aimed=False, by=by)
    chosen = [_round(name, (5, 20), by=by, is_open_to_all=True) for name in CHOSEN]
    for each in chosen:
        preparing.publish(each, by=by)
    others = [*rows[:AWAY], *rows[AWAY + 1 :]]
    applied += choose_all(chosen, business_ids=_own_first(others, at=2)[: len(others)], by=by)
    growth = _round(GROWTH, (5, 20), by=by, is_open_to_all=True, most=150_000, asks_capital=True)
    preparing.publish(growth, by=by)
    apart = [each for each in _with_numbers(more=GROWING) if each != rows[AWAY]]
    applied += grow(growth, _own_first(apart, at=1), by=by)
    replace_account(*_named(SECOND))
    return {"demo rounds": 7 + len(CHOSEN), "demo applications": applied}


def _at(days: int) -> datetime:
    return moment_on(today() + timedelta(days=days), time(12))


def _with_numbers(more: int = 0) -> list[UUID]:
    """Some businesses that are companies, other than those of the open round and of the second founder."""
    rows = [each for each in businesses(Search(sort="newest"), SYSTEM).rows if each.company_number]
    return [each.id for each in rows if each.name != SECOND][: JUDGED + 1 + more]


def _named(name: str) -> list[UUID]:
    return [each.id for each in businesses(Search(text=name), SYSTEM).rows[:1]]


def _own_first(rows: list[UUID], *, at: int) -> list[UUID]:
    """The business of the demonstration's founder is ranked first, so that they see their award; that of the second at a place."""
    own, second = _named(STUDIO), _named(SECOND)
    others = [each for each in rows if each not in (*own, *second)]
    found = [*own, *others]
    return [*found[:at], *second, *found[at:]]


def _round(
    name: str,
    days: tuple[int, int],
    *,
    by: Actor,
    is_dry_run: bool = False,
    is_open_to_all: bool = False,
    most: int = 50_000,
    asks_capital: bool = False,
) -> Round:
    opens, closes = days
    details = RoundDetails(
        name=name,
        about=ABOUT.format(most=Money.pounds(most)),
        strands=("ip", "sales", "markets"),
        opens_at=_at(opens),
        deadline_at=_at(closes),
        assess_from=_at(closes + 1),
        assess_until=_at(closes + 30),
        tie_rule=TieRule.WEIGHTIEST,
        declaration=DECLARATION,
        grace_minutes=10,
        threshold=6_000,
        is_dry_run=is_dry_run,
    )
    made = furnish(preparing.prepare(details, by=by), most=most, asks_capital=asks_capital, by=by)
    if is_open_to_all:
        return made
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
    """Those of which enough is known have begun, submitted, were ruled out or withdrew; of three an adviser is asked."""
    own = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    rows = [each for each in businesses(Search(), SYSTEM).rows if own is None or each.id != own.id]
    known = ({own.id: TOLD} if own else {}) | {each.id: _facts(each.id) for each in rows}
    can = [key for key, facts in known.items() if starting.check(found, facts).verdict == "eligible"]
    begun = [_begin(found, key, known[key], by=by) for key in can[:MOST]]
    for place, each in enumerate(begun):
        _settle(_whole(each), place, by=by)
    others = [key for key in known if key not in can[:MOST]]
    asked = [_begin(found, key, Facts(), by=by) for key in others[:3]]
    for each, decide in zip(asked[1:], (ruling.clear, ruling.deny), strict=True):
        decide(_whole(each), reason="Invented: we asked them, and know now.", by=by)
    return len(begun) + len(asked)


def _facts(business_id: UUID) -> Facts:
    owner = business(business_id)
    assert owner is not None
    return facts_of(owner, owner.figures, places=places_of(owner), needs={}, on=today())


def _begin(found: Round, business_id: UUID, facts: Facts, *, by: Actor) -> Application:
    owner = business(business_id)
    assert owner is not None
    return _whole(starting.start(found, owner, facts=facts, by=owner_of(business_id, by=by)))


def _settle(found: Application, place: int, *, by: Actor) -> None:
    """The first has only begun. All others submitted; the second was ruled out then, the third withdrew."""
    if place == 0:
        return
    who = owner_of(found.business_id, by=by)
    answers = invented_answers(found.round, found.business.name, pounds=20_000 + 3_000 * place)
    for section in found.round.sections:
        saved = filling.Saved(section, answers[section.title], 0, is_finished=True)
        filling.save(found, saved, by=who)
    submitting.submit(found, declared_by=who.name, by=who)
    if place == 1:
        ruling.rule_out(found, reason="Invented: another public fund pays for the same.", by=by)
    if place == 2:
        submitting.withdraw(found, reason="Invented: we do it another way.", by=who)
