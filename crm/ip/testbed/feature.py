"""What test-bed projects bring to the house."""

from __future__ import annotations

from crm.db.personal import WORK
from crm.db.processing import PUBLIC_TASK, Processing
from crm.ip.testbed.jobs import load_demo
from crm.ip.testbed.measures import FOR_REPORTS
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import seeing
from crm.ip.testbed.queries.joining import facts_of
from crm.ip.testbed.rules.labels import LESSON_WORDS, NAMING_WORDS, PART_WORDS, STAGES
from crm.ip.testbed.views import (
    showing,
    test_bed,
    test_bed_lessons,
    test_bed_parts,
    test_bed_readiness,
    test_bed_texts,
)
from crm.ip.testbed.workflow import (
    LESSONS,
    NAMINGS,
    OPEN_STAGES,
    PARTS,
    PROJECTS,
    Act,
    LessonStatus,
    NamingStatus,
    PartStatus,
    Stage,
)
from crm.kernel.roles import Role
from crm.web.feature import Area, Feature, NavigationItem, Panel, Tab, Waiting

MANAGER, FOUNDER = (Role.TEST_BED_MANAGER,), (Role.FOUNDER,)
WRITERS = (*MANAGER, Role.ADMINISTRATOR)

FEATURE = Feature(
    name="testbed",
    blueprints=tuple(
        each.blueprint
        for each in (test_bed, test_bed_parts, test_bed_texts, test_bed_lessons, test_bed_readiness)
    ),
    policy=POLICY,
    measures=FOR_REPORTS,
    actor_facts=facts_of,
    machines=(PROJECTS, PARTS, LESSONS, NAMINGS),
    navigation=(
        NavigationItem("Test-bed", "test_bed.projects", Act.LIST, Area.BUSINESSES, order=59),
        NavigationItem(
            "Businesses in projects",
            "test_bed_parts.businesses",
            Act.EXTRACT,
            Area.BUSINESSES,
            order=58,
            roles=MANAGER,
        ),
        NavigationItem(
            "Test-bed lessons", "test_bed_lessons.lessons", Act.READ_LESSONS, Area.DIRECTORY, order=60
        ),
    ),
    waits=(
        Waiting("Test-bed projects without a lead", MANAGER, Act.LEAD, showing.to_lead, OPEN_STAGES),
        Waiting("Test-bed projects to agree", MANAGER, Act.AGREE, showing.to_agree, (Stage.PROPOSED,)),
        Waiting("Test-bed projects to start", MANAGER, Act.START, showing.to_start, (Stage.AGREED,)),
        Waiting("Test-bed projects to end", MANAGER, Act.REPORT, showing.to_report, (Stage.RUNNING,)),
        Waiting("Test-bed projects to finish", MANAGER, Act.FINISH, showing.to_finish, (Stage.REPORTING,)),
        Waiting("Businesses that withdrew", MANAGER, Act.INVITE, showing.withdrawn, (PartStatus.WITHDRAWN,)),
        Waiting(
            "Lessons to publish",
            (*WRITERS, Role.APPROVER),
            Act.PUBLISH_LESSON,
            showing.to_approve,
            (LessonStatus.SUBMITTED,),
        ),
        Waiting(
            "Lessons to send for approval",
            WRITERS,
            Act.SUBMIT_LESSON,
            showing.to_write,
            (LessonStatus.DRAFT,),
        ),
        Waiting(
            "Invitations to test-bed projects",
            FOUNDER,
            Act.TAKE_PART,
            showing.invitations,
            (PartStatus.INVITED,),
        ),
        Waiting(
            "Texts that name the business", FOUNDER, Act.AGREE_NAMING, showing.namings, (NamingStatus.ASKED,)
        ),
    ),
    numbers=showing.numbers,
    related={"test_bed_project": seeing.belonging_to},
    panels=(Panel("Test-bed projects", "ip/testbed/_panel.html", 48, showing.load_panel, Tab.IP),),
    finder=showing.find,
    demo=load_demo,
    pages={
        "test_bed_project": ("test_bed.project", "project_id"),
        "test_bed_part": ("test_bed_parts.part", "part_id"),
        "test_bed_lesson": ("test_bed_texts.text", "text_id"),
        "test_bed_naming": ("test_bed_parts.naming", "naming_id"),
    },
    walls={
        "uq_test_bed_part_once": ("", "This business was invited to this project already"),
        "uq_test_bed_partner_once": ("name", "This is a partner already"),
    },
    words={
        "test_bed_project": "test-bed project",
        "test_bed_project.status": STAGES,
        "test_bed_part": "part in a test-bed project",
        "test_bed_part.status": PART_WORDS,
        "test_bed_lesson": "lesson of a test-bed project",
        "test_bed_lesson.status": LESSON_WORDS,
        "test_bed_naming": "consent to be named",
        "test_bed_naming.status": NAMING_WORDS,
    },
    fields={
        "test_bed_project.may_publish": "What may be published",
        "test_bed_project.brings": "What the partner brings",
        "test_bed_project.what": "What it was spent on",
        "test_bed_project.spent": "Spent so far",
        "test_bed_project.spent_on": "Day of the spend",
        "test_bed_project.result": "What came out",
        "test_bed_project.lessons": "What was learned",
        "test_bed_part.does": "What the business does",
        "test_bed_lesson.followed": "What it followed",
        "test_bed_lesson.kept": "How it keeps to what may be published",
        "test_bed_lesson.tried_from": "Tried out from",
        "test_bed_lesson.tried_to": "Tried out until",
    },
    processing=Processing(
        "Test-bed projects",
        "to run projects with partners, and to publish what was learned",
        "people at businesses and partners of a project",
        PUBLIC_TASK,
        "anyone, where a business agreed to the text of a lesson",
    ),
    personal={
        "test_bed_project.lead_id": WORK,
    },
)
