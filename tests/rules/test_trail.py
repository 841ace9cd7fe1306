"""Every verb leaves a line: whoever acts is written down by the one pen there is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.rules.house import Module, modules, rooms

Verb = tuple[str, str]
PEN: Verb = ("crm.audit.service", "record")
ROWS_OF_THE_TRAIL = frozenset({"AuditEntry", "AuditValue", "AuditErasure", "AuditSeal"})
# Verbs that take `by` and leave no line themselves, each with the reason.
WITHOUT_A_LINE = {
    ("crm.angels.year.service.yearly", "draft"): "it shows the letter, and sends nothing",
    ("crm.angels.year.service.mailing", "weigh"): "it says who would get an email, and sends nothing",
    ("crm.exporting.cover.service.telling", "tell_shut_out"): "the check that found it writes the line",
    ("crm.funding.subsidy.service.by_hand", "why_past_limit"): "it says why, and changes nothing",
    ("crm.caseload.service.leading", "tell_new"): "the verb that gives the business writes the line",
    ("crm.caseload.service.leading", "tell_former"): "the verb that gives the business writes the line",
    ("crm.lists.service.changing", "weigh"): "it says what would be changed, and changes nothing",
    ("crm.lists.service.saving", "retag"): "the verb that merges the tags writes the line",
    ("crm.accounts.service.deciding", "decide"): "the verb that decides writes the line",
    ("crm.programme.cohort.service.telling", "readers"): "it says who would get a letter, and sends nothing",
    (
        "crm.businesses.service.writing",
        "tell_owner",
    ): "the verb that gives the action or the task writes the line",
    ("crm.casework.service.counting", "why_not_void_hours"): "it says why, and changes nothing",
    ("crm.accounts.service.trying", "count_try"): "a counter; what comes of the try writes the line",
    ("crm.accounts.service.trying", "count_own_try"): "a counter, as above",
    ("crm.audit.service", "erase_all_values"): "as erase_values, of each entry",
    (
        "crm.audit.service",
        "erase_values_about",
    ): "the erasure or the end of retention that it is part of has its line",
    **{
        (
            f"crm.angels.{wing}.service.erasing",
            "erase_of_investor",
        ): "the erasure that it follows has its line"
        for wing in (
            *("pitches", "introductions", "diligence", "deals"),
            *("syndicates", "holdings", "events", "year"),
        )
    },
    ("crm.angels.investors.service.erasing", "why_not_erased"): "it says why, and changes nothing",
    ("crm.audit.service", "erase_values"): "it leaves an erasure, with its reason: the trail's own line",
    **{
        (
            "crm.funding.envelopes.service.posting",
            verb,
        ): "a ledger: each entry says who, when and why, and never changes; "
        "the room above writes the line of its own act"
        for verb in ("reserve", "commit", "claim", "pay", "recover", "release", "unclaim", "unpay", "write")
    },
    ("crm.signposting.service.queueing", "add_note"): "the act that the note explains has its line",
    ("crm.documents.service", "keep"): "a ledger: the room that the file is about writes the line",
    (
        "crm.angels.investors.service.joining",
        "why_not_theirs_to_decide",
    ): "it answers a question and changes nothing",
    ("crm.angels.deals.service.pledging", "why_not_theirs"): "it answers a question and changes nothing",
    ("crm.angels.holdings.service.reversing", "tell_of_papers"): "the reversal that it follows has its line",
    ("crm.programme.applications.service.telling", "tell_of_new_dates"): "the new dates have their line",
    ("crm.programme.applications.service.telling", "tell_of_correction"): "the correction has its line",
    ("crm.programme.applications.service.telling", "tell_of_criteria"): "the closed criteria have their line",
    ("crm.programme.assessing.service.following", "tell_of_dates"): "the new dates have their line",
    (
        "crm.programme.assessing.service.following",
        "tell_of_criteria",
    ): "the closing of the criteria has its line",
    (
        "crm.programme.cohort.service.deciding",
        "reserve",
    ): "the decision has its line, and the ledger its entry",
    (
        "crm.programme.cohort.service.following",
        "erase_feedback",
    ): "the erasure of the application has its line",
    **dict.fromkeys(
        (
            ("crm.programme.cohort.service.following", f"refuse_if_{each}")
            for each in ("decided", "confirmed")
        ),
        "they refuse, or change nothing",
    ),
    ("crm.programme.awards.service.sending", "tell_owners"): "what the letter is about has its line",
    ("crm.programme.claims.service.telling", "tell_business"): "what the letter is about has its line",
    **dict.fromkeys(
        (
            ("crm.exporting.delegations.service.telling", each)
            for each in ("tell", "tell_lead_of_end", "tell_of_results", "tell_of_attendance")
        ),
        "what the letter is about has its line",
    ),
    (
        "crm.exporting.delegations.service.papering",
        "tell_lead",
    ): "the cancellation that it follows has its line",
    **dict.fromkeys(
        (("crm.ip.testbed.service.telling", f"tell_{each}") for each in ("answered", "business", "lead")),
        "what the letter is about has its line",
    ),
    ("crm.programme.cohort.service.telling", "tell_applicant"): "what the letter is about has its line",
    ("crm.angels.deals.service.following", "require_amount"): "it refuses, or changes nothing",
    ("crm.angels.deals.service.following", "require_raised_before"): "it refuses, or changes nothing",
    **{
        ("crm.angels.deals.service.completing", name): "it refuses, or changes nothing"
        for name in ("require_room", "require_room_for")
    },
    (
        "crm.angels.introductions.service.following",
        "tell_of_change",
    ): "the new version that it follows has its line",
    (
        "crm.exporting.delegations.service.answering",
        "send",
    ): "the act that sends the application has its line",
    ("crm.diagnostics.service.editing", "require_draft"): "it refuses, or changes nothing",
    ("crm.programme.assessing.service.following", "mark_stale"): "the answer that it follows has its line",
    (
        "crm.programme.assessing.service.following",
        "erase_judgements",
    ): "the erasure that it follows has its line",
}


def dotted(module: Module) -> str:
    return module.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def services() -> dict[str, Module]:
    return {dotted(each): each for each in modules("crm") if each.kind == "service"}


@cache
def functions(module: Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}


@cache
def imported(module: Module) -> dict[str, str]:
    """What each imported name stands for, dotted."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def called(module: Module, function: ast.FunctionDef) -> Iterator[Verb]:
    """The functions of services that a function calls, in its own module or another."""
    names, own = imported(module), functions(module)
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in own:
            yield dotted(module), node.func.id
        elif isinstance(node.func, ast.Name) and node.func.id in names:
            where, _, name = names[node.func.id].rpartition(".")
            yield where, name
        elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            yield names.get(node.func.value.id, ""), node.func.attr


def leaves_a_line(verb: Verb, seen: frozenset[Verb] = frozenset()) -> bool:
    """Whether some way through a verb comes to the pen."""
    if verb == PEN:
        return True
    if verb in seen or verb[0] not in services():
        return False
    function = functions(services()[verb[0]]).get(verb[1])
    if function is None:
        return False
    return any(leaves_a_line(each, seen | {verb}) for each in called(services()[verb[0]], function))


def takes_by(function: ast.FunctionDef) -> bool:
    return "by" in {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}


@cache
def verbs() -> list[Verb]:
    return [
        (name, function.name)
        for name, module in services().items()
        for function in functions(module).values()
        if takes_by(function) and not function.name.startswith("_") and (name, function.name) != PEN
    ]


def test_there_are_verbs() -> None:
    assert len(verbs()) > 25


def test_every_verb_leaves_a_line_in_the_trail() -> None:
    assert {verb for verb in verbs() if not leaves_a_line(verb)} == set(WITHOUT_A_LINE)


def test_the_actor_is_named_by_keyword_and_last() -> None:
    wrong = [
        f"{name}.{function.name}"
        for name, module in services().items()
        for function in functions(module).values()
        if takes_by(function) and [each.arg for each in function.args.kwonlyargs][-1:] != ["by"]
    ]

    assert wrong == []


def test_only_the_one_pen_writes_the_trail() -> None:
    writers = {
        module.name
        for module in modules("crm")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and is_making(node)
    }

    assert writers == {"crm/audit/service.py"}


def is_making(node: ast.Call) -> bool:
    """Whether a call makes, changes or removes a row of the trail: a class called, or named in insert and the like."""
    if isinstance(node.func, ast.Name) and node.func.id in ROWS_OF_THE_TRAIL:
        return True
    is_bulk = isinstance(node.func, ast.Name) and node.func.id in {"insert", "update", "delete"}
    return is_bulk and any(isinstance(each, ast.Name) and each.id in ROWS_OF_THE_TRAIL for each in node.args)


def test_views_write_nothing_themselves() -> None:
    """A view asks a verb: it neither adds rows nor speaks SQL."""
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules("crm")
        if module.room in rooms() and module.kind in {"views", "api", "forms"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module in {"sqlalchemy", "sqlalchemy.orm", "crm.db.session"}
    ]

    assert wrong == []
