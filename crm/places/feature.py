"""What places bring to the house: a command."""

from __future__ import annotations

from crm.places.jobs import places
from crm.web.feature import Feature

FEATURE = Feature(name="places", commands=(places,))
