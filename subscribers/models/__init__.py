"""Who listens, what they asked to hear, whom we must not write to, and who is being taken in."""

from subscribers.importing.models import ImportFile, ImportLine, ImportPiece, Question
from subscribers.models.people import (
    LONGEST_ADDRESS,
    LONGEST_SAID,
    Address,
    Endpoint,
    FromImpact,
    MutedIncident,
    Person,
    SubscribedService,
    Subscription,
    Suppression,
)
from subscribers.models.sign_ups import HeardSms, SignUp, SmsDay, Wish

__all__ = [
    "LONGEST_ADDRESS",
    "LONGEST_SAID",
    "Address",
    "Endpoint",
    "FromImpact",
    "HeardSms",
    "ImportFile",
    "ImportLine",
    "ImportPiece",
    "MutedIncident",
    "Person",
    "Question",
    "SignUp",
    "SmsDay",
    "SubscribedService",
    "Subscription",
    "Suppression",
    "Wish",
]
