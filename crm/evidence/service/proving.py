"""Files that show how an output is known: added, and removed as long as nothing is counted on them."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import created
from crm.db.states import refuse_if
from crm.documents import service as documents
from crm.documents.models import Document
from crm.documents.service import Stored, Subject
from crm.evidence.models import Output
from crm.evidence.policy import POLICY
from crm.evidence.workflow import Act, why_not_attach, why_not_remove_files
from crm.kernel.permissions import Actor

KIND = "output"


def attach(output: Output, paper: Stored, *, by: Actor) -> Document:
    """Add a file to an outcome, as proof."""
    POLICY.require(by, Act.ATTACH_PROOF, output)
    refuse_if(why_not_attach(output))
    made = documents.keep(paper, Subject(KIND, output.id), by=by)
    audit.record(Act.ATTACH_PROOF, output, created(file=made.name, sha256=made.sha256), by=by)
    return made


def remove(output: Output, document: Document, *, by: Actor) -> None:
    """Remove a file. What is counted is counted on its proof, so there it stays."""
    POLICY.require(by, Act.REMOVE_PROOF, output)
    refuse_if(why_not_remove_files(output))
    documents.remove(document)
    audit.record(Act.REMOVE_PROOF, output, {"file": (document.name, None)}, by=by)
