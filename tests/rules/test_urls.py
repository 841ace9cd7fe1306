"""Addresses that can be read aloud: small letters and hyphens, typed parameters, no slash at the end."""

from __future__ import annotations

import re

from tests.rules.test_doors import DOORS, declared

SEGMENT = re.compile(
    r"[a-z0-9]+(-[a-z0-9]+)*(\.(css|csv|ics|pdf|xlsx|zip|<any\(csv, xlsx\):kind>))?|<(uuid|int|string):[a-z_]+>(\.pdf)?"
)
# The addresses below this one are those that the standard gives them.
OF_THE_STANDARD = "/oruk/v3"
METHODS = {
    endpoint: {m for r, m in DOORS if r.endpoint == endpoint} for endpoint in {r.endpoint for r, _ in DOORS}
}


def rules_of(methods: set[str]) -> list[str]:
    return sorted({rule.rule for rule, _ in DOORS if METHODS[rule.endpoint] == methods})


def test_segments_are_in_kebab_case_and_parameters_have_a_type() -> None:
    wrong = [
        rule.rule
        for rule, _ in DOORS
        if not rule.rule.startswith(OF_THE_STANDARD)
        and not all(SEGMENT.fullmatch(part) for part in rule.rule.strip("/").split("/") if part)
    ]

    assert wrong == []


def test_no_address_ends_in_a_slash() -> None:
    assert [rule.rule for rule, _ in DOORS if rule.rule != "/" and rule.rule.endswith("/")] == []


def test_a_route_answers_get_or_post_or_both_and_nothing_else() -> None:
    assert {frozenset(methods) for methods in METHODS.values()} <= {
        frozenset({"GET"}),
        frozenset({"POST"}),
        frozenset({"GET", "POST"}),
    }


def test_what_is_only_posted_ends_in_its_verb() -> None:
    """The last word of the address is the first of the verb's name: …/end is `end_grant`."""
    wrong = []
    for rule, _ in DOORS:
        last = rule.rule.rsplit("/", 1)[-1]
        name = rule.endpoint.split(".")[-1].replace("_", "-")
        if METHODS[rule.endpoint] == {"POST"} and not (name == last or name.startswith(f"{last}-")):
            wrong.append(rule.rule)

    assert wrong == []


def test_a_route_that_is_only_looked_at_is_named_for_what_it_shows() -> None:
    """A look never takes an act that moves something: those are posted."""
    verbs = {"end", "delete", "remove", "approve", "refuse", "withdraw", "send-again", "cancel", "deactivate"}
    wrong = [
        rule.rule
        for rule, _ in DOORS
        if METHODS[rule.endpoint] == {"GET"} and set(rule.rule.split("/")) & verbs
    ]

    assert wrong == []


def test_one_address_leads_to_one_door() -> None:
    shapes = [(re.sub(r"<[^>]+>", "<>", rule.rule), method) for rule, method in DOORS]

    assert sorted(shapes) == sorted(set(shapes))


def test_a_door_that_keeps_nothing_is_one_that_is_posted_to() -> None:
    assert {rule.endpoint for rule, _ in DOORS if not declared(rule).records} == {
        "caseloads.preview",
        "changes.preview",
        *("members.preview", "stalled.preview", "yearly.preview"),
        "open_readiness.about",
        "open_readiness.part",
        "signposting.ask",
        "enquiring.resume",
        "enquiring.follow",
        "paying.card",
        "weights.weigh",
        "weights.weigh_again",
    }
