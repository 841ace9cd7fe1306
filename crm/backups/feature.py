"""What backups bring to the house: two commands."""

from __future__ import annotations

from crm.backups.jobs import backup, restore
from crm.web.feature import Feature

FEATURE = Feature(name="backups", commands=(backup, restore))
