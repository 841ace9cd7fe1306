"""The demonstration's register of rights."""

from __future__ import annotations

from sqlalchemy import func, select

from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.kernel.permissions import SYSTEM
from crm.rights import service
from crm.rights.models import Right
from crm.rights.service import RightDetails
from crm.rights.workflow import RightKind as K
from crm.rights.workflow import RightStatus as S

INVENTED = (
    (K.COPYRIGHT, "Invented: the series Otter and Lantern, six scripts and designs", S.UNREGISTERED, ""),
    (K.TRADE_MARK, "Invented: OTTERLANTERN, word mark", S.REGISTERED, "UK00000000001"),
    (K.DESIGN, "Invented: plush lantern otter", S.APPLIED_FOR, ""),
)


def load_demo() -> dict[str, int]:
    """What the business of the demonstration's founder owns."""
    found = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    owner = business(found.id) if found else None
    if owner is None or session().scalar(select(func.count()).select_from(Right)):
        return {"demo rights": 0}
    for kind, title, status, number in INVENTED:
        details = RightDetails(kind, title, owner.name, "United Kingdom", status, number)
        service.add(owner, details, by=SYSTEM)
    return {"demo rights": len(INVENTED)}
