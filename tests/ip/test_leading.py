"""Who leads a test-bed project, and what those leave who have left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import RoleGrant
from crm.accounts.queries import account_again, actor_of
from crm.ip.testbed.service import writing
from crm.kernel.clock import today
from crm.kernel.roles import Role
from tests import factories
from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.ip import bed

pytestmark = pytest.mark.engine("sqlite")


def test_another_manager_leads_a_project_and_who_led_it_is_told(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    before = factories.account(name="Ada Before")
    factories.grant(before, Role.TEST_BED_MANAGER)
    found = bed.running()
    found.lead_id = before.id
    client.sign_in(manager)
    assert "Lead the project: it has no lead" not in bed.page(client, "/desk")
    assert "Lead this project" in bed.page(client, f"/test-bed/{found.id}")
    assert client.post(f"/test-bed/{found.id}/lead").status_code == 303
    assert bed.again(found).lead_id == manager.id
    assert "Lead this project" not in bed.page(client, f"/test-bed/{found.id}")
    (told,) = bed.letters("test_bed_lead")
    assert (told.to_address, told.context["by_name"]) == (before.email, manager.actor.name)
    again = client.post(f"/test-bed/{found.id}/lead")
    assert (again.status_code, "You lead this project already." in again.text) == (409, True)
    assert len(bed.letters("test_bed_lead")) == 1
    assert client.sign_in(cast.adviser).post(f"/test-bed/{found.id}/lead").status_code in (403, 404)


def test_what_a_manager_who_left_had_in_hand_is_on_the_desk_of_the_others(
    client: ConformingClient, cast: Cast, manager: Member, db: Session
) -> None:
    leaver = factories.account(name="Lea Ver")
    factories.grant(leaver, Role.TEST_BED_MANAGER)
    found = bed.running()
    found.lead_id = leaver.id
    text = writing.LessonText("What we saw", "It took two weeks longer than planned.")
    draft = writing.write(found, text, by=actor_of(account_again(leaver.id)))
    client.sign_in(manager)
    assert draft.title not in bed.page(client, "/desk"), "its writer sees to it"
    held = db.scalars(select(RoleGrant).where(RoleGrant.account_id == leaver.id)).one()
    held.valid_to = today() - timedelta(days=1)
    db.flush()
    desk = bed.page(client, "/desk")
    assert "Lead the project: it has no lead" in desk
    assert draft.title in desk
    client.post(f"/test-bed/{found.id}/lead")
    desk = bed.page(client, "/desk")
    assert "it has no lead" not in desk
    where = f"/test-bed/texts/{draft.id}"
    assert client.get(where).status_code == 200
