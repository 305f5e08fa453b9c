"""Who may look at a page. Pure."""

from enum import StrEnum


class Audience(StrEnum):
    """One of these per page. Only a public page is a set of files; all others are rendered for whoever may look."""

    PUBLIC = "public"
    MEMBERS = "members"
    PASSWORD = "password"  # noqa: S105 - the word, not one
    EMAIL = "email"
    NETWORK = "network"

    @property
    def label(self) -> str:
        return {
            "public": "Everybody",
            "members": "Members of the organization",
            "password": "Whoever knows the password",
            "email": "Whoever has an e-mail address at one of these domains",
            "network": "Whoever comes from one of these networks",
        }[self.value]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(audience.value, audience.label) for audience in cls]
