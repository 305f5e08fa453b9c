"""What an owner chose reaches visitors, and nothing that was not checked."""

import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from statuspage.pages import card, pictures, styling
from statuspage.pages.card import Card
from statuspage.pages.models import Page, PageImage
from statuspage.pages.status import ServiceStatus
from tests.console.browsing import enter, frames_in, text_of
from tests.makers import Cast, open_incident, outage, picture, post, resolve
from tests.publishing.conftest import Published

ICON = re.compile(r'<link rel="icon" href="/(assets/icon\.[0-9a-f]{12}\.png)">')
PICTURES = {"favicon.ico", "apple-touch-icon.png"}
THEME = re.compile(r'<link rel="stylesheet" href="/(assets/theme\.[0-9a-f]{12}\.css)">')


def choose(page: Page, **fields: object) -> None:
    Page.objects.filter(pk=page.pk).update(**fields)
    Page.objects.filter(pk=page.pk).touch()


def test_a_page_whose_owner_chose_nothing_has_no_style_sheet_of_its_own(acme: Cast, published: Published) -> None:
    published.publish(acme.page)
    assert "assets/theme" not in published.text(acme.page)
    assert not any("theme" in name for name in published.names(acme.page))


def test_a_chosen_colour_is_published_readable_in_both_schemes(acme: Cast, published: Published) -> None:
    choose(acme.page, accent="#ffd200")
    published.publish(acme.page)
    sheets = {name: THEME.findall(published.text(acme.page, name)) for name in ("index.html", "404.html")}
    assert sheets["index.html"] == sheets["404.html"] != []
    assert published.text(acme.page, *sheets["index.html"]) == (
        ":root { --mark: var(--accent); --on-mark: var(--on-accent); }\n"
        ":root { --accent: #836b00; --on-accent: #ffffff; }\n"
        "@media (prefers-color-scheme: dark) { :root { --accent: #ffd200; --on-accent: #000000; } }\n"
    )


def test_a_colour_for_the_dark_is_the_owners_own(acme: Cast, published: Published) -> None:
    choose(acme.page, accent="#8a1538", accent_dark="#001030")
    published.publish(acme.page)
    (sheet,) = THEME.findall(published.text(acme.page))
    assert "--accent: #8a1538; --on-accent: #ffffff" in published.text(acme.page, sheet)
    assert "#001030" not in published.text(acme.page, sheet), "mended"
    choose(acme.page, accent="", accent_dark="#8fb3ff")
    published.publish(acme.page)
    (sheet,) = THEME.findall(published.text(acme.page))
    assert published.text(acme.page, sheet).count("--accent:") == 1


def test_a_new_colour_is_on_every_page_and_the_old_sheet_stays_for_who_is_still_reading(
    acme: Cast, published: Published
) -> None:
    choose(acme.page, accent="#8a1538")
    published.publish(acme.page)
    (old,) = THEME.findall(published.text(acme.page, "404.html"))
    choose(acme.page, accent="#00695c")
    published.publish(acme.page)
    (new,) = THEME.findall(published.text(acme.page, "404.html"))
    assert new != old
    assert {new, old} <= published.names(acme.page)


def test_an_owners_words_are_on_the_page_and_stay_words(acme: Cast, published: Published) -> None:
    choose(
        acme.page,
        name="Acme </title><script>alert(1)</script>",
        intro="Read *this*. <img src=x onerror=alert(1)>",
        support_url="https://acme.test/help",
        links=[{"label": "</a><script>", "url": 'https://acme.test/"onclick="alert(1)'}],
    )
    published.publish(acme.page)
    page = published.text(acme.page)
    assert "Read <em>this</em>." in page
    assert 'href="https://acme.test/help">Contact support</a>' in page
    assert '<a href="https://acme.test/&quot;onclick=&quot;alert(1)"><bdi>&lt;/a&gt;&lt;script&gt;</bdi></a>' in page
    assert page.count("<script") == 1, "our own"
    assert "<img" not in page


def test_the_preview_says_what_is_then_published(acme: Cast, published: Published) -> None:
    given = {"accent": "#ffd200", "accent_dark": ""}
    client = enter(acme.owner)
    fragment = client.post(f"/o/acme/pages/{acme.page.public_id}/look/preview/", given).content.decode()
    published.publish(acme.page)
    before, after = (text_of(html).split("As of")[0] for html in (frames_in(fragment)[0], published.text(acme.page)))
    assert before == after


def give(cast: Cast, **pictures_by_kind: bytes) -> None:
    for kind, upload in pictures_by_kind.items():
        read = pictures.icon if kind == "favicon" else pictures.logo
        styling.give_picture(cast.page, PageImage.Kind(kind), read(upload), by=cast.owner)


def test_a_logo_stands_in_the_header_under_a_name_that_never_changes(acme: Cast, published: Published) -> None:
    give(acme, logo=picture(480, 96), logo_dark=picture(100, 40, "white"))
    published.publish(acme.page)
    for name in ("index.html", "404.html", "history.html"):
        page = " ".join(published.text(acme.page, name).split())
        assert 'class="mark"' not in page
        assert re.search(r'srcset="/assets/logo\.[0-9a-f]{12}\.png" width="100" height="40"', page)
        assert re.search(r'src="/assets/logo\.[0-9a-f]{12}\.png" alt="Acme status" width="240" height="48">', page)
    first = {name for name in published.names(acme.page) if name.startswith("assets/logo")}
    give(acme, logo=picture(480, 90))
    published.publish(acme.page)
    assert first < {name for name in published.names(acme.page) if name.startswith("assets/logo")}


def test_a_logo_that_would_not_be_seen_gets_a_plate(acme: Cast, published: Published) -> None:
    give(acme, logo=picture(100, 40, "black"))
    published.publish(acme.page)
    assert 'class="logo is-lost-in-the-dark"' in published.text(acme.page)
    give(acme, logo=picture(100, 40, "white"))
    published.publish(acme.page)
    assert 'class="logo is-lost"' in published.text(acme.page)


def test_an_owners_icon_is_in_the_tab_while_all_is_well_and_the_states_dot_when_not(
    acme: Cast, published: Published
) -> None:
    give(acme, favicon=picture(512, 512))
    published.publish(acme.page)
    (icon,) = ICON.findall(published.text(acme.page))
    assert icon in published.names(acme.page)
    assert icon in published.text(acme.page, "404.html")
    assert {"favicon.ico", "apple-touch-icon.png"} <= published.names(acme.page)

    incident = open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    assert not ICON.findall(published.text(acme.page))
    assert 'rel="icon" href="data:image/svg+xml' in " ".join(published.text(acme.page).split())
    assert icon in published.text(acme.page, f"incidents/{incident.public_id}.html")
    resolve(acme, incident)
    published.publish(acme.page)
    assert ICON.findall(published.text(acme.page)) == [icon]


def test_pictures_are_drawn_once(acme: Cast, published: Published) -> None:
    give(acme, favicon=picture(512, 512), logo=picture(100, 50))
    published.publish(acme.page)
    before = {
        name: (published.folder(acme.page) / name).stat().st_mtime_ns for name in PICTURES & published.names(acme.page)
    }
    open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    assert {name: (published.folder(acme.page) / name).stat().st_mtime_ns for name in before} == before != {}


def test_what_was_taken_away_is_gone(acme: Cast, published: Published) -> None:
    give(acme, favicon=picture(512, 512), logo=picture(100, 50))
    published.publish(acme.page)
    for kind in PageImage.Kind:
        styling.remove_picture(acme.page, kind, by=acme.owner)
    published.publish(acme.page)
    assert 'class="mark"' in published.text(acme.page)
    assert not ICON.findall(published.text(acme.page))
    assert not PICTURES & published.names(acme.page)


def test_a_link_to_the_page_is_shown_with_its_state(acme: Cast, published: Published) -> None:
    published.publish(acme.page)
    page, picture_of_it = " ".join(published.text(acme.page).split()), published.folder(acme.page) / "og.png"
    assert '<meta property="og:title" content="All services are operating normally.">' in page
    assert '<meta property="og:image" content="http://status.acme.test/og.png">' in page
    calm = picture_of_it.read_bytes()
    with Image.open(picture_of_it) as drawn:
        assert (drawn.size, drawn.format) == ((1200, 630), "PNG")

    incident = open_incident(acme, public_title='Cards "fail"', body="We look.", services=outage(acme.cards))
    published.publish(acme.page)
    first = picture_of_it.stat().st_mtime_ns
    assert picture_of_it.read_bytes() != calm
    assert 'content="Cards &quot;fail&quot;"' in published.text(acme.page, f"incidents/{incident.public_id}.html")
    post(acme, incident, "We still look.")
    published.publish(acme.page)
    assert picture_of_it.stat().st_mtime_ns == first, "the same sentence is not drawn again"


@pytest.mark.parametrize("words", ["日本語の障害", "🔥", "تعطل", "x" * 300, "", "a b " * 300])
def test_a_card_leaves_out_what_it_has_no_letters_for(words: str) -> None:
    shown = Card(words, words, "status.acme.test", ServiceStatus.MAJOR_OUTAGE, "d8424a")
    with Image.open(io.BytesIO(card.draw(shown))) as drawn:
        assert drawn.size == card.SIZE
    blank = replace(shown, name="", sentence="")
    assert (card.draw(shown) == card.draw(blank)) == (not words or not words.isascii())
