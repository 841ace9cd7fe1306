"""The tables of who may do what: every act has a rule, and every rule speaks of an act that is really done."""

from __future__ import annotations

import ast
from enum import StrEnum

import pytest

from crm.app import FEATURES
from crm.kernel.permissions import Audience, Policy
from crm.kernel.roles import GRANTABLE, SCOPES, Role
from crm.web.feature import Feature
from tests.rules.house import CRM, Module, folder_of, modules
from tests.rules.test_doors import DOORS, declared

ROOMS = [room for room in FEATURES if room.policy is not None]
# Acts that nobody is allowed, since the system itself does them; each with who that is.
ONLY_THE_SYSTEM = {
    "feeds": dict.fromkeys(
        ("fail_reading_feed", "finish_reading_feed", "finish_taking_feed", "finish_undoing_feed"),
        "the worker's, for a feed that somebody asked for",
    ),
    "privacy": {"delete_at_the_end_of_retention": "the worker's, day by day"},
    "billing": {
        "check_with_stripe": "the worker's, once somebody or the night has asked for it",
        "remind_of_membership": "the day's work",
        "move_renewal": "the worker's, once a payment came before the paid time had ended",
        "close_payment_page": "the worker's, once a member who was about to pay has left or cancelled",
    },
    "awards": {
        "lapse_offer": "the day's work, once the last day to accept has passed",
        **dict.fromkeys(("end_award", "complete_award"), "the verb that confirms a proposal to close it"),
    },
    "claims": {
        "mark_claim_paid": "what follows a payment that the bank says is paid",
        "reopen_paid_claim": "what follows a payment that the bank returned",
        **dict.fromkeys(
            ("note_payment_rejected", "note_payment_cancelled"), "what follows a payment not made"
        ),
        **dict.fromkeys(("note_rest_of_repayment",), "what follows an instalment that was received"),
        **dict.fromkeys(
            ("return_unpaid_claim", "ask_for_repayment"),
            "the verb that confirms what another person proposed",
        ),
    },
    "notices": {
        "take": "the worker",
        "mark_sent": "the worker",
        "postpone": "the worker",
        "lose_sight": "the worker",
        "give_up": "the worker",
    },
    "meetings": {
        "take_up_place": "the verb that finds a place free",
        "note_absent": "the verb that holds a workshop",
    },
    "delegations": {
        "offer_delegation_place": "the verb that offers the places, and the waiting list",
        "put_on_delegation_waiting_list": "the verb that offers the places",
        "not_select_for_delegation": "the verb that offers the places",
        "let_delegation_place_lapse": "the day's work",
        "ask_for_delegation_results": "the day's work",
        "remind_of_delegation_offer": "the day's work",
        "extend_delegation_offer": "the verbs that move a delegation's days, or lift its hold",
    },
    "actions": {"remind_of_readiness_action": "the day's work"},
    "decisions": {"remind_of_strategic_decision": "the day's work"},
    "introductions": {
        "hold_introduction": "the verb that agrees, where the investor may not be shown the pitch any more",
        "release_introduction": "the hourly work, once they may be",
        "lapse_introduction": "the daily work",
        "expire_introduction": "the daily work",
        "cancel_introduction": "the end of the pitch",
    },
    "events": {
        "wait_for_night": "the verb that answers yes, where all places are taken",
        "take_up_night_place": "the verbs that find a place free",
        "miss_night": "closing the night",
        "undo_check_in_without_place": "undoing the check-in of an investor who had no place",
        "release_night_feedback": "the hourly work, at midday on the next day",
        "delete_address_of_guest": "the daily work, 90 days after the night",
    },
    "pitches": {
        "restate_raise": "an investment that is settled otherwise or reversed after the raise closed",
        "end_evidence": "the daily work, once the time for which evidence is kept is over",
    },
    "holdings": {
        "ask_for_company_update": "the daily work",
        "miss_company_update": "asking for the next quarter",
    },
    "syndicates": {
        **dict.fromkeys(("open_syndicate", "replace_terms"), "the verb that agrees a version of terms"),
        **dict.fromkeys(("close_syndicate_to_joining", "replace_lead"), "the verbs by which a lead changes"),
        "ask_to_confirm_place_in_syndicate": "the verbs that change the terms or the lead",
        **dict.fromkeys(
            ("end_lead", "end_place_in_syndicate", "end_syndicate"),
            "what follows a raise that ends, an investor who leaves, and a pledge that ends",
        ),
        "remind_of_syndicate": "the daily work",
    },
    "diligence": {"end_diligence": "the end of the pitch, or the investor's leaving"},
    "deals": {
        "place_pledge": "the verb that pledges, where there is room",
        "offer_place_in_raise": "what frees a place, and the daily work",
        "let_place_in_raise_lapse": "the daily work",
        "ask_to_commit_again": "publishing a pitch that says otherwise",
        "complete_pledge": "the investment that completes it",
        "restore_pledge": "the reversal of the investment that completed it",
        "end_pledge": "what follows a pitch that ends, and an investor who leaves",
        "remind_of_investment": "the daily work",
    },
    "cohort": {
        "leave_cohort_draft": "what follows from an application that is withdrawn or ruled out",
        "mark_cohort_draft_stale": "the verb that confirms a cohort",
        "save_decision": "the verb that confirms a cohort",
        "lower_award": "the verb that confirms a proposal to lower an award",
        "release_rest_of_award": "the verb that confirms the early end of an award",
        **dict.fromkeys(
            (
                "work_on_cohort_proposal",
                "return_cohort_proposal",
                "answer_cohort_proposal",
                "fail_cohort_proposal",
            ),
            "the worker that works out proposals",
        ),
    },
    "applications": {
        "miss_deadline": "the trace of whoever comes too late",
        "conclude_assessing": "the verb of assessing that closes the assessment of an application",
        "resume_assessing": "the verb of assessing that opens it again",
        "erase_application": "the daily work",
    },
    "assessing": {
        "exclude_assessment": "the verb by which an interest is declared",
        "close_assessment": "what follows where an application leaves its round, or is taken back",
    },
    "outcomes": {
        **dict.fromkeys(("ask_for_figures", "remind_of_figures", "chase_figures"), "the daily work"),
        "cancel_report": "what follows an award that is withdrawn or ended",
    },
    "payments": {
        "request_payment": "the verb of the room above that approves a claim",
        "request_payment_again": "the verb of the room above that has a claim paid again",
        "replace_bank_details": "confirming newer ones",
        "join_payment_run": "making a run",
        "leave_payment_run": "discarding a run",
        "send_payment": "releasing a run",
        **dict.fromkeys(
            ("record_as_paid", "record_as_failed", "note_part_paid"), "recording the bank's answer"
        ),
        "take_back_payment": "confirming that the bank returned it",
        "correct_paid_day": "confirming the right day",
    },
    "referrals": dict.fromkeys(("chase_referral", "lapse_referral", "release_referral"), "the daily work"),
    "complaints": {"alert_to_complaint": "the daily work"},
    "rights": {"remind_of_renewal": "the daily work"},
    "signposting": {"supersede_plan": "the verb that sends a newer plan"},
}


def policy_of(room: Feature) -> Policy:
    assert room.policy is not None
    return room.policy


def acts_of(room: Feature) -> type[StrEnum]:
    """The acts of a room: the one list that its rules speak of."""
    kinds = {type(act) for act in policy_of(room).acts}
    assert len(kinds) == 1, f"{room.name} speaks of several lists of acts"
    return kinds.pop()


def required(module: Module) -> set[str]:
    """The acts that a module asks the table about: every `Act.NAME` in it."""
    return {
        node.attr
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Act"
    }


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_act_has_a_rule_or_is_the_systems_own(room: Feature) -> None:
    without = {act.value for act in acts_of(room)} - {act.value for act in policy_of(room).acts}

    assert without == set(ONLY_THE_SYSTEM.get(room.name, {}))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_rule_is_about_an_act_that_a_door_or_a_verb_asks_for(room: Feature) -> None:
    asked = {
        act.name for rule, _ in DOORS if (act := declared(rule).act) and declared(rule).policy is room.policy
    }
    asked |= {policy_of(room).view.name} if policy_of(room).view else set()  # the permit itself asks for it
    for module in modules(f"crm/{folder_of(room.name)}"):
        if module.kind == "service":
            asked |= required(module)

    assert {act.name for act in policy_of(room).acts} - asked == set()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_condition_is_said_in_words(room: Feature) -> None:
    mute = [each.act for each in policy_of(room).rules if each.when and not each.condition.startswith("if ")]

    assert mute == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_what_anybody_may_do_is_not_listed_for_some_as_well(room: Feature) -> None:
    wrong = [each.act for each in policy_of(room).rules if Role.ANYONE in each.roles and len(each.roles) > 1]

    assert wrong == []


def test_every_door_reads_the_table_of_the_room_it_stands_in() -> None:
    policies = {room.name: room.policy for room in FEATURES}
    blueprints = {each.name: room.name for room in FEATURES for each in room.blueprints}
    wrong = [
        rule.rule
        for rule, _ in DOORS
        if declared(rule).policy is not policies[blueprints[rule.endpoint.split(".")[0]]]
    ]

    assert wrong == []


def test_every_door_names_its_audience() -> None:
    assert [rule.rule for rule, _ in DOORS if not isinstance(declared(rule).audience, Audience)] == []


def test_the_navigation_leads_to_doors_that_the_same_table_opens() -> None:
    acts = {rule.endpoint: declared(rule).act for rule, method in DOORS if method == "GET"}
    wrong = [
        item.endpoint
        for room in FEATURES
        for item in room.navigation
        if acts.get(item.endpoint) is not item.act
    ]

    assert wrong == []


def test_every_role_that_can_be_granted_has_a_scope() -> None:
    assert set(SCOPES) == set(GRANTABLE)
    assert all(SCOPES.values())


def test_acts_are_told_apart_through_the_whole_house() -> None:
    said = [act.value for room in ROOMS for act in acts_of(room)]

    assert sorted(said) == sorted(set(said))


def test_every_policy_is_in_a_manifest() -> None:
    kept = {path.parent.name for path in CRM.rglob("policy.py")}

    assert kept == {room.name for room in ROOMS}
