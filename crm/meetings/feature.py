"""What meetings bring to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.casework.rules import CHANNELS
from crm.db.ending import GONE, Emptied, Ends, nowhere
from crm.db.erasing import emptied, while_in
from crm.db.personal import WORK, Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.measures import counted, in_hours
from crm.meetings.jobs import load_demo
from crm.meetings.measures import FOR_REPORTS
from crm.meetings.policy import POLICY
from crm.meetings.rules import APPOINTMENT_STATUSES, PLACE_STATUSES, WORKSHOP_STATUSES
from crm.meetings.service.arranging import hand
from crm.meetings.service.holding import hand as hand_workshop
from crm.meetings.views import appointments, panels, workshop_places, workshops
from crm.meetings.workflow import APPOINTMENTS, PLACES, WORKSHOPS, Act, AppointmentStatus, WorkshopStatus
from crm.web.feature import Area, Caseload, Feature, Home, NavigationItem, Panel, Tab, Waiting

FEATURE = Feature(
    name="meetings",
    blueprints=(appointments.blueprint, workshops.blueprint, workshop_places.blueprint),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(APPOINTMENTS, WORKSHOPS, PLACES),
    navigation=(
        NavigationItem("Workshops", "workshops.workshops", Act.LIST_WORKSHOPS, Area.CALENDAR, order=22),
    ),
    waits=(
        Waiting(
            "Appointments that are over",
            HUB_ROLES,
            Act.HOLD_APPOINTMENT,
            panels.appointments_to_record,
            (AppointmentStatus.PLANNED,),
        ),
        Waiting(
            "Workshops that are over",
            HUB_ROLES,
            Act.HOLD_WORKSHOP,
            panels.workshops_to_close,
            (WorkshopStatus.OPEN,),
        ),
        Waiting(
            "Free places whose next in line has not answered",
            HUB_ROLES,
            Act.MATCH,
            panels.places_to_ask_about,
        ),
    ),
    homes=(Home("Appointments", "meetings/_home.html", 12, panels.load_home),),
    panels=(Panel("Appointments", "meetings/_panel.html", 11, panels.load_appointments, Tab.OVERVIEW),),
    caseloads=(
        Caseload(
            "meetings",
            "Appointments",
            panels.in_hand,
            hand,
            notice="The people they meet are emailed who will see them instead.",
        ),
        Caseload("workshop", "Workshops", panels.workshops_in_hand, hand_workshop),
    ),
    timeline=panels.timeline,
    links=panels.links,
    demo=load_demo,
    words={
        "workshop.quarters": in_hours,
        "workshop.seats": counted("place"),
        "workshop_place": "place at a workshop",
        "workshop.lead_id": "led by",
        "appointment.status": APPOINTMENT_STATUSES,
        "appointment.channel": CHANNELS,
        "workshop.status": WORKSHOP_STATUSES,
        "workshop.channel": CHANNELS,
        "workshop_place.status": PLACE_STATUSES,
    },
    pages={
        "appointment": ("appointments.appointment", "appointment_id"),
        "workshop": ("workshops.workshop", "workshop_id"),
    },
    processing=Processing(
        "Appointments and workshops",
        "to hold meetings, and to count who came",
        "people at businesses, and people who book a workshop",
        PUBLIC_TASK,
        "the people who lead a workshop",
    ),
    personal={
        "appointment.person_id": Personal(
            "Your appointments", "subject starts_at ends_at channel place status arranged_at"
        ),
        "appointment.adviser_id": WORK,
        "workshop.lead_id": WORK,
        "workshop_place.email": Personal(
            "Your places at workshops", "business_name person_name email signed_up_at agreed_to status"
        ),
    },
    retention=(
        Ends(
            "workshop places",
            "People who booked a workshop",
            "workshop_place",
            "retention.workshop_months",
            "after the workshop",
            "to show who was helped with public money",
            stays="the place, whether it was used, and the business",
            at="workshop_id>workshop.ends_at",
            then=Emptied({"person_name": GONE, "email": nowhere}),
        ),
        Ends(
            "appointments",
            "Texts of appointments",
            "appointment",
            "retention.notes_months",
            "after the appointment",
            "they belong to the case notes",
            stays="its day and adviser, and whether it was held",
            at="ends_at",
            then=Emptied({"subject": GONE, "place": ""}),
        ),
    ),
    erasure={
        "appointment": emptied(
            "Their appointments", "its day and adviser, and whether it was held", subject=GONE, place=""
        ),
        "workshop_place": emptied(
            "Their places at workshops",
            "the place, and whether it was used, to show who was helped",
            person_name=GONE,
            email=nowhere,
        ),
    },
    hinders=(
        while_in(
            "workshop",
            states=("draft", "open"),
            words="They lead a workshop that is still to come. Hand it over first.",
        ),
        while_in(
            "appointment",
            states=("planned",),
            words="An appointment with them is planned. Hold or cancel it first.",
        ),
        while_in(
            "workshop_place",
            states=("waiting", "taken"),
            words="They have a place at a workshop. Cancel their place first, or wait until it is over.",
            page=("workshop", "workshop_id"),
        ),
    ),
)
