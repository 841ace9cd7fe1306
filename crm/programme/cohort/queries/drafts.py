"""A draft of a cohort as it stands against the ranking, the targets and the money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from crm.kernel.clock import day_of
from crm.kernel.marks import mark_of
from crm.kernel.money import Money
from crm.programme.cohort.models import Cohort, CohortDraft, DraftPlace
from crm.programme.cohort.queries.headroom import rooms_in
from crm.programme.cohort.rules.balancing import Aim, Chosen, Part, Reached, marks_of, reached, spread
from crm.programme.cohort.rules.choosing import Candidate, passed_over, total_score
from crm.programme.cohort.rules.freezing import limits_of
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.sharing import (
    NOTHING_LIMITED,
    Left,
    Rooms,
    Sharing,
    every_limit,
    left_beside,
    linked_names,
    notable,
    shared,
)
from crm.programme.cohort.rules.showing import points
from crm.programme.cohort.workflow import DraftStatus


def aims_of(found: Cohort) -> list[Aim]:
    """The targets of a cohort, which must be loaded."""
    return [
        Aim(each.dimension, each.value, each.is_outside, each.measure, each.least) for each in found.targets
    ]


def chosen_in(found: CohortDraft) -> dict[UUID, Money]:
    """The award of each application of a draft, by its id."""
    return {each.application_id: each.amount for each in found.places}


@dataclass(frozen=True)
class Weighed:
    """A draft beside the ranking: what is chosen, with which departures, and what it comes to against the targets.

    ``sharings`` are the applicants that share a limit of subsidies, and those awarded all that they can be given or more; ``left`` is
    what each enterprise can still be given beside it, and ``rooms`` what it can be given without it. It is read from several places of
    a page, so what takes many steps is worked out once.
    """

    draft: CohortDraft
    rows: Sequence[Candidate]
    chosen: Chosen
    places: Mapping[UUID, DraftPlace]
    sharings: Sequence[Sharing] = ()
    left: Left = NOTHING_LIMITED
    rooms: Rooms = field(default_factory=dict)

    @property
    def linked(self) -> dict[UUID, str]:
        """By each applicant that shares its limit, the names of those it shares it with."""
        return linked_names(self.sharings)

    @property
    def over_limit(self) -> list[Sharing]:
        """The enterprises that it awards more than they can be given of subsidies today."""
        return [each for each in self.sharings if each.is_over]

    @property
    def every_limit(self) -> list[Sharing]:
        """The limit of subsidies of each enterprise that is ranked, also where nothing is to be said of it."""
        return every_limit(self.rows, rooms=self.rooms, chosen=self.chosen)

    @property
    def limits_on(self) -> date | None:
        """The day whose limits are shown: the one on which it was confirmed; None while they are those of today."""
        at = self.draft.confirmed_at if self.draft.status is DraftStatus.CONFIRMED else None
        return day_of(at) if at else None

    @cached_property
    def targets(self) -> list[Reached]:
        """How far it reaches each target."""
        return [reached(each, self.chosen, candidates=self.rows) for each in aims_of(self.draft.cohort)]

    @property
    def unmet(self) -> list[Reached]:
        """The targets that it does not meet."""
        return [each for each in self.targets if not each.is_met]

    @cached_property
    def selected(self) -> list[Candidate]:
        """What is chosen, in order of rank."""
        return [each for each in self.rows if each.id in self.chosen]

    @cached_property
    def score(self) -> Fraction:
        """What the totals of its applications add up to, as a proposal counts them."""
        return total_score(each.percent for each in self.selected)

    @property
    def score_in_words(self) -> str:
        """The same as it is read: "921.00"."""
        return points(self.score)

    @cached_property
    def departures(self) -> list[tuple[Candidate, list[Candidate]]]:
        """Each that is chosen over others, with those that rank as high or higher and are not chosen."""
        over = ((each, passed_over(each, self.rows, chosen=self.chosen)) for each in self.selected)
        return [(each, others) for each, others in over if others]

    @property
    def unexplained(self) -> list[Candidate]:
        """Those chosen over others without a reason."""
        return [each for each, _ in self.departures if not self.places[each.id].reason]

    @property
    def below(self) -> list[Candidate]:
        """Those chosen below a threshold, or without a total, that no approver has overridden."""
        return [
            each
            for each in self.selected
            if not each.can_be_chosen and not self.places[each.id].override_reason
        ]

    @property
    def overridden(self) -> list[tuple[Candidate, DraftPlace]]:
        """Those that an approver has chosen below a threshold."""
        rows = ((each, self.places[each.id]) for each in self.selected)
        return [(each, place) for each, place in rows if place.override_reason]

    @property
    def partial(self) -> list[tuple[Candidate, DraftPlace]]:
        """Those awarded less than they ask for."""
        rows = ((each, self.places[each.id]) for each in self.selected)
        return [(each, place) for each, place in rows if place.amount < each.sum]

    @property
    def unexplained_parts(self) -> list[Candidate]:
        """Those awarded less than they ask for without a reason: their sum was asked for anew, or chosen before one was needed."""
        return [each for each, place in self.partial if not place.part_reason]

    @cached_property
    def balance(self) -> list[tuple[Dimension, list[Part]]]:
        """What goes to each group of each dimension."""
        return [(each, spread(each, self.chosen, candidates=self.rows)) for each in Dimension]

    @cached_property
    def marks(self) -> dict[Dimension, dict[str, tuple[int, str]]]:
        """Where the picture of its balance has the lines of targets, by dimension and group."""
        aims = aims_of(self.draft.cohort)
        return {each: marks_of(aims, each) for each in Dimension}


def weighed(found: CohortDraft, rows: Sequence[Candidate]) -> Weighed:
    """A draft beside these ranked applications. Its places and the targets of its cohort must be loaded."""
    places = {each.application_id: each for each in found.places}
    return Weighed(found, rows, chosen_in(found), places)


def weighed_with_limits(found: CohortDraft, rows: Sequence[Candidate]) -> Weighed:
    """The same with the limits of subsidies today; of a draft that was confirmed with those of that day.

    What is confirmed counts against the limits already, so the drafts beside it add nothing.
    """
    sound = weighed(found, rows)
    if found.status is DraftStatus.CONFIRMED:
        return replace(sound, sharings=notable(limits_of(found.cohort.limits or (), rows)))
    if found.cohort.confirmed_at is not None:
        return sound
    rooms = rooms_in(found.cohort, rows)
    return replace(
        sound,
        sharings=shared(rows, rooms=rooms, chosen=sound.chosen),
        left=left_beside(rows, rooms, chosen=sound.chosen),
        rooms=rooms,
    )


def mark_of_draft(found: Weighed) -> str:
    """The mark of what the pages on which a draft is decided show: with who is ranked, chosen or why, it changes."""
    draft = found.draft
    about = (draft.name, draft.proposed_at, draft.reserves, draft.target_reason, draft.limit_reason)
    ranked = [
        (each.id, each.name, each.rank, each.total, each.sum, each.fails, each.is_closed)
        for each in found.rows
    ]
    places = [found.places[each.id] for each in found.selected]
    chosen = [
        (each.application_id, each.amount, each.capital, each.reason, each.override_reason, each.part_reason)
        for each in places
    ]
    aimed = [(each.aim.words, each.share, [one.id for one, _ in each.nearest]) for each in found.targets]
    return mark_of(about, ranked, chosen, aimed, [each.words for each in found.over_limit])
