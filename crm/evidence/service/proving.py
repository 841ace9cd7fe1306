"""Files that show how an output is known: attached, and taken away as long as nothing is counted on them."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import created
from crm.documents import service as documents
from crm.documents.models import Document
from crm.documents.service import Subject, Upload
from crm.evidence.models import Output
from crm.evidence.policy import POLICY
from crm.evidence.workflow import Act, OutputStatus
from crm.gateways.files import Files
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor

KIND = "output"


def attach(output: Output, upload: Upload, *, files: Files, by: Actor) -> Document:
    """Attach a file to an output, as proof. Raises `BadInput` for what is not taken."""
    POLICY.require(by, Act.ATTACH_PROOF, output)
    if output.status is OutputStatus.WITHDRAWN:
        raise Conflict("This was taken out.")
    made = documents.keep(upload, Subject(KIND, output.id), files=files, by=by)
    audit.record(Act.ATTACH_PROOF, output, created(file=made.name, sha256=made.sha256), by=by)
    return made


def remove(output: Output, document: Document, *, by: Actor) -> None:
    """Take a file away. What is counted is counted on its proof, so there it stays."""
    POLICY.require(by, Act.REMOVE_PROOF, output)
    if output.status is not OutputStatus.KEPT:
        raise Conflict("This is counted on its proof, or was taken out: its files stay.")
    documents.remove(document)
    audit.record(Act.REMOVE_PROOF, output, {"file": (document.name, None)}, by=by)
