"""Saving what a list was asked for under a name, and deleting it."""

from __future__ import annotations

from typing import Any

from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.folding import plain_words
from crm.kernel.permissions import Actor
from crm.lists import rules
from crm.lists.models import SavedView
from crm.lists.policy import POLICY
from crm.lists.queries import views as queries
from crm.lists.workflow import Act


def save(name: str, wanted: rules.Wanted, *, by: Actor) -> SavedView:
    """Keep what a list was asked for under a name that this person has no other view of."""
    POLICY.require(by, Act.SAVE_VIEW)
    said, match_name = " ".join(name.split()), " ".join(plain_words(name))
    if not match_name or len(said) > rules.LONGEST_NAME:
        raise Invalid(f"Enter a name of {rules.LONGEST_NAME} characters or fewer", field="name")
    if queries.view_named(by, match_name) is not None:
        raise Invalid(f"You have a view called “{said}” already. Choose another name", field="name")
    if len(queries.views_of(by)) >= rules.MOST_VIEWS:
        raise Invalid(f"You have {rules.MOST_VIEWS} views. Delete one first", field="name")
    fields = {"account_id": by.account_id, "name": said, "match_name": match_name, "asked": wanted.asked()}
    made = SavedView(**fields, saved_at=now())
    session().add(made)
    session().flush()
    audit.record(Act.SAVE_VIEW, made, created(name=said), by=by)
    return made


def delete(found: SavedView, *, by: Actor) -> None:
    """Delete a view. The businesses stay as they are."""
    POLICY.require(by, Act.DELETE_VIEW, found)
    audit.record(Act.DELETE_VIEW, found, {"name": (found.name, None)}, by=by)
    session().delete(found)
    session().flush()


def retag(merged: Any, *, by: Actor) -> None:  # noqa: ARG001 the verb that merges tags says who
    """Let every saved view that asks for a merged tag ask for the one that took its place."""
    old, new = str(merged.from_id), str(merged.into_id)
    for each in queries.views_asking("tag", old):
        each.asked = {**each.asked, "tag": [new]}
    session().flush()
