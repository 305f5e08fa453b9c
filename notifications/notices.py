"""A reading becomes a notice for a room of many: what the message says in a line, its words, and its facts in order.

In the active language, as are the platforms' bodies that are made of it.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from notifications.channels.notice import Notice, Tone
from notifications.reading import Inner, Reading
from statuspage.kit.templatetags.ripple import at, in_words, on_day


def notice_of(reading: Reading, *, heading: str) -> Notice:
    """`heading` is what a mail's subject would be."""
    inner = reading.inner
    return Notice(
        organization=reading.organization,
        heading=heading,
        tone=_tone(reading),
        text=reading.newest.text if reading.newest else "",
        notes=tuple((note.reader, note.text) for note in reading.notes),
        facts=tuple((name, value) for name, value in _facts(reading) if value),
        url=reading.url,
        bridge_url=inner.bridge_url if inner and not reading.is_over else "",
        footer=_footer(reading),
        thread=reading.thread,
        at=reading.newest.at if reading.newest else reading.ended_at or reading.started_at,
    )


def _tone(reading: Reading) -> Tone:
    if reading.is_over:
        return Tone.OVER
    return Tone.PLANNED if reading.planned else Tone.TROUBLE


def _facts(reading: Reading) -> Iterator[tuple[str, str]]:
    if reading.planned:
        yield _("When"), reading.planned.when
    else:
        yield _("Since"), at(reading.started_at, reading.zone)
        yield _("Lasted"), in_words(reading.lasted) if reading.is_over else ""
    yield _("Services"), "\n".join(reading.services)
    yield _("Fix expected by"), at(reading.expected_fix_at, reading.zone)
    yield _("Next update by"), at(reading.next_update_at, reading.zone)
    if reading.inner:
        yield from _inner_facts(reading.inner)
    said = at if reading.planned is None else on_day
    yield (
        _("Earlier"),
        "\n".join(f"{said(one.at, reading.zone)} {one.status}: {one.first_line}" for one in reading.earlier),
    )


def _inner_facts(inner: Inner) -> Iterator[tuple[str, str]]:
    yield _("Severity"), inner.severity
    yield _("Commander"), inner.commander
    yield _("Communications"), inner.lead if inner.lead != inner.commander else ""


def _footer(reading: Reading) -> str:
    if reading.inner is None:
        return _("From %(organization)s's status page") % {"organization": reading.organization}
    words = _("For %(organization)s's %(ring)s ring. It may hold words that are not public: do not pass it on.")
    return words % {"organization": reading.organization, "ring": reading.ring}
