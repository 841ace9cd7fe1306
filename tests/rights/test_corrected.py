"""Parts that are corrected, papers that cover several of them, and licences that hold or not, through the page."""

from __future__ import annotations

from datetime import date, timedelta

from crm.businesses.queries.seeing import business
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.rights import queries
from crm.rights.models import Right, RightLicence, RightPart
from tests import network
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.evidence.test_proving import PDF
from tests.rights.test_chain import PART, sent


def _right(**fields: object) -> Right:
    owner = business(BUSINESS)
    assert owner is not None
    return network.right(owner, **fields)


def test_a_licence_that_has_ended_or_not_begun_is_named_in_the_gap_and_entitles_to_nothing_k9(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right(title="Otter, the series", shares=[["Sable Heath", 10_000]])
    page, add = f"/rights/{made.id}", f"/rights/{made.id}/licences/add"
    client.sign_in(cast.founder)
    assert "owns none of it, and no licence to it is recorded" in client.get(page).text
    licence = {"way": "in", "party": "Sable Heath", "territory": "Worldwide", "is_exclusive": "no"}
    ended, ahead = today() - timedelta(days=1), today() + timedelta(days=1)
    assert (
        client.post(
            add, data=licence | _days("starts_on", date(2025, 1, 1)) | _days("ends_on", ended)
        ).status_code
        == 303
    )
    said = f"the licence from Sable Heath ended on {day_in_words(ended)}"
    assert said in client.get(page).text
    client.post(add, data=licence | _days("starts_on", ahead))
    assert (
        f"{said}, and the licence from Sable Heath only starts on {day_in_words(ahead)}"
        in client.get(page).text
    )
    assert "no licence to it is recorded" not in client.get(page).text
    client.post(add, data=licence | _days("starts_on", today()) | _days("ends_on", today()))
    assert "owns none of it" not in client.get(page).text, "one that holds today alone is enough today"


def _days(field: str, day: date) -> dict[str, str]:
    return {f"{field}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def test_who_pays_for_a_licence_is_asked_by_its_way_and_said_in_the_list_k23(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right(title="Otter, the series")
    page, add = f"/rights/{made.id}", f"/rights/{made.id}/licences/add"
    form = client.sign_in(cast.founder).get(add).text
    assert ("What the business pays a year" in form, "What the other business pays a year" in form) == (
        True,
        True,
    )
    licence = {"party": "Toy Example", "territory": "Worldwide", "is_exclusive": "no"} | _days(
        "starts_on", today()
    )
    for way, wrong in (("in", "income"), ("out", "paid")):
        refused = client.post(add, data=licence | {"way": way, wrong: "12,000"})
        assert refused.status_code == 422
        assert "Clear it, or choose that way above" in refused.text
        assert 'value="12,000"' in refused.text
    assert client.post(add, data=licence | {"way": "in", "paid": "12,000"}).status_code == 303
    shown = " ".join(client.get(page).text.split())
    assert f"{business(BUSINESS).name} pays £12,000.00 a year" in shown
    client.post(add, data=licence | {"way": "out", "income": "900"})
    shown = " ".join(client.get(page).text.split())
    assert "Toy Example pays £900.00 a year" in shown
    (paid,) = [each for each in queries.right(made.id).licences if each.way == "in"]  # type: ignore[union-attr]
    assert paid.income == Money.pounds(12_000)


def test_one_paper_covers_what_a_person_made_as_freelancer_and_as_co_author_k19(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right(title="Otter, the series")
    add = f"/rights/{made.id}/parts/add"
    client.sign_in(cast.founder)
    client.post(add, data=PART | {"title": "Episode 1"})
    client.post(add, data=PART | {"title": "Episode 4", "maker": "CEM  example", "maker_kind": "partner"})
    client.post(add, data=PART | {"title": "Episode 5", "maker_kind": "employee"})
    client.post(add, data=PART | {"title": "Episode 6", "maker": "Another Person"})
    parts = {each.title: each for each in queries.right(made.id).parts}  # type: ignore[union-attr]
    where = f"/right-parts/{parts['Episode 1'].id}/assignment"
    form = client.get(where).text
    assert "Episode 4, composer (founder or co-author)" in form
    assert ("Episode 5, composer" in form, "Episode 6, composer" in form) == (False, False)
    upload = sent("Assignment.pdf", PDF)
    upload["data"]["also"] = str(parts["Episode 4"].id)
    assert client.post(where, **upload).status_code == 303
    again = {each.title: each for each in queries.right(made.id).parts}  # type: ignore[union-attr]
    assert again["Episode 4"].assigned_at is not None


def test_a_part_is_corrected_and_a_paper_is_looked_at_again_where_somebody_else_made_it_k19(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right(title="Otter, the series")
    page, add = f"/rights/{made.id}", f"/rights/{made.id}/parts/add"
    client.sign_in(cast.founder)
    client.post(add, data=PART | {"title": "Episode 4"})
    client.post(add, data=PART | {"title": "Episode 5"})
    part, other = sorted(queries.right(made.id).parts, key=lambda each: each.title)  # type: ignore[union-attr]
    where = f"/right-parts/{part.id}/correct"
    assert where in client.get(page).text
    form = client.get(where).text
    assert 'value="Cem Example"' in form
    assert "signed the attached paper" not in form, "there is no paper yet"
    version = {"version": str(part.version)}
    twice = client.post(where, data=PART | version | {"title": "episode 5"})
    assert twice.status_code == 422
    assert "Episode 5 has Cem Example as composer already" in twice.text
    fixed = PART | {"title": "Episode 4", "maker": "Cem Ay"}
    assert client.post(where, data=fixed | version).status_code == 303
    assert "Episode 4 corrected." in client.get(page).text
    assert "Composer: Cem Ay." in " ".join(client.get(page).text.split())
    assert client.post(where, data=PART | version | {"title": "Episode 9"}).status_code == 409, (
        "an older page"
    )

    client.post(f"/right-parts/{part.id}/assignment", **sent("Assignment.pdf", PDF))
    now = {"version": str(_part(made, "Episode 4").version)}
    named = client.post(where, data=fixed | now | {"maker": "Bo Other"})
    assert named.status_code == 422
    assert "Check that the attached paper is signed by Bo Other" in named.text
    assert client.post(where, data=fixed | now | {"maker": "cem ay"}).status_code == 303, "only its spelling"
    now = {"version": str(_part(made, "Episode 4").version)}
    assert client.post(where, data=fixed | now | {"maker": "Bo Other", "is_signed": "y"}).status_code == 303
    assert _part(made, "Episode 4").maker == "Bo Other"
    own = f"/right-parts/{other.id}/correct"
    employee = PART | {"title": "Episode 5", "maker_kind": "employee", "version": str(other.version)}
    assert client.post(own, data=employee).status_code == 303
    assert "no assignment from" not in client.get(page).text
    assert client.sign_in(cast.other_founder).get(own).status_code == 404


def _part(found: Right, title: str) -> RightPart:
    whole = queries.right(found.id)
    assert whole is not None
    return next(each for each in whole.parts if each.title == title)


def _licence(found: Right) -> RightLicence:
    whole = queries.right(found.id)
    assert whole is not None
    return whole.licences[0]


def test_a_licence_is_corrected_and_everything_wrong_with_one_is_said_at_once_k17_k20(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right(title="Otter, the series")
    page, add = f"/rights/{made.id}", f"/rights/{made.id}/licences/add"
    client.sign_in(cast.founder)
    licence = {"way": "out", "party": "Toy Example", "territory": "Worldwide", "is_exclusive": "no"}
    wrong = licence | {"income": "about 60k"} | _days("starts_on", date(2026, 1, 1))
    refused = client.post(add, data=wrong | _days("ends_on", date(2025, 1, 1)))
    assert refused.status_code == 422
    assert "The licence must end on or after the day it starts" in refused.text
    assert refused.text.count('href="#income') == 1, "the sum is named beside it"

    starts = _days("starts_on", date(2026, 1, 1))
    assert client.post(add, data=licence | starts | {"income": "60,000"}).status_code == 303
    where = f"/right-licences/{_licence(made).id}/correct"
    assert where in client.get(page).text
    form = client.get(where).text
    assert 'value="Toy Example"' in form
    assert 'value="60,000' in form
    version = {"version": str(_licence(made).version)}
    fixed = licence | starts | version | {"party": "Toys Example", "income": "6,000"}
    fixed |= _days("ends_on", date(2026, 6, 30))
    assert client.post(where, data=fixed).status_code == 303
    shown = " ".join(client.get(page).text.split())
    assert "Licence with Toys Example corrected." in shown
    assert "to 30 June 2026. Toys Example pays £6,000.00 a year" in shown
    assert client.post(where, data=fixed | {"party": "Another"}).status_code == 409, "an older page"
    now = {"version": str(_licence(made).version)}
    assert client.post(where, data=fixed | now | _days("ends_on", date(2025, 6, 30))).status_code == 422
    assert client.sign_in(cast.other_founder).get(where).status_code == 404


def test_two_who_correct_one_right_at_once_keep_both(cast: Cast, client: ConformingClient) -> None:
    made = _right()
    data = {"kind": "copyright", "title": "First", "owner": "Us", "territory": "UK", "status": "unregistered"}
    data["version"] = str(made.version)
    assert client.sign_in(cast.founder).post(f"/rights/{made.id}/correct", data=data).status_code == 303
    second = client.sign_in(cast.adviser).post(f"/rights/{made.id}/correct", data=data | {"title": "Second"})

    assert second.status_code == 409
    assert "First" in second.text
    assert "Second" in second.text
    assert queries.right(made.id).title == "First"  # type: ignore[union-attr]


def test_what_is_missing_from_an_assignment_is_said_at_once_by_us_and_not_by_the_browser_k32(
    cast: Cast, client: ConformingClient
) -> None:
    made = _right(title="Otter, the series")
    client.sign_in(cast.founder).post(f"/rights/{made.id}/parts/add", data=PART | {"title": "Score"})
    (part,) = queries.right(made.id).parts  # type: ignore[union-attr]
    where = f"/right-parts/{part.id}/assignment"
    form = client.get(where).text.split('enctype="multipart/form-data"')[1].split("</form>")[0]
    assert "novalidate" in form.split(">")[0]
    assert " required" not in form
    empty = client.post(where, data={}).text
    assert "There is a problem" in empty
    assert "Check that the paper is signed, and tick the box" in empty
    assert 'href="#file"' in empty, "the file is asked for in the same round"
    upload = sent("Assignment.pdf", PDF)
    upload["data"].pop("is_signed")
    refused = client.post(where, **upload).text
    assert "Check that the paper is signed, and tick the box" in refused
    assert "The file you chose was not saved. Choose it again." in refused
