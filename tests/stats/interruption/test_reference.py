"""Published and independent numbers: seat belts, school absences, and a smoking ban."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis import CountSeries
from analysis.stats import interruption

# Lopez Bernal, Cummins and Gasparrini (2017) Int. J. Epidemiology 46:348-355: hospital admissions for acute coronary
# events in Sicily by month, 2002 to November 2006; smoking was banned indoors from month 37 on. The second list is the
# age-standardised population, in hundreds.
ADMISSIONS = [
    *(728, 659, 791, 734, 757, 726, 760, 740, 720, 814, 795, 858, 887, 766, 851, 769, 781, 756, 766, 752),
    *(765, 831, 879, 928, 914, 808, 937, 840, 916, 828, 845, 818, 860, 839, 887, 886, 831, 796, 833, 820),
    *(877, 758, 767, 738, 781, 843, 850, 908, 1021, 859, 976, 888, 962, 838, 810, 876, 843, 936, 912),
]
POPULATION = [
    *(3798.753, 3764.955, 3770.408, 3771.164, 3773.834, 3741.131, 3795.133, 3762.955, 3746.532, 3784.856, 3759.555),
    *(3783.497, 3767.624, 3790.323, 3793.604, 3761.62, 3779.724, 3818.307, 3798.886, 3808.722, 3809.669, 3812.404),
    *(3821.049, 3818.027, 3816.563, 3836.8, 3835.034, 3864.629, 3837.831, 3808.368, 3834.83, 3809.062, 3829.268),
    *(3840.524, 3844.496, 3834.284, 3881.532, 3883.732, 3864.701, 3860.33, 3836.864, 3855.093, 3859.019, 3865.166),
    *(3884.365, 3832.552, 3901.487, 3858.749, 3916.136, 3917.504, 3940.056, 3913.649, 3916.646, 3890.223, 3918.785),
    *(3885.753, 3929.89, 3900.188, 3907.123),
]


@pytest.fixture(scope="module")
def case(reference):
    return reference("12_interrupted_series")


@pytest.fixture(scope="module")
def belts(case):
    rows = case.csv("seatbelts.csv")
    counts = CountSeries.from_counts(rows["VanKilled"], label="van drivers killed")
    months = pd.get_dummies(rows["month"]).to_numpy(float)[:, 1:]
    return counts, {"at": float(rows["law"].to_numpy().argmax()), "trend": True, "covariates": months, "method": "wald"}


def absences(case):
    rows = case.csv("quine.csv")
    factor = {name: pd.get_dummies(rows[name]).to_numpy(float)[:, 1:] for name in ("Eth", "Sex", "Age", "Lrn")}

    def crossed(*names):
        columns = np.ones((len(rows), 1))
        for name in names:
            columns = (columns[:, :, None] * factor[name][:, None, :]).reshape(len(rows), -1)
        return columns

    return rows["Days"].to_numpy(float), crossed, list(factor)


def test_van_drivers_and_the_seat_belt_law(case, belts):
    counts, settings = belts
    found = interruption.interrupted(counts, **settings)
    case.check("vankilled_poisson_law_coef_se", [found.settings["coefficient"], found.settings["error"]])
    case.check("vankilled_poisson_deviance", found.settings["deviance"])
    assert found.effect.value == pytest.approx(np.exp(found.settings["coefficient"]))
    wide = interruption.interrupted(counts, family="negative_binomial", **settings)
    case.check("vankilled_negbin_law_coef_se", [wide.settings["coefficient"], wide.settings["error"]])
    # Not overdispersed: theta runs to the Poisson boundary, which is said and not printed as a huge number.
    assert wide.settings["theta"] is None


def test_negative_binomial_theta_of_absences(case):
    days, crossed, names = absences(case)
    whole = [crossed(*c) for k in range(5) for c in itertools.combinations(names, k)]
    fit = interruption.negative_binomial(days, np.hstack(whole))
    case.check("quine_negbin_theta_R", fit.theta)
    case.check("quine_negbin_theta_full_model", fit.theta)


def test_negative_binomial_theta_and_likelihood_of_nested_absences(case):
    # Sex / (Age + Eth * Lrn): Age, Eth, Lrn and Eth with Lrn inside each sex.
    days, crossed, _ = absences(case)
    sex = crossed("Sex")
    inside = np.hstack([crossed("Age"), crossed("Eth"), crossed("Lrn"), crossed("Eth", "Lrn")])
    fit = interruption.negative_binomial(days, np.hstack([crossed(), sex, sex * inside, (1 - sex) * inside]))
    case.check("quine_theta_helppage_model", fit.theta)
    case.check("quine_helppage_2loglik", 2 * fit.loglik)


def test_iraqi_events_by_month_after_victory_was_declared(reference):
    # UCDP GED 19.1, Government of Iraq against IS, months from January 2014; R's glm and glm.nb with a linear trend.
    case = reference("16_ucdp_ged")
    counts = CountSeries.from_counts(np.array(case.value("iraq_is_prec1_monthly_2014_2018")), label="events")
    about = {"at": 47.0, "trend": True, "method": "wald"}
    found = interruption.interrupted(counts, **about)
    case.check("iraq_is_its_poisson_post_dec2017_coef_se", [found.settings["coefficient"], found.settings["error"]])
    quasi = interruption.interrupted(counts, errors="quasi", **about)
    case.check("iraq_is_its_quasi_dispersion", (quasi.settings["error"] / found.settings["error"]) ** 2)
    wide = interruption.interrupted(counts, family="negative_binomial", **about)
    case.check("iraq_is_its_negbin_post_coef_se", [wide.settings["coefficient"], wide.settings["error"]])
    case.check("iraq_is_its_negbin_theta", wide.settings["theta"])


def test_the_sicilian_smoking_ban():
    # Published: rate ratio 0.894 (0.864 to 0.925) with a linear trend and Poisson errors.
    watched = np.array(POPULATION) / 4000
    counts = CountSeries(np.arange(60.0), np.array(ADMISSIONS), watched, label="coronary events")
    found = interruption.interrupted(counts, at=36.0, trend=True, method="wald")
    published = [0.894, 0.864, 0.925]
    assert [found.effect.value, found.effect.low, found.effect.high] == pytest.approx(published, abs=1e-3)
    boot = interruption.interrupted(counts, at=36.0, trend=True, rng=1, resamples=99)
    assert boot.effect.value == pytest.approx(found.effect.value, abs=1e-6)
    assert [boot.effect.low, boot.effect.high] == pytest.approx(published[1:], abs=0.02)


def test_large_sample_fits_are_those_of_statsmodels(belts):
    import statsmodels.api as sm

    counts, settings = belts
    law = counts.edges[:-1] >= settings["at"]
    time = (counts.edges[:-1] + 0.5) / 192
    design = np.column_stack([np.ones(192), settings["covariates"], time, law])
    model = sm.GLM(counts.counts, design, family=sm.families.Poisson())
    fits = {
        "model": model.fit(tol=1e-12),
        "quasi": model.fit(tol=1e-12, scale="X2"),
        "hac": model.fit(tol=1e-12, cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True}),
    }
    for errors, fit in fits.items():
        found = interruption.interrupted(counts, errors=errors, lags=4 if errors == "hac" else None, **settings)
        assert found.settings["coefficient"] == pytest.approx(fit.params[-1], abs=1e-8)
        assert found.settings["error"] == pytest.approx(fit.bse[-1], rel=1e-6), errors
    spread = np.random.default_rng(4).negative_binomial(2.0, 0.2, 60)
    theirs = sm.NegativeBinomial(spread, np.ones((60, 1))).fit(disp=0)
    mine = interruption.negative_binomial(spread, np.ones((60, 1)))
    assert 1 / mine.theta == pytest.approx(theirs.params[-1], rel=1e-4)
    assert mine.loglik == pytest.approx(theirs.llf, abs=1e-6)
