"""What the wing of pitch nights brings to the house."""

from __future__ import annotations

from datetime import timedelta

from crm.angels.events.jobs import (
    ask_daily,
    end_calendars_daily,
    reason_not_to_invite,
    release_hourly,
    remind_daily,
)
from crm.angels.events.policy import POLICY
from crm.angels.events.queries.nights import guests_to_forget
from crm.angels.events.rules import labels
from crm.angels.events.rules.running import DAYS_OF_OUTCOMES
from crm.angels.events.service import erasing
from crm.angels.events.service.calendars import end_address
from crm.angels.events.service.hosting import forget_addresses
from crm.angels.events.service.ordering import remove_ended
from crm.angels.events.service.seating import give_up_all
from crm.angels.events.views import doors, invitations, nights, parts, turns
from crm.angels.events.workflow import NIGHTS, PLACES, SLOTS, Act, NightStatus, PlaceStatus, SlotStatus
from crm.angels.investors.policy import MANAGERS
from crm.angels.investors.workflow import Act as InvestorAct
from crm.angels.pitches.workflow import Act as PitchAct
from crm.db.ending import GONE, Ends, Stays, nowhere
from crm.db.erasing import by_room, emptied
from crm.db.personal import Personal
from crm.db.processing import CONTRACT, Processing
from crm.kernel.measures import counted
from crm.kernel.roles import Role
from crm.web.feature import DAILY, HOURLY, Area, Feature, Follow, NavigationItem, Part, Timed, Waiting

FEATURE = Feature(
    name="events",
    blueprints=tuple(each.blueprint for each in (nights, turns, invitations, doors)),
    policy=POLICY,
    machines=(NIGHTS, SLOTS, PLACES),
    navigation=(NavigationItem("Events", "nights.all_nights", Act.LIST_NIGHTS, Area.EVENTS, order=40),),
    send_gates={"night_invited": reason_not_to_invite},
    timed=(
        Timed("reminders of pitch nights", DAILY, remind_daily),
        Timed("feedback of pitch nights", HOURLY, release_hourly),
        Timed("what came of pitch nights", DAILY, ask_daily),
        Timed("addresses of guests of pitch nights", DAILY, forget_addresses),
        Timed("calendar addresses of pitch nights", DAILY, end_calendars_daily),
    ),
    waits=(
        Waiting(
            "Pitch nights to invite to", MANAGERS, Act.INVITE, parts.nights_to_invite, (NightStatus.PLANNED,)
        ),
        Waiting("Pitch nights to run", MANAGERS, Act.CLOSE, parts.nights_to_run, (NightStatus.INVITED,)),
        Waiting("Pitch nights to look back on", MANAGERS, Act.REVIEW, parts.nights_to_review),
        Waiting(
            "Turns at pitch nights", (Role.FOUNDER,), Act.AGREE, parts.turns_to_answer, (SlotStatus.ASKED,)
        ),
        Waiting(
            "Invitations to pitch nights",
            (Role.ANGEL,),
            Act.ANSWER,
            parts.own_invitations,
            (PlaceStatus.INVITED, PlaceStatus.MAYBE),
        ),
    ),
    follows=(
        Follow(InvestorAct.LEAVE, give_up_all),
        Follow(InvestorAct.LEAVE, end_address),
        Follow(InvestorAct.ERASE, erasing.erase_of_investor),
        Follow(PitchAct.WITHDRAW, remove_ended),
        Follow(PitchAct.CLOSE, remove_ended),
        Follow(PitchAct.REFUSE, remove_ended),
    ),
    pages={
        "pitch_night": ("nights.night", "night_id"),
        "night_slot": ("night_turns.turn", "slot_id"),
        "night_place": ("invitations.invitation", "place_id"),
    },
    words={
        "pitch_night": "pitch night",
        "pitch_night.status": labels.NIGHT_STATUSES,
        "pitch_night.seats": counted("place"),
        "night_slot": "turn at a pitch night",
        "night_slot.status": labels.SLOT_STATUSES,
        "night_slot.minutes": counted("minute"),
        "night_guest": "guest of a pitch night",
        "night_place": "place at a pitch night",
        "night_place.status": labels.PLACE_STATUSES,
        "night_place.way": labels.WAYS,
        "night_interest": "interest shown at a pitch night",
        "night_interest.wish": labels.WISHES,
        "night_feedback": "feedback on a pitch",
    },
    fields=labels.FIELDS,
    parts=(Part("raises.one_raise", "angels/events/_turns.html", parts.load_turns),),
    processing=Processing(
        "Pitch nights",
        "to invite investors and guests, and to let in only who may see a pitch",
        "investors and their guests",
        CONTRACT,
    ),
    personal={
        "night_place.account_id": Personal(
            "Your places at pitch nights", "invited_at answered_at waiting_since checked_in_at way status"
        ),
        "night_guest.email": Personal(
            "Pitch nights to which you came as a guest", "name role email added_at arrived_at"
        ),
    },
    retention=(
        Ends(
            "guests",
            "Addresses of guests of pitch nights",
            "night_guest",
            timedelta(days=DAYS_OF_OUTCOMES),
            "after the pitch night",
            "to tell them of changes",
            stays="that there was a guest, and the name",
            due=guests_to_forget,
        ),
        Stays(
            "Places at pitch nights",
            ("night_place",),
            "under a pseudonym once the investor is erased",
            "each pitch shown at a night needs its record",
        ),
    ),
    erasure={
        "night_place": by_room(
            "Their places at pitch nights",
            "each pitch shown at a night needs its record. Words of feedback go",
        ),
        "night_guest": emptied(
            "Pitch nights to which they came as a guest",
            "that there was a guest",
            name=GONE,
            role="",
            email=nowhere,
        ),
    },
)
