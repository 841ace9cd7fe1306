"""What documents bring to the house: sweeping up."""

from __future__ import annotations

from crm.documents.jobs import files_commands, sweep_store
from crm.web.feature import DAILY, Feature, Timed

FEATURE = Feature(
    name="documents",
    timed=(Timed("sweep away files that are no longer wanted", DAILY, sweep_store),),
    commands=(files_commands,),
)
