"""What an owner chose reaches visitors: colours first."""

import re

from statuspage.pages.models import Page
from tests.makers import Cast
from tests.publishing.conftest import Published

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
