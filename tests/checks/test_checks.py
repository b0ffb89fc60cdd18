"""Checks: one event less, other readings, other choices."""

from functools import partial

import pytest

from analysis import EventSeries, ParameterError, Window, load
from analysis.checks import date_precision, leave_one_out, prior_sensitivity, reselected, variations
from analysis.stats import rates

IRREGULAR = EventSeries.from_numbers([0.4, 1.1, 7.9, 8.0, 23.5], start=0, end=30)


def ratio(series):
    return rates.ratio(series, at=10, alternative="less")


def test_leaving_one_out_is_the_test_on_the_rest():
    table = leave_one_out(IRREGULAR, ratio)
    assert table["variation"].tolist()[0] == "all events"
    assert len(table) == 6
    rest = EventSeries.from_numbers([0.4, 1.1, 8.0, 23.5], start=0, end=30)
    assert table["pvalue"].iloc[3] == ratio(rest).pvalue
    assert leave_one_out(EventSeries.from_numbers([], start=0, end=30), ratio)["note"].iloc[0]


def test_date_precision_brackets_the_answers_of_the_extreme_readings():
    window = Window.between("2021-04-14", "2021-06-04", opened_by_event=True)
    series = EventSeries(
        [24.0, 26.0], window, earliest=[24, 26], latest=[24, 27], width=[0, 0], resolution="day", precision=1
    )
    test = lambda s: rates.ratio(s, at="last_event", alternative="less")  # noqa: E731
    table = date_precision(series, test, rng=1)
    assert table["pvalue"].iloc[0] == pytest.approx((26 / 51) ** 2)
    assert table["pvalue"].iloc[-1] == pytest.approx((27 / 51) ** 2)
    assert "0% of 200 readings" in table["note"].iloc[0]
    with pytest.raises(ParameterError, match="rng"):
        date_precision(series, test, rng=None)


def test_variations_are_the_test_on_the_series_that_other_choices_give():
    table = load("data/attacks.csv")
    base = {"weapon": ["drone"], "start": "2021-04-01", "end": "2021-06-04", "opened_by_event": True}
    again = reselected(table, base)
    result = variations(again, lambda s: rates.ratio(s, at="last_event", alternative="less")).set_index("variation")
    # By hand: Harir a day earlier gives (26/51)^2; without the medium row one strike is left, (24/51).
    assert result.loc["as given", "pvalue"] == pytest.approx((27 / 51) ** 2)
    assert result.loc["every date at its earliest", "pvalue"] == pytest.approx((26 / 51) ** 2)
    assert result.loc["high confidence only", "pvalue"] == pytest.approx(24 / 51)


def test_every_prior_has_its_row_with_the_statistic():
    priors = {f"mean wait {days:g}": {"prior_mean_wait": days} for days in (5.0, 30.0)}
    table = prior_sensitivity(
        IRREGULAR, lambda s, **prior: rates.bayes_factor(s, at=10, model="independent", **prior), priors
    )
    assert table["variation"].tolist() == list(priors)
    weighed = partial(rates.bayes_factor, IRREGULAR, at=10, model="independent")
    expected = [weighed(prior_mean_wait=days).statistic for days in (5.0, 30.0)]
    assert table["statistic"].tolist() == expected
    assert expected[0] != expected[1]
