"""Published and independently computed values that concern waits, each within its stated tolerance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.stats import waiting
from analysis.timeline import EventSeries

STOPPED, LEUKAEMIA, COAL = "07_stopped_solow", "09_heart_transplant_km_cox", "01_coal_mining"


@pytest.fixture
def seal(reference):
    # The window starts at the first sighting, which is then not counted (n = 4).
    years = reference(STOPPED).csv("monk_seal.csv")["year"]
    return EventSeries.from_numbers(years[1:], start=1915, end=1992, opened_by_event=True, unit="year")


@pytest.fixture
def ferret(reference):
    months = reference(STOPPED).csv("ferret_months.csv")["month"]
    return EventSeries.from_numbers(months, start=0, end=229, unit="month")


@pytest.fixture
def dodo(reference):
    years = reference(STOPPED).csv("dodo.csv")["year"]
    return EventSeries.from_numbers(years[1:], start=1598, end=2002, opened_by_event=True, unit="year")


@pytest.fixture
def leukaemia(reference):
    table = reference(LEUKAEMIA).csv("aml.csv")
    return {
        name: pd.DataFrame({"days": part["time"], "censored": part["status"] == 0}).reset_index(drop=True)
        for name, part in table.groupby("x")
    }


def test_monk_seal(reference, seal):
    case, finding = reference(STOPPED), waiting.solow(seal)
    opened = seal.window.start
    case.check("monkseal_n", finding.n_events)
    case.check("monkseal_p", finding.pvalue)
    case.check("monkseal_p_published", finding.pvalue)
    case.check("monkseal_T_end_estimate", opened + finding.effect.value)
    case.check("monkseal_upper95", opened + finding.effect.high)
    # Orientation: above 1 speaks for going on; one package prints the inverse.
    case.check("monkseal_BF01_extant_over_extinct", finding.settings["bayes_factor_going_over_stopped"])
    case.check("monkseal_posterior_extant_prior_half", finding.settings["posterior_going"])
    assert finding.settings["end_at"] == "1961.25"


def test_ferret_with_a_declining_rate(reference, ferret):
    # The alternating sum loses all digits in double precision; here it runs in whole numbers.
    reference(STOPPED).check("ferret_declining_p", waiting.solow_declining(ferret).pvalue)
    reference(STOPPED).check("ferret_classical_p", waiting.solow(ferret).pvalue)


def test_dodo(reference, dodo):
    case, finding = reference(STOPPED), waiting.last_event_ole(dodo, k=10)
    opened = dodo.window.start
    case.check("dodo_extinction_estimate", opened + finding.effect.value)
    case.check("dodo_OLE_estimate_R", opened + finding.effect.value)
    case.check("dodo_OLE_upper_onesided95_R", opened + finding.effect.high)
    case.check("dodo_OLE_upper_twosided95_R", opened + finding.settings["upper_two_sided"])
    case.check("dodo_OLE_p_2002", finding.pvalue)


def test_leukaemia_survival(reference, leukaemia):
    case = reference(LEUKAEMIA)
    steps = {name: waiting.kaplan_meier(part["days"], ~part["censored"]) for name, part in leukaemia.items()}
    kept = steps["Maintained"]
    case.check("aml_maintained_times", kept["days"])
    case.check("aml_maintained_surv", kept["survival"])
    case.check("aml_maintained_se", kept["std_error"])
    case.check("aml_nelson_aalen_at_23", _pooled_hazard_at_23(case, leukaemia, steps))
    from analysis.stats.waiting.product_limit import crossing

    medians = [crossing(steps[k]["days"].to_numpy(), steps[k]["survival"].to_numpy(), 0.5) for k in steps]
    assert list(steps) == ["Maintained", "Nonmaintained"]
    case.check("aml_median_maintained_nonmaintained", medians)


def _pooled_hazard_at_23(case, leukaemia, steps) -> float:
    """The case does not say which group its Nelson-Aalen value at 23 is of: it is that of all 23 patients."""
    everyone = pd.concat(leukaemia.values())
    pooled = waiting.kaplan_meier(everyone["days"], ~everyone["censored"])
    return float(pooled.loc[pooled["days"] <= 23, "cumulative_hazard"].iloc[-1])


def test_leukaemia_log_rank(reference, leukaemia):
    finding = waiting.compare(leukaemia["Maintained"], leukaemia["Nonmaintained"], statistic="logrank", pvalue="chi2")
    reference(LEUKAEMIA).check("aml_logrank_chisq", finding.statistic)
    reference(LEUKAEMIA).check("aml_logrank_chisq_R", finding.statistic)
    # The surplus and variance computed here give the same chi-square as the library's.
    from analysis.stats.waiting import logrank

    parts = [(part["days"].to_numpy(float), ~part["censored"].to_numpy()) for part in leukaemia.values()]
    surplus, variance = logrank.parts(*parts[0], *parts[1])
    assert surplus**2 / variance == pytest.approx(finding.statistic, rel=1e-12)


def test_coal_mining_waits(reference):
    # 190 waits between 191 disasters; one is 0 days (two on one day) and must survive.
    case = reference(COAL)
    day = case.csv("events.csv")["elapsed_days_since_1851_01_01"].to_numpy(float)
    series = EventSeries.from_numbers(
        day[1:], start=day[0], end=day[-1], opened_by_event=True, closed_by_event=True, precision=1
    )
    case.check("n_events", series.n + 1)
    case.check("span_first_to_last_days", series.days)
    finding = waiting.mean_wait(series)
    case.check("gap_mean_days", finding.effect.value)
    waits = series.waits()
    assert (waits["days"] == 0).sum() == 1
    case.check("gap_sd_days_n-1", waits["days"].std(ddof=1))
    assert waiting.survival(series).curve["survival"].iloc[-1] == 0
    # Known result: the waits are over-dispersed (Jarrett 1979), so shape 1 is left and the law is not exponential.
    assert waiting.exponentiality(series, rng=1, resamples=999).pvalue <= 0.002


@pytest.mark.parametrize(
    ("name", "prefixes", "count"),
    [(STOPPED, ("",), 14), (LEUKAEMIA, ("aml_",), 7), (COAL, ("gap_", "n_events", "span_"), 4)],
)
def test_no_gated_value_about_waits_is_left_out(reference, name, prefixes, count):
    # If a value is added to the case, this count fails and a test above has to take it up.
    gated = [k for k, v in reference(name).expected.items() if k.startswith(prefixes) and v.get("gate") is True]
    assert len(gated) == count


def test_the_log_log_limits_are_those_of_the_library(leukaemia):
    # statsmodels 0.15, SurvfuncRight.quantile_ci(0.5, method="cloglog") at 95 %.
    import warnings

    from statsmodels.duration.survfunc import SurvfuncRight

    for part in leukaemia.values():
        peer = SurvfuncRight(part["days"].to_numpy(float), (~part["censored"]).to_numpy().astype(int))
        ours = waiting.kaplan_meier(part["days"], ~part["censored"])
        np.testing.assert_allclose(ours["survival"], peer.surv_prob, atol=1e-12)
        np.testing.assert_allclose(ours["std_error"][:-1], peer.surv_prob_se[:-1], atol=1e-12)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library takes the log of a survival of 0
            low, _ = peer.quantile_ci(0.5, method="cloglog")
        from analysis.stats.waiting.product_limit import crossing

        assert crossing(ours["days"].to_numpy(), ours["low"].to_numpy(), 0.5) == low
