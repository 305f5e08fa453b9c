"""Published files: whole or not there, never older than the clock of a web server, never outside their folder."""

import gzip
import os
from itertools import count, pairwise
from pathlib import Path

import pytest

from statuspage.pages.store import MANIFEST, Document, Store

PAGE, OTHER = "page00000001", "page00000002"
HOST = "status.acme.test"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def documents(**bodies: str) -> list[Document]:
    return [Document(f"{name}.html", body.encode()) for name, body in bodies.items()]


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_document_is_found_by_host_with_its_gzipped_twin(store: Store, tmp_path: Path) -> None:
    store.put(PAGE, documents(index="Hello"), hosts=[HOST])
    folder = tmp_path / "hosts" / HOST
    assert (folder / "index.html").read_text() == "Hello"
    assert gzip.decompress((folder / "index.html.gz").read_bytes()) == b"Hello"
    assert str(folder.readlink()) == f"../pages/{PAGE}"


def test_the_same_bytes_are_not_written_again(store: Store, tmp_path: Path) -> None:
    store.put(PAGE, documents(index="Hello", a="1"), hosts=[HOST])
    before = (tmp_path / "pages" / PAGE / "a.html").stat()
    assert store.put(PAGE, documents(index="Hello again", a="1"), hosts=[HOST]) == 1
    after = (tmp_path / "pages" / PAGE / "a.html").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_people_watch_is_there_before_the_rest_is_drawn(store: Store) -> None:
    """And whatever it leads to for the first time is there before it."""
    store.put(PAGE, documents(index="old", feed="old"), hosts=[])
    seen: list[bytes | None] = []

    def draw_feed() -> bytes:
        seen.extend(store.read(PAGE, name) for name in ("index.html", "new.html"))
        return b"new"

    def draw_new() -> bytes:
        seen.append(store.read(PAGE, "index.html"))
        return b"new"

    rest = [Document("feed.html", draw_feed), Document("new.html", draw_new)]
    store.put(PAGE, [*rest, Document("index.html", b"new", is_watched=True)], hosts=[])
    assert seen == [b"old", b"new", b"new"]
    assert store.read(PAGE, "feed.html") == b"new"


def test_what_nobody_watches_waits_for_what_is_newer(store: Store) -> None:
    """The page is there, some of the rest may be, and what is known of each is true: nothing is right by accident."""

    def put(word: str, *, overtaken_after: int = 99) -> int:
        rest = [Document(f"r{place:02}.html", word.encode(), made_of=word) for place in range(20)]
        index = Document("index.html", word.encode(), is_watched=True)
        asked = count()
        return store.put(PAGE, [index, *rest], hosts=[HOST], is_overtaken=lambda: next(asked) >= overtaken_after)

    def read() -> set[bytes | None]:
        return {store.read(PAGE, f"r{place:02}.html") for place in range(20)}

    put("one")
    assert put("two", overtaken_after=0) == 1
    assert (store.read(PAGE, "index.html"), read()) == (b"two", {b"one"})
    assert put("three", overtaken_after=1) == 9
    assert (store.read(PAGE, "index.html"), read()) == (b"three", {b"one", b"three"})
    assert put("one") == 9, "back to what the rest was made of before"
    assert (store.read(PAGE, "index.html"), read()) == (b"one", {b"one"})


def test_versions_never_share_a_second_however_fast_they_follow(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "pages" / PAGE / "index.html"
    seconds = []
    for body in ("one", "two", "six", "ten"):
        store.put(PAGE, documents(index=body), hosts=[])
        twin = path.with_name("index.html.gz")
        assert path.stat().st_mtime == twin.stat().st_mtime
        seconds.append(int(path.stat().st_mtime))
    assert all(later >= earlier + 1 for earlier, later in pairwise(seconds))


def test_a_twin_left_behind_by_a_killed_publisher_is_mended(store: Store, tmp_path: Path) -> None:
    store.put(PAGE, documents(index="good"), hosts=[])
    twin = tmp_path / "pages" / PAGE / "index.html.gz"
    twin.write_bytes(gzip.compress(b"half of the next version"))
    os.utime(twin, (2_000_000_000, 2_000_000_000))
    store.put(PAGE, documents(index="good"), hosts=[])
    assert gzip.decompress(twin.read_bytes()) == b"good"


def test_what_is_no_longer_offered_is_removed_but_styles_stay_for_open_pages(store: Store, tmp_path: Path) -> None:
    store.put(PAGE, [*documents(index="1", gone="x"), Document("assets/page.aa.css", b"a")], hosts=[])
    (tmp_path / "pages" / PAGE / ".index.html.half").write_text("a killed publisher's")
    store.forget(PAGE)  # as whoever was killed while writing had done
    store.put(PAGE, [*documents(index="2"), Document("assets/page.bb.css", b"b")], hosts=[])
    files = {"index.html", "assets/page.aa.css", "assets/page.bb.css"}
    assert names(tmp_path / "pages" / PAGE) == files | {f"{name}.gz" for name in files} | {MANIFEST}


def test_what_is_made_of_the_same_is_not_even_drawn(store: Store, tmp_path: Path) -> None:
    drawn: list[str] = []

    def document(made_of: str, body: str) -> Document:
        return Document("a.html", lambda: drawn.append(body) or body.encode(), made_of=made_of)  # type: ignore[func-returns-value]

    for made_of, body in (("1", "one"), ("1", "never looked at"), ("2", "two"), ("", "three"), ("", "four")):
        store.put(PAGE, [document(made_of, body)], hosts=[])
    assert drawn == ["one", "two", "three", "four"]
    store.put(PAGE, [document("3", "five")], hosts=[])
    (tmp_path / "pages" / PAGE / "a.html").unlink()
    store.forget(PAGE)
    store.put(PAGE, [document("3", "six")], hosts=[])
    assert (tmp_path / "pages" / PAGE / "a.html").read_text() == "six"


def test_a_publisher_killed_halfway_leaves_a_folder_that_is_written_anew(store: Store, tmp_path: Path) -> None:
    def die() -> bytes:
        raise KeyboardInterrupt

    store.put(PAGE, [Document("a.html", b"1", made_of="1"), Document("b.html", b"1", made_of="1")], hosts=[])
    with pytest.raises(KeyboardInterrupt):
        store.put(PAGE, [Document("a.html", b"2", made_of="2"), Document("b.html", die, made_of="2")], hosts=[])
    assert store.known(PAGE) == {}
    store.put(PAGE, [Document("a.html", b"1", made_of="1"), Document("b.html", b"1", made_of="1")], hosts=[])
    assert (tmp_path / "pages" / PAGE / "a.html").read_text() == "1"


def test_a_host_leads_to_one_page_and_can_be_taken_over_or_given_up(store: Store, tmp_path: Path) -> None:
    store.put(PAGE, documents(index="1"), hosts=[HOST, "old.acme.test"])
    store.put(OTHER, documents(index="2"), hosts=[HOST])
    store.put(PAGE, documents(index="1"), hosts=[])
    assert {link.name: str(link.readlink()) for link in (tmp_path / "hosts").iterdir()} == {HOST: f"../pages/{OTHER}"}


def test_the_longest_host_name_there_can_be_finds_its_page(store: Store, tmp_path: Path) -> None:
    longest = ".".join(["a" * 63] * 3 + ["b" * 61])
    assert len(longest) == 253
    store.put(PAGE, documents(index="1"), hosts=[longest])
    assert (tmp_path / "hosts" / longest / "index.html").read_text() == "1"


def test_pages_that_are_no_more_are_taken_off_the_net(store: Store, tmp_path: Path) -> None:
    store.put(PAGE, documents(index="1"), hosts=["one.test"])
    store.put(OTHER, documents(index="2"), hosts=["two.test"])
    store.keep_only([OTHER])
    assert [folder.name for folder in (tmp_path / "pages").iterdir()] == [OTHER]
    assert [link.name for link in (tmp_path / "hosts").iterdir()] == ["two.test"]


BAD_NAMES = [
    "",
    "/etc/passwd",
    "../x.html",
    "a/../../x",
    ".hidden",
    "a/.b",
    "a//b",
    "a\\b",
    "A.html",
    "x\0.html",
    "ü.html",
    "x.gz",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_without_a_place_below_the_page_is_refused(store: Store, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"place|gz"):
        store.put(PAGE, [Document(name, b"x")], hosts=[])
    assert names(tmp_path) == set()


@pytest.mark.parametrize("host", ["", ".", "..", "../evil", "a/b", "UPPER.test", "a..b", "-a.test", "a b", "a\0b"])
def test_a_host_that_is_no_host_name_is_refused(store: Store, tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match="place"):
        store.put(PAGE, documents(index="x"), hosts=[host])
    assert not (tmp_path / "hosts").exists() or not list((tmp_path / "hosts").iterdir())
