"""Where SMS may go: the longest prefix of a number in sms_countries.toml says which country it is. Pure."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA_FILE = Path(__file__).with_name("sms_countries.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """`code` is ISO 3166. `prefixes` are of E.164 numbers; several countries share +1 and differ behind it."""

    code: str
    name: str
    prefixes: tuple[str, ...]


@cache
def known() -> tuple[Country, ...]:
    rows = tomllib.loads(DATA_FILE.read_text(encoding="utf-8"))["country"]
    return tuple(Country(code=row["code"], name=row["name"], prefixes=tuple(row["prefixes"])) for row in rows)


def country_of(number: str) -> str:
    """The code of the country a number in international form belongs to; "" where the data know none."""
    fitting = [
        (len(prefix), country.code) for country in known() for prefix in country.prefixes if number.startswith(prefix)
    ]
    return max(fitting, default=(0, ""))[1]


def is_allowed(number: str, codes: Collection[str]) -> bool:
    return country_of(number) in codes
