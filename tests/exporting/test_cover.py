"""Insurance and export finance as people meet them: what fits and why not, who was shut out, and the case that it makes."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from crm.businesses.service.people import YearDetails, record_figures
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.evidence.models import ShutOut
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.rules.checking import (
    TURNOVER,
    Contract,
    Firm,
    Limits,
    check,
    enough_exports,
)
from crm.exporting.plans.rules.countries import in_sentence
from crm.kernel.eligibility import Outcome
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from crm.referrals.models import Referral
from tests import assessments, covers, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

SQLITE = pytest.mark.engine("sqlite")
LIMITS = Limits(Money.pounds(5_000_000), Money.pounds(25_000), 20, 20, 5, Money.pounds(25_000_000), 24)
CONTRACT = {
    "country": "Canada",
    "sells": "services",
    "wishes": ["not_paid", "advice"],
    "value": "20,000",
    "payment_days": "120",
    "uk_enough": "yes",
    "private_refused": "yes",
}
NEW = f"/businesses/{BUSINESS}/export-cover/new"


def outcomes(contract: Contract, **firm: Any) -> dict[str, Outcome]:
    return {each.product.key: each.outcome for each in check(contract, Firm(**firm), limits=LIMITS)}


def shares(*told: int | None) -> tuple[Decimal | None, ...]:
    return tuple(None if each is None else Decimal(each) for each in told)


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        ((21, 19, 0), True),
        ((4, 5, 5), False),
        ((5, 5, 5), True),
        ((None, 20, None), True),
        ((None, 4, 4), None),
        ((19, None, 19), None),
    ],
)
def test_the_general_facility_takes_twenty_per_cent_in_one_year_or_five_in_each_exp05(
    told: tuple[int | None, ...], holds: bool | None
) -> None:
    assert enough_exports(shares(*told), one=20, each=5) is holds


def test_each_product_reads_its_own_rules_and_what_is_not_known_excludes_nobody() -> None:
    empty = Contract("Canada", "services", frozenset({"not_paid", "general_cash", "advice"}))
    assert set(outcomes(empty).values()) == {Outcome.UNKNOWN, Outcome.MET}
    told = {"is_uk_enough": True, "is_private_refused": True}
    at_limit = Contract("Canada", "goods", frozenset({"not_paid"}), owed=Money.pounds(25_000), **told)
    over = Contract("Canada", "goods", frozenset({"not_paid"}), owed=Money.parse("25,000.01"), **told)
    assert outcomes(at_limit)["ukef_seb"] is Outcome.MET, "£25,000 or less (exp04)"
    assert (outcomes(over)["ukef_seb"], outcomes(over)["ukef_exip"]) == (Outcome.NOT_MET, Outcome.MET)
    at_home = Contract("United Kingdom", "goods", frozenset({"not_paid"}), **told)
    assert outcomes(at_home)["ukef_exip"] is Outcome.NOT_MET
    large = Contract("Canada", "goods", frozenset({"general_cash"}), sum_wanted=Money.pounds(30_000_000))
    found = outcomes(large, shares=shares(30, None, None))
    assert (found["ukef_gef"], found["ukef_edg"]) == (Outcome.NOT_MET, Outcome.MET)


@pytest.mark.parametrize(
    ("firm", "more", "route"),
    [
        ({"form": "sole_trader"}, {}, "Not online, which takes a company number"),
        ({"has_number": True}, {"is_in_group": True}, "On the paper form, as you belong to a group"),
        ({"has_number": True}, {"months": 25}, "On the paper form, as it runs for over two years"),
        ({"has_number": True}, {"waits_for_end_buyer": True}, "Not online, as you are paid only once"),
        ({"has_number": True}, {"months": 24}, "Online, with your company number"),
    ],
)
def test_how_to_apply_follows_the_departments_own_service_exp01_exp02_exp03(
    firm: dict[str, Any], more: dict[str, Any], route: str
) -> None:
    contract = Contract("Canada", "goods", frozenset({"not_paid"}), **more)
    found = next(
        each for each in check(contract, Firm(**firm), limits=LIMITS) if each.product.key == "ukef_exip"
    )
    assert found.route.startswith(route)


@pytest.mark.parametrize(
    ("pounds", "shut", "said"),
    [
        (4_999_999, 1, "turnover is £4,999,999, and it takes £5,000,000 or more"),
        (5_000_000, 0, "Fits: turnover is £5,000,000"),
        (None, 0, "To find out first: the latest turnover: it takes £5,000,000 or more"),
    ],
)
@SQLITE
def test_turnover_just_under_the_threshold_is_recorded_and_turnover_not_known_is_not_a57(
    client: ConformingClient, cast: Cast, db: Session, pounds: int | None, shut: int, said: str
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    covers.turned_over(owner, pounds)
    client.sign_in(cast.founder)
    assert f'href="/businesses/{BUSINESS}/figures/new?next=' in client.get(NEW).text
    where = client.post(NEW, data={"country": "Canada", "sells": "services", "wishes": ["advice"]}).headers[
        "Location"
    ]
    page = client.get(where).text
    assert said in " ".join(page.split())
    rows = db.scalars(select(ShutOut)).all()
    assert len(rows) == shut
    if not shut:
        return
    assert (rows[0].rule, rows[0].threshold, rows[0].figure) == (
        TURNOVER,
        Money.pounds(5_000_000),
        Money.pounds(4_999_999),
    )
    assert (rows[0].wanted, rows[0].happened_on) == ("advice", date(2026, 11, 24))
    assert page.count("app-rows__why") >= 3
    for way in ("Talk to an Export Finance Manager", "Ask an insurance broker"):
        assert way in page


@SQLITE
def test_a_business_that_grows_past_the_threshold_is_on_its_advisers_desk_and_the_old_row_stays_a57(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    covers.checked(covers.turned_over(owner, 400_000))
    client.sign_in(cast.adviser)
    label = "Check again: turnover is now £5.1m, over £5m"
    assert label not in client.get("/desk").text
    details = YearDetails(year_end=date(2026, 3, 31), turnover=Money.pounds(5_100_000), source="made")
    record_figures(covers.whole(owner), details, by=SYSTEM)
    assert label in client.get("/desk").text
    assert db.scalars(select(ShutOut)).one().figure == Money.pounds(400_000)
    client.post(NEW, data={"country": "Canada", "sells": "services", "wishes": ["advice"]})
    assert label not in client.get("/desk").text
    assert len(db.scalars(select(ShutOut)).all()) == 1
    assert "Now over the threshold" in client.get("/export-cover/shut-outs").text


@SQLITE
def test_the_case_counts_businesses_and_attempts_apart_every_figure_opens_its_rows_and_the_letter_agrees(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.administrator)
    assert "No business has been shut out" in client.get("/export-cover/case").text
    assert client.get("/export-cover/case/letter").status_code == 409
    own = {"hub_id": factories.hub().id}
    owners = [covers.shut_out(400_000 + place, dcms_groups=("crafts",), **own) for place in range(5)]
    covers.checked(owners[0])
    elsewhere = factories.hub().id
    owners.append(covers.shut_out(3_000_000, dcms_groups=("publishing",), hub_id=elsewhere))
    client.sign_in(cast.administrator)
    page = client.get("/export-cover/case").text
    assert re.search(r"made\s*<a [^>]*>6</a>\s*different requests", page), "the same contract counts once"
    figures = re.findall(
        r'href="(/export-cover/shut-outs\?(?!each=check|each=business")[^"]+)">([0-9]+)<', page
    )
    assert len(figures) == 12
    for place, (href, count) in enumerate(figures):
        opened = " ".join(client.get(href.replace("&amp;", "&")).text.split())
        of = "business" if count == "1" else "businesses"
        asked = "request" if count == "1" else "different requests"
        assert (f"{count} {of}" if place % 2 == 0 else f"<strong>{count}</strong> {asked}") in opened
    assert client.get("/export-cover/shut-outs.csv").text.count("\n") == 7
    letter = words_of_pdf(client.get("/export-cover/case/letter").data)
    for words in (
        "6 creative businesses",
        "6 different requests, checked 7 times",
        "Creative Industries Sector Plan, Action 6",
        "One-to-one advice on a market 6 6",
        "Yours sincerely,",
    ):
        assert words in letter
    assert not {"Fewer than", "as it stood on"} & set(re.findall("Fewer than|as it stood on", letter))
    assert "By sector" in letter
    assert "Crafts; Publishing (together) 6 6" in letter, "small ones are told with the others"
    assert "Nothing recorded since 6 6" in letter
    _the_rows_say_which_contract(client)
    _another_hub_reads_the_same_figures(client, elsewhere)
    _a_funder_reads_no_small_figure(client)


def _a_funder_reads_no_small_figure(client: ConformingClient) -> None:
    funder = factories.account()
    factories.grant(funder, Role.FUNDER)
    client.sign_in(funder)
    page = client.get("/export-cover/case").text
    assert "made 6" in " ".join(page.split())
    assert "shut-outs" not in page
    assert ">Not shown<" not in page, "a small one of two is told together with the other"
    assert "(together)" in page
    assert "What they wanted" in page
    assert client.get("/export-cover/shut-outs").status_code == 403


def _the_rows_say_which_contract(client: ConformingClient) -> None:
    rows = client.get("/export-cover/shut-outs.csv").text
    assert 'Canada,"A buyer in Canada pays a sum not known yet' in rows
    assert "A buyer in Canada pays a sum not known yet" in client.get("/export-cover/shut-outs").text


def _another_hub_reads_the_same_figures(client: ConformingClient, hub_id: UUID) -> None:
    """The figures and the letter are the programme's; each says how many of its rows open for the reader (K14)."""
    for at, seen, unseen in (
        (hub_id, "1 open", "5 more requests count"),
        (None, "none open", "6 requests"),
    ):
        stranger = factories.account()
        where = str(at or factories.hub().id)
        factories.grant(stranger, Role.EXPORT_ADVISER, scope=Scope.HUB, scope_id=where)
        client.sign_in(stranger)
        page = re.sub(r"<[^>]+>", "", client.get("/export-cover/case").text).replace("&nbsp;", " ")
        assert f"made 6 ({seen}) different requests" in " ".join(page.split())
        opened = " ".join(client.get("/export-cover/shut-outs").text.split())
        assert unseen in opened
        assert client.get("/export-cover/case/letter").status_code == 200
    assert "/export-cover/shut-outs" not in client.get("/export-cover/case").text, "none opens"


@SQLITE
def test_bad_input_is_refused_at_its_field_and_what_was_typed_stays(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    assert "is not on record" in client.get(NEW).text
    told = {"country": "Canada", "sells": "goods", "wishes": ["not_paid"], "value": "20,000"}
    days = client.post(NEW, data={**told, "payment_days": "120 days", "months": "1 month"})
    assert days.status_code == 303, "a unit that is typed is read"
    for wrong, words in (
        ({"country": "Atlantis"}, "Choose one of the answers to"),
        ({"country": "United Kingdom"}, "Choose one of the answers to"),
        ({"value": "-5"}, "What the contract is worth cannot be less than zero"),
        ({"owed": "x"}, "Enter the most that the buyer will owe in pounds"),
        ({"value": "0"}, "What the contract is worth must be more than £0"),
        ({"owed": "30,000"}, "cannot owe more than the contract is worth"),
        ({"payment_days": "4000"}, "The number of days"),
        ({"wishes": []}, "Choose at least one"),
        ({"sells": "magic"}, "Choose one of the answers"),
    ):
        refused = client.post(NEW, data={**told, **wrong})
        assert refused.status_code == 422, wrong
        assert words in refused.text


@SQLITE
def test_a_founder_on_a_phone_completes_both_assessments_is_referred_to_an_audit_and_to_insurance_and_learns_why_not(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner)
    covers.turned_over(owner, 400_000)
    assessments.open_service("ipo_audit")
    client.sign_in(cast.founder)
    results = {
        name: _completed(client, name, told)
        for name, told in ((IP, {"screen": "no"}), (EXPORT, {"sells": "services"}))
    }
    for where in results.values():
        assert "What to do next" in client.get(where).text
    cover = client.post(NEW, data=CONTRACT).headers["Location"]
    page = " ".join(client.get(cover).text.split())
    assert (
        "A buyer in Canada pays £20,000 for services, rights or digital work, 120 days after delivery" in page
    )
    assert "Does not fit, because turnover is £400,000, and it takes £5,000,000 or more." in page
    assert "To ask to be referred, your business first has to agree" in page
    assert "/refer" not in page

    _referred(client.sign_in(cast.adviser), results[IP], cover)
    subjects = {each.subject for each in db.scalars(select(Referral))}
    assert "A contract with a buyer in Canada, £20k" in subjects
    assert db.scalars(select(CoverCheck)).one().turnover == Money.pounds(400_000)


@SQLITE
def test_a_wrong_check_is_withdrawn_with_a_reason_and_counts_nowhere(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = covers.turned_over(covers.whole(business(BUSINESS)), 400_000)  # type: ignore[arg-type]
    right = covers.checked(owner, Contract("Japan", "services", frozenset({"advice"})))
    wrong = covers.checked(owner)
    client.sign_in(cast.adviser)
    assert client.get("/export-cover/shut-outs.csv").text.count("\n") == 3
    where = f"/export-cover/{wrong.id}"
    assert where in client.get("/export-cover/shut-outs").text
    assert client.post(f"{where}/withdraw", data={"reason": " "}).status_code == 422
    assert client.post(f"{where}/withdraw", data={"reason": "The buyer is in Leeds"}).status_code == 303
    assert "The buyer is in Leeds. No report counts this check." in client.get(where).text
    assert client.post(f"{where}/withdraw", data={"reason": "Again"}).status_code == 409
    assert client.get("/export-cover/shut-outs.csv").text.count("\n") == 2
    assert len(db.scalars(select(ShutOut)).all()) == 2, "rows are only added"
    page = client.get("/export-cover?result=withdrawn").text
    assert where in page
    assert f"/export-cover/{right.id}" not in page
    assert f"/export-cover/{right.id}" in client.get("/export-cover?result=none&country=Japan").text
    assert client.get("/export-cover.csv?q=nothing+like+it").text.count("\n") == 1


def test_nothing_fits_where_sanctions_apply_and_turnover_shuts_nobody_out_there() -> None:
    russia = Contract("Russia", "goods", frozenset({"not_paid", "advice"}), is_uk_enough=True)
    found = check(russia, Firm(turnover=Money.pounds(1_000)), limits=LIMITS)
    assert {each.outcome for each in found} == {Outcome.NOT_MET}
    assert not any(each.shut_by for each in found)
    iran = check(Contract("Iran", "goods", frozenset({"not_paid"})), Firm(), limits=LIMITS)
    assert Outcome.MET not in {each.outcome for each in iran}


@SQLITE
def test_a_referral_from_a_check_shares_the_need_of_the_contract_and_others_only_by_choice(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner)
    factories.diagnosis(owner, is_finished=True, needs={"grant": 3, "loan": 2})
    made = covers.checked(owner, covers.MAY_FIT)
    client.sign_in(cast.adviser)
    drafted = client.post(f"/export-cover/{made.id}/ukef_seb/refer").headers["Location"]
    page = client.get(drafted).text
    assert "What it needs" not in page
    assert "Needed: insurance in case the buyer does not pay." in page
    assert "20% or more is UK goods or services: " in page
    form = client.get(f"{drafted}/edit").text
    sent = {
        "to": re.search(r'value="(service:[^"]+)" selected', form),
        "person_id": re.search(r'name="person_id"[^>]*value="([^"]+)"', form),
    }
    told = {name: found.group(1) for name, found in sent.items() if found}
    told |= {"subject": "Insurance", "message": "A buyer in Canada", "needs": ["loan"]}
    assert client.post(f"{drafted}/edit", data=told).status_code == 303
    shared = client.get(drafted).text
    assert "What it needs" in shared
    assert "urgent" not in shared, "the grant was not ticked"


def _referred(client: ConformingClient, result: str, cover: str) -> None:
    """The adviser refers to the audit and to insurance, one click each, and not to what does not fit."""
    audit = re.search(r'action="(/readiness/[^"]+/ipo_audit/refer)"', client.get(result).text)
    assert audit is not None
    assert client.post(audit.group(1)).status_code == 303
    assert f"{cover}/ukef_seb/refer" in client.get(cover).text
    assert client.post(f"{cover}/trade_adviser/refer").status_code == 404
    assert client.post(f"{cover}/ukef_seb/refer").status_code == 303
    assert "Referral to" in client.get(cover).text, "it is prepared, and not sent yet"
    assert cover in client.get(f"/businesses/{BUSINESS}/exporting").text


def words_of_pdf(data: bytes) -> str:
    """The words of a paper, which must be tagged so that everybody can read it."""
    paper = pypdf.PdfReader(io.BytesIO(data))
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(" ".join(each.extract_text() for each in paper.pages).split())


def _completed(client: ConformingClient, name: str, told: dict[str, str]) -> str:
    """Answer every question of an assessment, part by part, and finish."""
    where = client.post(f"/businesses/{BUSINESS}/readiness/{name}/new", data=told).headers["Location"]
    whole = where.rpartition("/")[0]
    while where != whole:
        page = client.get(where).text
        keys = dict.fromkeys(re.findall(r'name="([a-z]+[0-9]+)"', page))
        where = client.post(where, data={"version": "", **dict.fromkeys(keys, "a")}).headers["Location"]
    return client.post(f"{whole}/finish").headers["Location"]


def test_a_country_has_its_article_in_a_sentence() -> None:
    said = ["the United States", "the Falkland Islands", "the Netherlands", "Canada"]
    assert [in_sentence(each.removeprefix("the ")) for each in said] == said
