from __future__ import annotations

from analysis.catalogue import coverage


def test_the_months_are_those_of_the_coders_table(attacks):
    # data/attacks.md, coverage by month: convoy bombs 9 in December 2020, 16, 14, 16 in March to May 2021
    counts = coverage(attacks)
    assert [str(m) for m in counts.index[[0, -1]]] == ["2020-10", "2021-12"]
    assert counts.loc[["2020-12", "2021-03", "2021-04", "2021-05"], "ied"].tolist() == [9, 16, 14, 16]
    assert counts["total"].sum() == 162
    assert (counts[["rocket", "drone", "ied", "mortar"]].sum(axis=1) == counts["total"]).all()
    assert (counts[["timed", "to_part_of_day", "to_day"]].sum(axis=1) == counts["total"]).all()


def test_a_month_without_a_row_is_a_row_of_zeros(attacks):
    counts = coverage(attacks[attacks["weapon"] == "drone"])
    assert len(counts) == 15
    assert counts.loc["2020-11", "total"] == 0


def test_the_record_of_a_day_ends_in_its_month(article):
    assert str(coverage(article).index[-1]) == "2021-06"


def test_a_file_without_coverage_runs_from_its_first_row_to_its_last(table):
    got = table("event_id,date_local,weapon", "A,2021-04-14,drone", "B,2021-06-08,drone")
    assert coverage(got)["total"].tolist() == [1, 0, 1]
    assert len(coverage(got.iloc[:0])) == 0
