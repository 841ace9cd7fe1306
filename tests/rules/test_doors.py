"""Every door is tried by everybody: what the table of its room says is what the door does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crm.app import create_app
from crm.config import Settings
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import OUTSIDERS, Role
from crm.web.permit import Door, UnguardedDoor, check_doors, door_of, is_open_to, is_open_to_visitors
from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.rules import night_samples, syndicate_samples
from tests.rules.knocking import address, at_the_permit, happened, knock, undone
from tests.rules.samples import Case, Values, doors, foreign, parameters, sample_of, things_of
from tests.rules.ways import Ways

BLUEPRINT = create_app(Settings.from_environment({"CRM_ENV": "test", "DATABASE_URL": "sqlite://"}))
DOORS = doors(BLUEPRINT)


def stages(found: list[tuple[Rule, str]]) -> list[list[tuple[Rule, str]]]:
    """The doors that open on the same things, together: to make these is slow."""
    made: dict[Any, list[tuple[Rule, str]]] = {}
    for rule, method in found:
        samples = tuple((name, sample_of(rule, name)) for name in parameters(rule))
        made.setdefault(samples, []).append((rule, method))
    return list(made.values())


# The doors of each blueprint are tried in one test.
BLUEPRINTS = {
    name: stages([door for door in DOORS if door[0].endpoint.split(".")[0] == name])
    for name in sorted({rule.endpoint.split(".")[0] for rule, _ in DOORS})
}
PAGES = {rule.endpoint for rule, method in DOORS if method == "GET"}
# A step and a section are words, the same under every parent: only what has an id of its own is a child.
WORDS = {"step_name", "section", "set_name", "area_key", "product_key", "service_key", "kind"}
WORDS |= {"question_key", "rule_place", "band_key"}
# Two things that stand beside each other in an address: neither belongs to the other.
BESIDE = {
    "delegation_places.apply",
    "delegation_places.invite",
    "test_bed_parts.invite",
    "award_changes.ask_change",
    "doors.at_door",
}

PAGES_SEEN = 1
ADMINISTRATORS = ("administrator", "second_administrator")
Answers = dict[tuple[Case, str], str]  # by address and the part of the cast


def spoken(door: tuple[Rule, str]) -> str:
    return f"{door[1]} {door[0].rule}"


def declared(rule: Rule) -> Door:
    door = door_of(BLUEPRINT, rule.endpoint)
    assert door is not None
    return door


def expected(case: Case, member: Member) -> str:
    """What the table says will happen: in, sign in, refused, or as if there were nothing."""
    return wanted_of([case], {member.part: member.actor})[case, member.part]


def wanted_of(made: Iterable[Case], actors: Mapping[str, Actor]) -> Answers:
    """What the table says will happen to each of them at each address; each thing is loaded once."""
    wanted: Answers = {}
    for case in made:
        door = declared(case.rule)
        with BLUEPRINT.app_context():
            thing = door.load(**case.values) if door.load else None
        wanted |= {(case, part): _expected(door, thing, actor) for part, actor in actors.items()}
    return wanted


def _expected(door: Door, thing: Any, actor: Actor) -> str:
    if actor.account_id is None and not is_open_to(door, actor):
        return "nothing" if door.audience is Audience.PROMOTION else "sign in"
    if door.load and thing is None:
        return "nothing"
    if door.policy.allows(actor, door.act, thing):
        return "in"
    view = door.policy.view
    may_not_know = door.audience is Audience.PROMOTION or (
        thing is not None and view is not None and not door.policy.allows(actor, view, thing)
    )
    return "nothing" if may_not_know else "refused"


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_doors_let_in_whom_their_table_allows_and_find_only_what_is_there(
    client: ConformingClient,
    cast: Cast,
    db: Session,
    engine_name: str,
    request: pytest.FixtureRequest,
    subtests: pytest.Subtests,
    blueprint: str,
) -> None:
    ways, numbers = Ways(client, cast), count()
    is_second, is_whole = engine_name == "postgresql", not request.config.getoption("--pages-on-one-engine")
    for stage in BLUEPRINTS[blueprint]:
        with undone(db):
            things = things_of(stage[0][0], cast)
            astray = [] if is_second else under_another_parent(stage, things, cast)
            db.flush()
            actors = {each.part: each.actor for each in cast}
            for door in stage:
                with subtests.test(spoken(door)), undone(db):
                    made = [Case(*door, each) for each in things]
                    wanted = wanted_of(made, actors)
                    number = next(numbers)
                    asked = asked_of(door, wanted, number, is_second=is_second, is_whole=is_whole)
                    let_in = [each for each in asked if wanted[each] == "in"]
                    seen = set(
                        asked if is_whole else let_in if door[1] == "POST" else some_of(let_in, number)
                    )
                    found = {
                        each: (happened_to if each in seen else at_the_permit)(
                            ways, db, each[0], cast[each[1]]
                        )
                        for each in asked
                        if is_whole or wanted[each] != "in" or not ways.has_answered(each[0])
                    }
                    assert by_name(found) == by_name({each: wanted[each] for each in found})
                    may_founder = wanted[made[0], "founder"] == "in" and not is_second
                    if is_whole or not has_a_page(door):
                        assert answers_to_what_is_not_there(ways, cast, made[0], may_founder) <= {404}
                    assert answers_to_children_of_others(ways, cast, door, astray) <= {404}


def asked_of(
    door: tuple[Rule, str], wanted: Answers, number: int, *, is_second: bool, is_whole: bool
) -> list[tuple[Case, str]]:
    """Who knocks where: in a run of everything everybody who is let in, at each thing; else so that each of them opens
    each page once, and each thing is come to.
    """
    if is_second:
        return [] if has_a_page(door) and not is_whole else one_to_each(wanted)
    everybody = everybody_let_in(wanted, number)
    if is_whole or door[1] == "POST":
        return everybody
    chosen = set(each_once([each for each in everybody if wanted[each] == "in"], number))
    return [each for each in everybody if wanted[each] != "in" or each in chosen]


def has_a_page(door: tuple[Rule, str]) -> bool:
    """Whether what is posted to is a page too: one address, one view, one permit."""
    return door[1] == "POST" and door[0].endpoint in PAGES


def each_once(let_in: list[tuple[Case, str]], number: int) -> list[tuple[Case, str]]:
    """Each person at one of the things that they may open, in turn, and at each thing at least one person."""
    turns, chosen = count(number), dict[str, tuple[Case, str]]()
    for part in dict.fromkeys(part for _, part in let_in):
        theirs = [each for each in let_in if each[1] == part]
        chosen[part] = theirs[next(turns) % len(theirs)]
    come_to = {case for case, _ in chosen.values()}
    left = {case: (case, part) for case, part in let_in if case not in come_to}
    return [*chosen.values(), *left.values()]


def some_of(let_in: list[tuple[Case, str]], number: int) -> list[tuple[Case, str]]:
    """Who sees the page itself: three of them, others at each door, and one at each thing. The rest are let in, which is asked
    of the permit; that no page breaks for one of them alone is what the crawl and a run of everything look for.
    """
    step = max(1, len(let_in) // PAGES_SEEN)
    chosen = [let_in[(number + place * step) % len(let_in)] for place in range(min(PAGES_SEEN, len(let_in)))]
    come_to = {case for case, _ in chosen}
    left = {case: (case, part) for case, part in let_in if case not in come_to}
    return [*chosen, *left.values()]


def everybody_let_in(wanted: Answers, number: int) -> list[tuple[Case, str]]:
    """Everybody who is let in, since a page may break for one of them alone, and one of those who get each other answer.

    The two administrators may do the same, so that they take turns: each finds what is theirs, the other's and nobody's.
    The one permit refuses them all, before any page is made. Who knocks in vain, and where, changes from door to door.
    """
    vain: dict[str, list[tuple[Case, str]]] = {}
    for each, answer in wanted.items():
        if answer != "in":
            vain.setdefault(answer, []).append(each)
    refused = [those[number % len(those)] for those in vain.values()]
    waits = ADMINISTRATORS[number % 2]
    return [each for each, answer in wanted.items() if answer == "in" and each[1] != waits] + refused


def one_to_each(wanted: Answers) -> list[tuple[Case, str]]:
    """On the second engine: one of those who are let in to each thing. The others are refused before it is asked."""
    return list({case: (case, part) for (case, part), answer in wanted.items() if answer == "in"}.values())


def by_name(answers: Answers) -> dict[str, str]:
    return {f"{part} at {dict(case.values)}": answer for (case, part), answer in answers.items()}


def happened_to(ways: Ways, db: Session, case: Case, member: Member) -> str:
    client = ways.of(member)
    with undone(db):
        response = knock(client, case)
        assert response.status_code not in {400, 405, 413, 415}
        if happened(response) == "in":
            ways.note(case, response.status_code)
        return happened(response)


def answers_to_what_is_not_there(ways: Ways, cast: Cast, case: Case, may_founder: bool) -> set[int]:
    """What an administrator is answered, and a founder who may go in, where the last thing that is named is not there."""
    named = [each for each in parameters(case.rule) if each != "kind"]  # of a file: no thing of its own
    if not named:
        return set()
    last = named[-1]
    nothing = {UUID: uuid4(), int: 999_999}.get(type(case.values[last]), "no-such-thing")
    absent = Case(case.rule, case.method, {**case.values, last: nothing})
    people = [cast.administrator, cast.founder] if may_founder else [cast.administrator]
    return {knock(ways.of(each), absent).status_code for each in people}


def under_another_parent(stage: list[tuple[Rule, str]], things: list[Values], cast: Cast) -> list[Values]:
    """The same children, each under another parent of the same kind; nothing where none has a parent."""
    named = parameters(stage[0][0])
    if len(named) < 2 or named[-1] in WORDS or {rule.endpoint for rule, _ in stage} <= BESIDE:
        return []
    return [foreign(stage[0][0], each, cast) for each in things]


def answers_to_children_of_others(
    ways: Ways, cast: Cast, door: tuple[Rule, str], astray: list[Values]
) -> set[int]:
    """P48: a child is found under its own parent alone, and not under another of the same kind."""
    client = ways.of(cast.administrator)
    asked = [] if door[0].endpoint in BESIDE else astray
    return {knock(client, Case(*door, each)).status_code for each in asked}


@pytest.mark.engine("sqlite")
def test_nothing_is_posted_without_a_token(
    client: ConformingClient, cast: Cast, subtests: pytest.Subtests
) -> None:
    client.sign_in(cast.administrator)
    for rule, method in DOORS:
        if method == "POST" and not declared(rule).is_signed:
            values = {name: anything(rule, name) for name in parameters(rule)}
            with subtests.test(spoken((rule, method))):
                answer = client.post(address(client.application, Case(rule, method, values)), token=False)
                assert answer.status_code == 422


def anything(rule: Rule, parameter: str) -> Any:
    """A value that the address takes, whatever it names."""
    return {"UUIDConverter": uuid4(), "IntegerConverter": 1}.get(
        type(rule._converters[parameter]).__name__, "anything"
    )


def test_every_parameter_of_every_route_has_a_sample() -> None:
    missing = {
        f"{rule.rule}: {parameter}"
        for rule, _ in DOORS
        for parameter in parameters(rule)
        if sample_of(rule, parameter) is None
    }

    assert missing == set()


def test_a_page_that_needs_signing_in_comes_back_afterwards(client: ConformingClient, cast: Cast) -> None:
    answer = client.get("/letters?status=failed")

    assert answer.headers["Location"] == f"/sign-in?next={quote('/letters?status=failed', safe='')}"


def test_the_product_does_not_start_with_a_route_that_declares_nothing() -> None:
    bare = Flask(__name__)
    bare.add_url_rule("/open", "open", lambda: "anybody")

    with pytest.raises(UnguardedDoor, match="open"):
        check_doors(bare)


# Made for those who may be shown promotions; all others read there why it is closed to them, and nothing more.
SAYS_WHY_IT_IS_CLOSED = {"pitches.pitches"}


def test_public_pages_are_those_that_anybody_may_open() -> None:
    wrong = [
        spoken((rule, method))
        for rule, method in DOORS
        if (declared(rule).audience is Audience.PUBLIC) != is_open_to_visitors(declared(rule))
        and rule.endpoint not in SAYS_WHY_IT_IS_CLOSED
    ]

    assert wrong == []


def test_internal_pages_are_for_staff_alone() -> None:
    others = OUTSIDERS | {Role.ANYONE, Role.SIGNED_IN, Role.KEY_HOLDER}
    wrong = [
        spoken((rule, method))
        for rule, method in DOORS
        if declared(rule).audience is Audience.INTERNAL and roles_of(declared(rule)) & others
    ]

    assert wrong == []


def test_pages_for_members_need_a_session() -> None:
    wrong = [
        spoken((rule, method))
        for rule, method in DOORS
        if declared(rule).audience is Audience.MEMBER and Role.ANYONE in roles_of(declared(rule))
    ]

    assert wrong == []


def roles_of(door: Door) -> set[Role]:
    return {role for each in door.policy.rules if each.act == door.act for role in each.roles}


def test_what_a_look_or_a_refusal_leaves_is_declared_in_words() -> None:
    leaving = {rule.endpoint: declared(rule).leaves_trace for rule, _ in DOORS if declared(rule).leaves_trace}

    assert set(leaving) == {
        *("accounts.change_password", "accounts.copy_own_data", "accounts.sign_in"),
        *("audit.export", "members.extract", "network_figures.extract"),
        *("businesses.extract", "fund_case.workbook"),
        *("cover.extract", "delegation_places.extract", "delegations.extract", "fund_case.extract"),
        *("shut_outs.extract", "eligibility.check"),
        *("export_plans.extract", "export_reports.extract_barriers", "export_reports.extract_visits"),
        *("outcome_reports.extract", "business_list.extract"),
        *("queue.extract", "stripe.events", "paying.paid"),
        *("application_sections.fill_in", "application_sections.keep"),
        *("application_files.attach", "application_files.remove"),
        *("submissions.submit", "ranking.extract"),
        *("plans.plan", "plans.followed"),
        "repeating.take_over",
        "envelope_ledger.extract",
        "award_claims.extract",
        "subsidy_register.extract",
        "right_register.extract",
        *(
            f"{each}.extract"
            for each in ("test_bed", "strategic_decisions", "portfolio", "readiness", "cover")
        ),
        *("payments.extract", "measure_rows.rows_csv"),
        "payment_runs.download",
        "bank_details.reveal",
        *(f"ledger.{each}" for each in ("extract", "extract_pitch", "paper", "pitch_paper")),
        *(f"certifications.{name}" for name in ("net_worth", "experience", "certificate")),
        *(f"pitches.{name}" for name in ("pitches", "pitch", "compare", "file", "mark", "ask")),
        *(f"introductions.{name}" for name in ("all_introductions", "introduction", "request_introduction")),
        *("pitches.following", "pitches.save_search", "holdings.portfolio", "holdings.extract"),
        *(f"diligence.{name}" for name in ("of_introduction", "of_syndicate", "item", "file")),
        *night_samples.LEAVING,
        *syndicate_samples.LEAVING,
        *(f"pledges.{name}" for name in ("all_pledges", "pledge", "record", "take_up", "commit")),
        *(f"investments.{name}" for name in ("all_investments", "investment", "agree", "extract")),
        *("pitch_extracts.extract", "pitch_extracts.last_day", "readiness_cohort.extract_cohort"),
    }
