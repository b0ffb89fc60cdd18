"""Errors name the value, the rule and the way out; a reader at night has nothing else."""

import numpy as np
import pytest

from analysis import AnalysisError, CatalogueError, ParameterError, SmallSampleWarning, TiesWarning
from analysis.errors import check_choice, check_level, check_rng, nearest


def test_errors_can_be_caught_as_a_family_and_as_values():
    for error in (ParameterError, CatalogueError):
        assert issubclass(error, AnalysisError)
        assert issubclass(error, ValueError)
    for warning in (SmallSampleWarning, TiesWarning):
        assert issubclass(warning, UserWarning)


def test_a_choice_is_returned_or_refused_with_the_list_and_the_nearest():
    allowed = ("uniform", "shuffled_waits")
    assert check_choice("null", "uniform", allowed) == "uniform"
    with pytest.raises(ParameterError) as caught:
        check_choice("null", "unifrom", iter(allowed))
    assert str(caught.value) == (
        "null must be one of 'uniform', 'shuffled_waits'; got 'unifrom'. Did you mean 'uniform'?"
    )
    with pytest.raises(ParameterError, match=r"got None\.$"):
        check_choice("null", None, allowed)


def test_nothing_is_suggested_where_nothing_is_near():
    assert nearest("weapn", ["weapon", "window"]) == " Did you mean 'weapon'?"
    assert nearest("xyz", ["weapon", "window"]) == ""
    assert nearest(3, []) == ""


@pytest.mark.parametrize("level", [0, 1, 95, -0.1, True, "0.95", None, float("nan")])
def test_a_level_lies_strictly_between_0_and_1(level):
    with pytest.raises(ParameterError, match=r"level must be a number between 0 and 1, for example 0\.95"):
        check_level(level)


def test_a_good_level_comes_back_as_a_float():
    assert check_level(np.float64(0.9)) == 0.9
    with pytest.raises(ParameterError, match="alpha must be"):
        check_level(2, "alpha")


def test_randomness_is_a_generator_or_a_seed():
    generator = np.random.default_rng(1)
    assert check_rng(generator, "dates are drawn") is generator
    assert check_rng(np.int64(7), "dates are drawn").random() == np.random.default_rng(7).random()


@pytest.mark.parametrize("rng", [None, -1, True, 2.0, "7", np.random.RandomState(1)])
def test_anything_else_would_make_a_report_nobody_can_repeat(rng):
    with pytest.raises(ParameterError, match=r"because dates are drawn; got .* Pass for example rng=20210604"):
        check_rng(rng, "dates are drawn")


def test_a_catalogue_error_holds_every_problem():
    problem = {"row": 3, "column": "lat", "value": 330, "rule": "-90 to 90", "way_out": "check the digits"}
    error = CatalogueError("2 problems in attacks.csv", (p for p in [problem, problem]))
    assert error.problems == (problem, problem)
    assert CatalogueError("no such file").problems == ()
