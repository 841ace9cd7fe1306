"""One-time links: used once, for one purpose, before they run out, unless a newer one replaced them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.kernel.clock import end_of, now, today
from crm.kernel.errors import NotFound
from crm.links import service
from crm.links.models import OneTimeLink
from crm.links.queries import live_link
from crm.links.rules import (
    DEAD,
    LASTING,
    LIFETIME,
    LIVE_AT_ONCE,
    ONWARD,
    Purpose,
    hash_of,
    new_token,
    path_of,
)
from tests.cast import Cast
from tests.client import ConformingClient

SIGN_IN = Purpose.SIGN_IN


def follow(token: str, purpose: Purpose) -> str:
    """Use a link up or, where it lasts, open it."""
    return service.opened(token, purpose) if purpose in LASTING else service.use(token, purpose)


def test_a_link_gives_its_subject_once(db: Session) -> None:
    token = service.mint(SIGN_IN, "ann")
    assert service.use(token, SIGN_IN) == "ann"
    with pytest.raises(NotFound):
        service.use(token, SIGN_IN)


def test_looking_at_a_link_does_not_use_it_up(db: Session) -> None:
    token = service.mint(SIGN_IN, "ann")
    assert live_link(token, SIGN_IN).subject_id == live_link(token, SIGN_IN).subject_id == "ann"
    assert service.use(token, SIGN_IN) == "ann"


def test_a_link_of_minutes_dies_to_the_second(db: Session, clock: Any) -> None:
    token = service.mint(SIGN_IN, "ann")
    clock.shift(LIFETIME[SIGN_IN] - timedelta(microseconds=1))
    assert follow(token, SIGN_IN) == "ann"
    token = service.mint(SIGN_IN, "ann")
    clock.shift(LIFETIME[SIGN_IN])
    with pytest.raises(NotFound):
        follow(token, SIGN_IN)


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not SIGN_IN])
def test_k9_a_link_of_days_lives_to_the_end_of_its_last_day_in_london(
    db: Session, clock: Any, purpose: Purpose
) -> None:
    tokens = [service.mint(purpose, each) for each in ("ann", "bob")]
    over = end_of(today() + LIFETIME[purpose])
    clock.move_to(over - timedelta(seconds=1))
    assert follow(tokens[0], purpose) == "ann"
    clock.move_to(over)
    with pytest.raises(NotFound):
        follow(tokens[1], purpose)


@pytest.mark.parametrize("purpose", sorted(LASTING))
def test_a_link_that_lasts_is_opened_again_until_a_newer_one_comes(db: Session, purpose: Purpose) -> None:
    token = service.mint(purpose, "plan")
    assert [service.opened(token, purpose) for _ in range(3)] == ["plan"] * 3
    service.mint(purpose, "plan")
    with pytest.raises(NotFound):
        service.opened(token, purpose)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_what_works_once_is_never_opened_and_what_lasts_never_used_up(db: Session, purpose: Purpose) -> None:
    token = service.mint(purpose, "ann")
    with pytest.raises(ValueError, match="link for"):
        (service.use if purpose in LASTING else service.opened)(token, purpose)


def test_a_newer_link_kills_the_older_ones(db: Session) -> None:
    older = [service.mint(Purpose.HOURS, "ann") for _ in range(2)]
    newest = service.mint(Purpose.HOURS, "ann")
    for token in older:
        with pytest.raises(NotFound):
            service.use(token, Purpose.HOURS)
    assert service.use(newest, Purpose.HOURS) == "ann"


def test_a_newer_link_leaves_other_subjects_and_other_purposes_alone(db: Session) -> None:
    theirs, other = service.mint(SIGN_IN, "bob"), service.mint(Purpose.SET_PASSWORD, "ann")
    service.mint(SIGN_IN, "ann")
    assert service.use(theirs, SIGN_IN) == "bob"
    assert service.use(other, Purpose.SET_PASSWORD) == "ann"


def test_a_used_link_stays_used_when_a_newer_one_comes(db: Session) -> None:
    token = service.mint(SIGN_IN, "ann")
    service.use(token, SIGN_IN)
    service.mint(SIGN_IN, "ann")
    used = db.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == hash_of(token)))
    assert used is not None
    assert (used.used_at, used.replaced_at) == (now(), None)


def dead_links(clock: Any) -> dict[str, tuple[str, Purpose]]:
    used, replaced = service.mint(SIGN_IN, "used"), service.mint(SIGN_IN, "replaced")
    service.use(used, SIGN_IN)
    for _ in range(LIVE_AT_ONCE[SIGN_IN]):
        clock.shift(timedelta(seconds=1))
        service.mint(SIGN_IN, "replaced")
    expired = service.mint(SIGN_IN, "expired")
    clock.shift(LIFETIME[SIGN_IN])
    live = service.mint(SIGN_IN, "live")
    return {
        "used": (used, SIGN_IN),
        "replaced": (replaced, SIGN_IN),
        "expired": (expired, SIGN_IN),
        "for another purpose": (live, Purpose.SET_PASSWORD),
        "tampered": (live[:-1] + ("A" if live[-1] != "A" else "B"), SIGN_IN),
        "in capitals": (live.swapcase(), SIGN_IN),
        "cut": (live[:-1], SIGN_IN),
        "with a space": (f"{live} ", SIGN_IN),
        "never minted": (new_token(), SIGN_IN),
        "empty": ("", SIGN_IN),
        "its hash": (hash_of(live), SIGN_IN),
        "nothing an address would hold": ("\x00'; -- \N{SNOWMAN}" * 100, SIGN_IN),
    }


def test_every_dead_link_is_refused_in_the_same_words(db: Session, clock: Any) -> None:
    for what, (token, purpose) in dead_links(clock).items():
        for door in (service.use, live_link):
            with pytest.raises(NotFound) as refused:
                door(token, purpose)
            assert refused.value.message == DEAD, what


def test_the_secret_is_kept_nowhere(db: Session) -> None:
    token = service.mint(SIGN_IN, "ann")
    (row,) = db.execute(select(OneTimeLink.__table__)).all()
    assert token not in str(tuple(row))


def test_no_two_tokens_are_alike_and_each_fits_an_address() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)


def test_a_link_cannot_be_both_used_and_replaced(db: Session) -> None:
    service.mint(SIGN_IN, "ann")
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(update(OneTimeLink).values(used_at=now(), replaced_at=now()))


def test_a_link_cannot_expire_before_it_is_made(db: Session) -> None:
    service.mint(SIGN_IN, "ann")
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(update(OneTimeLink).values(expires_at=OneTimeLink.created_at))


def test_links_are_forgotten_three_months_after_they_ran_out(db: Session, clock: Any) -> None:
    service.mint(SIGN_IN, "ann")
    clock.shift(LIFETIME[SIGN_IN] + timedelta(days=90))
    service.forget_old_links()
    assert db.scalars(select(OneTimeLink)).all()
    clock.shift(timedelta(seconds=1))
    service.forget_old_links()
    assert not db.scalars(select(OneTimeLink)).all()


def test_k9_a_link_for_three_days_sets_a_password_at_2359_of_the_third_and_not_at_midnight(
    client: ConformingClient, cast: Cast, clock: Any
) -> None:
    token = service.mint(Purpose.SET_PASSWORD, str(cast.adviser.id))
    over = end_of(today() + timedelta(days=3))
    clock.move_to(over - timedelta(seconds=1))
    assert client.get(f"/links/set-password/{token}").status_code == 200
    clock.move_to(over)
    assert client.get(f"/links/set-password/{token}").status_code == 404


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_that_no_longer_works_says_so_in_its_heading_and_what_to_do_next(
    client: ConformingClient, db: Session, purpose: Purpose
) -> None:
    """Some links are judged when they are opened, and some when their button is pressed."""
    address = path_of(purpose, new_token())
    opened = client.get(address)
    answer = client.post(address) if opened.status_code == 200 else opened

    assert answer.status_code == 404
    assert ">This link no longer works</h1>" in answer.text
    assert "<title>This link no longer works" in " ".join(answer.text.split()).replace("<title> ", "<title>")
    assert ONWARD[purpose] in answer.text
    assert "Page not found" not in answer.text
