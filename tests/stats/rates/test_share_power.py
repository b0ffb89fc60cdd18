"""What a test of a share could show: by hand from the binomial law."""

import pytest
from scipy import stats

from analysis import ParameterError
from analysis.stats import rates


def test_it_is_the_tail_from_the_critical_count_on():
    # 12 at half: 10 or more have chance 79/4096 = 0.019, 9 or more 299/4096 = 0.073.
    assert rates.share_power(12, share=0.8, against=0.5) == pytest.approx(stats.binom.sf(9, 12, 0.8))


def test_three_can_never_show_it():
    # 0.5^3 = 0.125.
    assert rates.share_power(3, share=1.0, against=0.5) == 0
    assert rates.share_power(0, share=1.0, against=0.5) == 0


@pytest.mark.parametrize("alternative", ["less", "greater", "two-sided"])
def test_it_never_exceeds_the_level_under_the_null(alternative):
    for n in (3, 10, 30):
        assert rates.share_power(n, share=0.3, against=0.3, alternative=alternative) <= 0.05 + 1e-12


@pytest.mark.parametrize("wrong", [{"share": 1.2}, {"against": 0.0}, {"trials": 2.5}])
def test_what_is_no_share_is_refused(wrong):
    settings = {"trials": 4, "share": 0.5, "against": 0.5} | wrong
    with pytest.raises(ParameterError):
        rates.share_power(settings.pop("trials"), **settings)
