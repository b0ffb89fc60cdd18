"""Parameters are typed by what the notebook declares, and refused before anything is started."""

from __future__ import annotations

import pytest

from analysis.errors import ParameterError
from analysis.runs.declared import declared
from analysis.runs.domains import domain
from analysis.runs.parameters import changed, from_text, from_values

CELL = """\
# Which record
as_of = "2021-06-04"  # the record as it stood on this day
as_of_later = ""  # a second look
pause_start = "2021-05-10"  # first day of the pause
pause_end = "2021-06-04"  # the day after its last
level = 0.95  # confidence level
seed = 7  # of the random numbers
resamples = 2_000  # number of resamples
weapon = []  # weapons, all where empty
bins = 10  # bars of the histogram
log_scale = False  # draw on a log scale
label = "attacks"  # for the captions
lags = [0.5, 1, 7]  # days
placebo_dates = [  # dates on which nothing happened
    "2021-03-01",
    "2021-04-01",
]
colours = {"drone": "blue"}  # of the weapons
catalogue = "data/attacks.csv"  # the attacks
"""


def read(**given: str):
    return from_text(declared(CELL), given)


def problems(**given: str) -> str:
    with pytest.raises(ParameterError) as caught:
        read(**given)
    return str(caught.value)


def test_a_parameters_cell_gives_names_defaults_and_comments_in_order():
    found = declared(CELL)
    assert [d.name for d in found][:3] == ["as_of", "as_of_later", "pause_start"]
    assert {d.name: d.default for d in found}["resamples"] == 2000
    comments = {d.name: d.comment for d in found}
    assert comments["level"] == "confidence level"
    assert comments["placebo_dates"] == "dates on which nothing happened"


@pytest.mark.parametrize(
    "line",
    [
        "x = 1 + 1",
        "x = open('f')",
        "x = y",
        "x: int = 1",
        "x = (1, 2)",
        "x = None",
        "x = b'a'",
        "x = {1: 2}",
        "x = 1j",
        "x = 1e999",
        "x = [None]",
        "x = f'{1}'",
        "x, y = 1, 2",
        "x = y = 1",
        "x += 1",
        "import os",
        "print(1)",
        "del x",
        "x.y = 1",
        "x = 1\nx = 2",
        "x = ",
        "_x = 1",
        "api_token = 'a'",
    ],
)
def test_anything_but_plain_literals_in_the_parameters_cell_is_refused(line):
    with pytest.raises(ParameterError):
        declared(line)


def test_all_lines_that_are_not_plain_are_told_at_once():
    with pytest.raises(ParameterError, match=r"(?s)line 1: .*line 3: "):
        declared("a = f()\nb = 1\nc = a + b")


def test_defaults_are_kept_where_nothing_is_given():
    settings = read()
    assert settings.as_of == "2021-06-04"
    assert settings.lags == [0.5, 1.0, 7.0]
    assert changed(declared(CELL), settings) == {}


def test_texts_become_values_of_the_declared_type():
    settings = read(
        level="0.9", seed="11", weapon="drone, rocket", log_scale="true", lags="[1, 2.5]", as_of="2021-07-01",
        colours='{"rocket": "red"}', label="007", bins="-3", placebo_dates="2021-03-02",
    )  # fmt: skip
    assert (settings.level, settings.seed, settings.weapon) == (0.9, 11, ["drone", "rocket"])
    assert settings.log_scale is True
    assert settings.lags == [1.0, 2.5]
    assert settings.colours == {"rocket": "red"}
    assert (settings.label, settings.bins) == ("007", -3)
    assert changed(declared(CELL), settings).keys() == {
        "as_of", "level", "seed", "weapon", "log_scale", "lags", "colours", "label", "bins", "placebo_dates",
    }  # fmt: skip


def test_a_value_equal_to_the_default_is_no_change():
    assert changed(declared(CELL), read(level="0.950", seed="7", weapon="")) == {}


@pytest.mark.parametrize("text", ["banana", "007", "no", "1.0", "1e3", "", " 7", "+7", "1_000", "True", "[7]", "٣"])
def test_what_is_no_whole_number_is_not_guessed_into_one(text):
    assert f"bins: expected a whole number; got {text!r}" in problems(bins=text)


@pytest.mark.parametrize("text", ["no", "yes", "True", "1", "0", "", "on"])
def test_only_true_and_false_are_yes_and_no(text):
    assert "log_scale: expected true or false" in problems(log_scale=text)


@pytest.mark.parametrize("text", ["2021-02-30", "2021-6-4", "04.06.2021", "today", "20210604", "2021-06-04T00:00", ""])
def test_a_date_is_a_real_day_written_in_full(text):
    assert "as_of: expected a date written YYYY-MM-DD; got" in problems(as_of=text)


def test_a_date_may_be_left_empty_where_its_default_is():
    assert read(as_of_later="").as_of_later == ""
    assert "or nothing" in problems(as_of_later="soon")


@pytest.mark.parametrize("text", ["0", "1", "95", "nan", "inf", "1e999", "-0.5", "half"])
def test_a_level_lies_between_0_and_1(text):
    assert "level: expected a number between 0 and 1" in problems(level=text)


@pytest.mark.parametrize(("name", "text"), [("seed", "-1"), ("resamples", "0"), ("resamples", "10000001")])
def test_counts_and_seeds_stay_in_their_range(name, text):
    assert f"{name}: expected a whole number" in problems(**{name: text})


@pytest.mark.parametrize("text", ["[1]", '["drone"', "[null]", '["", "drone"]', "__import__('os')]["])
def test_a_list_that_is_not_of_texts_is_refused(text):
    if text.startswith("["):
        assert "weapon: expected a list, each item a text" in problems(weapon=text)
    else:
        # A text without a bracket in front is one item, and is never evaluated.
        assert read(weapon=text).weapon == [text]


@pytest.mark.parametrize("text", ["[1]", "1", '{"a": NaN}', "{'a': 1}", "dict(a=1)"])
def test_a_dictionary_is_json(text):
    assert "colours: expected a dictionary written as JSON" in problems(colours=text)


def test_an_end_before_its_start_is_refused_and_the_same_day_is_not():
    assert "pause_end: must not lie before pause_start" in problems(pause_end="2021-05-09")
    assert read(pause_end="2021-05-10").pause_end == "2021-05-10"


def test_a_misspelt_name_is_told_with_the_nearest_one():
    assert "resample is unknown. Did you mean 'resamples'?" in problems(resample="10")


@pytest.mark.parametrize("name", ["token", "password", "GITHUB_TOKEN", "api_key", "client_secret", "apikey"])
def test_secrets_are_refused_and_their_value_is_not_repeated(name):
    told = problems(**{name: "hunter2"})
    assert "secret" in told
    assert "hunter2" not in told


def test_every_problem_is_told_at_once():
    told = problems(wepon="x", seed="007", pause_end="2021-01-01", level="2", as_of="never")
    assert told.startswith("5 problems")
    for part in ("wepon is unknown", "seed:", "pause_end:", "level:", "as_of:"):
        assert part in told


def test_values_from_a_notebook_are_checked_by_the_same_rules():
    values = {d.name: d.default for d in declared(CELL)}
    assert from_values(declared(CELL), values | {"level": 0.5}).level == 0.5
    for wrong in (
        {"seed": True},
        {"seed": 7.0},
        {"weapon": "drone"},
        {"log_scale": 1},
        {"level": "0.9"},
        {"as_of": 1},
    ):
        with pytest.raises(ParameterError, match=next(iter(wrong))):
            from_values(declared(CELL), values | wrong)


def test_a_declared_parameter_that_is_not_passed_on_is_a_problem():
    values = {d.name: d.default for d in declared(CELL)}
    values.pop("level")
    with pytest.raises(ParameterError, match="level is declared and not passed"):
        from_values(declared(CELL), values)


def test_a_default_outside_its_own_domain_is_refused():
    with pytest.raises(ParameterError, match="level"):
        from_text(declared("level = 95"), {})
    with pytest.raises(ParameterError, match="one kind"):
        from_text(declared("mixed = [1, 'a']"), {})


@pytest.mark.parametrize("name", ["model_fields", "copy", "json"])
def test_a_name_that_settings_cannot_have_is_refused(name):
    with pytest.raises(ParameterError, match="another word"):
        from_text(declared(f"{name} = 1"), {})


def test_settings_cannot_be_changed_after_the_check():
    with pytest.raises(Exception, match="frozen"):
        read().level = 2


def test_a_well_known_name_keeps_its_domain_whatever_its_default():
    assert domain("pause_date", "2021-01-01").expected == "a date written YYYY-MM-DD"
    assert domain("gaza_file", "").expected.endswith("or nothing")
    assert domain("legend", "end").expected == "a text"
