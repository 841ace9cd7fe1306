"""How an entry and a run of entries are digested, and how an act and a stored value are said."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeGuard

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import moment_in_words
from crm.kernel.text import capital, past_of
from crm.web.feature import Among, Words


def digest_of(salt: str, changes: Mapping[str, Any]) -> str:
    """SHA-256 over the salt and the values as sorted JSON: the same on both engines."""
    packed = json.dumps(changes, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{salt}\n{packed}".encode()).hexdigest()


def seal_of(before: str, lines: Iterable[str]) -> str:
    """SHA-256 over the seal before and one line for each entry, in order of their ids."""
    running = hashlib.sha256(before.encode())
    for line in lines:
        running.update(b"\n" + line.encode())
    return running.hexdigest()


def in_words(value: Any) -> str:
    """A value of the trail, as it is said: a day or a moment in words, yes or no, "nothing" where nothing was."""
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(in_words(each) for each in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {in_words(each)}" for name, each in value.items())
    return _day_in_words(value) if isinstance(value, str) else str(value)


def _day_in_words(text: str) -> str:
    """Text as it stands, but for a day and a moment as JSON keeps them."""
    try:
        if len(text) == len("2026-11-24"):
            return day_in_words(date.fromisoformat(text))
        return moment_in_words(datetime.fromisoformat(text)) if "T" in text and "+" in text else text
    except ValueError:
        return text


NOTHING = "nothing"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
FIELDS = {
    "rows": "Number of rows",
    "register_status": "Status at Companies House",
    "as_at": "Figures for",
    "wording_version": "Wording",
    "measure": "Employees counted as",
    "months": "Length of the period",
    "match_name": "Name, as it is compared",
    "sort_name": "Name, as it is sorted",
    "standing": "Access",
    "authority_code": "Code of the council (ONS)",
    "indicator_code": "Indicator",
    "reversed_by": "Reversed by entry number",
    "allows_partial": "Part awards allowed",
    "answered": "Answered",
    "set_name": "Questions",
    "score": "Score",
    "valid_from": "From",
    "valid_to": "Until",
    "scope": "Scope",
    "scope_id": "Held for",
    "sic_codes": "SIC codes",
    "sha256": "Checksum of the file (SHA-256)",
    "least_words": "Shortest reason",
    "dcms_groups": "Sectors",
    "leps": "Areas",
    "lad_names": "Councils",
    "outcodes": "Postcode districts",
    "fte_hundredths": "Full-time equivalent",
    "quarters": "Hours of help",
    "kind_code": "Kind of support",
    "happened_on": "Date",
    "way": "How it came",
    "outcode": "Postcode district",
    "trading_outcode": "Postcode district of the business",
    "amount_min": "Smallest amount",
    "amount_max": "Largest amount",
    "min_employees": "Fewest employees",
    "max_employees": "Most employees",
    "min_turnover": "Smallest turnover",
    "max_turnover": "Largest turnover",
    "min_trading_months": "Shortest time trading",
    "max_trading_months": "Longest time trading",
    "min_export_share_pct": "Smallest share of exports",
    "wmca_only": "Only in the area of the Combined Authority",
    "url": "Web address",
    "hides_address": "Address hidden",
    "most_open": "Most enquiries at a time",
    "reminded_for": "Reminder sent for",
    "dismissed_for": "Reminder dismissed for",
    "covered_by_id": "Cover",
    "barrier_removed": "Barrier to selling abroad removed",
    "barrier_types": "Barriers",
    "by_letter": "Daily email",
    "quiet_days": "Days without contact",
    "met_by": "Found from",
    "met_amount": "Amount found",
    "unmet_reason": "Why it was not found",
    "unmet_note": "More about why",
    "objects_until": "Can object until",
    "sent_to_name": "Sent to",
    "told_to_name": "Told",
    "note_to_business": "Note to the business",
    "helped_note": "What the business said",
    "place_method": "How the location is known",
    "place_confidence": "How sure the location is",
    "is_dry_run": "Dry run",
    "is_followed": "Followed",
    "recorded_by_id": "Recorded by",
    "holder_id": "Looked after by",
    "claimed_by_id": "Adviser",
    "claimed_at": "Assigned",
    "came": "Attended",
    "most_words": "Most words",
    "business_id": "Business",
    "fixed_at": "Fixed",
    "is_stale": "Needs confirming",
    "is_shared": "Shared",
    "is_needed": "Required",
    "is_outside": "Counting",
    "is_sum_asked": "The sum asked for",
    "is_capital_asked": "The part for capital",
    "is_capital": "Paid from capital",
    "is_ahead": "Today or later",
    "is_now": "Can be used now",
    "is_certain": "Every rule could be read",
    "is_finished": "Finished",
}

UNSAID = frozenset({"match_name", "sort_name", "letter_key", "by_link"})
"""Stored for the service itself: nothing that a reader of the log would ask about."""

WHOLE_ACTS = {
    "ask_for_sign_in_link": "asked for a sign-in link",
    "take_down_enquiry": "recorded an enquiry",
    "lead_test_bed_project": "took over the lead of a test-bed project",
    "recall_test_bed_lesson": "took a test-bed lesson back from approval",
    "report_test_bed_project": "ended the trial of a test-bed project",
    "refuse_to_be_named_in_test_bed_lesson": "did not agree, or no longer agreed, to be named in a test-bed lesson",
    "select_delegation": "offered the places of a delegation",
    "extend_delegation_offer": "gave more days to answer an offer of a place in a delegation",
    "hold_delegation": "recorded who went with a delegation",
    "note_on_enquiry": "added a note to an enquiry",
    "attach_enquiry": "linked an enquiry to a business",
    "claim_enquiry": "took on an enquiry",
    "import_businesses": "filled in a business from a file",
    "change_many_businesses": "changed several businesses",
    "extract_caseload": "downloaded the caseload",
    "become_lead_adviser": "became the lead adviser",
    "assign_lead_adviser": "chose a lead adviser",
    "remove_lead_adviser": "removed the lead adviser",
    "claim_business": "asked for access to a business",
    "confirm_claim": "confirmed access to a business",
    "refuse_claim": "refused access to a business",
    "decline_to_join": "declined to join a business",
    "leave_ask_unmet": "recorded that finance was not found",
    "drop_ask": "recorded that finance is no longer sought",
    "tick_step": "marked a step as done",
    "take_up_place": "gave a place",
    "note_attended": "recorded that a person came",
    "note_absent": "recorded that a person did not come",
    "record_shut_out": "recorded that a rule shut a business out",
    "win_export_country": "recorded a first sale in a country",
    "not_select_for_delegation": "did not select a business for a delegation",
    "let_delegation_place_lapse": "ended an offer of a place that was not answered",
    "record_delegate_went": "recorded that a delegate went",
    "record_delegate_missing": "recorded that a delegate did not go",
    "remind_assessor": "reminded an assessor",
    "hand_in_assessment": "submitted an assessment",
    "hand_in_evidence": "submitted evidence",
    "take_back_assessment": "withdrew an assessment",
    "exclude_assessment": "excluded an assessment",
    "finalise_application": "closed the assessment of an application",
    "assess_again": "opened the assessment of an application again",
    "ask_cohort_proposal": "asked for a proposed cohort",
    "answer_cohort_proposal": "worked out a proposed cohort",
    "fail_cohort_proposal": "could not work out a proposed cohort",
    "mark_cohort_draft_stale": "marked a draft cohort as out of date",
    "take_back_request": "withdrew a request to meet",
    "turn_down_introduction": "declined an introduction",
    "hold_introduction": "put an introduction on hold",
    "expire_introduction": "ended an introduction that was on hold too long",
    "lapse_introduction": "ended a request that was not answered in time",
    "lapse_referral": "ended a referral that was not answered in time",
    "lapse_offer": "ended an offer that was not answered in time",
    "mark_pitch": "changed what they follow or note about a pitch",
    "certify": "signed an investor statement",
    "revoke_certification": "withdrew an investor statement",
    "admit_angel": "gave an investor access",
    "join_payment_run": "added a payment to a run",
    "leave_payment_run": "removed a payment from a run",
    "reverse_entry": "reversed a ledger entry",
    "note_payment_cancelled": "recorded that a payment was cancelled",
    "note_payment_rejected": "recorded that the bank did not pay",
    "note_rest_of_repayment": "recorded what is still to be paid back",
    "keep_statement_on_paper": "recorded a statement on paper",
    "say_helped": "said that a referral helped",
    "sign_in": "signed in",
    "sign_in_failed": "failed to sign in",
    "sign_out": "signed out",
    "sign_up_others": "signed up others",
    "sign_in_by_link": "signed in by a link",
    "export_trail": "downloaded entries of the audit log",
    "ask_to_confirm_hours": "asked the business to confirm hours",
    "admit_to_business": "gave a person access to the business",
    "dismiss_from_business": "ended a person’s access to the business",
    "readmit_to_business": "gave a person access to the business back",
}


CALLED = {"angel": "investor", "stripe": "Stripe", "test bed": "test-bed"}
"""Words of the names of acts that people say otherwise."""


AS_TOLD = {
    "accept_delegation_place": "recorded that a business accepted a place in a delegation",
    "decline_delegation_place": "recorded that a business declined a place in a delegation",
    "give_up_delegation_place": "recorded that a business gave up its place in a delegation",
    "withdraw_delegation_application": "recorded that a business withdrew its application for a delegation",
    "take_part_in_test_bed": "recorded that a business takes part in a test-bed project",
    "decline_test_bed": "recorded that a business declined to take part in a test-bed project",
    "withdraw_from_test_bed": "recorded that a business withdrew from a test-bed project",
}
"""What is not the act of whoever recorded it, where the values name who at the business told them (``told``)."""
TOLD, FOLLOWED = "told", "followed"


def told(act: str, *, is_as_told: bool = False) -> str:
    """An act as it is told of whoever did it: ``fill_in_application`` is "filled in application".

    ``is_as_told`` says that somebody recorded what a business had told them, and did not do it themselves.
    """
    if is_as_told and act in AS_TOLD:
        return AS_TOLD[act]
    if act in WHOLE_ACTS:
        return WHOLE_ACTS[act]
    verb, _, rest = act.partition("_")
    what = re.sub(r"\b(angel|stripe|test bed)\b", lambda found: CALLED[found[0]], rest.replace("_", " "))
    return f"{past_of(verb)} {what}".strip()


@dataclass(frozen=True)
class Change:
    """One stored value in words, and what it was before where it was changed."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        if self.before in ("", self.after):
            return f"{self.field}: {self.after}"
        if self.after == NOTHING:
            return f"{self.field}: removed. Before: {self.before}"
        return f"{self.field}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Wording:
    """How things, fields and stored values are said: as rooms declare by ``table`` and ``table.column``, and names by id."""

    words: Mapping[str, Words] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    def kind(self, table: str) -> str:
        """What a kind of thing is called: "round", "account"."""
        said = self.words.get(table)
        return said if isinstance(said, str) else table.replace("_", " ")

    def value(self, table: str, name: str, value: Any, among: Mapping[str, Any] | None = None) -> str:
        """A stored value in words: of its own column, of any column of this name, or as what it is."""
        said = self.words.get(f"{table}.{name}") or self._of_any_table(name, value)
        if value in (None, "", []):
            return NOTHING
        if isinstance(said, Among):
            return said.say(value, among or {})
        if isinstance(value, list):
            return ", ".join(self.value(table, name, each) for each in value)
        if callable(said):
            return capital(said(value))
        if isinstance(value, Mapping):
            told = ((key.replace("_", " "), self.value(table, key, each)) for key, each in value.items())
            return "; ".join(f"{key}: {each}" for key, each in told)
        if said is not None and _knows(said, value):
            return capital(said[value])
        return self.names.get(value, value_in_words(value)) if isinstance(value, str) else in_words(value)

    def name(self, table: str, column: str, own: str, of: Iterable[str]) -> str:
        """What a row is called: by its own name in words, and by what it belongs to."""
        first = self.value(table, column, own) if f"{table}.{column}" in self.words else own
        return ", ".join(filter(None, (first, *of)))

    def changes(self, table: str, values: Mapping[str, Any]) -> list[Change]:
        """Every stored value in words, but for those that were and are empty."""
        return [
            self._change(table, name, values)
            for name, value in sorted(values.items())
            if not _is_nothing(value) and name not in UNSAID
        ]

    def _change(self, table: str, name: str, values: Mapping[str, Any]) -> Change:
        value = values[name]
        is_pair = isinstance(value, list) and len(value) == 2
        before, after = value if is_pair else (None, value)
        was = "" if before in (None, "", []) else self.value(table, name, before, values)
        return Change(self.field(table, name), was, self.value(table, name, after, values))

    def field(self, table: str, name: str) -> str:
        """What a field of a table is called, as a label."""
        return self.fields.get(f"{table}.{name}") or field_in_words(name)

    def _of_any_table(self, name: str, value: Any) -> Words | None:
        """What columns of this name say of such a value, where all of them say the same.

        A function says what its own table stores: another table may store the same name in another form.
        """
        found = [said for key, said in self.words.items() if key.endswith(f".{name}") and not callable(said)]
        knowing = [said for said in found if not isinstance(said, Mapping) or _knows(said, value)]
        same = {said[value] if _knows(said, value) else id(said) for said in knowing}
        return knowing[0] if len(same) == 1 else None


def _knows(said: Words, value: Any) -> TypeGuard[Mapping[Any, str]]:
    return isinstance(said, Mapping) and isinstance(value, str) and value in said


def value_in_words(text: str) -> str:
    """Text as it stands, but for a day, a moment and a code such as ``loan_note``, and for the id of what is no longer there."""
    if is_id(text):
        return "something since deleted"
    return text.replace("_", " ") if CODE.fullmatch(text) else in_words(text)


def is_id(value: Any) -> bool:
    """Whether a value is the id of a row."""
    return isinstance(value, str) and ID.fullmatch(value) is not None


def field_in_words(name: str) -> str:
    """The name of a field as a label: ``hub_id`` is "Hub", ``due_at`` is "Due"."""
    said = name.removesuffix("_id").removesuffix("_at").removesuffix("_on").replace("_", " ")
    return FIELDS.get(name, said[:1].upper() + said[1:])


def _is_nothing(value: Any) -> bool:
    return value in (None, "", [], {}, [None, None], [None, ""])


class Entry(Protocol):
    """An entry of the log, as far as naming its things needs it."""

    thing_kind: str
    thing_id: str
    values: Any


def ids_in(entries: Iterable[Entry], table_of: Callable[[str], str | None]) -> dict[str, set[str]]:
    """The ids that entries hold, by the table of the row: of their things, and of values such as ``hub_id``."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        found.setdefault(entry.thing_kind, set()).add(entry.thing_id)
        for name, value in (entry.values.changes if entry.values else {}).items():
            ids = {each for each in _flat(value) if is_id(each)}
            table = table_of(name) if ids else None
            if table is not None:
                found.setdefault(table, set()).update(ids)
    return found


def _flat(value: Any) -> Iterator[Any]:
    """A stored value, or each of those that are in it: lists may lie in lists."""
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    else:
        yield value


def sentence_of(act: str) -> str:
    """An act as it is told, with a capital first letter."""
    return capital(told(act))
