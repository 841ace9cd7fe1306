"""What the pages of due diligence show, to the side that reads them: answers only to those who may read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import render_template

from crm.angels.diligence import queries
from crm.angels.diligence.models import ANSWER_TABLE, DiligenceAnswer, DiligenceItem
from crm.angels.diligence.policy import POLICY, may_ask
from crm.angels.diligence.rules import labels
from crm.angels.diligence.service.asking import why_not_asked, why_not_reminded
from crm.angels.diligence.service.closing import why_not_closed
from crm.angels.diligence.workflow import ITEMS, Act, ItemStatus
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.queries import told_of, why_held
from crm.angels.investors.policy import READERS
from crm.angels.investors.rules import labels as investor_labels
from crm.angels.pitches.policy import is_of_their_business
from crm.angels.pitches.views.reading import note_shown, warning
from crm.angels.pitches.workflow import OVER, Channel
from crm.angels.syndicates.models import Syndicate
from crm.documents.models import Document
from crm.documents.queries import documents_about_each
from crm.web.identity import current_actor
from crm.web.permit import open_acts

WHAT = "Due diligence"


def side_of(found: Introduction | DiligenceItem) -> str:
    """The side that the current actor is on: investor, staff or business."""
    actor = current_actor()
    if found.account_id == actor.account_id:
        return "investor"
    return "staff" if actor.has(*READERS) else "business"


def may_read(found: Introduction) -> bool:
    """Whether the current actor may read the answers given under an introduction: never the network's staff."""
    actor = current_actor()
    if is_of_their_business(actor, found):
        return True
    return actor.seen_by is None and may_ask(actor, found)


def is_readable(found: DiligenceItem) -> bool:
    """Whether a question has an answer that can be read: of one that was closed, by the business that gave it alone."""
    if found.status is ItemStatus.ENDED:
        return found.was is ItemStatus.ANSWERED and is_of_their_business(current_actor(), found)
    return found.status is ItemStatus.ANSWERED


def files_of(answers: Iterable[DiligenceAnswer | None]) -> dict[UUID, list[Document]]:
    """The files of some answers, by the answer."""
    ids = {each.id for each in answers if each is not None}
    return documents_about_each(ANSWER_TABLE, ids) if ids else {}


def _note(found: Introduction, answers: Iterable[DiligenceAnswer | None]) -> str:
    """Note in the ledger that an investor was shown answers about a pitch; the warning that the law wants with them."""
    if side_of(found) != "investor" or not any(answers):
        return ""
    note_shown([found.pitch], Channel.PAGE, WHAT)
    return warning(found.pitch)


def of_introduction_page(found: Introduction) -> str:
    """All that was asked under an introduction, with what was shared with every introduced investor."""
    is_open, rows = may_read(found), queries.items_of(found.id)
    own = {each.answer_id for each in rows}
    shared = [each for each in queries.shared_answers(found.pitch_id) if is_open and each.id not in own]
    answers = [*(each.answer for each in rows if is_readable(each)), *shared]
    shown: dict[str, Any] = {"files": files_of(answers) if is_open else {}, "shared": shared}
    shown["warning"] = _note(found, answers) if is_open else ""
    shown |= _gate(found) | {"is_open": is_open, "rows": rows, "Act": Act, "labels": labels}
    shown["readable"] = {each.id for each in rows if is_open and is_readable(each)}
    shown["may_ask"] = POLICY.allows(current_actor(), Act.ASK, found) and why_not_asked(found) is None
    return render_template("angels/diligence/of_introduction.html", introduction=found, **shown)


def of_syndicate_page(found: Syndicate) -> str:
    """The answers that a business shared with a syndicate; an investor's reading leaves its row of the ledger."""
    answers = queries.syndicate_answers(found.pitch_id)
    is_business = is_of_their_business(current_actor(), found)
    shown: dict[str, Any] = {"rows": answers, "files": files_of(answers), "is_business": is_business}
    shown["warning"] = ""
    if answers and not is_business:
        note_shown([found.pitch], Channel.PAGE, f"{WHAT} shared with the syndicate")
        shown["warning"] = warning(found.pitch)
    return render_template("angels/diligence/of_syndicate.html", syndicate=found, **shown)


def _gate(found: Introduction) -> dict[str, Any]:
    """Why an investor may not read answers now, in the words of the gate."""
    is_over = found.pitch.status in OVER
    closed = why_held(found) if side_of(found) == "investor" and not is_over else None
    return {"closed": closed, "gate": investor_labels, "is_over": is_over, "side": side_of(found)}


def _late(found: DiligenceItem) -> dict[str, Any]:
    """For the network: whom to contact about a question that is not answered, and why the business is not reminded now."""
    if found.status is not ItemStatus.ASKED or not POLICY.allows(current_actor(), Act.REMIND, found):
        return {"people": None, "why_not": None}
    return {"people": told_of(found.introduction), "why_not": why_not_reminded(found)}


def item_page(found: DiligenceItem) -> str:
    """One question, with its answer for those who may read it."""
    about = found.introduction
    is_open = may_read(about) and is_readable(found)
    shown: dict[str, Any] = {"is_open": is_open, "acts": _acts(found), "Act": Act, "labels": labels}
    shown["warning"] = _note(about, [found.answer]) if is_open else ""
    shown |= _gate(about) | {"files": files_of([found.answer]) if is_open else {}} | _late(found)
    return render_template("angels/diligence/item.html", item=found, **shown)


def _acts(found: DiligenceItem) -> set[Any]:
    """What the reader can do with a question, as it stands."""
    also = (Act.SHARE,) if found.status is ItemStatus.ANSWERED else ()
    also = (*also, Act.REMIND) if why_not_reminded(found) is None else also
    acts = set(open_acts(found, policy=POLICY, machine=ITEMS, also=also))
    return acts - {Act.CLOSE_LATE} if why_not_closed(found) is not None else acts
