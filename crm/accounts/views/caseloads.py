"""Handing over a caseload: chosen, previewed, done, and undone within a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts import queries
from crm.accounts.forms import CaseloadForm, named_with
from crm.accounts.models import Account, Handover, RoleGrant
from crm.accounts.policy import HOLDERS, POLICY
from crm.accounts.rules import has_left
from crm.accounts.service import handing_over as service
from crm.accounts.service.handing_over import Given
from crm.accounts.workflow import AccountStatus, Act
from crm.audit.queries import acts_on
from crm.audit.rules import is_id
from crm.db.remembering import remembered
from crm.kernel.clock import is_past, today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role, Scope
from crm.kernel.text import within
from crm.web.absent import absent
from crm.web.feature import Case, Caseload, Todo
from crm.web.forms import answer, done, saved
from crm.web.forms import preview as form_preview
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("caseloads", __name__)
permit = permits(POLICY)
Cases = dict[str, list[Case]]
"""What a person has in hand, by kind."""


def _kinds() -> dict[str, Caseload]:
    """The kinds of things that people have in hand, by name."""
    return {each.kind: each for room in current_app.extensions["features"] for each in room.caseloads}


def cases_of(found: Account) -> Cases:
    """What a person has in hand, by kind; kinds of which they have nothing are left out."""
    return _cases_by_person([found.id]).get(found.id, {})


def _cases_by_person(account_ids: Collection[UUID]) -> dict[UUID, Cases]:
    """What some people have in hand, by kind: each kind is asked once for all of them."""
    found: dict[UUID, Cases] = {each: {} for each in account_ids}
    for name, kind in _kinds().items() if account_ids else ():
        for holder, case in kind.held_by(account_ids):
            if holder in found:
                found[holder].setdefault(name, []).append(case)
    return found


def stranded(people: Sequence[Account]) -> dict[Account, Cases]:
    """What each of some people has in hand and can no longer work on; those who have nothing like it are left out."""
    return _stranded(people, _cases_by_person([each.id for each in people]))


def _stranded(people: Sequence[Account], held: Mapping[UUID, Cases]) -> dict[Account, Cases]:
    left = {each: _left_behind(each, held[each.id]) for each in people}
    return {each: cases for each, cases in left.items() if cases}


def _left_behind(found: Account, cases: Cases) -> Cases:
    """Everything where a person has left, else what only a role of theirs that has ended could work on."""
    if found.status is AccountStatus.DEACTIVATED:
        return cases
    return _left_by(found.grants, cases)


def _left_by(held: Iterable[RoleGrant], cases: Cases) -> Cases:
    """What of some cases none of the roles that are held can work on."""
    grants, kinds, on = [each.as_grant() for each in held], _kinds(), today()
    left = {
        name: [each for each in rows if has_left(grants, each.hubs, roles=kinds[name].roles, on=on)]
        for name, rows in cases.items()
    }
    return {name: rows for name, rows in left.items() if rows}


def left_without(found: Account, ended: RoleGrant) -> Cases:
    """What a person has in hand that they cannot work on once this role of theirs ends."""
    rest = [each for each in found.grants if each.id != ended.id]
    cases, now_left = cases_of(found), stranded([found]).get(found, {})
    then = _left_by(rest, cases)
    return {name: rows for name, rows in then.items() if rows != now_left.get(name)}


def told_of(cases: Cases) -> str:
    """How many of each kind: "enquiries (3), next steps (1)"."""
    return ", ".join(f"{within(_kinds()[name].label)} ({len(rows)})" for name, rows in cases.items())


def _hands() -> dict[str, service.Kind]:
    return {
        name: service.Kind(each.hand, each.label, each.roles, each.why_not) for name, each in _kinds().items()
    }


def _standing(kinds: Iterable[str], people: Collection[UUID]) -> dict[UUID, str]:
    """What some people hold of some kinds, or that they are away, in words."""
    found: dict[UUID, list[str]] = {}
    for kind in kinds:
        for account_id, words in _kinds()[kind].standing(people).items():
            found.setdefault(account_id, []).append(words)
    for account_id, words in absent(people).items():
        if words not in found.setdefault(account_id, []):
            found[account_id].append(words)
    return {account_id: ", ".join(words) for account_id, words in found.items()}


def _form(found: Account, cases: Cases) -> CaseloadForm:
    people = queries.receivers_for(found)
    return CaseloadForm.of_request().offer(people, _standing(cases, [each.id for each in people]))


@blueprint.route("/people/<uuid:account_id>/caseload", methods=["GET", "POST"])
@permit(Act.HAND_OVER_CASELOAD, audience=Audience.INTERNAL, load=queries.account)
def hand_over(found: Account) -> ResponseReturnValue:
    """What a person has in hand, and to whom each thing goes; what was previewed is done."""
    cases = cases_of(found)
    form = _form(found, cases)
    return answer(
        form,
        page=lambda: _hand_over_page(form, found, cases),
        act=lambda: service.hand_over(found, _given(form, cases), kinds=_hands(), by=current_actor()),
        then=lambda made: saved(_moved_in_words(made), "caseloads.handover", handover_id=made.id),
    )


def _moved_in_words(made: Handover) -> str:
    """How many of the cases that were chosen went over: others were closed or passed on since the page was opened."""
    found = queries.handover(made.id)
    count, chosen = len(found.cases) if found else 0, _chosen_count()
    if chosen <= count:
        return f"{count} {'case' if count == 1 else 'cases'} handed over."
    words = f"{count} of {chosen} cases handed over."
    return f"{words} The rest had been closed or passed on since you opened the page."


def _chosen_count() -> int:
    return sum(map(is_id, _chosen().values()))


@blueprint.post("/people/<uuid:account_id>/caseload/preview")
@permit(Act.HAND_OVER_CASELOAD, audience=Audience.INTERNAL, load=queries.account, records=False)
def preview(found: Account) -> ResponseReturnValue:
    """What goes to whom, once more before it is done. Nothing is changed yet."""
    cases = cases_of(found)
    form = _form(found, cases)
    return form_preview(
        form,
        page=lambda: _hand_over_page(form, found, cases),
        weigh=lambda: _able(found, _given(form, cases)),
        then=lambda given: _preview_page(found, given),
    )


def _able(found: Account, given: list[Given]) -> list[Given]:
    """These cases, if each can go to whom it is given."""
    service.require_able(found, given, kinds=_hands())
    return given


def _given(form: CaseloadForm, cases: Cases) -> list[Given]:
    """The cases that go to someone: each as its own list says, else as the first list says for all.

    Raises `Conflict` where all that was chosen was closed or passed on meanwhile.
    """
    if not cases:
        raise Conflict("There is nothing left to hand over.")
    everyone, found = form.everything_to.data, []
    for kind, each in ((kind, case) for kind, rows in cases.items() for case in rows):
        chosen = _chosen().get(str(each.id), "all")
        receiver = everyone if chosen == "all" else chosen
        if is_id(receiver):
            found.append(Given(kind, each.id, each.title[:300], UUID(receiver), each.href, each.due))
    if not found and any(map(is_id, _chosen().values())):
        raise Conflict("What you chose was closed or passed on after you opened the page. Choose again.")
    return found


def _chosen() -> dict[str, str]:
    """What was chosen for each case, by its id."""
    sent = {name.removeprefix("to-"): value for name, value in request.form.items() if name.startswith("to-")}
    return {name: value for name, value in sent.items() if value}


def _hand_over_page(form: CaseloadForm, found: Account, cases: Cases) -> str:
    shown: dict[str, Any] = {"cases": cases, "labels": {name: kind.label for name, kind in _kinds().items()}}
    shown["chosen"], shown["on"] = _chosen(), today()
    shown["recent"] = queries.handovers_of((), account_id=found.id)
    shown["people"] = {name: _people_for(found, name) for name in cases}
    return render_template("accounts/hand_over.html", form=form, account=found, **shown)


def _people_for(found: Account, kind: str) -> list[tuple[str, str]]:
    people = queries.receivers_for(found, roles=_kinds()[kind].roles)
    standing = _standing([kind], [each.id for each in people])
    return [(str(each.id), named_with(each.name, standing.get(each.id))) for each in people]


def _preview_page(found: Account, given: Sequence[Given]) -> str:
    names = queries.names_of(each.receiver_id for each in given)
    kinds = {each.kind for each in given}
    standing = _standing(sorted(kinds), list(names))
    told = [named_with(name, standing.get(each)) for each, name in names.items()]
    notices = [each.notice for name, each in _kinds().items() if name in kinds and each.notice]
    fields = {f"to-{each.case_id}": each.receiver_id for each in given}
    shown = {"given": given, "names": names, "told": told, "notices": notices, "fields": fields}
    shown["labels"] = {name: kind.label for name, kind in _kinds().items()}
    return render_template("accounts/preview.html", account=found, **shown)


@blueprint.get("/caseloads/<uuid:handover_id>")
@permit(Act.VIEW_HANDOVER, audience=Audience.INTERNAL, load=queries.handover)
def handover(found: Handover) -> ResponseReturnValue:
    """What went to whom, and the way to undo it; for a colleague who received cases, these."""
    actor = current_actor()
    is_all = POLICY.allows(actor, Act.UNDO_HANDOVER, found)
    shown: dict[str, Any] = {"can_undo": is_all and service.can_be_undone(found)}
    shown["why_not"] = service.why_not_undo(found) if is_all and not found.undone_at else None
    shown["undone_by"] = _undone_by(found)
    shown["cases"] = [each for each in found.cases if is_all or each.receiver_id == actor.account_id]
    shown["labels"] = {name: kind.label for name, kind in _kinds().items()}
    return render_template("accounts/handover.html", handover=found, **shown)


def _undone_by(found: Handover) -> str:
    """Who undid a handover, as the audit log says; empty where it holds."""
    if found.undone_at is None:
        return ""
    undone = [each for each in acts_on("account", [found.giver_id]) if each.act == Act.UNDO_HANDOVER]
    later = [each for each in undone if each.at >= found.undone_at]
    return min(later, key=lambda each: each.at).actor_name or "" if later else ""


@blueprint.post("/caseloads/<uuid:handover_id>/undo")
@permit(Act.UNDO_HANDOVER, audience=Audience.INTERNAL, load=queries.handover)
def undo(found: Handover) -> ResponseReturnValue:
    """Give back what the receivers still have."""
    count = service.undo(found, kinds=_hands(), by=current_actor())
    words = f"Handover undone: {count} of {len(found.cases)} given back."
    return done(saved(words, "caseloads.handover", handover_id=found.id))


def todos(actor: Actor) -> tuple[Todo, ...]:
    """The people who left a manager's hub, or whose role there ended, and still have something in hand."""
    hubs = frozenset(actor.scoped_to(Scope.HUB, Role.HUB_MANAGER))
    gone, _, held = _at_hubs(hubs)
    return tuple(_to_hand_over(each, _late_cases(held[each.id], hubs)) for each in _stranded(gone, held))


def _to_hand_over(found: Account, late: Sequence[Case]) -> Todo:
    """The caseload of somebody who left; what is late in it is late whoever has it."""
    words = f"Hand over the caseload of {found.name}, {_why_left(found)}"
    href = url_for("caseloads.hand_over", account_id=found.id)
    if not late:
        return Todo(words, None, href)
    oldest = min(each.due for each in late if each.due)
    about = f"{len(late)} late {'case' if len(late) == 1 else 'cases'}"
    return Todo(words, None, href, is_overdue=True, about=about, due=oldest)


@remembered
def _at_hubs(hubs: frozenset[str]) -> tuple[Sequence[Account], Sequence[Account], dict[UUID, Cases]]:
    """Who has left some hubs, who works there, and what all of them have in hand: read once for a manager's desk."""
    gone, here = (queries.leavers_of(hubs), queries.colleagues(*hubs)) if hubs else ((), ())
    return gone, here, _cases_by_person({each.id: None for each in (*gone, *here)})


def _why_left(found: Account) -> str:
    is_here = found.status is not AccountStatus.DEACTIVATED and queries.actor_of(found).has(*HOLDERS)
    return "whose role has ended" if is_here else "who has left"


def late_work(actor: Actor) -> tuple[Todo, ...]:
    """The colleagues at a manager's hubs with late work in hand, each with the oldest day: what is late for longest first."""
    hubs = actor.scoped_to(Scope.HUB, Role.HUB_MANAGER)
    _, here, held = _at_hubs(frozenset(hubs))
    people = [each for each in here if each.id != actor.account_id]
    away = absent([each.id for each in people])
    late = {each: _late_cases(held[each.id], frozenset(hubs)) for each in people}
    todos = [_late_todo(each, cases, away.get(each.id, "")) for each, cases in late.items() if cases]
    return tuple(sorted(todos, key=lambda each: each.due or today()))


def _late_cases(cases: Cases, hubs: frozenset[str]) -> list[Case]:
    """The cases of these hubs whose day is past, of the kinds whose late ones are on no other desk of a manager."""
    kinds = _kinds()
    rows = [each for name, found in cases.items() if kinds[name].is_watched for each in found]
    return [
        each
        for each in rows
        if each.due and is_past(each.due, on=today()) and (not each.hubs or each.hubs & hubs)
    ]


def _late_todo(found: Account, cases: Sequence[Case], away: str) -> Todo:
    words = f"{found.name} has {len(cases)} late {'case' if len(cases) == 1 else 'cases'}"
    href = url_for("caseloads.hand_over", account_id=found.id)
    oldest = min(each.due for each in cases if each.due)
    return Todo(words, None, href, is_overdue=True, about=away, due=oldest)
