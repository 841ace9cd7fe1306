"""What an enquiry says, as rows for a page: for whoever sends it, and for whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from crm.businesses.rules.labels import WORDINGS, current_version
from crm.diagnostics.queries.opened import told_in_words
from crm.directory.rules.labels import TRIAGE_AREAS
from crm.evidence.rules import INSTRUMENTS, MEDIA
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES
from crm.kernel.money import Money
from crm.kernel.telephones import unbroken
from crm.signposting.rules.enquiring import STEPS, Step, seeks_finance
from crm.signposting.rules.finding import months_in_words
from crm.web.filters import sentence

NOT_TOLD = "Not told"


@dataclass(frozen=True)
class Row:
    """One thing that was told, and the step at which."""

    step: Step
    label: str
    words: str

    @property
    def is_told(self) -> bool:
        """Whether anything was told."""
        return self.words != NOT_TOLD


def told_rows(told: Any) -> list[Row]:
    """Everything that an enquiry says, in the order of its steps; ``told`` is an `Enquiry` or what it is made from."""
    step = {each.name: each for each in STEPS}
    answers = told.answers
    rows = [
        ("where", "Works at", told.postcode or told.outcode),
        ("business", "Business", told.business_name),
        ("business", "Set up as", sentence(LEGAL_FORMS.get(answers.get("form", ""), ""))),
        ("business", "Company number", told.company_number),
        ("work", "What it does", _listed(answers.get("groups"), DCMS_GROUPS)),
        ("work", "People", answers.get("people")),
        ("work", "Turnover", str(Money.parse(answers["turnover"])) if answers.get("turnover") else ""),
        ("work", "Trading for", months_in_words(int(answers["months"])) if answers.get("months") else ""),
        ("help", "Help with", _listed(answers.get("needs"), TRIAGE_AREAS)),
        ("help", "What it is about", told.story),
        ("finance", "Finance", finance_in_words(told.ask) if told.ask else _no_finance(told)),
        ("you", "Name", ", ".join(filter(None, (told.person_name, told.person_role)))),
        ("you", "Email", told.email),
        ("you", "Telephone", unbroken(told.phone)),
        ("you", "Agreed to", " ".join(_agreed(told.consents)) or "None of the extras"),
    ]
    extra = ("Stage", STAGES.get(answers.get("stage", ""))), ("Sold abroad", answers.get("exports"))
    carried = map(told_in_words, answers.get("readiness", ()))
    rows += [("help", title, done) for title, done, _code in carried if title]
    shown = [Row(step[name], label, str(words) if words else NOT_TOLD) for name, label, words in rows]
    shown += [
        Row(step["work"], label, f"{words}{'%' if label == 'Sold abroad' else ''}")
        for label, words in extra
        if words
    ]
    return sorted(shown, key=lambda row: STEPS.index(row.step))


def readiness_told(told: Any) -> list[tuple[str, str]]:
    """The readiness answers that came with an enquiry: the title of each set, and where the answers can be read."""
    found = [(each, *told_in_words(each)) for each in told.answers.get("readiness", ())]
    return [
        (title, f"/check-readiness/{token.partition('.')[0]}/result?a={quote(code)}")
        for token, title, _done, code in found
        if title
    ]


def _listed(values: Any, words: Mapping[str, str]) -> str:
    return "; ".join(words[each] for each in values or () if each in words)


def _agreed(consents: Any) -> list[str]:
    versions = (
        consents if isinstance(consents, Mapping) else {each: current_version(each) for each in consents}
    )
    return [WORDINGS[purpose][version] for purpose, version in versions.items()]


def _no_finance(told: Any) -> str:
    """That no finance is sought, where that was asked; nothing where it was not."""
    return "Not looking for finance" if seeks_finance(told) is False else ""


def finance_in_words(ask: Mapping[str, Any]) -> str:
    """The finance sought, in a sentence."""
    amount = str(Money.parse(ask["amount"])) if ask.get("amount") else "An amount not known yet"
    parts = [amount, INSTRUMENTS.get(ask.get("instrument", ""), ""), ask.get("purpose", "")]
    return "; ".join(filter(None, (*parts, MEDIA.get(ask.get("medium", ""), ""))))
