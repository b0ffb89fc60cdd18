"""A verdict on a claim, by rule, with the rule printed."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.catalogue.claims import Claim
from analysis.errors import ParameterError
from analysis.results import Finding, p_text, plain

WORDS = ("supported", "consistent with", "no evidence for", "contradicted", "cannot be told from these data")
CANNOT = WORDS[4]
AGREEMENT = 0.8
WANTED_POWER = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One of five words on a claim, the rule that fired and what it rests on."""

    claim: str
    word: str
    rule: str
    fragile: bool = False

    def to_record(self) -> dict[str, object]:
        """The verdict as JSON-safe values."""
        return {"claim": self.claim, "word": self.word, "rule": self.rule, "fragile": self.fragile}

    def __str__(self) -> str:
        return f"{self.claim}: {self.word}{' (fragile)' if self.fragile else ''}. {self.rule}"


def on_record(claim: Claim, share: float, *, what: str, readings: str = "of the dates") -> Verdict:
    """Verdict on a record or a bound, from the share of admissible readings under which it holds.

    ``share`` lies in [0, 1]; ``what`` says in words what holds, and ``readings`` of what there are several, for the
    printed rule.
    """
    if not 0 <= share <= 1:
        raise ParameterError(f"share must lie between 0 and 1, got {share!r}")
    if share == 0:
        return Verdict(claim=claim.id, word="contradicted", rule=f"No admissible reading {readings} leaves {what}.")
    if share == 1:
        return Verdict(
            claim=claim.id, word="consistent with", rule=f"Every admissible reading {readings} leaves {what}."
        )
    rule = f"{share:.0%} of the admissible readings {readings} leave {what}; the others rule it out."
    return Verdict(claim=claim.id, word=CANNOT, rule=rule)


def on_test(
    claim: Claim,
    finding: Finding,
    *,
    adjusted: float | None = None,
    strictest: float | None = None,
    power: float | None = None,
    agreement: float | None = None,
    episodes: tuple[int, int] | None = None,
) -> Verdict:
    """Verdict on a test claim; the rules are tried in this order and the first that fires is printed.

    Parameters
    ----------
    finding : of the test named in the register; its interval is taken at the claim's level
    adjusted : the p-value adjusted within the claim's family; None for a family of one
    strictest : the smallest level the adjustment could ask; None for a family of one
    power : prospective power at the nearest edge of the claimed region, from the rate before the date
    agreement : share of the multiverse that agrees in sign and level; None where it was not run
    episodes : of a claim on a state or a response, how many episodes there were, and the fewest at which any result
        could reach the level; one coincidence is one episode, however many events it holds
    """
    alpha = 1 - claim.level
    strictest = alpha if strictest is None else strictest
    p = finding.pvalue
    adjusted = p if adjusted is None else adjusted
    if _excluded(claim, finding):
        rule = f"The {claim.level:.0%} limits of the {finding.effect.name} exclude the whole claimed region."
        return Verdict(claim=claim.id, word="contradicted", rule=rule)
    if episodes is not None and episodes[0] < episodes[1]:
        return Verdict(claim=claim.id, word=CANNOT, rule=_few(*episodes, alpha))
    if p is not None and adjusted <= alpha and agreement is not None and agreement >= AGREEMENT:
        rule = f"Adjusted p {p_text(adjusted)} is under {alpha:.2g} and {agreement:.0%} of the multiverse agrees."
        return Verdict(claim=claim.id, word="supported", rule=rule)
    if p is not None and p <= alpha:
        why = "no multiverse was run" if agreement is None else f"{agreement:.0%} of the multiverse agrees"
        rule = f"p {p_text(p)} is under {alpha:.2g}, but adjusted it is {p_text(adjusted)} and {why}."
        return Verdict(claim=claim.id, word="consistent with", rule=rule, fragile=True)
    return _undecided(claim, finding, strictest, power)


def _few(seen: int, needed: int, alpha: float) -> str:
    many = {0: "No episode", 1: "One episode"}.get(seen, f"{seen} episodes")
    return (
        f"{many} so far; one is one observation, and {needed} that all go one way are the fewest to reach {alpha:.2g}."
    )


def _undecided(claim: Claim, finding: Finding, strictest: float, power: float | None) -> Verdict:
    if finding.inconclusive or finding.pvalue is None:
        return Verdict(claim=claim.id, word=CANNOT, rule=f"The test has no answer: {finding.warnings[0]}")
    reach = finding.attainable_pvalue
    if reach is not None and reach > strictest:
        rule = f"The smallest p this design can reach is {p_text(reach)}, above {strictest:.2g}, whatever had happened."
        return Verdict(claim=claim.id, word=CANNOT, rule=rule)
    if power is not None and power < WANTED_POWER:
        rule = f"Had the claim been true, the test would have shown it with chance {power:.0%} only."
        return Verdict(claim=claim.id, word=CANNOT, rule=rule)
    rule = f"p {p_text(finding.pvalue)} is not under {1 - claim.level:.2g}, though the test could have shown it."
    return Verdict(claim=claim.id, word="no evidence for", rule=rule)


def on_forecast(
    claim: Claim,
    low: float | None,
    high: float | None,
    outcome: float | None,
    *,
    at_least: bool = False,
    reason: str = "The outcome is not known yet.",
) -> Verdict:
    """Verdict on a forecast: whether the outcome lies in the stated predictive set; None before it is known.

    ``at_least`` says that the outcome is no less than this, as a wait that is still open.
    """
    if outcome is None:
        return Verdict(claim=claim.id, word=CANNOT, rule=reason)
    inside = low <= outcome <= high
    where = "in" if inside else "outside"
    more = " or more" if at_least else ""
    rule = f"The outcome, {plain(outcome)}{more}, lies {where} the predicted {plain(low)} to {plain(high)}."
    return Verdict(claim=claim.id, word="consistent with" if inside else "contradicted", rule=rule)


def _excluded(claim: Claim, finding: Finding) -> bool:
    """Whether the interval leaves no part of the claimed region; needs an interval of the claim's level."""
    effect = finding.effect
    if claim.region is None or effect is None or effect.interval != "confidence" or finding.inconclusive:
        return False
    low, high = claim.region
    above = high is not None and effect.low is not None and effect.low > high
    below = effect.high is not None and effect.high < low
    return above or below
