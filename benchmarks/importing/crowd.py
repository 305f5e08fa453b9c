"""A file of people, with a known share of rubbish in it. Pure but for writing it."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

EVERY = 50
"""Of so many rows one is rubbish: two per cent."""

_RUBBISH = {
    "nobody": "Nobody,,,,,,\n",
    "email": "Bad,not an address,,,,,\n",
    "country": "Bad,,12345,,,,\n",
    "service": "Lost,lost@x.example,,No such service,,,\n",
    "zone": "Far,far@x.example,,,,,Mars/Olympus\n",
    "quotes": '"open,open@x.example,,,,,\n',
    "cells": "Many,many@x.example,,,,,,more\n",
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many rows can be imported, and how many must be rejected for what."""

    rows: int
    good: int
    rejected: Counter[str] = field(default_factory=Counter)


def write(path: Path, rows: int) -> Crowd:
    """Names, mostly e-mail, some with a phone number as well, some who chose services, across a thousand domains."""
    rejected: Counter[str] = Counter()
    kinds = [*_RUBBISH, "twice"]
    with path.open("w") as file:
        file.write("name,email,phone,services,ring,language,zone\n")
        for number in range(1, rows + 1):
            if number % EVERY:
                file.write(_person(number))
                continue
            kind = kinds[number // EVERY % len(kinds)]
            rejected[kind] += 1
            file.write(_RUBBISH.get(kind) or _person(number - 1))
    return Crowd(rows, rows - rejected.total(), rejected)


def _person(number: int) -> str:
    phone = f"+4915{number:09}" if number % 100 == 7 else ""
    services = "Service number 1; Service number 2" if number % 10 == 3 else ""
    return f"Person {number},p{number}@many{number % 1000}.example,{phone},{services},,en,Europe/Berlin\n"
