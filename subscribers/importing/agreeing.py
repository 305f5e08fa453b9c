"""A person says yes: these people are added, and this is how they agreed to be written to."""

from django.core.exceptions import ValidationError
from django.db import transaction

from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import User
from subscribers.importing.models import Consent, ImportFile, ImportState

WORDS = {
    Consent.ATTESTED: (
        "Everybody in this file agreed to be told about the state of these services, and I can show how and when."
    ),
    Consent.UNCONFIRMED: (
        "I do not know whether everybody in this file agreed. Each e-mail address gets one mail that asks. Only who"
        " says yes is written to again; who does not is forgotten after two days."
    ),
}


@transaction.atomic
def begin(file: ImportFile, consent: Consent, *, by: User | None) -> None:
    """Twice is once. Raises ValidationError when the file is not ready, or not there any more."""
    locked = ImportFile.objects.select_for_update().get(pk=file.pk)
    if locked.stage in {ImportState.APPLYING, ImportState.DONE}:
        return
    if locked.stage is not ImportState.READY:
        raise ValidationError("This file cannot be imported now: it is still being read, or was dropped.")
    words, now = WORDS[consent], clock.now()
    ImportFile.objects.filter(pk=file.pk).update(
        state=ImportState.APPLYING, consent=consent, consent_words=words, agreed_at=now, by=by
    )
    audit.record(
        file.organization,
        by=by,
        verb="began an import",
        target=f"import {file.public_id}",
        after={"file": file.name, "rows": locked.accepted, "consent": consent.value, "words": words},
    )
    clock.wake()
