"""What a business wanted when a rule shut it out, in words: for a contract abroad, or a need of the directory."""

from __future__ import annotations

from crm.directory.rules.labels import NEEDS
from crm.exporting.cover.rules.products import WISHES

WANTED = {**WISHES, **NEEDS}
