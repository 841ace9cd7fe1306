"""What documents bring to the house: sweeping up."""

from __future__ import annotations

from crm.db.processing import PUBLIC_TASK, Processing
from crm.documents.jobs import files_commands, sweep_store
from crm.web.feature import DAILY, Feature, Timed

FEATURE = Feature(
    name="documents",
    timed=(Timed("sweep away files that are no longer wanted", DAILY, sweep_store),),
    commands=(files_commands,),
    processing=Processing(
        "Files",
        "to keep the files that belong to a record, such as evidence and signed papers",
        "people at businesses, and people whom a file names",
        PUBLIC_TASK,
        readers="whoever may read the record that a file belongs to",
        tables=("document",),
    ),
)
