"""The page of what two people decide (decision 0111): it shows what was proposed, with the mark of what was read.

Whoever did not propose it confirms it there, or refuses it with a reason; whoever did can withdraw it; and the others
mark as read what became of it. A room says what is decided and in which words, and has these doors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from crm.accounts.service.proposing import why_not_decided_by, why_not_read
from crm.kernel.permissions import Actor, Audience, Policy
from crm.kernel.proposals import COLOURS, STATUSES, TwoPeople
from crm.kernel.workflow import first_reason
from crm.web.fields import SeenMark, SeenVersion
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import asked_by_actor, open_acts, permits
from crm.web.reasons import LONG
from crm.web.seen import seen_version

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class ProposalForm(Form):
    """A proposal as its page showed it."""

    seen = SeenMark()


class ProposalRefusalForm(Form):
    """Why all stays as it is."""

    version = SeenVersion()
    reason = TextAreaField("Why do you refuse it?", [InputRequired("Say why"), LONG])


class Verbs(Protocol[T_contra]):
    """What a room's service has for its proposals: the acts, and why one is not done now."""

    def confirm(self, found: T_contra, *, seen: str | None = None, by: Actor) -> None:
        """Do what another person proposed."""

    def refuse(self, found: T_contra, *, reason: str, version: int | None = None, by: Actor) -> None:
        """Refuse it, with a reason."""

    def withdraw(self, found: T_contra, *, version: int | None = None, by: Actor) -> None:
        """Withdraw one's own."""

    def read(self, found: T_contra, *, by: Actor) -> None:
        """Note that what became of it was read."""

    def why_not_confirmed(self, found: T_contra) -> str | None:
        """Why what was proposed cannot be done now."""

    def mark_of(self, found: T_contra) -> str:
        """The mark of what its page shows."""


@dataclass(frozen=True)
class Said:
    """What a room says of its proposals: ``stays`` is the second sentence once one is refused or withdrawn."""

    confirmed: Callable[[Any], str]
    refusing: Callable[[Any], str]
    stays: str
    read: str = "Marked as read. It is off the desks of the programme’s team."
    unheard: str = "The business does not hear of the proposal."


@dataclass(frozen=True)
class ProposalPages(Generic[T]):
    """The doors of one kind of proposal, on one blueprint. ``named`` is what its addresses call the id of one.

    ``show`` draws the page of one (the room's own view ``proposal``), in a template that extends ``layouts/proposal.html``.
    """

    blueprint: Blueprint
    two: TwoPeople[Any]
    policy: Policy
    verbs: Verbs[T]
    load: Callable[..., T | None]
    named: str
    said: Said
    show: Callable[[Form, T], str]

    def open_doors(self, here: str) -> None:
        """Have the four doors beside the page of a proposal, which is at the address ``here``."""
        two, why_not_me = self.two, asked_by_actor(why_not_decided_by)
        why_not = first_reason(why_not_me, self.verbs.why_not_confirmed)
        self._open(here, two.confirm, self._confirm, machine=two.machine, unless=why_not)
        self._open(here, two.refuse, self._refuse, machine=two.machine, unless=why_not_me, asks=True)
        self._open(here, two.withdraw, self._withdraw, machine=two.machine)
        self._open(here, two.read, self._read, unless=why_not_read)

    def _open(
        self, here: str, act: StrEnum, view: Callable[..., Any], *, asks: bool = False, **options: Any
    ) -> None:
        name, methods = view.__name__.removeprefix("_"), ["GET", "POST"] if asks else ["POST"]
        permit = permits(self.policy)(act, audience=Audience.INTERNAL, load=self.load, **options)
        self.blueprint.add_url_rule(f"{here}/{name}", endpoint=name, view_func=permit(view), methods=methods)

    def _confirm(self, found: T) -> ResponseReturnValue:
        form = ProposalForm.of_request()
        return answer(
            form,
            page=lambda: self.show(form, found),
            act=lambda: self.verbs.confirm(found, seen=form.seen.data or None, by=current_actor()),
            then=lambda _: self.to(found, self.said.confirmed(found)),
        )

    def _refuse(self, found: Any) -> ResponseReturnValue:
        form = ProposalRefusalForm.of_request(version=found.version)
        told = {"reason": form.reason.data, "version": form.version.data}
        return answer(
            form,
            page=lambda: self._refusal_page(form, found),
            act=lambda: self.verbs.refuse(found, **told, by=current_actor()),
            then=lambda _: self.to(found, f"Refused. {self.said.stays}"),
        )

    def _refusal_page(self, form: Form, found: Any) -> str:
        shown = {
            "title": self.said.refusing(found),
            "stays": f"{self.said.stays} {self.said.unheard}",
            "to_proposal": self.url(found),
        }
        return render_template("accounts/refusal.html", form=form, **shown)

    def _withdraw(self, found: T) -> ResponseReturnValue:
        self.verbs.withdraw(found, version=seen_version(), by=current_actor())
        return done(self.to(found, f"Proposal withdrawn. {self.said.stays}"))

    def _read(self, found: T) -> ResponseReturnValue:
        self.verbs.read(found, by=current_actor())
        return done(self.to(found, self.said.read))

    def url(self, found: Any, door: str = "proposal") -> str:
        """The page of a proposal, or another of its doors."""
        return url_for(f"{self.blueprint.name}.{door}", **{self.named: found.id})

    def to(self, found: Any, said: str) -> str:
        """The page of a proposal, on which to say what was done."""
        return saved(said, f"{self.blueprint.name}.proposal", **{self.named: found.id})

    def shown(self, found: Any, form: Form) -> dict[str, Any]:
        """What the layout of the page shows: where it stands, and which of the doors are open to whoever looks."""
        shown: dict[str, Any] = {"proposal": found, "form": form, "is_open": found.status == self.two.start}
        shown |= {"standing": (STATUSES[found.status], COLOURS[found.status]), "letter": None}
        acts = open_acts(found, policy=self.policy, machine=self.two.machine)
        for name in ("confirm", "refuse", "withdraw"):
            shown[f"may_{name}"] = getattr(self.two, name) in acts
        shown["may_read"] = bool(self.to_read([found], current_actor()))
        shown["doors"] = {each: self.url(found, each) for each in ("confirm", "refuse", "withdraw", "read")}
        return shown | (self._why_not(found) if shown["is_open"] else {})

    def _why_not(self, found: Any) -> dict[str, Any]:
        why_not_me = why_not_decided_by(found, current_actor().account_id)
        shown = {"why_not": self.verbs.why_not_confirmed(found), "why_not_me": why_not_me}
        return shown | {"seen": self.verbs.mark_of(found)}

    def to_decide(self, rows: Iterable[Any], actor: Actor) -> list[Any]:
        """Those of these on which this person decides."""
        waiting = [each for each in rows if each.status == self.two.start]
        mine = [each for each in waiting if self.policy.allows(actor, self.two.confirm, each)]
        return [each for each in mine if not why_not_decided_by(each, actor.account_id)]

    def to_read(self, rows: Iterable[Any], actor: Actor) -> list[Any]:
        """Those of these of which this person is to read what became of them; not whoever decided it."""
        unread = [each for each in rows if each.is_unread and each.decided_by_id != actor.account_id]
        return [each for each in unread if self.policy.allows(actor, self.two.read, each)]
