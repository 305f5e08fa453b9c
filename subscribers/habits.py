"""How somebody wants to be told, as a plain value: their words, their zone, their hours, and what reaches them best."""

from dataclasses import asdict, dataclass
from datetime import time

from statuspage.pages.languages import ENGLISH
from statuspage.pages.models import Page
from subscribers.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """`quiet_from` and `quiet_until` are both there or neither; from 22:00 until 7:00 is a night."""

    language: str = ENGLISH
    zone: str = ""
    preferred_channel: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None

    @classmethod
    def of(cls, person: Person) -> "Habits":
        return cls(
            language=person.language,
            zone=person.zone,
            preferred_channel=person.preferred_channel,
            quiet_from=person.quiet_from,
            quiet_until=person.quiet_until,
        )


def usual() -> Habits:
    """Of somebody of whom nothing is said: they read what the organization's first page speaks first."""
    languages = Page.objects.values_list("languages", flat=True).first()
    return Habits(language=languages[0] if languages else ENGLISH)


def adopt(person: Person, habits: Habits) -> None:
    """From the next message on they are told so."""
    Person.objects.filter(pk=person.pk).update(**asdict(habits))
    for name, value in asdict(habits).items():
        setattr(person, name, value)
