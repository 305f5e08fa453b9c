"""The story of handing over: who commands, and who speaks to the outside."""

from django.db import transaction

from incidents.models import Incident
from statuspage.organizations import audit
from statuspage.organizations.models import User


@transaction.atomic
def hand_over(incident: Incident, *, commander: User, lead: User, by: User) -> None:
    """Both must be members who may post; the caller has checked. Nobody is told: the next message names them."""
    incident = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    before = _names(incident)
    incident.commander, incident.lead = commander, lead
    incident.save(update_fields=["commander", "lead"])
    if _names(incident) != before:
        audit.record(
            incident.organization,
            by=by,
            verb="handed over",
            target=str(incident),
            before=before,
            after=_names(incident),
        )


def _names(incident: Incident) -> dict[str, str]:
    return {"commander": str(incident.commander or ""), "lead": str(incident.lead or "")}
