"""What feeds bring to the house."""

from __future__ import annotations

from crm.feeds.jobs.demonstration import load_demo
from crm.feeds.jobs.working import work_on_feeds
from crm.feeds.policy import BRINGERS, POLICY
from crm.feeds.rules.labels import IMPORT_STATUSES, VERDICTS
from crm.feeds.views import feeds
from crm.feeds.workflow import IMPORTS, Act, ImportStatus
from crm.web.feature import Area, Feature, Job, NavigationItem, Waiting

FEATURE = Feature(
    name="feeds",
    blueprints=(feeds.blueprint,),
    policy=POLICY,
    machines=(IMPORTS,),
    navigation=(NavigationItem("Feeds", "feeds.feeds", Act.LIST, Area.DIRECTORY, order=22),),
    waits=(
        Waiting(
            "Feeds of other councils to look through",
            BRINGERS,
            Act.TAKE_IN,
            feeds.todos,
            (ImportStatus.READY, ImportStatus.FAILED),
        ),
    ),
    jobs=(Job("bring in the feeds of other councils", work_on_feeds),),
    demo=load_demo,
    words={
        "feed_import": "feed of another council",
        "feed_import.status": IMPORT_STATUSES,
        "incoming_service": "service of a feed",
        "incoming_service.verdict": VERDICTS,
    },
    pages={"feed_import": ("feeds.feed_import", "import_id")},
)
