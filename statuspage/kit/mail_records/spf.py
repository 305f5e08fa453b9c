"""SPF (RFC 7208): whether a domain's record lets mail through that leaves from our relay."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network

from statuspage.kit.mail_records.reports import Asking, Report, State
from statuspage.kit.names import NotKnownError

MOST_LOOKUPS = 10
"""RFC 7208 §4.6.4: so many terms of a record, those of included ones too, may need the DNS."""
MOST_VOID = 2
"""The same section: so many of its questions may lead to nothing."""
ASKING = {"include", "a", "mx", "ptr", "exists", "redirect"}
MECHANISMS = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"}
BEGINNING = re.compile(r"v=spf1(?= |$)", re.IGNORECASE)
_TERM = re.compile(r"(?P<sign>[-+~?]?)(?P<word>[a-z][a-z0-9_.-]*)(?P<mark>[:=/]?)(?P<rest>.*)", re.IGNORECASE)
_REFUSALS = {
    "-": "It says that mail from anybody it does not name is refused (-all), and it does not name us.",
    "~": "It says that mail from anybody it does not name is suspicious (~all), and it does not name us.",
    "?": "It does not name us.",
}


class _Broken(Exception):  # noqa: N818 - RFC 7208 calls it permerror
    """Receivers take the whole record for a mistake. The sentence says why."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a record. `sign` of a mechanism is "+", "-", "~" or "?"."""

    text: str
    sign: str
    word: str
    rest: str

    @classmethod
    def parse(cls, text: str) -> "Term":
        found = _TERM.fullmatch(text)
        word = found["word"].lower() if found else ""
        is_modifier = found is not None and found["mark"] == "=" and not found["sign"]
        if found is None or (word not in MECHANISMS and not is_modifier):
            raise _Broken(f"“{text}” is nothing SPF knows, and one such word spoils the whole record.")
        rest = found["mark"] + found["rest"] if found["mark"] == "/" else found["rest"]
        if word in {"include", "redirect", "exists", "ip4", "ip6"} and not rest:
            raise _Broken(f"“{text}” lacks what should stand behind it, and that spoils the whole record.")
        return cls(text, found["sign"] or "+", word, rest.lower())

    def covers(self, ours: "Term") -> bool:
        """Whether all mail that `ours` stands for is meant by this one."""
        if self.word != ours.word:
            return False
        if self.word == "include":
            return self.rest.removesuffix(".") == ours.rest.removesuffix(".")
        return _is_within(ours.rest, self.rest)


def _is_within(inner: str, outer: str) -> bool:
    try:
        networks = ip_network(inner, strict=False), ip_network(outer, strict=False)
    except ValueError as error:
        raise _Broken(f"“{outer}” is not an IP address, and that spoils the whole record.") from error
    return networks[0].version == networks[1].version and networks[0].subnet_of(networks[1])  # type: ignore[arg-type]


@dataclass
class _Walk:
    """Through a record and all it includes, as a receiver would go. `signs` are how ours were decided."""

    asking: Asking
    ours: Sequence[Term]
    lookups: int = 0
    voids: int = 0
    signs: dict[Term, str] = field(default_factory=dict)

    def through(self, record: str) -> dict[Term, str]:
        """How each of ours fares in this record. Raises _Broken and NotKnownError."""
        return self._decide([Term.parse(word) for word in record.split()[1:]], into={})

    def whole(self, record: str) -> None:
        """As `through`, and what is decided stays known when what comes later is broken."""
        self._decide([Term.parse(word) for word in record.split()[1:]], into=self.signs)

    def _decide(self, terms: list[Term], *, into: dict[Term, str]) -> dict[Term, str]:
        redirect = None
        for term in terms:
            self._count(term)
            if term.word == "redirect":
                redirect = term
            elif term.word == "all":
                return self._give(into, self.ours, term.sign)
            else:
                self._give(into, self._meant_by(term), term.sign)
        if redirect:
            for ours, sign in self.through(self._record_of(redirect)).items():
                into.setdefault(ours, sign)
        return self._give(into, self.ours, "?")

    def _give(self, into: dict[Term, str], these: Iterable[Term], sign: str) -> dict[Term, str]:
        """The first that means them decides."""
        for ours in these:
            into.setdefault(ours, sign)
        return into

    def _meant_by(self, term: Term) -> list[Term]:
        """Of `a`, `mx`, `ptr` and `exists` is not found out whom they mean: nobody's record names our relay so."""
        if term.word == "include":
            inner = {} if "%" in term.rest else self.through(self._record_of(term))
            return [ours for ours in self.ours if term.covers(ours) or inner.get(ours) == "+"]
        return [ours for ours in self.ours if term.word in {"ip4", "ip6"} and term.covers(ours)]

    def _count(self, term: Term) -> None:
        self.lookups += term.word in ASKING
        if self.lookups > MOST_LOOKUPS:
            raise _Broken(
                f"It sends receivers to more than {MOST_LOOKUPS} other names, those of its includes counted. They stop"
                " there and take the whole record for broken."
            )

    def _record_of(self, term: Term) -> str:
        texts = self.asking.texts(term.rest.removesuffix("."))
        records = records_in(texts)
        self.voids += not texts
        if len(records) != 1:
            many = "several SPF records" if records else "no SPF record"
            raise _Broken(f"“{term.text}” leads to {many}, and that spoils the whole record.")
        if self.voids > MOST_VOID:
            raise _Broken(f"More than {MOST_VOID} of the names in it do not exist, and that spoils the whole record.")
        return records[0]


def records_in(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if BEGINNING.match(text.strip())]


def look(domain: str, *, ours: Sequence[str], asking: Asking) -> Report:
    """`ours` are the mechanisms that let our relay send, such as include:spf.ripple.example or ip4:192.0.2.7."""
    report = Report(kind="SPF", name=domain, value=_with("v=spf1 ~all", ours))
    try:
        records = records_in(asking.texts(domain))
    except NotKnownError:
        return report.not_known()
    report = Report(kind="SPF", name=domain, value=_merged(records, ours) or report.value, found=tuple(records))
    if not records:
        return report.but(State.MISSING, "Nothing says who may send mail in this name.", advice="Create this record.")
    if len(records) > 1:
        says = f"There are {len(records)} SPF records. Receivers take that for a mistake and believe none of them."
        return report.but(State.WRONG, says, advice="Put this one in place of all of them.")
    return _judged(report, records[0], ours, asking)


def _judged(report: Report, record: str, ours: Sequence[str], asking: Asking) -> Report:
    walk = _Walk(asking, [Term.parse(text) for text in ours])
    try:
        walk.whole(record)
    except _Broken as error:
        return _of_broken(report, str(error), lets_in=_all_in(walk) and not _is_unreadable(record))
    except NotKnownError:
        if not _all_in(walk):
            return report.not_known()
    return _of_signs(report, walk, record)


def _of_signs(report: Report, walk: _Walk, record: str) -> Report:
    mend = "Change the record to this one."
    if not _all_in(walk):
        worst = next(sign for sign in "-~?" if sign in walk.signs.values())
        return report.but(State.WRONG, _REFUSALS[worst], advice=mend)
    if {"all", "+all"} & set(record.lower().split()):
        says = "It lets us send, and everybody else in the world as well (+all)."
        return report.but(State.WRONG, says, lets_in=True, advice=mend)
    return report.but(State.FOUND, "It lets our letters through.", lets_in=True)


def _of_broken(report: Report, sentence: str, *, lets_in: bool) -> Report:
    """Receivers read from the left and stop at what means us: what is broken behind that is other people's trouble."""
    if lets_in:
        sentence = f"{sentence} We stand before that and get through; your other mail may not."
    advice = "Take out what you no longer use, or mend it; then look again. Our part of it stands in this one."
    return report.but(State.WRONG, sentence, lets_in=lets_in, advice=advice)


def _is_unreadable(record: str) -> bool:
    """A word nobody knows is noticed before anything is decided (RFC 7208 §4.6)."""
    try:
        for word in record.split()[1:]:
            Term.parse(word)
    except _Broken:
        return True
    return False


def _all_in(walk: _Walk) -> bool:
    return all(walk.signs.get(ours) == "+" for ours in walk.ours)


def _merged(records: Sequence[str], ours: Sequence[str]) -> str:
    """One record that lets in whoever any of these lets in, and us; "" of none."""
    words: list[str] = []
    for record in records:
        words += [word for word in record.split()[1:] if word not in words]
    ends = [word for word in words if _is_end(word)]
    body = [word for word in words if not _is_end(word) and word.lstrip("+-~?").lower() not in ours]
    end = "~all" if not ends or ends[0].lower() in {"all", "+all"} else ends[0]
    return _with(" ".join(["v=spf1", *body, end]), ours) if records else ""


def _is_end(word: str) -> bool:
    return word.lstrip("+-~?").lower() == "all" or word.lower().startswith("redirect=")


def _with(record: str, ours: Sequence[str]) -> str:
    *body, end = record.split()
    return " ".join([*body, *(text for text in ours if text not in body), end])
