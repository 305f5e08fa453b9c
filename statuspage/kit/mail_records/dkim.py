"""DKIM (RFC 6376): whether a domain names the key that our relay signs with."""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from statuspage.kit.mail_records.reports import Asking, Report, State
from statuspage.kit.names import NotKnownError

BETWEEN = "._domainkey."
SHORTEST, SHORT = 1024, 2048
"""Bits of an RSA key: below the first receivers ignore it, below the second it should be longer (RFC 8301 §3.2)."""
RAW_ED25519 = 32
NOT_A_KEY = "What stands there is no key that receivers can read."


@dataclass(frozen=True, slots=True)
class Key:
    """`bits` of an RSA key; 0: another kind, whose length is right."""

    data: bytes
    bits: int
    is_trial: bool


def tags_of(text: str) -> dict[str, str]:
    """ "v=DKIM1; p=…" as a dictionary, names in lower case and values without white space (RFC 6376 §3.2)."""
    pairs = (pair.partition("=") for pair in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs if name.strip()}


def parse(text: str) -> Key:
    """Raises ValueError with a sentence."""
    tags = tags_of(text)
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        raise ValueError(NOT_A_KEY)
    if not tags["p"]:
        raise ValueError("The key was taken back (its p= is empty): whatever is signed with it counts as forged.")
    if "h" in tags and "sha256" not in tags["h"].split(":"):
        raise ValueError("It forbids SHA-256 (h=), the only way of signing that receivers still accept.")
    return _key(tags)


def _key(tags: dict[str, str]) -> Key:
    is_trial = "y" in tags.get("t", "").split(":")
    try:
        data = base64.b64decode(tags["p"], validate=True)
        if tags.get("k", "rsa") == "ed25519" and len(data) == RAW_ED25519:
            return Key(data, 0, is_trial)
        key = load_der_public_key(data)
    except (binascii.Error, ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{NOT_A_KEY} Perhaps a part of it was lost in copying.") from error
    if not isinstance(key, RSAPublicKey):
        raise ValueError(NOT_A_KEY)
    if key.key_size < SHORTEST:
        raise ValueError(f"The key is too short: {key.key_size} bits. Receivers ignore anything below {SHORTEST}.")
    return Key(data, key.key_size, is_trial)


def look(domain: str, *, target: str, asking: Asking) -> Report:
    """`target` is the name of the key that our relay signs with: ripple._domainkey.ripple.example."""
    name = f"{target.partition(BETWEEN)[0]}{BETWEEN}{domain}"
    report = Report(kind="DKIM", name=name, value=target, record_type="CNAME")
    try:
        texts, alias, ours = asking.texts(name), asking.alias(name), asking.texts(target)
    except NotKnownError:
        return report.not_known()
    is_ours = alias == target.lower()
    report = Report(kind="DKIM", name=name, value=target, record_type="CNAME", found=tuple(texts) or _led(alias))
    if is_ours and not texts:
        says = "Your record leads to us, yet our own key is not there. Nothing is wrong on your side."
        return report.but(State.NOT_KNOWN, says, advice="Tell whoever runs this installation.")
    if not texts:
        return _of_nothing(report, alias)
    if len(texts) > 1:
        says = f"There are {len(texts)} keys at this name. Receivers may take any of them."
        return report.but(State.WRONG, says, advice="Put this one in place of all of them.")
    return _judged(report, texts[0], ours, is_ours=is_ours)


def _led(alias: str) -> tuple[str, ...]:
    return (f"CNAME {alias}",) if alias else ()


def _of_nothing(report: Report, alias: str) -> Report:
    if alias:
        says = f"Your record leads to {alias}, and there is no key."
        return report.but(State.WRONG, says, advice="Let it lead to this name.")
    says = "Nothing says which key our letters are signed with."
    return report.but(State.MISSING, says, advice="Create this record. It is of type CNAME, not TXT.")


def _judged(report: Report, text: str, ours: list[str], *, is_ours: bool) -> Report:
    mend = "Tell whoever runs this installation." if is_ours else "Put this record of type CNAME in its place."
    try:
        key = parse(text)
    except ValueError as error:
        return report.but(State.WRONG, str(error), advice=mend)
    if not is_ours and key.data not in _data_of(ours):
        return report.but(State.WRONG, "The key there is not the one our letters are signed with.", advice=mend)
    return report.but(State.FOUND, _remarks(key, is_ours=is_ours), lets_in=True)


def _data_of(texts: list[str]) -> set[bytes]:
    found = set()
    for text in texts:
        try:
            found.add(parse(text).data)
        except ValueError:
            continue
    return found


def _remarks(key: Key, *, is_ours: bool) -> str:
    remarks = ["It names the key our letters are signed with."]
    if not is_ours:
        remarks.append("It is a copy: when we change our key it stops being right. A CNAME keeps up by itself.")
    if key.is_trial:
        remarks.append("It says that this is only a trial (t=y): receivers may ignore it.")
    if 0 < key.bits < SHORT:
        remarks.append(f"The key has {key.bits} bits, which is still accepted; {SHORT} are better.")
    return " ".join(remarks)
