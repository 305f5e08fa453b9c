"""`dev.py words`: collect what visitors and subscribers read, and keep every language's catalog in step with it.

Runs inside the virtual environment. Django turns templates into something Python-like, Babel finds the messages in that
and in our Python, merges them into locale/<language>/LC_MESSAGES/django.po, and writes the .mo that Django reads.
Both are kept in the repository, so that nobody needs a compiler to start the demo.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tooling import ROOT

LOCALE = ROOT / "locale"
PYTHON = ("statuspage/kit", "statuspage/pages", "incidents", "subscribers", "notifications")
TEMPLATES = ("templates/public", "templates/messages")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def main() -> int:
    """Bring every catalog up to date. Returns 1 when something is still to be translated."""
    untranslated = 0
    for po in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        catalog = merged(po)
        po.write_bytes(_written(catalog))
        po.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = missing_in(catalog)
        untranslated += len(missing)
        print(f"{po.relative_to(ROOT)}: {len(catalog)} messages, {len(missing)} to be translated")
        for words in missing:
            print(f"  {words}")
    return 1 if untranslated else 0


def merged(po: Path) -> Catalog:
    """The catalog with what is said now: new messages empty, old ones gone."""
    with po.open("rb") as opened:
        catalog = read_po(opened, locale=po.parent.parent.name)
    catalog.update(_template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def missing_in(catalog: Catalog) -> list[str]:
    """Messages without a translation, or with one that has other placeholders."""
    return [
        str(message.id)
        for message in catalog
        if message.id and (not all(_strings(message.string)) or message.fuzzy or any(message.check(catalog)))
    ]


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def _strings(string: object) -> tuple[object, ...]:
    return string if isinstance(string, tuple) else (string,)


def _template() -> Catalog:
    catalog = Catalog()
    for path, source in _sources():
        for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            name = path.relative_to(ROOT).as_posix()
            catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def _sources() -> Iterator[tuple[Path, str]]:
    for folder in PYTHON:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")
    for folder in TEMPLATES:
        for path in sorted((ROOT / folder).rglob("*.*")):
            lines = templatize(path.read_text(encoding="utf-8"), origin=path.name).splitlines()
            yield path, "\n".join(line.strip() for line in lines)  # indented, it is no Python


def _written(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, sort_output=True, include_lineno=False, width=100, omit_header=False)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
