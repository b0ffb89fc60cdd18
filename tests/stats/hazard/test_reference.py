"""Published and independent numbers on Cox models: heart transplants, bladder tumours, coal mines, leukaemia.

Published-by-memory entries of the cases are checked as they stand; the coal dates are arbitrary test inputs.
"""

from __future__ import annotations

import numpy as np
import pytest

from analysis import EventSeries
from analysis.stats import hazard

# Freireich et al. (1963) Blood 21:699-716, weeks of remission; negative: censored.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23, -6, -9, -10, -11, -17, -19, -20, -25, -32, -32, -34, -35]
CONTROL = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


@pytest.fixture(scope="module")
def heart(reference):
    return reference("09_heart_transplant_km_cox")


@pytest.fixture(scope="module")
def recurrent(reference):
    return reference("10_bladder_recurrent_series_hazard")


def heart_fit(case, **settings):
    rows = case.csv("heart_start_stop.csv")
    x = rows[["age", "year", "surgery", "transplant"]].to_numpy(float)
    return hazard.cox(rows["start"], rows["stop"], rows["event"], x, **settings), rows


def test_heart_transplants_with_covariates_that_change(heart):
    fit, rows = heart_fit(heart)
    for name in ("cox_efron_coef_R", "cox_coef_age_year_surgery_transplant"):
        heart.check(name, fit.coefficients)
    for name in ("cox_efron_se_R", "cox_se_age_year_surgery_transplant"):
        heart.check(name, fit.errors)
    heart.check("cox_p_age_year_surgery_transplant", fit.pvalues)
    heart.check("cox_loglik_null_model", fit.loglik)
    heart.check("score_test", fit.score_test)
    clustered, _ = heart_fit(heart, clusters=rows["id"])
    heart.check("cox_robust_se_cluster_id", clustered.robust_errors)


def test_heart_transplants_with_other_ties_and_the_check_of_proportionality(heart):
    heart.check("cox_breslow_coef_R", heart_fit(heart, ties="breslow")[0].coefficients)
    heart.check("cox_exact_coef_R", heart_fit(heart, ties="exact")[0].coefficients)
    heart.check("coxzph_global_chisq", hazard.zph(heart_fit(heart)[0])[0])


def test_bladder_tumours_come_back_in_four_forms(recurrent):
    rows = recurrent.csv("bladder2_start_stop.csv")
    x, gap = rows[["rx", "size", "number"]].to_numpy(float), rows["stop"] - rows["start"]
    whole = rows["start"], rows["stop"], rows["event"], x
    gaps = 0 * gap, gap, rows["event"], x
    fit = hazard.cox(*whole, clusters=rows["id"])
    recurrent.check("andersen_gill_coef_rx_size_number", fit.coefficients)
    recurrent.check("andersen_gill_se", fit.robust_errors)
    fit = hazard.cox(*whole, clusters=rows["id"], strata=rows["enum"])
    recurrent.check("pwp_total_time_coef_rx_size_number", fit.coefficients)
    recurrent.check("pwp_total_time_coef_rx_size_number_4rec", fit.coefficients)
    recurrent.check("pwp_total_time_se", fit.robust_errors)
    fit = hazard.cox(*gaps, clusters=rows["id"], strata=rows["enum"])
    recurrent.check("pwp_gap_time_coef_rx_size_number", fit.coefficients)
    recurrent.check("pwp_gap_time_se", fit.robust_errors)
    fit = hazard.cox(*gaps)
    recurrent.check("series_hazard_unstratified_gap_coef_rx_size_number", fit.coefficients)
    recurrent.check("series_hazard_unstratified_gap_se", fit.errors)


def test_coal_mines_as_rows(recurrent):
    rows = recurrent.csv("coal_series_hazard.csv")
    x, gap = rows[["act1872", "act1887"]].to_numpy(float), rows["gap"].to_numpy(float)
    fit = hazard.cox(0 * gap, gap + 1, rows["event"], x)
    recurrent.check("coal_series_hazard_coef_gap_plus1_efron", fit.coefficients)
    recurrent.check("coal_series_hazard_loglik", fit.loglik)
    breslow = hazard.cox(0 * gap, gap + 1, rows["event"], x, ties="breslow")
    recurrent.check("coal_series_hazard_breslow_coef", breslow.coefficients)
    lagged = rows.dropna(subset="log_lag")
    x = lagged[["act1872", "act1887", "log_lag"]].to_numpy(float)
    fit = hazard.cox(0 * lagged["gap"], lagged["gap"] + 1, lagged["event"], x)
    recurrent.check("coal_series_hazard_with_loglag_coef", fit.coefficients)


def test_coal_mines_as_a_series_with_two_dates(recurrent):
    # The same numbers from the event times and the dates alone: waits, covariates at their start, gaps of 0 and all.
    rows = recurrent.csv("coal_series_hazard.csv")
    gaps = rows["gap"].to_numpy(float)
    times = np.cumsum(gaps[:-1])
    series = EventSeries.from_numbers(times, start=0, end=gaps.sum(), opened_by_event=True)
    begins = np.append(0.0, times)
    dates = {act: float(begins[rows[act] == 1].min()) for act in ("act1872", "act1887")}
    found = hazard.adjusted(series, dates, covariates="start", method="wald")
    coefficients = [found[act].settings["coefficient"] for act in dates]
    recurrent.check("coal_series_hazard_coef_act1872_act1887", coefficients)
    recurrent.check("coal_series_hazard_se", [found[act].settings["error"] for act in dates])
    assert np.log([found[act].effect.value for act in dates]) == pytest.approx(coefficients)


@pytest.mark.parametrize(
    ("ties", "coefficient", "error"), [("breslow", 1.509, 0.410), ("efron", 1.572, 0.412), ("exact", 1.628, 0.433)]
)
def test_remission_of_leukaemia(ties, coefficient, error):
    # Kalbfleisch and Prentice (2002), Statistical Analysis of Failure Time Data, sec. 4.2 (Breslow: 1.509, 0.41);
    # Therneau and Grambsch (2000), sec. 3.3, for the other two.
    weeks = np.array(TREATED + CONTROL, dtype=float)
    control = np.repeat([0.0, 1.0], [len(TREATED), len(CONTROL)])
    fit = hazard.cox(np.zeros(weeks.size), np.abs(weeks), weeks > 0, control, ties=ties)
    assert fit.coefficients[0] == pytest.approx(coefficient, abs=6e-4)
    assert fit.errors[0] == pytest.approx(error, abs=6e-4)
