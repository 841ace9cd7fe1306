"""A counter for one key in one window of time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base
from crm.db.types import UtcDateTime


class ThrottleCount(Base):
    """Tries under one key since the start of a window. The key is a keyed digest: it tells nobody's address."""

    __tablename__ = "throttle_count"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True, index=True)
    tries: Mapped[int] = mapped_column(default=0)
