"""Holm and Benjamini-Hochberg over findings: by hand, and with members that have no answer."""

import numpy as np
import pytest

from analysis import Estimate, Finding
from analysis.stats import multiplicity


def finding(p):
    return Finding(
        question="q",
        null="n",
        method="m",
        statistic=1.0,
        pvalue=p,
        effect=Estimate(name="e", value=1, low=0, high=2),
        attainable_pvalue=0.01,
        warnings=("no answer",) if p is None else (),
        inconclusive=p is None,
    )


def test_holm_by_hand():
    # Sorted 0.01, 0.02, 0.04: times 3, 2, 1, made to rise.
    table = multiplicity.adjust({"a": finding(0.04), "b": finding(0.01), "c": finding(0.02)})
    assert dict(zip(table["name"], table["adjusted"], strict=True)) == pytest.approx({"a": 0.04, "b": 0.03, "c": 0.04})
    assert table["strictest"].tolist() == pytest.approx([0.05 / 3] * 3)


def test_benjamini_hochberg_by_hand():
    table = multiplicity.adjust(
        {"a": finding(0.04), "b": finding(0.01), "c": finding(0.03)}, method="benjamini-hochberg"
    )
    assert table["adjusted"].tolist() == pytest.approx([0.04, 0.03, 0.04])


def test_the_thrombolysis_example_of_benjamini_and_hochberg():
    # Benjamini and Hochberg (1995) JRSS B 57:289, sec. 4.1: 15 comparisons of two treatments of myocardial infarction.
    # At 5 % Bonferroni's rule rejects three, and theirs four; Holm's gives no more than Hochberg's three.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p = np.array([*p, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000])
    assert (multiplicity.adjusted(p, method="benjamini-hochberg") <= 0.05).sum() == 4
    assert (multiplicity.adjusted(p, method="holm") <= 0.05).sum() == 3


def test_a_finding_without_a_p_value_is_not_a_question_asked():
    # A family padded with empty tests would pay for questions nobody could put.
    table = multiplicity.adjust({"a": finding(0.03), "b": finding(None)})
    assert table["adjusted"].tolist()[0] == pytest.approx(0.03)
    assert table["adjusted"].isna().tolist() == [False, True]
    assert multiplicity.adjust({"b": finding(None)})["adjusted"].isna().all()


@pytest.mark.parametrize(("ours", "theirs"), [("holm", "holm"), ("benjamini-hochberg", "fdr_bh")])
def test_the_numbers_are_those_of_statsmodels(ours, theirs):
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(1)
    for n in (1, 2, 7, 40):
        p = np.round(rng.random(n) ** 3, 2)  # rounded, so that some are tied
        assert multiplicity.adjusted(p, method=ours) == pytest.approx(multipletests(p, method=theirs)[1])
