"""The bank's answers: uploaded, previewed and recorded; and the lines that a person has to look into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about, entries_on
from crm.funding.payments.forms import BankAnswerForm, ResolutionForm
from crm.funding.payments.models import BankAnswer, BankAnswerLine
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import answers as answer_queries
from crm.funding.payments.rules.answers import COLUMNS, TO_RESOLVE, VERDICTS, Verdict
from crm.funding.payments.service import reconciling
from crm.funding.payments.workflow import ANSWERS, Act, AnswerStatus
from crm.kernel.clock import day_of
from crm.kernel.measures import counted
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo, counted_todo
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.seen import SeenForm

blueprint = Blueprint("bank_answers", __name__)
permit = permits(POLICY)
UNSETTLED = "Line resolved, with your words. The payment still waits: upload the bank’s next answer, or settle it by hand."
LINES = counted("line")
PAGE, HERE = "bank_answers.bank_answer", "/bank-answers/<uuid:answer_id>"


@blueprint.get("/bank-answers")
@permit(Act.LIST, audience=Audience.INTERNAL)
def answers() -> ResponseReturnValue:
    """The bank's answers, and the lines that wait for a person."""
    lines = answer_queries.to_resolve()
    shown: dict[str, Any] = {"answers": answer_queries.answers(), "lines": lines, "verdicts": VERDICTS}
    shown["tries"] = answer_queries.tries_of(lines)
    shown["may_upload"] = POLICY.allows(current_actor(), Act.UPLOAD)
    return render_template("funding/payments/answers.html", **shown)


@blueprint.route("/bank-answers/new", methods=["GET", "POST"])
@permit(Act.UPLOAD, audience=Audience.INTERNAL)
def upload() -> ResponseReturnValue:
    """Upload the bank's answer. Nothing is recorded before you have seen what it comes to."""
    form = BankAnswerForm.of_request()
    return answer(
        form,
        page=lambda: _upload_page(form),
        act=lambda: reconciling.upload(form.file.data.name, form.file.data.data, by=current_actor()),
        then=lambda made: saved("File read. Check it, then record it.", PAGE, answer_id=made.id),
    )


def _upload_page(form: Form) -> str:
    columns = ", ".join(each.replace("_", " ") for each in COLUMNS)
    return render_template("funding/payments/upload.html", form=form, columns=columns, accept=".csv,.xml")


@blueprint.get(HERE)
@permit(Act.LIST, audience=Audience.INTERNAL, load=answer_queries.answer)
def bank_answer(found: BankAnswer) -> ResponseReturnValue:
    """One answer of the bank: what each line comes to."""
    return _bank_answer_page(SeenForm(), found)


def _bank_answer_page(form: Form, found: BankAnswer) -> str:
    outcomes = reconciling.outcomes(found)
    counts = Counter(each.verdict for each in outcomes)
    shown: dict[str, Any] = {"outcomes": outcomes, "counts": counts, "verdicts": VERDICTS, "form": form}
    shown |= {"acts": open_acts(found, machine=ANSWERS, policy=POLICY), "Act": Act}
    shown["why_not"] = reconciling.why_not_recorded(found, current_actor()) if shown["acts"] else None
    shown["not_downloaded"] = _not_downloaded(outcomes) if found.status is AnswerStatus.UPLOADED else []
    shown |= {"trail": entries_about(found), "to_resolve": _waiting(found)}
    return render_template("funding/payments/bank_answer.html", answer=found, **shown)


def _not_downloaded(outcomes: Sequence[reconciling.Outcome]) -> list[str]:
    """The runs that this answer is about, and whose file nobody has downloaded: the bank should not have it."""
    runs = {each.about.run_id: each.about.run for each in outcomes if each.about}
    taken = {each.thing_id for each in entries_on("payment_run", runs, act=Act.DOWNLOAD)} if runs else set()
    return sorted(each.reference for key, each in runs.items() if str(key) not in taken)


def _waiting(found: BankAnswer) -> set[UUID]:
    """The lines of a recorded answer that wait for a person."""
    lines = found.lines if found.status is AnswerStatus.RECORDED else ()
    return {each.id for each in lines if reconciling.why_not_resolved(each) is None}


@blueprint.post(f"{HERE}/record")
@permit(Act.RECORD, audience=Audience.INTERNAL, load=answer_queries.answer, machine=ANSWERS, is_told=True)
def record(found: BankAnswer) -> ResponseReturnValue:
    """Record the bank's answer."""
    form = SeenForm.of_request()
    return answer(
        form,
        page=lambda: _bank_answer_page(form, found),
        act=lambda: reconciling.record(found, by=current_actor()),
        then=lambda made: saved(_recorded(made), PAGE, answer_id=found.id),
    )


def _recorded(made: Sequence[reconciling.Outcome]) -> str:
    told = any(each.verdict in (Verdict.PAID, Verdict.REJECTED) for each in made)
    then = "The founders will get an email." if told else "No payment changed, and no email was sent."
    waits = len([each for each in made if each.verdict in TO_RESOLVE])
    return f"Bank’s answer recorded. {then}" + (f" {LINES(waits)} to resolve below." if waits else "")


@blueprint.post(f"{HERE}/discard")
@permit(Act.DROP, audience=Audience.INTERNAL, load=answer_queries.answer, machine=ANSWERS)
def discard(found: BankAnswer) -> ResponseReturnValue:
    """Discard a file that was not recorded."""
    reconciling.discard(found, by=current_actor())
    return done(saved("File discarded. Nothing was recorded.", "bank_answers.answers"))


@blueprint.get("/bank-lines/<uuid:line_id>")
@permit(Act.LIST, audience=Audience.INTERNAL, load=answer_queries.line)
def line(found: BankAnswerLine) -> ResponseReturnValue:
    """One line of the bank's answer: which payment it is about, and what a person found out."""
    return _line_page(ResolutionForm(), found)


def _line_page(form: Form, found: BankAnswerLine) -> str:
    about = next(iter(answer_queries.tries_of([found]).values()), None)
    may = POLICY.allows(current_actor(), Act.RESOLVE) and reconciling.why_not_resolved(found) is None
    shown: dict[str, Any] = {"form": form, "line": found, "about": about, "may_resolve": may}
    return render_template("funding/payments/line.html", verdicts=VERDICTS, **shown)


@blueprint.post("/bank-lines/<uuid:line_id>/resolve")
@permit(
    Act.RESOLVE,
    audience=Audience.INTERNAL,
    load=answer_queries.line,
    unless=reconciling.why_not_resolved,
)
def resolve(found: BankAnswerLine) -> ResponseReturnValue:
    """Record what you found out about a line of the bank's answer."""
    form = ResolutionForm.of_request()
    return answer(
        form,
        page=lambda: _line_page(form, found),
        act=lambda: reconciling.resolve(found, words=form.words.data, by=current_actor()),
        then=lambda _: _resolved(found),
    )


def _resolved(found: BankAnswerLine) -> str:
    """Where a person goes on: to the payment that still waits for an answer, or to the other lines."""
    about = next(iter(answer_queries.tries_of([found]).values()), None)
    if about is None or not about.is_open:
        return saved("Line resolved, with your words.", "bank_answers.answers")
    return saved(UNSETTLED, "payments.payment", payment_id=about.payment_id)


def to_record(actor: Actor) -> tuple[Todo, ...]:
    """Each answer of the bank that was uploaded and not recorded."""
    found = answer_queries.answers_to_record()
    return tuple(_todo(each) for each in found if POLICY.allows(actor, Act.RECORD, each))


def _todo(found: BankAnswer) -> Todo:
    where, since = url_for(PAGE, answer_id=found.id), day_of(found.uploaded_at)
    return Todo("Record or discard an answer of the bank", None, where, about=found.name, since=since)


def to_resolve(actor: Actor) -> tuple[Todo, ...]:
    """How many lines of the bank's answers wait for a person."""
    if not POLICY.allows(actor, Act.RESOLVE):
        return ()
    words = ("line of the bank’s answer to resolve", "lines of the bank’s answers to resolve")
    return counted_todo(
        len(answer_queries.to_resolve()), words, href=url_for("bank_answers.answers", _anchor="lines")
    )
