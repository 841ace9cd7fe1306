"""What an unsuccessful applicant is told: feedback on every criterion, and where else to turn; never who assessed."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from tests import cohorts, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.cohort.test_deciding import (
    SAID,
    WHY,
    confirmed,
    decision_on,
    explained,
    seen_on,
    two_rounds_of_people,
)
from tests.programme.pages import sent


def test_P37_only_feedback_marked_as_shared_is_in_the_letter_and_never_a_name(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    whole = rounds.whole_application(theirs)
    criterion, where = whole.round.criteria[0], f"/applications/{theirs.id}"
    name = cohorts.judges(theirs)[0]
    client.sign_in(cast.lead_assessor)
    client.sign_in(cast.programme_manager)
    write = f"{where}/criteria/{criterion.id}/feedback"

    refused = client.post(write, data={"words": f"As {name} says, it is weak", "is_shared": "y"})
    assert refused.status_code == 422
    assert "applicants are not told who assessed" in refused.text
    sent(client, write, {"words": "Inside only: a weak plan"})
    found = confirmed(other, is_explained=False)
    one = decision_on(db, theirs)
    assert "a weak plan" not in client.get(f"/cohorts/{found.id}/letters").text
    shared = {"words": "Say more about your buyers", "is_shared": "y", "version": "1"}
    sent(client, write, shared)
    letter = client.get(f"/cohorts/{found.id}/letters").text
    assert "Say more about your buyers" in letter
    assert name not in letter
    sent(client, f"/decisions/{one.id}/notify")
    assert client.post(write, data=shared | {"version": "2"}).status_code == 409


def test_P37_the_feedback_of_all_refusals_is_written_one_after_the_other_each_read_by_a_person(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    (second,) = cohorts.ranked(rounds.whole_application(theirs).round, 65)
    found = confirmed(other, is_explained=False)
    first, last = sorted((theirs, second), key=lambda each: each.reference)
    judges, name = cohorts.judges(first), rounds.whole_application(last).business.name
    ids = [each.id.hex for each in rounds.whole_application(first).round.criteria]
    client.sign_in(cast.programme_manager)
    listed = f"/cohorts/{found.id}/feedback"
    assert listed in client.get("/desk").text
    assert "2 refusals" in client.get(listed).text
    here, next_ = (f"/applications/{each.id}/feedback/write" for each in (first, last))
    words, shared = [[f"{kind}_{each}" for each in ids] for kind in ("words", "shared")]
    reasons = client.get(f"{here}?start=reasons").text
    assert "checked" not in reasons, "what assessors wrote is shared by nobody but the person who read it"
    assert not any(each in re.sub(r"<details.*?</details>", "", reasons, flags=re.DOTALL) for each in judges)
    assert client.post(here, data={}).status_code == 422
    blank = client.post(here, data={words[0]: SAID, shared[-1]: "y"} if len(words) > 1 else {shared[0]: "y"})
    assert (blank.status_code, "Enter the feedback" in blank.text) == (422, True)
    named = client.post(here, data={words[0]: f"As {judges[0]} says", shared[0]: "y"})
    assert (named.status_code, f'id="{words[0]}-error"' in named.text) == (422, True)
    all_of_it = {**dict.fromkeys(words, SAID), **dict.fromkeys(shared, "y")}
    page = sent(client, here, all_of_it)
    assert "1 refusal still needs feedback" in page
    assert name in page
    assert "Every refusal has its feedback" in sent(client, next_, all_of_it)


def test_a_reserve_is_taken_off_the_list_and_told_where_else_to_turn(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other, reserves=1)
    reserve = decision_on(db, theirs)
    client.sign_in(cast.programme_manager)

    release = f"/decisions/{reserve.id}/release"
    assert client.post(release).status_code == 422
    assert "waiting list is empty" in sent(client, release, {"reason": WHY, "kind": "taken_off"})
    letters = client.get(f"/cohorts/{found.id}/letters").text
    assert "1 refusal is not sent before you write and share feedback" in letters
    assert re.search(
        r"2 letters.*0 can be sent now\.\s*1 waits for feedback\.\s*1 can reach nobody", letters, re.DOTALL
    )
    assert "Write the feedback for" in letters
    assert "Where else you can turn" in letters
    assert "Write feedback for 1 refusal" in client.get("/desk").text
    refused = client.post(f"/cohorts/{found.id}/decisions/notify-all")
    assert (refused.status_code, "refusals need feedback on every criterion" in refused.text) == (409, True)
    alone = client.post(f"/decisions/{reserve.id}/notify")
    assert (alone.status_code, "A refusal is sent with feedback on every criterion" in alone.text) == (
        409,
        True,
    )
    db.expire_all()
    explained(found)
    sent(client, f"/cohorts/{found.id}/decisions/notify-all", seen_on(client, f"/cohorts/{found.id}/letters"))
    client.sign_in(cast.founder)
    theirs_now = client.get(f"/applications/{theirs.id}").text
    for each in (
        SAID,
        "Where else you can turn",
        'href="/directory/services/',
        "Other rounds of the programme",
    ):
        assert each in theirs_now
