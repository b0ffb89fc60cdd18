"""Every claim of the register, in both columns: the verdict, the rule that fired, and numbers from elsewhere."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pandas as pd
import pytest
from scipy import stats

from analysis import ParameterError, checks, load, prose
from analysis.catalogue import claims
from analysis.prose.answers.questions import QUESTIONS

TARGETS = ["us_military", "coalition", "us_diplomatic", "contractor_convoy", "other"]
ARTICLE, END = "as of 2021-06-04", "as of the end of the record"
ASKED = {"target_class": TARGETS, "seed": 20210604}
CANNOT = "cannot be told from these data"


@pytest.fixture(scope="module")
def register():
    return claims()


@pytest.fixture(scope="module")
def then():
    return load("data/attacks.csv", as_of="2021-06-04")


@pytest.fixture(scope="module")
def now():
    return load("data/attacks.csv")


@pytest.fixture(scope="module")
def both(register, then, now):
    return prose.columns(register, then, now, changes=checks.usual_changes(), **ASKED)


# What each claim must come out as, and a word of the rule that has to be the one that fired.
EXPECTED = {
    "C1": (("consistent with", "at least 3"), ("consistent with", "at least 3")),
    "C2": (("consistent with", "more than 21 quiet days"), ("consistent with", "more than 21 quiet days")),
    "C3a": (("contradicted", "No admissible reading"), (CANNOT, "50% of the admissible readings")),
    "C3b": ((CANNOT, "smallest p this design can reach is 0.28"), (CANNOT, "smallest p this design can reach")),
    "C4": ((CANNOT, "One episode so far"), (CANNOT, "One episode so far")),
    "C5": (("consistent with", "of the multiverse agrees"), ("consistent with", "of the multiverse agrees")),
    "C6": ((CANNOT, "One episode so far"), (CANNOT, "2 episodes so far")),
    "C7": (("consistent with", "of the multiverse agrees"), (CANNOT, "Had the claim been true")),
    "C8": ((CANNOT, "smallest p this design can reach is 0.12"), ("supported", "100% of the multiverse agrees")),
    "C9": (("consistent with", "of the word casualty"), ("consistent with", "of the word casualty")),
    "C10": ((CANNOT, "smallest p this design can reach"), (CANNOT, "smallest p this design can reach")),
    "C11": ((CANNOT, "not known yet"), ("consistent with", "lies in the predicted")),
    "C12": ((CANNOT, "smallest p this design can reach"), (CANNOT, "smallest p this design can reach")),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verdict_and_the_rule_that_fired(both, name):
    for heading, (word, rule) in zip((ARTICLE, END), EXPECTED[name], strict=True):
        verdict = both[heading][name].verdict
        assert (verdict.word, rule in verdict.rule) == (word, True), f"{heading}: {verdict}"


def test_every_claim_of_the_register_is_expected_here(register, both):
    assert set(register) == set(EXPECTED) == set(both[ARTICLE]) == set(both[END])


def test_fragile_is_what_the_multiverse_or_the_adjustment_overturns(both):
    fragile = {(heading, name) for heading in both for name, a in both[heading].items() if a.verdict.fragile}
    assert fragile == {(ARTICLE, "C5"), (ARTICLE, "C7"), (END, "C5")}


def test_the_worked_example_stands_behind_the_headline(both):
    answer = both[ARTICLE]["C3b"]
    assert answer.finding.pvalue == pytest.approx((27 / 51) ** 2)
    # Quiet days needed at 0.05: 27 (0.05^(-1/2) - 1).
    assert answer.others["waiting.silence_needed"].effect.value == pytest.approx(27 * (0.05**-0.5 - 1))
    assert both[ARTICLE]["C2"].others["waiting.longest_silence"].pvalue == pytest.approx(0.8304, abs=5e-5)


def test_the_headline_hangs_on_which_source_has_the_date_right(both):
    text = both[END]["C3a"].text
    assert "which source has the date right" in text
    assert "2021-05-10 or 2021-05-11" in text
    assert "which source" not in both[ARTICLE]["C3a"].text


def test_the_ceasefire_is_counted_before_and_after_three_dates_fixed_before(both):
    # By hand from the catalogue: 2 nights in the 101 days to 20 January, 16 in the 135 days after.
    answer = both[ARTICLE]["C5"]
    assert (answer.finding.n_events, answer.finding.exposure_days) == ((2, 16), (101.0, 135.0))
    assert answer.finding.pvalue == pytest.approx(stats.binom.sf(15, 18, 135 / 236))
    # The rockets of 17 November ended the quiet by being there: given them, none of the others fell before.
    on_the_attack = answer.others["with date 2020-11-17"]
    assert on_the_attack.n_events == (0, 17)
    assert on_the_attack.pvalue == pytest.approx((199 / 236) ** 17)
    assert "with date 2021-05-23" in answer.others
    assert "2 nights with attacks (2 rows) in 10 days" in answer.text


def test_one_coincidence_is_one_episode_and_the_answer_says_how_many_are_needed(both):
    for name in ("C4", "C6"):
        for heading in both:
            answer = both[heading][name]
            # The sign test: the fewest m with 2^-m <= 0.05.
            assert f"{math.ceil(math.log2(20))} that all go one way" in answer.verdict.rule
            assert re.search(r"Episodes needed: \d+", answer.text)


def test_at_night_by_the_clock(both):
    # 3 of 3, then 12 of 12, where half of the clock is night.
    assert both[ARTICLE]["C8"].finding.pvalue == pytest.approx(0.5**3)
    assert both[END]["C8"].finding.pvalue == pytest.approx(0.5**12)


def test_no_casualties_of_drones_and_both_definitions_for_all_attacks(both):
    answer = both[ARTICLE]["C9"]
    assert answer.finding.effect.high == pytest.approx(1 - 0.05 ** (1 / 3))  # 0 of 3
    assert "IQ-2021-03-03-AAA is no casualty" in answer.text
    # 15 February, and 3 March by one definition; then 7 July as well.
    assert re.search(r": 2 \(.* of 20, or 1 \(", answer.text)
    assert re.search(r": 3 \(.* of 37, or 2 \(", both[END]["C9"].text)


def test_two_of_three_secretive_sites_say_almost_nothing(both):
    answer = both[ARTICLE]["C10"]
    # By hand, margins 3 of 7: [C(3,2) C(4,1) + C(3,3)] / C(7,3), and 1 / C(7,3) at best.
    assert answer.finding.pvalue == pytest.approx(13 / 35)
    assert answer.finding.attainable_pvalue == pytest.approx(1 / 35)
    low, high = stats.binomtest(2, 3).proportion_ci(0.95, "exact")
    share = answer.others["rates.share"].effect
    assert (share.low, share.high) == (pytest.approx(low), pytest.approx(high))


def test_the_forecast_is_made_from_what_was_public_and_scored_by_what_came(both):
    answer = both[END]["C11"]
    # Lomax: T (u^(-1/n) - 1) with T = 51 and n = 2.
    assert answer.finding.effect.low == pytest.approx(51 * (0.95**-0.5 - 1))
    assert answer.finding.effect.high == pytest.approx(51 * (0.05**-0.5 - 1))
    assert "came on 2021-06-06" in answer.text
    assert f"{1 - (51 / (51 + 2 + 0.5 / 24)) ** 2:.4f}"[:5] in answer.text  # 00:30 on 6 June


def test_the_family_of_a_column_is_its_test_claims(both):
    from statsmodels.stats.multitest import multipletests

    for answers in both.values():
        tested = {n: a for n, a in answers.items() if a.claim.kind == "test" and a.finding.pvalue is not None}
        holm = multipletests([a.finding.pvalue for a in tested.values()], method="holm")[1]
        assert [a.adjusted for a in tested.values()] == pytest.approx(list(holm))


def test_some_claims_alone_keep_the_family_of_all(register, then, both):
    alone = prose.answers(register, then, only=["C3b"], **ASKED)
    assert set(alone) == {"C3b"}
    assert alone["C3b"].verdict == both[ARTICLE]["C3b"].verdict


def test_every_test_of_the_register_has_a_rule_and_a_misspelt_one_is_told(register, then):
    assert {test for claim in register.values() for test in claim.tests} <= set(QUESTIONS)
    wrong = {"C1": replace(register["C1"], tests=("rates.raet",))}
    with pytest.raises(ParameterError, match=r"rates.raet.*rates.rate"):
        prose.answers(wrong, then)


def test_what_is_drawn_needs_a_seed_and_the_same_seed_gives_the_same(register, then):
    with pytest.raises(ParameterError, match="seed"):
        prose.answers(register, then, only=["C7"])
    one, two = (prose.answers(register, then, only=["C6"], **ASKED)["C6"] for _ in range(2))
    assert one.others["hazard.series_hazard"].pvalue == two.others["hazard.series_hazard"].pvalue


@pytest.mark.parametrize(
    "table",
    [
        lambda: load("data/example_invented.csv"),
        lambda: load("data/attacks.csv", as_of="2020-10-02"),
        lambda: load("data/attacks.csv", as_of="2021-04-15"),
    ],
    ids=["another catalogue", "nothing public yet", "one strike"],
)
def test_thin_records_are_answered_not_refused(register, table):
    found = prose.answers(register, table(), **ASKED)
    assert set(found) == set(register)
    for answer in found.values():
        assert answer.verdict.rule
        assert not re.search(r"\b(nan|inf|None)\b", answer.text), answer.text


def test_a_claim_whose_window_was_still_to_come_can_neither_stand_nor_fall(register, now):
    # Three months before it opens, "none after" held of itself and "at least three" was contradicted.
    early = load("data/attacks.csv", as_of="2021-03-01")
    found = prose.columns(register, early, now, changes=checks.usual_changes(), **ASKED)
    for name in ("C1", "C2", "C3a", "C3b", "C12"):
        answer = found["as of 2021-03-01"][name]
        assert answer.verdict.word == CANNOT
        assert "opens after the as_of, 2021-03-01" in answer.text
    assert found["as of 2021-03-01"]["C7"].finding.n_events > 0
    assert found[END]["C11"].verdict.word == CANNOT  # a forecast from a day on which there was nothing to forecast from
    assert found[END]["C1"].verdict.word == "consistent with"
    text = prose.answers_text(found)
    assert "nothing of it could be known that day" in text
    assert len(prose.evidence_table(found)) == 2 * len(register)
    assert "C3b, as of 2021-03-01" not in prose.effects(found)[0]


def test_a_strike_moved_by_two_days_moves_every_answer_that_rests_on_it(register, then):
    moved = then.copy()
    moved.attrs = then.attrs
    harir = moved["event_id"].eq("IQ-2021-05-11-HAR")
    for column in ("date_local", "date_earliest", "date_latest"):
        moved.loc[harir, column] += pd.Timedelta(days=2)
    found = prose.answers(register, moved, only=["C3a", "C3b", "C11"], **ASKED)
    assert found["C3b"].finding.pvalue == pytest.approx((29 / 51) ** 2)
    assert "2 and 0 events in 29 and 22 days" in found["C3b"].text
