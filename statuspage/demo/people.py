"""Who is in the demo: members who log in, and 200 people who are told. The same ones every time."""

from collections.abc import Iterator
from dataclasses import dataclass

from statuspage.organizations.models import Role

PASSWORD = "five-rings-hear"  # noqa: S105 - printed at every start, for a demo on one's own machine

ACME_MEMBERS = {
    "olga": ("Olga Lindqvist", Role.OWNER),
    "amir": ("Amir Haddad", Role.ADMIN),
    "ada": ("Ada Okafor", Role.COMMANDER),
    "otto": ("Otto Brandt", Role.RESPONDER),
    "rosa": ("Rosa Delgado", Role.RESPONDER),
    "vera": ("Vera Novak", Role.VIEWER),
}
GLOBEX_MEMBERS = {
    "gustav": ("Gustav Weiss", Role.OWNER),
    "gina": ("Gina Moretti", Role.COMMANDER),
}

ACME_RINGS = {"on_call": 8, "support": 20, "execs": 8, "employees": 60, "customers": 104}
GLOBEX_RINGS = {"on_call": 1, "support": 1, "execs": 1, "employees": 2, "customers": 6}

# Every so many have a phone that gets SMS, too.
_PHONE_OF_EVERY = {"on_call": 1, "support": 4, "execs": 2, "customers": 6}

_FIRST = (
    "Amina Anton Astrid Bilal Bruno Carmen Chen Clara Dario Deniz Edith Elias Emeka Farah Felix Greta Hana Hugo Ingrid "
    "Isaac Jamila Jonas Kaito Katya Lena Leon Lucia Malik Marta Milan Nadia Noah Olive Pavel Priya Rafael Sanne Tariq "
    "Uma Yusuf"
)
_LAST = (
    "Abbott Adeyemi Bauer Bergman Bianchi Castillo Chaudhry Conti Dahl Dubois Eriksen Farkas Fischer Garcia Gruber "
    "Hansen Hoffmann Ibrahim Ivanova Jensen Kato Keller Kowalski Laurent Lehmann Lopez Maier Mensah Mitchell Moreau "
    "Nakamura Nguyen Nowak Nyberg Oliveira Osei Park Patel Quinn Rossi Sato Schmidt Silva Sorensen Tanaka Thomsen "
    "Vargas Vogel Walsh Zhang"
)
_CUSTOMERS_OF_ACME = (
    "harbour-books.example north-bikes.example tulip-travel.example vogel-and-sons.example lumen-music.example "
    "green-grocer.example paper-planes.example old-mill.example example.com example.org"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody in a ring; `phone` is empty for most."""

    name: str
    ring: str
    email: str
    phone: str


def people_of_acme() -> list[Told]:
    return list(_people(ACME_RINGS, domain="acme.example", customers=_CUSTOMERS_OF_ACME.split(), first=0))


def people_of_globex() -> list[Told]:
    return list(
        _people(GLOBEX_RINGS, domain="globex.example", customers=["example.net"], first=sum(ACME_RINGS.values()))
    )


def _people(rings: dict[str, int], *, domain: str, customers: list[str], first: int) -> Iterator[Told]:
    index = first
    for ring, size in rings.items():
        for place in range(size):
            name = _name(index)
            at = customers[place % len(customers)] if ring == "customers" else domain
            every = _PHONE_OF_EVERY.get(ring)
            yield Told(
                name=name,
                ring=ring,
                email=f"{name.lower().replace(' ', '.')}@{at}",
                phone=_phone(index) if every and place % every == 0 else "",
            )
            index += 1


def _name(index: int) -> str:
    """Different for each of the first two hundred and more: 7 and 31 have no divisor in common with 50."""
    first, last = _FIRST.split(), _LAST.split()
    return f"{first[index % len(first)]} {last[(index * 7 + index // len(first)) % len(last)]}"


def _phone(index: int) -> str:
    """From ranges kept for films and examples, and with ends at which the SMS sink does not misbehave."""
    return f"+4917139200{20 + index // 3}" if index % 3 == 0 else f"+15555552{200 + index:03}"
