"""Whatever somebody saved: bytes → pieces → rows → people, or what is wrong with the row. Without a database."""

from collections.abc import Iterator

import pytest

from statuspage.kit.csv_files import as_it_was, harmless
from subscribers.importing.columns import NoColumnsError, read_header
from subscribers.importing.cutting import PIECE_BYTES, Cut, Cutter
from subscribers.importing.problems import Problem
from subscribers.importing.records import records
from subscribers.importing.rows import Choice, Entry, Known, Rejected, understand

KNOWN = Known(
    rings={"on_call": 1, "on-call": 1, "customers": None},
    services={"api": (7,), "pay, later": (8,), "checkout": (9,)},
    languages=frozenset({"en", "de"}),
    language="en",
    zones=frozenset({"Europe/Berlin"}),
)


def cut(body: bytes, chunk: int = 64 * 1024) -> tuple[list[Cut], Cutter]:
    cutter = Cutter()
    return list(cutter.cut(body[start : start + chunk] for start in range(0, len(body), chunk))), cutter


def understood(body: bytes, chunk: int = 64 * 1024) -> list[Entry | Rejected]:
    """The rows of a whole file, as a worker reads them piece by piece."""
    return [row for cut_row in _understood(body, chunk) for row in cut_row]


def _understood(body: bytes, chunk: int) -> Iterator[list[Entry | Rejected]]:
    cuts, cutter = cut(body, chunk)
    columns, header_lines = read_header(cuts[0].body[:20_000].decode("utf-8", errors="replace"))
    for each in cuts:
        errors = "surrogateescape" if cutter.encoding == "utf-8" else "replace"
        text = each.body.decode(cutter.encoding, errors=errors)
        if each.number == 0:
            text = "\n" * header_lines + text.split("\n", header_lines)[-1]
        rows = records(text, separator=columns.separator, most_cells=len(columns.names))
        yield list(understand(rows, columns, KNOWN, is_plain=text.isascii() and "\0" not in text))


def addresses(body: bytes) -> list[str]:
    return [
        ",".join(each.normalised for each in row.addresses) if isinstance(row, Entry) else row.problem.name
        for row in understood(body)
    ]


ANN = "name,email\r\nÄnn,ann@x.example\r\n"


@pytest.mark.parametrize(
    ("body", "called"),
    [
        (ANN.encode(), "UTF-8"),
        (b"\xef\xbb\xbf" + ANN.encode(), "UTF-8"),
        (ANN.encode("cp1252"), "Windows-1252"),
        (ANN.encode("utf-16"), "UTF-16"),
        (ANN.encode("utf-16-le"), "UTF-16"),
        (ANN.encode("utf-16-be"), "UTF-16"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1000])
def test_every_encoding_is_understood_however_it_arrives(body: bytes, called: str, chunk: int) -> None:
    (row,) = understood(body, chunk)
    assert isinstance(row, Entry)
    assert (row.name, row.addresses[0].value, row.line) == ("Änn", "ann@x.example", 1)
    assert cut(body, chunk)[1].was == called


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"email\na@x.example\nb@x.example", ["a@x.example", "b@x.example"]),
        (b"email\r\na@x.example\r\n\r\n  \r\nb@x.example\r\n", ["a@x.example", "b@x.example"]),
        (b"email\ra@x.example\rb@x.example\r", ["a@x.example", "b@x.example"]),
        (b"sep=;\nname;email\nAnn;A@X.example\n", ["a@x.example"]),
        (b"name\temail\nAnn\ta@x.example\n", ["a@x.example"]),
        (b'email,name\na@x.example,"Ann, ""the"" first"\n', ["a@x.example"]),
        (b'email,name\n"a@x.example","two\nlines"\nb@x.example,\n', ["a@x.example", "b@x.example"]),
        (b'email,name\na@x.example,"open\nb@x.example,B\nc@x.example,C\n', ["QUOTES", "b@x.example", "c@x.example"]),
        (b'email,name\na@x.example,"o"p\nb@x.example,B\n', ["QUOTES", "b@x.example"]),
        (b'email,name\na@x.example,5" pipe\nb@x.example,5" pipe\n', ["a@x.example", "b@x.example"]),
        (b"email,name\na\0@x.example,A\nb@x.example,B\n", ["UNREADABLE", "b@x.example"]),
        (b"email,name\na@x.example,A,,,\nb@x.example,B,more\n", ["a@x.example", "CELLS"]),
        (b"email,name\na@x.example," + b"x" * 1_000_000 + b"\nb@x.example,B\n", ["LONG", "b@x.example"]),
        (b'email,name\n"' + b"x" * 3_000_000 + b'"\nb@x.example,B\n', ["LONG", "b@x.example"]),
        (b"email,phone\n,\nnobody,\n,12345\na@x.example,+49 151 2345678\n",
         ["EMAIL", "COUNTRY", "a@x.example,+491512345678"]),
        (b"email,phone\n,'+491512345678\n", ["+491512345678"]),
        (b"email\n" + b"a" * 330 + b"@x.example\n", ["LONG"]),
        (b"email,ring\na@x.example,On-Call\nb@x.example,Pirates\n", ["a@x.example", "RING"]),
        (b"email,zone\na@x.example,Europe/Berlin\nb@x.example,Mars/Olympus\n", ["a@x.example", "ZONE"]),
        (b"email,services\na@x.example,API; checkout\nb@x.example,\"Pay, later\"\nc@x.example,No such\n",
         ["a@x.example", "b@x.example", "SERVICE"]),
        (b"name,email\nNobody,\n", ["NOBODY"]),
    ],
)  # fmt: skip
def test_each_row_is_taken_or_rejected_by_itself(body: bytes, found: list[str]) -> None:
    assert addresses(body) == found


def test_what_is_chosen_is_understood() -> None:
    body = (
        b"email,services,ring,language,zone\na@x.example,api|Checkout,,de-AT,Europe/Berlin\nb@x.example,,on_call,fr,\n"
    )
    first, second = understood(body)
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert first.choice == Choice(ring_id=None, services=(7, 9), language="de", zone="Europe/Berlin")
    assert (second.choice.services, second.choice.language, second.choice.ring_id) == (None, "en", 1)


STATUSPAGE = (
    b"id,type,mode,email,phone_number,phone_country,endpoint,components,state,created_at,quarantined_at\n"
    b"s1,email,email,ann@x.example,,,,API,active,2024-03-01T09:00:00Z,\n"
    b"s2,sms,sms,,5551234567,US,,,active,2024-03-01 09:00:00 UTC,\n"
    b"s3,webhook,webhook,own@x.example,,,https://Hooks.x.example/in,,active,,\n"
    b"s4,slack,slack,,,,,,active,,\n"
    b"s5,email,email,late@x.example,,,,,unconfirmed,,\n"
    b"s6,email,email,gone@x.example,,,,,active,,2024-05-01T00:00:00Z\n"
)


def test_a_statuspages_export_is_understood_as_it_is() -> None:
    columns, _lines = read_header(STATUSPAGE.decode())
    assert columns.is_of_statuspage
    assert addresses(STATUSPAGE) == [
        "ann@x.example",
        "+15551234567",
        "https://hooks.x.example/in",
        "CHANNEL",
        "STATE",
        "STATE",
    ]
    ann = understood(STATUSPAGE)[0]
    assert isinstance(ann, Entry)
    assert (ann.choice.services, ann.since and ann.since.year) == ((7,), 2024)


def test_a_statuspages_own_import_template_is_understood() -> None:
    body = b"Type,Address,Phone Country\nemail,ann@x.example,\nsms,5551234567,US\n"
    assert addresses(body) == ["ann@x.example", "+15551234567"]


@pytest.mark.parametrize("body", ["", "\n\n", "ann@x.example\nbob@x.example\n", "first,last\nAnn,Bell\n"])
def test_a_file_without_columns_is_refused_with_what_to_do(body: str) -> None:
    with pytest.raises(NoColumnsError, match=r"empty|first row has to name"):
        read_header(body)


def test_pieces_hold_whole_rows_and_count_lines_as_an_editor_does() -> None:
    rows = [f'n{n}@x.example,"two\nlines {n}"\n' if n % 3 == 0 else f"n{n}@x.example,{n}\n" for n in range(60_000)]
    body = ("email,name\n" + "".join(rows)).encode()
    cuts, _cutter = cut(body)
    assert len(cuts) > 2
    assert all(len(each.body) <= PIECE_BYTES for each in cuts)
    assert b"".join(each.body for each in cuts) == body
    assert [each.first_line for each in cuts[1:]] == [each.first_line + each.lines for each in cuts[:-1]]
    assert len(understood(body)) == 60_000


def test_one_broken_byte_does_not_change_the_encoding_of_everybody() -> None:
    body = b"name,email\n" + "Jörg,j@x.example\n".encode() * 40 + b"J\xf6rg,k@x.example\n"
    rows = understood(body)
    assert isinstance(rows[0], Entry)
    assert rows[0].name == "Jörg"
    assert isinstance(rows[-1], Rejected)
    assert rows[-1].problem is Problem.UNREADABLE


@pytest.mark.parametrize("cell", ["=1+1", "+49151", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_that_is_handed_out_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert as_it_was(harmless(cell)) == cell
    assert harmless("Ann = Bob") == "Ann = Bob"
