"""What SPF, DKIM and DMARC records mean for us: one table each, as domains really have them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from statuspage.kit.mail_records import dkim, dmarc, spf
from statuspage.kit.mail_records.reports import Report, State
from statuspage.kit.names import NotKnownError

FOUND, MISSING, WRONG, NOT_KNOWN = State.FOUND, State.MISSING, State.WRONG, State.NOT_KNOWN
OURS = ("include:spf.ripple.test",)
TARGET = "ripple._domainkey.ripple.test"
THEIRS = "ripple._domainkey.acme.com"
SILENT = "silent"


@dataclass
class Zone:
    """What name servers would say. A name whose texts are `SILENT` is not answered."""

    says: Mapping[str, list[str] | str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def texts(self, name: str) -> list[str]:
        self.asked.append(name)
        said = self.says.get(self.aliases.get(name, name), [])
        if isinstance(said, str):
            raise NotKnownError(said)
        return said

    def alias(self, name: str) -> str:
        return self.aliases.get(name, "")


def look_at_spf(*records: str, ours: tuple[str, ...] = OURS, **zone: list[str] | str) -> Report:
    """`zone` has "_" where names have full stops."""
    more = {name.replace("_", "."): texts for name, texts in zone.items()}
    says = {"spf.ripple.test": ["v=spf1 ip4:192.0.2.7 -all"], "acme.com": ["something else", *records], **more}
    return spf.look("acme.com", ours=ours, asking=Zone(says))


TWO = ("ip4:192.0.2.7", "ip6:2001:db8::7")


@pytest.mark.parametrize(
    ("record", "state", "lets_in", "says"),
    [
        ("v=spf1 include:spf.ripple.test -all", FOUND, True, "lets our letters through"),
        ("V=SPF1 INCLUDE:SPF.Ripple.test. ~all", FOUND, True, "lets our letters through"),
        ("v=spf1 a mx include:other.test include:spf.ripple.test ?all", FOUND, True, "lets"),
        ("v=spf1 redirect=ours.test", FOUND, True, "lets"),
        ("v=spf1 include:ours.test -all", FOUND, True, "lets"),
        ("v=spf1 +include:spf.ripple.test exp=why.test unknown=x", FOUND, True, "lets"),
        ("v=spf1 -all", WRONG, False, "refused (-all), and it does not name us"),
        ("v=spf1 ~all", WRONG, False, "suspicious (~all)"),
        ("v=spf1", WRONG, False, "does not name us"),
        ("v=spf1 -all include:spf.ripple.test", WRONG, False, "refused (-all)"),
        ("v=spf1 -include:spf.ripple.test +all", WRONG, False, "does not name us"),
        ("v=spf1 include:refuses.test ~all", WRONG, False, "suspicious"),
        ("v=spf1 +all", WRONG, True, "everybody else in the world"),
        ("v=spf1 ipv4:192.0.2.7 include:spf.ripple.test -all", WRONG, False, "“ipv4:192.0.2.7” is nothing SPF knows"),
        ("v=spf1 include:spf.ripple.test include: -all", WRONG, False, "lacks what should stand behind it"),
        ("v=spf1 include:spf.ripple.test include:nowhere.test -all", WRONG, True, "no SPF record"),
        ("v=spf1 include:nowhere.test include:spf.ripple.test -all", WRONG, False, "no SPF record"),
        ("v=spf1 include:two.test include:spf.ripple.test -all", WRONG, False, "several SPF records"),
        ("v=spf1 include:loop.test include:spf.ripple.test -all", WRONG, False, "more than 10 other names"),
        ("v=spf1 mx mx mx mx mx a a a a a include:spf.ripple.test -all", WRONG, False, "more than 10 other names"),
        ("v=spf1 mx mx mx mx a a a a a include:spf.ripple.test -all", FOUND, True, "lets"),
        ("v=spf1 include:spf.ripple.test mx mx mx mx mx a a a a a -all", WRONG, True, "We stand before that"),
        ("v=spf1 include:silent.test include:spf.ripple.test -all", NOT_KNOWN, None, "says nothing about the record"),
        ("v=spf1 include:spf.ripple.test include:silent.test -all", FOUND, True, "lets"),
        ("v=spf1 exists:%{i}.acme.com include:%{d}.x.test include:spf.ripple.test -all", FOUND, True, "lets"),
    ],
)
def test_spf(record: str, state: State, lets_in: bool | None, says: str) -> None:
    report = look_at_spf(
        record,
        other_test=["v=spf1 ip4:198.51.100.1 -all"],
        ours_test=["v=spf1 include:spf.ripple.test -all"],
        refuses_test=["v=spf1 -include:spf.ripple.test +all"],
        two_test=["v=spf1 -all", "v=spf1 ~all"],
        loop_test=["v=spf1 include:loop.test -all"],
        silent_test=SILENT,
    )
    assert (report.state, report.lets_in) == (state, lets_in), report.says
    assert says in report.says


@pytest.mark.parametrize(
    ("record", "lets_in"),
    [
        ("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all", True),
        ("v=spf1 ip4:192.0.2.7 -all", False),  # over IPv6 we would be refused
        ("v=spf1 ip4:192.0.2.8 ip6:2001:db8::7 -all", False),
        ("v=spf1 ip4:192.0.2.300 -all", False),
    ],
)
def test_spf_with_addresses(record: str, lets_in: bool) -> None:
    assert look_at_spf(record, ours=TWO).lets_in is lets_in


@pytest.mark.parametrize(
    ("records", "value"),
    [
        ([], "v=spf1 include:spf.ripple.test ~all"),
        (["v=spf1 mx -all"], "v=spf1 mx include:spf.ripple.test -all"),
        (["v=spf1 mx redirect=x.test"], "v=spf1 mx include:spf.ripple.test redirect=x.test"),
        (["v=spf1 -include:spf.ripple.test +all"], "v=spf1 include:spf.ripple.test ~all"),
        (["v=spf1 mx ~all", "v=spf1 mx a -all"], "v=spf1 mx a include:spf.ripple.test ~all"),
    ],
)
def test_what_to_publish_keeps_what_is_there(records: list[str], value: str) -> None:
    report = look_at_spf(*records)
    assert (report.value, report.state) == (value, WRONG if records else MISSING)
    assert look_at_spf(value, x_test=["v=spf1 -all"]).lets_in, "and it is right when it is published"


@cache
def rsa(bits: int) -> str:
    is_weak = bits < 1024  # nobody makes them any more
    key = (RSAPublicNumbers(65537, (1 << bits) - 1) if is_weak else generate_private_key(65537, bits)).public_key()
    data = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(data).decode()}"


def ed25519() -> str:
    data = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k=ed25519; p={base64.b64encode(data).decode()}"


def test_dkim() -> None:
    ours, other, weak, short = rsa(2048), ed25519(), rsa(1024), rsa(512)
    led = {THEIRS: TARGET}
    cases: list[tuple[str, Zone, State, bool | None, str]] = [
        ("led to us", Zone({TARGET: [ours]}, led), FOUND, True, "names the key"),
        ("another kind of key", Zone({TARGET: [other]}, led), FOUND, True, "names the key"),
        ("a copy", Zone({TARGET: [ours], THEIRS: [ours]}), FOUND, True, "when we change our key it stops"),
        ("with blanks", Zone({TARGET: [ours], THEIRS: [f" {ours[:90]} {ours[90:]} ;"]}), FOUND, True, "It is a copy"),
        ("a trial", Zone({TARGET: [f"{ours}; t=y:s"]}, led), FOUND, True, "only a trial"),
        ("rather short", Zone({TARGET: [weak]}, led), FOUND, True, "1024 bits"),
        ("too short", Zone({TARGET: [short]}, led), WRONG, False, "too short: 512 bits"),
        ("nothing", Zone({TARGET: [ours]}), MISSING, False, "Nothing says which key"),
        ("led astray", Zone({TARGET: [ours]}, {THEIRS: "x.test"}), WRONG, False, "leads to x.test"),
        ("we have no key", Zone({}, led), NOT_KNOWN, False, "Nothing is wrong on your side"),
        ("an old copy", Zone({TARGET: [ours], THEIRS: [other]}), WRONG, False, "not the one our letters"),
        ("revoked", Zone({TARGET: [ours], THEIRS: ["v=DKIM1; p="]}), WRONG, False, "taken back"),
        ("half a key", Zone({TARGET: [ours], THEIRS: [ours[:200]]}), WRONG, False, "lost in copying"),
        ("no key at all", Zone({TARGET: [ours], THEIRS: ["v=spf1 -all"]}), WRONG, False, "no key that receivers"),
        ("only SHA-1", Zone({TARGET: [ours], THEIRS: [f"{ours}; h=sha1"]}), WRONG, False, "SHA-256"),
        ("two keys", Zone({TARGET: [ours], THEIRS: [ours, other]}), WRONG, False, "2 keys"),
        ("silence", Zone({TARGET: [ours], THEIRS: SILENT}), NOT_KNOWN, None, "did not answer"),
        ("silence at our own", Zone({TARGET: SILENT}), NOT_KNOWN, None, "did not answer"),
    ]
    for name, zone, state, lets_in, says in cases:
        report = dkim.look("acme.com", target=TARGET, asking=zone)
        assert (report.state, report.lets_in) == (state, lets_in), (name, report)
        assert says in report.says, name
        assert (report.name, report.record_type, report.value) == (THEIRS, "CNAME", TARGET)


@pytest.mark.parametrize(
    ("says", "is_vouched_for", "state", "sentence"),
    [
        ({}, True, MISSING, "Nothing says what becomes of forged letters"),
        ({"_dmarc.mail.acme.com": ["v=DMARC1; p=none"]}, False, FOUND, "deliver whatever comes"),
        ({"_dmarc.mail.acme.com": ["v=DMARC1; p=reject"]}, True, FOUND, "refuse"),
        ({"_dmarc.mail.acme.com": ["v=DMARC1;p=Reject; adkim=s; aspf=s"]}, True, FOUND, "strict alignment"),
        ({"_dmarc.mail.acme.com": ["v=DMARC1; p=reject"]}, False, FOUND, "they would not arrive"),
        ({"_dmarc.mail.acme.com": ["v=DMARC1; p=quarantine"]}, None, FOUND, "could not be looked up"),
        ({"_dmarc.mail.acme.com": ["v=DMARC1; p=maybe"]}, True, WRONG, "“p=maybe”"),
        ({"_dmarc.mail.acme.com": ["v=DMARC1"]}, True, WRONG, "ignore the record"),
        ({"_dmarc.mail.acme.com": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, True, WRONG, "2 DMARC records"),
        (
            {"_dmarc.acme.com": ["v=DMARC1; p=none; sp=reject"]},
            False,
            FOUND,
            "acme.com speaks for this domain. It asks",
        ),
        ({"_dmarc.acme.com": ["v=DMARC1; p=none; sp=reject"]}, False, FOUND, "(p=reject)"),
        ({"_dmarc.acme.com": ["v=DMARC1; p=none"]}, False, FOUND, "(p=none)"),
        ({"_dmarc.com": ["v=DMARC1; p=reject"]}, False, MISSING, "Nothing says"),
        ({"_dmarc.mail.acme.com": SILENT}, True, NOT_KNOWN, "did not answer"),
    ],
)
def test_dmarc(says: dict[str, list[str] | str], is_vouched_for: bool | None, state: State, sentence: str) -> None:
    report = dmarc.look("mail.acme.com", is_vouched_for=is_vouched_for, asking=Zone(says))
    assert report.state is state
    assert sentence in report.says


def test_dmarc_asks_for_few_names_of_a_long_domain() -> None:
    zone = Zone({})
    dmarc.look(".".join("abcdefghijkl") + ".acme.com", is_vouched_for=True, asking=zone)
    assert len(zone.asked) == dmarc.MOST_STEPS
    assert zone.asked[-1] == "_dmarc.acme.com"
