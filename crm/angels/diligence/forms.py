"""Forms of due diligence: asked by an investor, answered by a business."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from crm.angels.diligence.models import DiligenceAnswer, DiligenceItem
from crm.angels.diligence.rules.labels import SHARING, SYNDICATE
from crm.angels.diligence.rules.usual import USUAL
from crm.angels.diligence.service.answering import Answering
from crm.angels.diligence.workflow import Sharing
from crm.angels.investors.forms.joining import SHORT, several
from crm.businesses.forms import choices
from crm.documents.forms import UploadsField, take_those_that_can_be
from crm.documents.service import Stored
from crm.kernel.clock import moment_in_words
from crm.kernel.errors import BadInput
from crm.web.forms import Form

LONG = Length(max=5_000, message="This must be 5,000 characters or fewer")
NEW = "new"
FIRST = 60
"""So many letters of an earlier answer tell it from another."""


class AskForm(Form):
    """What an investor asks for."""

    codes = several("Usual items", {})
    own = TextAreaField("Another question", [SHORT])

    def offer(self, known: Collection[str]) -> AskForm:
        """Offer the usual items that were not asked for yet, and whose answer was not shared either."""
        left = {code: f"{each.group}: {each.question}" for code, each in USUAL.items() if code not in known}
        self.codes.choices = choices(left)
        return self

    def validate_own(self, field: Any) -> None:
        """Something has to be asked."""
        if not field.data.strip() and not self.codes.data:
            raise BadInput("Choose an item above or write a question")


class AnswerForm(Form):
    """What a business answers, and who may read it. Nothing is chosen beforehand."""

    earlier = RadioField("Which answer?", [Optional()], choices=[])
    words = TextAreaField("Your answer", [LONG])
    file = UploadsField("Files")
    sharing = RadioField(
        "Who may read this answer?",
        [InputRequired("Choose who may read this answer")],
        choices=choices(SHARING),
    )

    def offer(self, answers: Sequence[DiligenceAnswer]) -> AnswerForm:
        """Offer the answers given before for this pitch."""
        given = {str(each.id): _told_apart(each) for each in answers}
        self.earlier.choices = choices({NEW: "A new answer"} | given) if given else []
        return self

    def validate_file(self, field: Any) -> None:
        """Files of kinds that are not taken are named."""
        if field.data:
            take_those_that_can_be(field)

    def validate_earlier(self, field: Any) -> None:
        """Where there are earlier answers, one is chosen or a new one written."""
        if field.choices and not field.data:
            raise BadInput("Choose a new answer or one you gave before")

    def validate_words(self, field: Any) -> None:
        """A new answer has words, files or both; with an earlier one, nothing that was typed is lost unseen."""
        if self._earlier_id() and (field.data.strip() or self.file.data):
            raise BadInput(
                "You chose an earlier answer. Choose “A new answer”, or leave this and the files empty"
            )
        if not self._earlier_id() and not field.data.strip() and not self.file.data:
            raise BadInput("Write an answer or add a file")

    def _earlier_id(self) -> UUID | None:
        chosen = self.earlier.data
        return UUID(chosen) if chosen and chosen != NEW else None

    def said(self, papers: Sequence[Stored]) -> Answering:
        """As the verb takes it, with the files that were stored."""
        return Answering(Sharing(self.sharing.data), self.words.data or "", tuple(papers), self._earlier_id())


def _told_apart(given: DiligenceAnswer) -> str:
    """An earlier answer by its question, its moment, and the first words of what it says: two to one question are told apart."""
    words = " ".join(given.words.split())
    said = f"{words[:FIRST]}…" if len(words) > FIRST else words or "files only"
    return f"{given.question} ({moment_in_words(given.made_at)}: {said})"


class DeclineForm(Form):
    """Why something is not available."""

    reason = TextAreaField(
        "Why is it not available?", [InputRequired("Enter a reason for the investor"), SHORT]
    )


class SharingForm(Form):
    """Who may read an answer."""

    sharing = RadioField(
        "Who may read this answer?",
        [InputRequired("Choose who may read this answer")],
        choices=choices(SHARING),
    )
    with_syndicate = BooleanField(SYNDICATE)

    def chosen(self) -> Sharing:
        """As the verb takes it."""
        return Sharing(self.sharing.data)


def sharing_values(found: DiligenceItem) -> dict[str, Any]:
    """What the form shows of who may read an answer now."""
    given = found.answer
    return {"sharing": given.sharing.value, "with_syndicate": given.with_syndicate} if given else {}
