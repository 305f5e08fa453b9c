"""What an owner may choose for a page, and what is refused however it is brought."""

from typing import Any

import pytest

from statuspage.organizations.models import AuditEntry
from statuspage.pages import styling
from statuspage.pages.look import look_of
from statuspage.pages.look_forms import MOST_LINKS, LookForm, TextsForm
from statuspage.pages.models import Page
from tests.makers import Cast

TURNED = "Acme \u202esutats"
"""A right-to-left override: what stands behind it is read backwards."""


def texts(page: Page, *links: tuple[str, str], **given: Any) -> TextsForm:
    """As a browser sends it when nothing else was touched."""
    data = {"name": page.name, "zone": page.zone, "language_1": "en", "is_found_by_search": "on"}
    data |= {"links-TOTAL_FORMS": str(len(links)), "links-INITIAL_FORMS": "0"}
    for place, (label, url) in enumerate(links):
        data |= {f"links-{place}-label": label, f"links-{place}-url": url}
    return TextsForm(data | given, page=page)


def refusal(form: TextsForm, field: str) -> str:
    assert not form.is_valid()
    return " ".join(str(error) for error in form.errors.get(field, []))


def test_a_change_is_kept_published_and_written_down(acme: Cast) -> None:
    revision = acme.page.revision
    assert styling.restyle(acme.page, LookForm({"accent": "#FD0"}, page=acme.page).changes(), by=acme.owner)
    row = Page.objects.get(pk=acme.page.pk)
    assert (row.accent, row.accent_dark, row.revision) == ("#ffdd00", "", revision + 1)
    entry = AuditEntry.objects.filter(verb="changed", target=f"page {row.public_id}").get()
    assert (entry.by, entry.before, entry.after) == (acme.owner, {"accent": ""}, {"accent": "#ffdd00"})


def test_what_changes_nothing_leaves_no_trace(acme: Cast) -> None:
    before = (Page.objects.get(pk=acme.page.pk).revision, AuditEntry.objects.count())
    assert not styling.restyle(acme.page, texts(acme.page).changes(), by=acme.owner)
    assert (Page.objects.get(pk=acme.page.pk).revision, AuditEntry.objects.count()) == before


def test_a_draft_is_not_the_page(acme: Cast) -> None:
    draft = styling.with_changes(acme.page, {"name": "Another", "accent": "#ff0000"})
    assert (draft.name, acme.page.name) == ("Another", "Acme status")
    assert look_of(draft).theme
    assert look_of(acme.page).theme is None


@pytest.mark.parametrize("typed", ["red", "#12", "#fff;}", "</style>", "url(//evil.test)", "var(--x)", "#1f4fd8 \\"])
def test_only_colours_are_colours(acme: Cast, typed: str) -> None:
    form = LookForm({"accent": typed, "accent_dark": "#8fb3ff"}, page=acme.page)
    assert form.errors.keys() == {"accent"}
    assert form.changes() == {"accent_dark": "#8fb3ff"}, "a preview shows what is right"


def test_what_stands_beside_a_colour_is_made_of_both_fields(acme: Cast) -> None:
    light, dark = LookForm({"accent": "#ffd200", "accent_dark": ""}, page=acme.page).shades()
    assert (light.mended.colour, light.on_accent, light.mended.is_changed) == ("#836b00", "#ffffff", True)
    assert (dark.mended.colour, dark.on_accent, dark.mended.is_changed) == ("#ffd200", "#000000", False)
    light, dark = LookForm(page=acme.page).shades()
    assert (light.mended.colour, dark.mended.colour) == ("#1f4fd8", "#8fb3ff")


def test_every_text_of_a_page_can_be_chosen(acme: Cast) -> None:
    form = texts(
        acme.page,
        ("Imprint", "https://acme.test/imprint"),
        ("", ""),
        ("Datenschutz", "https://acme.test/privacy"),
        name="Acme heute",
        zone="Europe/Berlin",
        intro="We are **here**.",
        support_url="https://acme.test/help",
        language_1="de",
        language_2="en",
        security_contact="security@acme.test",
        is_found_by_search="",
        incident_raises_indicator="on",
    )
    assert form.is_valid(), form.errors
    assert form.changes() == {
        "name": "Acme heute",
        "zone": "Europe/Berlin",
        "intro": "We are **here**.",
        "support_url": "https://acme.test/help",
        "languages": ["de", "en"],
        "links": [
            {"label": "Imprint", "url": "https://acme.test/imprint"},
            {"label": "Datenschutz", "url": "https://acme.test/privacy"},
        ],
        "security_contact": "mailto:security@acme.test",
        "is_found_by_search": False,
        "incident_raises_indicator": True,
    }
    styling.restyle(acme.page, form.changes(), by=acme.owner)
    again = TextsForm(page=Page.objects.get(pk=acme.page.pk))
    assert [form.initial for form in again.links.initial_forms] == Page.objects.get(pk=acme.page.pk).links
    assert (again["language_1"].value(), again["language_2"].value()) == ("de", "en")


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("berlin", "Did you mean Europe/Berlin?"),
        ("new york", "Did you mean America/New_York?"),
        ("../../etc/passwd", "Choose one from the list, for example Europe/Berlin."),
        ("Mars", "Choose one from the list, for example Europe/Berlin."),
    ],
)
def test_an_unknown_zone_is_refused_with_the_likely_one(acme: Cast, typed: str, advice: str) -> None:
    assert refusal(texts(acme.page, zone=typed), "zone") == f"There is no time zone called “{typed}”. {advice}"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "https:javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http://acme.test/",
        "//acme.test/",
        "/imprint",
        "acme.test",
        "https://acme.test/\r\nSet-Cookie: a=b",
        "https://" + "a" * 500 + ".test/",
    ],
)
def test_links_lead_to_whole_https_addresses_only(acme: Cast, url: str) -> None:
    form = texts(acme.page, ("Imprint", url), ("Privacy", "https://acme.test/"), support_url=url[:200])
    assert not form.is_valid()
    assert "url" in form.links.errors[0]
    assert "support_url" in form.errors
    assert form.changes()["links"] == [{"label": "Privacy", "url": "https://acme.test/"}]


def test_there_are_no_more_links_than_a_footer_holds(acme: Cast) -> None:
    most = [(f"Link {n}", f"https://acme.test/{n}") for n in range(MOST_LINKS + 1)]
    assert texts(acme.page, *most[:-1]).is_valid()
    assert texts(acme.page, *most).changes()["links"] == texts(acme.page, *most[:-1]).changes()["links"]


@pytest.mark.parametrize(("link", "lacks"), [(("Imprint", ""), "url"), (("", "https://acme.test/"), "label")])
def test_a_link_has_words_and_an_address(acme: Cast, link: tuple[str, str], lacks: str) -> None:
    form = texts(acme.page, link)
    assert not form.is_valid()
    assert set(form.links.errors[0]) == {lacks}


@pytest.mark.parametrize("name", [TURNED, "Acme\r\nBcc: all@acme.test", "Acme\u2028status", "\u200b", "a\u2066b"])
def test_what_becomes_a_title_or_a_header_has_one_line_that_reads_one_way(acme: Cast, name: str) -> None:
    form = texts(acme.page, (name, "https://acme.test/"), name=name)
    assert not form.is_valid()
    assert "name" in form.errors
    assert "label" in form.links.errors[0]


@pytest.mark.parametrize("name", ["Ünïcödé GmbH", "حالة أكمي", "ステータス", "Acme & Söhne <status>", "👩‍💻 Status"])
def test_names_of_any_language_are_fine(acme: Cast, name: str) -> None:
    assert texts(acme.page, name=name).is_valid()


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [("en", "", ["en"]), ("de", "", ["de"]), ("de", "en", ["de", "en"]), ("en", "de", ["en", "de"])],
)
def test_languages_have_an_order(acme: Cast, first: str, second: str, chosen: list[str]) -> None:
    assert texts(acme.page, language_1=first, language_2=second).changes()["languages"] == chosen


@pytest.mark.parametrize(("first", "second", "at_fault"), [("en", "en", "language_2"), ("", "de", "language_1")])
def test_a_language_stands_once_and_there_is_always_one(acme: Cast, first: str, second: str, at_fault: str) -> None:
    form = texts(acme.page, language_1=first, language_2=second)
    assert form.errors.keys() == {at_fault}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("security@acme.test", "mailto:security@acme.test"),
        ("mailto:security@acme.test", "mailto:security@acme.test"),
        ("https://acme.test/security", "https://acme.test/security"),
        ("", ""),
    ],
)
def test_a_security_contact_is_an_address_of_either_kind(acme: Cast, typed: str, kept: str) -> None:
    assert texts(acme.page, security_contact=typed).changes()["security_contact"] == kept


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "nobody", "a@b.test\nContact: evil@x.test", "https://", "tel:1"]
)
def test_anything_else_is_no_security_contact(acme: Cast, typed: str) -> None:
    assert refusal(texts(acme.page, security_contact=typed), "security_contact")


def test_the_introduction_is_markdown_and_nothing_else(acme: Cast) -> None:
    hostile = "<script>alert(1)</script></style>\n\n[x](javascript:alert(1)) ![p](https://evil.test/p.png) **bold**"
    intro = look_of(styling.with_changes(acme.page, {"intro": hostile})).intro
    assert "<strong>bold</strong>" in intro
    assert not any(word in intro.lower() for word in ("<script", "</style", "<img", 'href="javascript'))
    assert refusal(texts(acme.page, intro="a" * 2001), "intro")
