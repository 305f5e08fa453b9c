"""What can be wrong with a row, and what to do about it. Pure."""

from enum import StrEnum


class Problem(StrEnum):
    UNREADABLE = "unreadable"
    QUOTES = "quotes"
    CELLS = "cells"
    LONG = "long"
    NOBODY = "nobody"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    ENDPOINT = "endpoint"
    CHANNEL = "channel"
    STATE = "state"
    SERVICE = "service"
    RING = "ring"
    ZONE = "zone"
    TWICE = "twice"
    SUPPRESSED = "suppressed"
    TWO_PEOPLE = "two_people"

    @property
    def what(self) -> str:
        """What is wrong."""
        return _WORDS[self][0]

    @property
    def remedy(self) -> str:
        """What the person with the file does about it."""
        return _WORDS[self][1]


_WORDS = {
    Problem.UNREADABLE: ("Holds bytes that are no text", "Save the file as UTF-8 and look at this row in an editor."),
    Problem.QUOTES: (
        "A quotation mark is opened and not closed",
        'Close it, or write it twice inside a quoted cell: "5"" pipe".',
    ),
    Problem.CELLS: (
        "Has more cells than there are columns",
        "Put cells that hold the separator between quotation marks.",
    ),
    Problem.LONG: ("A cell is far too long", "Addresses have at most 320 characters, other cells 1,000."),
    Problem.NOBODY: ("Has no address", "Fill in an e-mail address or a phone number."),
    Problem.EMAIL: ("Is no e-mail address", "Write it like ann@example.org."),
    Problem.PHONE: ("Is no phone number", "Write + and the country code, like +49 151 23456789."),
    Problem.COUNTRY: (
        "Is a phone number without a country",
        "Begin it with + and the country code, or give the country's two letters.",
    ),
    Problem.ENDPOINT: ("Is no address of an endpoint", "Write it like https://example.org/hook, without a password."),
    Problem.CHANNEL: (
        "Is reached in a way that cannot be imported",
        "Ask them to subscribe on the page again. Imported are e-mail addresses, phone numbers and webhooks.",
    ),
    Problem.STATE: (
        "Was not being written to before",
        "Ask them to subscribe on the page. Somebody who never confirmed, or has left, has not agreed.",
    ),
    Problem.SERVICE: ("Names a service that is not on the page", "Correct its name, or add the service first."),
    Problem.RING: ("Names a ring that does not exist", "Correct its name, or leave the cell empty."),
    Problem.ZONE: ("Is no time zone", "Write it like Europe/Berlin, or leave the cell empty."),
    Problem.TWICE: ("Stands in the file already", "Nothing. The first row with this address counts."),
    Problem.SUPPRESSED: (
        "Must not be written to",
        "Nothing. They left, complained, or cannot be reached; an import does not undo that.",
    ),
    Problem.TWO_PEOPLE: (
        "Has addresses of two different people",
        "Remove one of the addresses, or join the two people first.",
    ),
}
