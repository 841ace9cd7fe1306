"""The preview of what is asked of several at once: the same page from every list, and where it is refused."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template

from crm.accounts.models import Account
from crm.angels.year.forms import SendForm
from crm.angels.year.rules import labels
from crm.angels.year.rules.mailing import OF_MEMBERS
from crm.angels.year.rules.members import Member
from crm.angels.year.rules.raises import Raise
from crm.angels.year.service.mailing import Preview, Wish, id_of


def preview_page(wish: Wish, found: Preview, *, back: str = "", form: SendForm | None = None) -> str:
    """Who gets it, who does not and why, and one of the emails word for word."""
    form = form or SendForm(None, data={"seen": found.mark, "note": wish.note, "kind": wish.kind})
    shown = {"wish": wish, "found": found, "names": _named(found), "labels": labels, "back": back}
    is_members = wish.kind in OF_MEMBERS
    return render_template("angels/year/preview.html", form=form, is_members=is_members, **shown)


def _named(found: Preview) -> list[tuple[str, str]]:
    """Each member or raise by name, and to whom the email about it goes where that is somebody else."""
    return [(named(each), _people(each, found.readers[id_of(each)])) for each in found.weighed.to]


def named(thing: Member | Raise) -> str:
    """What a member or a raise is called in a list of them."""
    return thing.name if isinstance(thing, Member) else f"{thing.business}, {thing.reference}"


def _people(thing: Member | Raise, readers: Sequence[Account]) -> str:
    return "" if isinstance(thing, Member) else ", ".join(each.name for each in readers)
