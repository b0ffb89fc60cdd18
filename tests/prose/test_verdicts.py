"""Verdicts fire by rule, in the order of the register's rules, and print the rule."""

from dataclasses import replace

import pytest

from analysis import EventSeries, ParameterError
from analysis.catalogue.claims import claims
from analysis.prose import verdicts
from analysis.prose.answers import agreement
from analysis.stats import rates


@pytest.fixture(scope="module")
def register():
    return claims()


def test_on_record(register):
    claim = register["C3a"]
    words = {s: verdicts.on_record(claim, s, what="no strike after the salvo").word for s in (0, 0.5, 1)}
    assert words == {0: "contradicted", 0.5: "cannot be told from these data", 1: "consistent with"}
    assert "50%" in verdicts.on_record(claim, 0.5, what="no strike after the salvo").rule
    with pytest.raises(ParameterError):
        verdicts.on_record(claim, 1.2, what="x")


def test_three_strikes_cannot_tell_whatever_had_happened(register):
    # The article's record: the smallest p the design can reach is 0.28, so no verdict but this one is honest.
    series = EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True)
    finding = rates.ratio(series, at="last_event", alternative="less")
    verdict = verdicts.on_test(register["C3b"], finding, power=0.0)
    assert verdict.word == "cannot be told from these data"
    assert "0.28" in verdict.rule


def finding_of(before, after, **settings):
    return rates.ratio_of_counts(
        before=before, before_days=100, after=after, after_days=100, alternative="less", **settings
    )


def test_limits_that_leave_out_the_claimed_region_contradict(register):
    claim = replace(register["C3b"], region=(0.0, 0.2))
    # 30 after 10: the two-sided lower limit lies far above 0.2.
    two_sided = rates.ratio_of_counts(before=10, before_days=100, after=30, after_days=100)
    assert verdicts.on_test(claim, two_sided).word == "contradicted"


def test_support_needs_the_adjusted_p_and_the_multiverse(register):
    claim = register["C3b"]
    strong = finding_of(20, 0)
    assert verdicts.on_test(claim, strong, adjusted=0.001, agreement=0.9).word == "supported"
    for settings in ({"adjusted": 0.2, "agreement": 0.9}, {"adjusted": 0.001, "agreement": 0.5}, {"adjusted": 0.001}):
        verdict = verdicts.on_test(claim, strong, **settings)
        assert (verdict.word, verdict.fragile) == ("consistent with", True)


def test_without_power_it_cannot_be_told_and_with_power_there_is_no_evidence(register):
    claim = register["C3b"]
    weak = finding_of(12, 9)
    assert verdicts.on_test(claim, weak, power=0.3).word == "cannot be told from these data"
    assert verdicts.on_test(claim, weak, power=0.95).word == "no evidence for"
    # A family of many asks for a level that this design cannot reach.
    small = finding_of(5, 3)
    assert small.attainable_pvalue == pytest.approx(0.5**5)
    assert verdicts.on_test(claim, small, strictest=0.01, power=0.95).word == "cannot be told from these data"


def test_an_inconclusive_finding_is_never_no_evidence(register):
    empty = rates.ratio(EventSeries.from_numbers([], start=0, end=51), at="last_event", alternative="less")
    assert verdicts.on_test(register["C3b"], empty).word == "cannot be told from these data"


def test_a_forecast_is_open_until_it_is_known(register):
    claim = register["C2"]
    assert verdicts.on_forecast(claim, 2, 40, None).word == "cannot be told from these data"
    assert verdicts.on_forecast(claim, 2, 40, 2).word == "consistent with"
    assert verdicts.on_forecast(claim, 2, 40, 41).word == "contradicted"


def test_the_multiverse_agrees_in_sign_and_level_or_not_at_all(register):
    claim = register["C3b"]
    fall, rise, none = (
        finding_of(20, 1),
        rates.ratio_of_counts(before=1, before_days=100, after=20, after_days=100),
        finding_of(5, 4),
    )
    assert agreement(claim, fall, [lambda: fall, lambda: rise, lambda: none, lambda: fall]) == 0.5
    # A claim that is not significant to begin with needs no multiverse.
    assert agreement(claim, none, [lambda: fall]) is None
    assert agreement(claim, fall, []) is None
