"""Published and independent numbers on trend: textbook forms (z, chi-square) and power-law fits.

The sources close waits from 0 on, so the series are opened by an event where waits are used. Of the published
values one is left out: Dataplot's reverse-arrangement z of -21.4 contradicts its own formula, which gives -3.07.
"""

import numpy as np
import pytest
from scipy import stats

from analysis import EventSeries
from analysis.stats import trend


@pytest.fixture(scope="module")
def small(reference):
    return reference("03_trend_small_published")


def series_of(times, end, **settings):
    return EventSeries.from_numbers(times, start=0, end=end, opened_by_event=True, **settings)


@pytest.fixture(scope="module")
def rausand(small):
    return series_of(small.csv("rausand.csv")["t"], 60)


@pytest.fixture(scope="module")
def hahn(small):
    return series_of(small.csv("dataplot_hahn.csv")["miles"], 135000)


@pytest.fixture(scope="module")
def handbook(small):
    return series_of(small.csv("milhdbk189_1981_appC.csv")["hours"], 300)


def check_all(case, prefix, series, skip=()):
    normal = trend.laplace(series, method="normal")
    chi2 = trend.milhdbk189(series)
    fit = trend.power_law(series)
    waits = trend.mann(series)
    renewal = trend.lewis_robinson(series, method="normal")
    found = {
        "laplace_z": normal.statistic,
        "laplace_p_two_sided": normal.pvalue,
        "milhdbk_chi2": chi2.statistic,
        "milhdbk_p_two_sided": chi2.pvalue,
        "plp_beta_mle": fit.effect.value,
        "plp_lambda_mle": fit.settings["rate"],
        "reversals": waits.statistic,
        "mann_z_no_continuity": waits.settings["z"],
        "lewis_robinson_z": renewal.statistic,
    }
    for name, value in found.items():
        if name not in skip:
            case.check(f"{prefix}_{name}", value)


def test_the_small_examples_by_the_textbook_formulas(small, rausand, hahn, handbook):
    for prefix, series in (("rausand", rausand), ("hahn", hahn), ("milC", handbook)):
        check_all(small, prefix, series)


def test_rausands_six_events_as_printed_by_minitab(small, rausand):
    chi2, normal, fit = trend.milhdbk189(rausand), trend.laplace(rausand, method="normal"), trend.power_law(rausand)
    small.check("rausand_milhdbk", chi2.statistic)
    small.check("rausand_milhdbk_p", chi2.pvalue)
    small.check("rausand_laplace", normal.statistic)
    small.check("rausand_laplace_p", normal.pvalue)
    small.check("rausand_plp_shape", fit.effect.value)
    # Minitab's scale is the time of one expected event, here over the 60 of the window.
    small.check("rausand_plp_scale_theta_on_t_over_60", fit.settings["scale"] / 60)


def test_dataplots_hahn_example(small, hahn):
    # Dataplot prints the lower tail, which here speaks for a rising rate.
    rising = trend.milhdbk189(hahn, alternative="greater")
    small.check("hahn_milhdbk", rising.statistic)
    small.check("hahn_milhdbk_cdf", rising.pvalue)
    small.check("hahn_laplace", trend.laplace(hahn, method="normal").statistic)


def test_the_handbooks_own_example_of_a_power_law(small, handbook):
    fit = trend.power_law(handbook)
    small.check("milC_beta", fit.effect.value)
    small.check("milC_lambda", fit.settings["rate"])
    small.check("milC_intensity_at_300", fit.settings["rate_at_end"])
    small.check("milC_mtbf_at_300", fit.settings["wait_at_end"])
    small.check("milC_CvM", fit.settings["cramer_von_mises"])
    small.check("milC_CvM_R", fit.settings["cramer_von_mises"])
    # MIL-HDBK-189 (1981), table of critical values: 0.172 at 10 % for M = 20 to 30, so a good fit.
    assert trend.cramer_von_mises(handbook, null="power_law", rng=1, resamples=999).pvalue > 0.1


def test_the_event_that_closes_the_window_is_conditioned_on(small):
    times = small.csv("modarres_5_11_gaps.csv")["gap"].cumsum()
    series = series_of(times, times.iloc[-1], closed_by_event=True)
    small.check("modarres_laplace_failure_truncated", trend.laplace(series, method="normal").statistic)
    fit = trend.power_law(series)
    small.check("modarres_beta_hat", fit.effect.value)
    small.check("modarres_lambda_hat", fit.settings["rate"])


def test_coal_mining_disasters_became_rarer(reference):
    case = reference("01_coal_mining")
    series = EventSeries.from_numbers(case.csv("events.csv")["elapsed_days_since_1851_01_01"], start=0, end=40907)
    case.check("laplace_z_full_window", trend.laplace(series).statistic)
    case.check("milhdbk_chi2_full_window", trend.milhdbk189(series).statistic)


def test_the_engine_of_the_halfbeak_wears_out(reference):
    case = reference("04_uss_halfbeak")
    table = case.csv("events.csv")
    times = table.loc[table["event"] == "report", "hours"].to_numpy()
    series = series_of(times, 25.5181, unit="kilohour")
    case.check("n_events", series.n)
    check_all(case, "r", series, skip=("reversals", "mann_z_no_continuity"))
    # Three pairs of waits are equal in the record (to 0.001) and unequal by rounding of the subtraction only: R
    # counts them as lengthening, here they are ties and count for neither side.
    gaps = np.diff(np.append(0.0, times))
    subtracted = int(np.triu(gaps[:, None] < gaps[None, :], 1).sum())
    case.check("r_reversals", subtracted)
    mann = trend.mann(series)
    assert subtracted - mann.statistic == 3
    spread = np.sqrt(71 * 70 * 147 / 72)
    case.check("r_mann_z_no_continuity", mann.settings["z"] + 3 / spread)
    normal, rising = trend.laplace(series, method="normal"), trend.milhdbk189(series, alternative="greater")
    case.check("smrd_laplace_z", normal.statistic)
    case.check("smrd_laplace_p", normal.pvalue)
    case.check("smrd_milhdbk_chi2", rising.statistic)
    case.check("smrd_milhdbk_lower_tail_p", rising.pvalue)
    case.check("smrd_lewis_robinson_z", trend.lewis_robinson(series, method="normal").statistic)
    fit = trend.power_law(series, parameter="scale")
    case.check("plp_beta_meeker_escobar", fit.settings["shape"])
    scale = next(k for k in case.expected if k.startswith("plp_") and k != "plp_beta_meeker_escobar")
    case.check(scale, fit.effect.value)
    closed = series_of(times, times[-1], closed_by_event=True, unit="kilohour")
    case.check("ft_laplace_z", trend.laplace(closed).statistic)
    case.check("ft_milhdbk_chi2", trend.milhdbk189(closed).statistic)
    case.check("ft_plp_beta", trend.power_law(closed).effect.value)


def test_three_systems_pooled(reference):
    case = reference("05_amsaa_tr138")
    groups = case.csv("events.csv").groupby("system")
    series = {name: EventSeries.from_numbers(g["time"], start=0, end=200, unit="hour") for name, g in groups}
    chi2 = trend.pooled(list(series.values()), test="milhdbk189")
    case.check("pooled_beta", chi2.effect.value)
    case.check("pooled_beta_R", chi2.effect.value)
    case.check("pooled_lambda_per_system", chi2.settings["rate_per_series"])
    case.check("pooled_lambda_R", chi2.settings["rate_per_series"])
    case.check("pooled_milhdbk_combined", chi2.statistic)
    case.check("pooled_laplace_combined", trend.pooled(list(series.values())).statistic)
    for name, each in series.items():
        case.check(f"{name}_laplace_z", trend.laplace(each).statistic)
        case.check(f"{name}_milhdbk_chi2", trend.milhdbk189(each).statistic)
    # "since U < -1.645 an improving trend exists within System 1"
    assert trend.laplace(series["S1"]).statistic < -1.645
    assert trend.laplace(series["S1"], alternative="less").pvalue < 0.05


def test_an_exact_progress_curve_is_found(reference):
    case = reference("17_progress_curve")
    waits = 50 * np.arange(1, 13) ** -0.7
    series = series_of(waits.cumsum(), waits.sum() + 1)
    found = trend.progress_curve(series)
    case.check("exact_powerlaw_b", found.effect.value)
    case.check("exact_powerlaw_tau1", found.settings["tau_1"])
    assert found.pvalue is None
    # The line across provinces is fitted to the stored curves with the same least squares as in R.
    table = case.csv("iraq_progress_curve_R.csv")
    line = stats.linregress(table["b"], table["log10_tau1"])
    case.check("across_provinces_log10tau1_vs_b_intercept_slope", [line.intercept, line.slope])


def test_mahonian_numbers_and_kendalls_table():
    # OEIS A008302, row 5: 1, 4, 9, 15, 20, 22, 20, 15, 9, 4, 1 of 120 orders.
    from analysis.stats.trend.mann import counts, tied_counts

    assert (counts(5) * 120).round(9).tolist() == [1, 4, 9, 15, 20, 22, 20, 15, 9, 4, 1]
    # Kendall and Gibbons (1990), Rank Correlation Methods, appendix table 1: S >= 19 of 10 ranks has chance 0.054;
    # S is twice the count less the 45 pairs, so the count is 32 or more.
    assert counts(10)[32:].sum() == pytest.approx(0.054, abs=0.0005)
    # By hand: two equal waits and one longer have 3 orders with 0, 1, 2 lengthening pairs.
    assert tied_counts(3, (2,)) == pytest.approx([1 / 3, 1 / 3, 1 / 3])


def test_a_second_published_table_the_reliability_improvement_test_of_nist():
    # NIST/SEMATECH e-Handbook of Statistical Methods, 8.2.2.3 case study 1 and 8.4.5.1: ten failures of a system,
    # watched for 1500 hours; growth slope 0.516494 (so a shape of 0.483506, free of bias) and an MTBF at the end of
    # 310.234 hours.
    times = [5, 40, 43, 175, 389, 712, 747, 795, 1299, 1478]
    fit = trend.power_law(series_of(times, 1500, unit="hour")).settings
    assert fit["shape_unbiased"] == pytest.approx(0.483506, abs=5e-7)
    assert 1500 / (10 * fit["shape_unbiased"]) == pytest.approx(310.234, abs=5e-4)


def test_the_progress_curves_of_seven_governorates_are_those_of_r(reference):
    # Distinct days with a fatal state-based event whose day is known, 2003-03-20 to 2008-12-31.
    case, record = reference("17_progress_curve"), reference("16_ucdp_ged")
    table = record.csv("ged191_iraq_hdx.csv").query("type_of_violence == 1 and date_prec == 1 and best > 0")
    table = table[table["date_start"].str[:10].between("2003-03-20", "2008-12-31")]
    names = {q.split("_")[1]: q for q in case.expected if q.startswith("iraq_")}
    plain = {"AlAnbarprovince": "Al Anbār", "AlBasrahprovince": "Al Başrah", "AnNajafprovince": "An Najaf"}
    plain |= {"Baghdadprovince": "Baghdād", "Diyalaprovince": "Diyālá", "Ninawaprovince": "Nīnawá"}
    plain |= {"SalahadDinprovince": "Şalāḩ ad Dīn"}
    assert set(names) == set(plain)
    for name, quantity in names.items():
        days = np.unique(table.loc[table["adm_1"].str.startswith(plain[name], na=False), "date_start"].str[:10])
        elapsed = (days.astype("datetime64[D]") - days.astype("datetime64[D]")[0]).astype(float)
        series = series_of(elapsed[1:], elapsed[-1] + 1, precision=1.0)
        found = trend.progress_curve(series)
        parts = (found.settings["waits"], found.effect.value, found.settings["log10_tau_1"], found.settings["b_error"])
        case.check(quantity, parts)
        assert any("fits badly" in w for w in found.warnings)
