"""DMARC (RFC 7489): what a domain asks of receivers when neither SPF nor DKIM vouch for a letter."""

from collections.abc import Iterator

from statuspage.kit.mail_records.dkim import tags_of
from statuspage.kit.mail_records.reports import Asking, Report, State
from statuspage.kit.names import NotKnownError

MOST_STEPS = 8
"""So many names are asked on the way up to whoever speaks for the domain."""
SUGGESTED = "v=DMARC1; p=none"
POLICIES = {
    "none": "It asks receivers to deliver whatever comes (p=none).",
    "quarantine": "It asks receivers to treat as spam what neither SPF nor DKIM vouch for (p=quarantine).",
    "reject": "It asks receivers to refuse what neither SPF nor DKIM vouch for (p=reject).",
}


def names_above(domain: str) -> Iterator[str]:
    """The domain and those above it, without the top-level one. Whose record is nearest speaks."""
    labels = domain.split(".")
    steps = [".".join(labels[step:]) for step in range(len(labels) - 1)]
    yield from [domain, *steps[1:][-(MOST_STEPS - 1) :]]


def records_in(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts if text.replace(" ", "").lower().startswith("v=dmarc1")]


def look(domain: str, *, is_vouched_for: bool | None, asking: Asking) -> Report:
    """`is_vouched_for`: by SPF or DKIM, both of which carry exactly this domain in our letters; None: not known."""
    report = Report(kind="DMARC", name=f"_dmarc.{domain}", value=SUGGESTED)
    try:
        speaker, records = _nearest(domain, asking)
    except NotKnownError:
        return report.not_known()
    if not records:
        says = "Nothing says what becomes of forged letters. Large mailbox providers want this from who sends much."
        return report.but(State.MISSING, says, advice="Create this record. It changes nothing about delivery.")
    report = Report(kind="DMARC", name=f"_dmarc.{speaker}", value=SUGGESTED, found=tuple(records))
    if len(records) > 1:
        says = f"There are {len(records)} DMARC records. Receivers take that for a mistake and believe none of them."
        return report.but(State.WRONG, says, advice="Keep one of them.", lets_in=bool(is_vouched_for))
    return _judged(report, tags_of(records[0]), is_inherited=speaker != domain, is_vouched_for=is_vouched_for)


def _nearest(domain: str, asking: Asking) -> tuple[str, list[str]]:
    for name in names_above(domain):
        records = records_in(asking.texts(f"_dmarc.{name}"))
        if records:
            return name, records
    return domain, []


def _judged(report: Report, tags: dict[str, str], *, is_inherited: bool, is_vouched_for: bool | None) -> Report:
    policy = (is_inherited and tags.get("sp")) or tags.get("p", "")
    if policy.lower() not in POLICIES:
        says = f"It says “p={policy}”, which receivers do not understand: they ignore the record."
        return report.but(State.WRONG, says, lets_in=True, advice="Change p= to none, quarantine or reject.")
    sentences = [POLICIES[policy.lower()]]
    if is_inherited:
        sentences.insert(0, f"{report.name.removeprefix('_dmarc.')} speaks for this domain.")
    if "s" in {tags.get("adkim", "r").lower(), tags.get("aspf", "r").lower()}:
        sentences.append("It wants exactly this domain in every place (strict alignment); our letters have that.")
    return _with_consequence(report, sentences, policy.lower(), is_vouched_for=is_vouched_for)


def _with_consequence(report: Report, sentences: list[str], policy: str, *, is_vouched_for: bool | None) -> Report:
    if policy == "none" or is_vouched_for:
        return report.but(State.FOUND, " ".join(sentences), lets_in=True)
    if is_vouched_for is None:
        sentences.append("Whether ours are vouched for could not be looked up.")
        return report.but(State.FOUND, " ".join(sentences), advice="Try again in a few minutes.")
    sentences.append("Neither of them vouches for ours yet, so they would not arrive.")
    return report.but(State.FOUND, " ".join(sentences), advice="Put SPF or DKIM right; nothing needs to change here.")
