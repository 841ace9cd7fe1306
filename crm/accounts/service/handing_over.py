"""Handing a person's caseload over to colleagues, and undoing that within a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from crm.accounts import queries
from crm.accounts.models import Account, Handover, HandoverCase
from crm.accounts.policy import POLICY
from crm.accounts.service.roles import UNDO_WITHIN
from crm.accounts.workflow import AccountStatus, Act
from crm.audit import service as audit
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now
from crm.kernel.errors import Invalid, NotAllowed
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.notices.service import Extras, Reader, queue

Hand = Callable[..., bool]


@dataclass(frozen=True)
class Given:
    """One case that goes to a colleague: its kind, its id, what it is called, its page (a path) and its day."""

    kind: str
    case_id: UUID
    title: str
    receiver_id: UUID
    href: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Kind:
    """How a room hands over one kind of case: its verb, what it is called, the roles that can work on it, and who has no room."""

    hand: Hand
    label: str
    roles: tuple[Role, ...]
    why_not: Callable[[UUID, int], str | None]


def hand_over(giver: Account, given: Sequence[Given], *, kinds: Mapping[str, Kind], by: Actor) -> Handover:
    """Hand cases over to colleagues, who are told. ``kinds`` have the rooms' verbs, each with its own rules."""
    POLICY.require(by, Act.HAND_OVER_CASELOAD, giver)
    require_able(giver, given, kinds=kinds)
    made = Handover(giver_id=giver.id, by_id=by.account_id, at=now())
    session().add(made)
    session().flush()
    moved = [each for each in given if _goes_over(each, giver, kinds=kinds, by=by)]
    for position, each in enumerate(moved):
        session().add(HandoverCase(handover_id=made.id, position=position, **vars(each)))
    session().flush()
    _tell(made, giver, moved, kinds=kinds, by=by)
    _tell_giver(made, giver, moved, by=by)
    for receiver_id, mine in _by_receiver(moved).items():
        changes = {"cases": (None, len(mine)), "receiver_id": (None, receiver_id)}
        audit.record(Act.HAND_OVER_CASELOAD, giver, changes, by=by)
    return made


def _goes_over(case: Given, giver: Account, *, kinds: Mapping[str, Kind], by: Actor) -> bool:
    """Give one case to a colleague. One that is not this person's to give, as of another hub, is named, and nothing goes."""
    try:
        return kinds[case.kind].hand(case.case_id, giver.id, to=case.receiver_id, by=by)
    except NotAllowed as refusal:
        words = f"You cannot hand over {case.title}. Leave it out, and let a manager of its hub hand it over"
        raise Invalid(words, field="everything_to") from refusal


def _by_receiver(moved: Iterable[Given]) -> dict[UUID, list[Given]]:
    found: dict[UUID, list[Given]] = {}
    for each in moved:
        found.setdefault(each.receiver_id, []).append(each)
    return found


def require_able(giver: Account, given: Sequence[Given], *, kinds: Mapping[str, Kind]) -> None:
    """Refuse where nothing is chosen, or a case would go to a person who is no colleague or cannot work on it."""
    if not given:
        raise Invalid("Choose what to hand over, and to whom", field="everything_to")
    names = {each.id: each.name for each in queries.receivers_for(giver)}
    able = {
        name: {each.id for each in queries.receivers_for(giver, roles=kinds[name].roles)}
        for name in {each.kind for each in given}
    }
    for each in given:
        if each.receiver_id not in names:
            raise Invalid(_why_not_to(each.receiver_id), field="everything_to")
        if each.receiver_id not in able[each.kind]:
            who, what = names[each.receiver_id], kinds[each.kind].label.lower()
            raise Invalid(
                f"{who} cannot work on {what}. Choose another colleague for these", field="everything_to"
            )
    _require_room(given, kinds=kinds)


def _require_room(given: Sequence[Given], *, kinds: Mapping[str, Kind]) -> None:
    """Refuse where a colleague would be given more of a kind than they can take now, as the verb of the kind says."""
    for (kind, receiver_id), count in Counter((each.kind, each.receiver_id) for each in given).items():
        reason = kinds[kind].why_not(receiver_id, count)
        if reason:
            raise Invalid(reason, field="everything_to")


def _why_not_to(account_id: UUID) -> str:
    """Why nothing can go to a person: they were offered when the page was opened, and have left since."""
    found = queries.account(account_id)
    if found is None:
        return "Choose an active colleague from the list"
    why = (
        "can no longer sign in" if found.status is not AccountStatus.ACTIVE else "no longer works at this hub"
    )
    return f"{found.name} {why}, so nothing was handed over. Choose another colleague"


def _tell(
    made: Handover, giver: Account, moved: Sequence[Given], *, kinds: Mapping[str, Kind], by: Actor
) -> None:
    """One email for each colleague, which lists the cases they were given, each with its day and its page."""
    for receiver_id, mine in _by_receiver(moved).items():
        cases = [
            {
                "kind": kinds[each.kind].label,
                "line": each.title,
                "due": day_in_words(each.due) if each.due else "",
                "path": each.href,
            }
            for each in mine
        ]
        told = {"giver": giver.name, "cases": cases, "path": f"/caseloads/{made.id}"}
        _letter_to("caseload_handed_over", receiver_id, told, by=by)


def _tell_giver(made: Handover, giver: Account, moved: Sequence[Given], *, by: Actor) -> None:
    """The person whose work went is told to whom, also where they handed it over themselves."""
    names = queries.names_of(each.receiver_id for each in moved)
    lines = [f"{each.title}: now with {names[each.receiver_id]}" for each in moved]
    if moved and giver.status is AccountStatus.ACTIVE:
        _letter(
            "caseload_given", giver, {"cases": lines, "path": f"/caseloads/{made.id}", "by_name": by.name}
        )


def _letter_to(kind: str, account_id: UUID, context: Mapping[str, Any], *, by: Actor) -> None:
    """An email to a person who can sign in, unless they did it themselves."""
    found = queries.account(account_id)
    if found is not None and account_id != by.account_id and found.status is AccountStatus.ACTIVE:
        _letter(kind, found, {**context, "by_name": by.name})


def _letter(kind: str, to: Account, context: Mapping[str, Any]) -> None:
    queue(kind, Reader(to.email, to.name, to.id), having=Extras(context))


def can_be_undone(found: Handover) -> bool:
    """Whether a handover is less than a day old and was not undone, and its giver can take their work back."""
    return why_not_undo(found) is None


def why_not_undo(found: Handover) -> str | None:
    """Why a handover cannot be undone: it was, its day is over, or nobody could do the work that came back."""
    if found.undone_at is not None or now() >= found.at + UNDO_WITHIN:
        return "A handover can be undone once, within a day."
    if found.giver.status is not AccountStatus.ACTIVE:
        return (
            f"{found.giver.name} can no longer sign in, so nothing can be given back. "
            "Hand the cases over from the caseload of the colleague who has them."
        )
    return None


def undo(found: Handover, *, kinds: Mapping[str, Kind], by: Actor) -> int:
    """Give back what the receivers still have, tell everyone concerned, and return how many cases that is.

    Whoever may undo a handover undoes all of it: no room asks whether the work that went is theirs to give.
    """
    POLICY.require(by, Act.UNDO_HANDOVER, found)
    refuse_if(why_not_undo(found))
    back = [each for each in found.cases if _goes_back(each, found, kinds=kinds, by=by)]
    found.undone_at = now()
    for account_id in dict.fromkeys([*(each.receiver_id for each in back), found.giver_id]):
        mine = [each.title for each in back if account_id in (each.receiver_id, found.giver_id)]
        told = {"giver": found.giver.name, "cases": mine, "is_giver": account_id == found.giver_id}
        if mine:
            _letter_to("handover_undone", account_id, told, by=by)
    audit.record(Act.UNDO_HANDOVER, found.giver, {"cases": (len(found.cases), len(back))}, by=by)
    return len(back)


def _goes_back(case: HandoverCase, made: Handover, *, kinds: Mapping[str, Kind], by: Actor) -> bool:
    """Give one case back; what its owner from before cannot take now, such as an appointment, stays where it is."""
    try:
        undoing = replace(by, is_system=True)
        return kinds[case.kind].hand(case.case_id, case.receiver_id, to=made.giver_id, by=undoing)
    except Invalid:
        return False
