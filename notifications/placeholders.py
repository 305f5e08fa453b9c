"""What a tenant's own words may name in {braces}, and what each becomes. Pure.

Values come from a `Reading`, which holds nothing that its ring may not read. They are in the reading's language, times
with their zone, and are never looked at again: a title with braces in it stays as it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from notifications.channels.notice import note_heading
from notifications.reading import Reading
from notifications.rings import Kind
from statuspage.kit.templatetags.ripple import at, in_words, on_day

MAINTENANCE = "maintenance"
"""One wording for all that is said of planned work; incidents have one for each kind of message."""
ENDINGS = frozenset(kind.value for kind in Kind if kind.is_ending)
KINDS = (*(kind.value for kind in Kind), MAINTENANCE)
_OF_INCIDENTS = frozenset(KINDS) - {MAINTENANCE}
_HOPEFUL = _OF_INCIDENTS - ENDINGS - {"postmortem"}
"""Those in which somebody waits for the next word."""

Text = Callable[[Reading], str]
Html = Callable[[Reading], str]
"""Safe as it is: escaped, or made by us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """`html` is how it stands in the midst of other words, `block` alone in a paragraph of a mail.

    `is_inner`: only for rings that are not open. `is_long`: may be cut short to fit into an SMS.
    """

    name: str
    becomes: str
    text: Text
    html: Html | None = None
    block: Html | None = None
    is_inner: bool = False
    is_long: bool = False
    kinds: frozenset[str] = frozenset(KINDS)

    def inline(self, reading: Reading) -> str:
        return self.html(reading) if self.html else lines(self.text(reading))

    def alone(self, reading: Reading) -> str:
        return self.block(reading) if self.block else paragraph(self.inline(reading))


def kind_of(reading: Reading) -> str:
    return MAINTENANCE if reading.planned else reading.kind.value


def lines(text: str) -> str:
    return linebreaksbr(text, autoescape=True)


def paragraph(html: str) -> str:
    return format_html("<p>{}</p>", html) if html else ""


def _state(it: Reading) -> str:
    return it.planned.occasion.label if it.planned else it.status


def _words(it: Reading) -> str:
    return it.newest.text if it.newest else ""


def _words_block(it: Reading) -> str:
    """As posted, made of safe Markdown when it was."""
    return mark_safe(it.newest.html) if it.newest else ""  # noqa: S308 - sanitised when it was posted


def _notes(it: Reading) -> str:
    return "\n".join(f"{note_heading(note.reader)} {note.text}" for note in it.notes)


def _notes_block(it: Reading) -> str:
    said = ((note_heading(note.reader), lines(note.text)) for note in it.notes)
    return format_html_join("", '<p class="note"><strong>{}</strong> {}</p>', said)


def _earlier(it: Reading) -> Iterator[str]:
    said = on_day if it.planned else at
    return (f"{said(one.at, it.zone)} {one.status}: {one.first_line}" for one in it.earlier)


def _next_update(it: Reading) -> str:
    if not it.next_update_at:
        return ""
    return _("Next update by %(moment)s.") % {"moment": at(it.next_update_at, it.zone)}


def _expected_fix(it: Reading) -> str:
    if not it.expected_fix_at:
        return ""
    return _("We expect it to be fixed by %(moment)s.") % {"moment": at(it.expected_fix_at, it.zone)}


def _bridge(it: Reading) -> str:
    return it.inner.bridge_url if it.inner and not it.is_over else ""


def _link(url: str, words: str, css: str = "") -> str:
    if not url:
        return ""
    return format_html('<a class="{}" href="{}">{}</a>' if css else '<a{} href="{}">{}</a>', css, url, words)


def _inner(name: str) -> Text:
    return lambda it: str(getattr(it.inner, name)) if it.inner else ""


PLACEHOLDERS = (
    Placeholder(name="organization", becomes="your organization's name", text=lambda it: it.organization),
    Placeholder(name="ring", becomes="the ring that reads it", text=lambda it: it.ring),
    Placeholder(
        name="title",
        becomes="what it is called; in an open ring the public title",
        text=lambda it: it.title,
        is_long=True,
    ),
    Placeholder(
        name="state", becomes="where it stands, like Investigating, or what happens to the maintenance", text=_state
    ),
    Placeholder(name="impact", becomes="how bad it is for visitors", text=lambda it: it.impact, kinds=_OF_INCIDENTS),
    Placeholder(
        name="started",
        becomes="when it began, with the zone",
        text=lambda it: at(it.started_at, it.zone),
        kinds=_OF_INCIDENTS,
    ),
    Placeholder(name="lasted", becomes="how long it took", text=lambda it: in_words(it.lasted), kinds=ENDINGS),
    Placeholder(
        name="when",
        becomes="the sentence that says when the work is planned",
        text=lambda it: it.planned.when if it.planned else "",
        block=lambda it: format_html('<p class="next">{}</p>', it.planned.when if it.planned else ""),
        kinds=frozenset({MAINTENANCE}),
    ),
    Placeholder(
        name="words",
        becomes="the newest public message; nothing when there is none",
        text=_words,
        block=_words_block,
        is_long=True,
    ),
    Placeholder(
        name="earlier",
        becomes="up to three earlier messages, a line each",
        text=lambda it: "\n".join(_earlier(it)),
        block=lambda it: format_html('<p class="muted">{}</p>', lines("\n".join(_earlier(it)))),
        is_long=True,
    ),
    Placeholder(
        name="services",
        becomes="the services and how each one is; in a mail alone on its line: a list",
        text=lambda it: ", ".join(it.services),
        block=lambda it: format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((s,) for s in it.services))),
        is_long=True,
    ),
    Placeholder(
        name="next_update",
        becomes="the sentence that says when you speak again; nothing when no time is set",
        text=_next_update,
        block=lambda it: format_html('<p class="next">{}</p>', _next_update(it)),
        kinds=_HOPEFUL,
    ),
    Placeholder(
        name="expected_fix",
        becomes="the sentence that says when it should be fixed; nothing when no time is set",
        text=_expected_fix,
        kinds=_HOPEFUL,
    ),
    Placeholder(
        name="page_link",
        becomes="the link to the page, for on-call to the incident room; in a mail alone on its line: a button",
        text=lambda it: it.url,
        html=lambda it: _link(it.url, it.url),
        block=lambda it: paragraph(_link(it.url, _("Follow it here"), "button")),
    ),
    Placeholder(name="severity", becomes="the severity's name", text=_inner("severity"), is_inner=True),
    Placeholder(
        name="severity_before",
        becomes="the severity before it changed",
        text=_inner("severity_before"),
        is_inner=True,
        kinds=frozenset({Kind.SEVERITY.value}),
    ),
    Placeholder(
        name="notes",
        becomes="the notes this ring may read",
        text=_notes,
        block=_notes_block,
        is_inner=True,
        is_long=True,
    ),
    Placeholder(name="commander", becomes="the commander's name", text=_inner("commander"), is_inner=True),
    Placeholder(name="lead", becomes="the communications lead's name", text=_inner("lead"), is_inner=True),
    Placeholder(
        name="bridge_link",
        becomes="the link to the bridge, for on-call while it is not over",
        text=_bridge,
        html=lambda it: _link(_bridge(it), _("Join the bridge")),
        is_inner=True,
    ),
)
BY_NAME = {placeholder.name: placeholder for placeholder in PLACEHOLDERS}
