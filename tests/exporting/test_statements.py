"""What the page of one thing of IP and exporting asks the database: at most twelve times, however much belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.readiness import published_set
from crm.diagnostics.queries.results import result_of
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.service import editing, sets
from crm.exporting.delegations.service import answering
from crm.ip.actions import queries, service
from crm.ip.testbed.models import Project
from crm.ip.testbed.queries import joining, reading, seeing
from crm.ip.testbed.service import naming, writing
from crm.ip.testbed.service.writing import LessonText
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import assessments, covers, factories, network
from tests.cast import Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.ip import bed
from tests.statements import Statements

FEW, MANY, MOST, COMPARED = 1, 6, 12, 5
More = Callable[[], object]


def a_right() -> tuple[str, More]:
    made = network.right(bed.owner())
    network.right_part(made)

    def more() -> None:
        network.right_part(made)
        network.right_licence(made)

    return f"/rights/{made.id}", more


def a_delegation() -> tuple[str, More]:
    made = trade.opened(seats=20)
    return f"/delegations/{made.id}", lambda: trade.assessed(trade.applied(trade.whole(made.id)))


def its_places() -> tuple[str, More]:
    where, more = a_delegation()
    return f"{where}/places", more


def an_application() -> tuple[str, More]:
    """Applying weighs readiness, what the linked companies were given or promised, and who is away on the same days."""
    owner, where = bed.owner(), trade.opened(seats=20)
    assessments.finished(owner, EXPORT)
    trade.applied(trade.opened(), owner)
    return f"/delegations/{where.id}/apply/{owner.id}", lambda: trade.applied(trade.opened(), owner)


def an_invitation() -> tuple[str, More]:
    """Offering a place to a business that did not apply weighs the same, and counts the free seats."""
    owner, (where, _) = bed.owner(), trade.chosen(3, seats=20)
    assessments.finished(owner, EXPORT)
    return f"/delegations/{where.id}/invite/{owner.id}", lambda: trade.applied(trade.opened(), owner)


def a_place() -> tuple[str, More]:
    _, (place,) = trade.chosen(3, seats=20)
    answering.accept(place, by=SYSTEM)
    return f"/delegation-places/{place.id}", lambda: trade.assessed(trade.applied(trade.opened()))


def a_contract() -> tuple[str, More]:
    made = covers.checked(bed.owner(), covers.MAY_FIT)
    return f"/export-cover/{made.id}", lambda: covers.checked(bed.owner(), covers.MAY_FIT)


def a_market() -> tuple[str, More]:
    edition = trade.edition(trade.market("Made Market"))

    def more() -> None:
        trade.visit(trade.owner(factories.business().id), edition)
        trade.delegation(edition)

    return f"/markets/{edition.market_id}", more


def project(project_id: UUID) -> Project:
    found = seeing.project(project_id)
    assert found is not None
    return found


def a_project() -> tuple[str, More]:
    project_id = bed.running(budget=Money.pounds(100_000)).id

    def more() -> None:
        bed.taking(trade.owner(factories.business().id), project(project_id))
        bed.spent(project(project_id))
        bed.published(found=project(project_id))

    return f"/test-bed/{project_id}", more


def its_readiness() -> tuple[str, More]:
    project_id = bed.running().id

    def more() -> None:
        owner = trade.owner(factories.business().id)
        bed.taking(owner, project(project_id))
        assessments.finished(owner)

    return f"/test-bed/{project_id}/readiness", more


def a_decision() -> tuple[str, More]:
    made = bed.decided(bed.owner())
    return f"/strategic-decisions/{made.id}", lambda: bed.added(bed.decision_again(made))


def another_decision() -> tuple[str, More]:
    """The page on which a decision is recorded says all that is known of its business."""
    owner = bed.owner()
    assessments.finished(owner)
    return f"/businesses/{owner.id}/strategic-decisions/record", lambda: bed.added(bed.decided(owner))


def a_text() -> tuple[str, More]:
    """A text that names a business, and waits to be approved by another person."""
    found = bed.asked(bed.owner())
    where, project_id = f"/test-bed/texts/{found.lesson_id}", found.lesson.project_id
    naming.agree_naming(found, by=SYSTEM)
    writing.submit(bed.text_again(found.lesson), by=SYSTEM)
    return where, lambda: bed.taking(somebody(), project(project_id))


def whom_a_text_names() -> tuple[str, More]:
    """The page on which all businesses that a text names are asked."""
    part = bed.taking(bed.owner())
    text_id = bed.text(part.project, f"{part.business.name} signed in a week.").id

    def more() -> None:
        found = reading.lesson(text_id)
        assert found is not None
        bed.taking(somebody(), found.project)
        named = [each.business.name for each in joining.parts_in(found.project_id)]
        told = LessonText(found.title, f"Signed: {', '.join(named)}.")
        writing.change_text(found, told, version=None, by=SYSTEM)

    return f"/test-bed/texts/{text_id}/ask", more


def somebody() -> Business:
    """Another business, with a name of its own."""
    return trade.owner(factories.business(name=f"Studio {uuid4().hex[:8]} Quartz").id)


def a_part() -> tuple[str, More]:
    found = bed.asked(bed.owner())
    part = found.part

    def more() -> None:
        bed.taking(somebody(), project(part.project_id))
        naming.ask(bed.text(project(part.project_id), f"{found.business.name} signed."), by=SYSTEM)

    return f"/test-bed/parts/{part.id}", more


def being_named() -> tuple[str, More]:
    found = bed.asked(bed.owner())
    return f"/test-bed/namings/{found.id}", lambda: bed.taking(somebody(), project(found.lesson.project_id))


def a_result() -> tuple[str, More]:
    """A second result, in a sector where so many others are assessed that it is compared with them too."""
    made = _compared(IP)
    return f"/readiness/{made.id}", lambda: assessments.finished(factories.business())


def a_result_that_asks_for_another() -> tuple[str, More]:
    """The same of exporting: that to take the IP assessment is done is one of its actions."""
    made = _compared(EXPORT)

    def more() -> None:
        assessments.finished(made.business)
        assessments.finished(factories.business(), EXPORT)

    return f"/readiness/{made.id}", more


def a_result_from_before() -> tuple[str, More]:
    """The same of a version that another replaced: it can be taken again under that."""
    where, more = a_result()
    shown = published_set(IP)
    assert shown is not None
    draft = sets.draft(shown, by=SYSTEM)
    editing.remove_question(draft, "own2", by=SYSTEM)
    sets.publish(draft, by=SYSTEM)
    return where, more


def _compared(name: str) -> ReadinessCheck:
    owner = bed.owner()
    owner.dcms_groups = ["crafts"]
    for _ in range(COMPARED):
        assessments.finished(factories.business(dcms_groups=("crafts",)), name)
    assessments.finished(owner, name, "b")
    return assessments.finished(owner, name, "a")


def planned(check: ReadinessCheck) -> None:
    """An action of a result gets somebody to do it and a day: the first that nobody has."""
    person = factories.person(check.business)
    kept = {each.question_key for each in queries.planned_by(check.business_id, check.set_name)}
    key = next(each.question.key for each in result_of(check).doable if each.question.key not in kept)
    found = queries.next_action(check.id, question_key=key)
    assert found is not None
    service.plan(found, service.ActionDetails(today() + timedelta(14), person.id), by=SYSTEM)


def the_tab_ip() -> tuple[str, More]:
    """All that rooms show on it: assessments, actions, rights, incomes, projects and decisions."""
    owner = bed.owner()

    def more() -> None:
        made = network.right(owner)
        network.right_part(made)
        network.right_licence(made)
        bed.linked(owner)
        bed.added(bed.decided(owner))
        bed.taking(owner, bed.running())
        planned(assessments.finished(owner, IP, "a"))

    return f"/businesses/{owner.id}/ip", more


def the_tab_exporting() -> tuple[str, More]:
    """All that rooms show on it: assessments, actions, the plan, barriers, checked contracts, places and delegations."""
    owner = bed.owner()

    def more() -> None:
        trade.task(trade.country(owner))
        trade.barrier(owner)
        trade.visit(owner)
        covers.checked(owner, covers.MAY_FIT)
        trade.opened()
        trade.applied(trade.opened(), owner)
        planned(assessments.finished(owner, EXPORT, "a"))

    return f"/businesses/{owner.id}/exporting", more


FOR_BOTH = (a_result, a_result_that_asks_for_another, a_result_from_before, the_tab_ip, the_tab_exporting)
"""What a founder reads too, and may be asked something else for."""


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize(
    "kind",
    [
        *(the_tab_ip, the_tab_exporting, a_right, a_contract, a_market),
        *(a_delegation, its_places, an_application, an_invitation, a_place),
        *(a_project, its_readiness, a_decision, another_decision, a_result, a_result_that_asks_for_another),
        a_result_from_before,
        *(a_text, whom_a_text_names, a_part, being_named),
    ],
)
def test_a_page_of_one_thing_asks_twelve_times_at_most(
    client: ConformingClient,
    cast: Cast,
    db: Session,
    count_queries: Callable[[], AbstractContextManager[Statements]],
    kind: Callable[[], tuple[str, More]],
) -> None:
    where, more = kind()
    asked, made = [], 0
    for who in (cast.administrator, cast.founder) if kind in FOR_BOTH else (cast.administrator,):
        client.sign_in(who)
        for wanted in (FEW, MANY):
            for _ in range(made, wanted):
                more()
            made = max(made, wanted)
            db.flush()
            db.expunge_all()
            with count_queries() as heard:
                assert client.get(where).status_code == 200
            assert heard.while_rendering == []
            asked.append(len(heard))
    assert asked[::2] == asked[1::2], asked
    assert max(asked) <= MOST, asked
