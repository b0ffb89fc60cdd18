"""The register of claims: complete, and wrong entries are all named at once."""

import importlib

import pytest

from analysis import CatalogueError
from analysis.catalogue.claims import claims


def test_every_claim_names_tests_that_exist():
    for claim in claims().values():
        for name in claim.tests:
            family, function = name.split(".")
            assert callable(getattr(importlib.import_module(f"analysis.stats.{family}"), function)), name


def test_the_headline_claim_asserts_a_full_stop():
    claim = claims()["C3b"]
    assert claim.region == (0, 0)
    assert (claim.date, claim.date_chosen) == ("last_event", "fixed_before")
    assert claims()["C3a"].none_after == "2021-05-10 18:02"


def test_every_breach_is_reported_at_once(tmp_path):
    file = tmp_path / "claims.yml"
    file.write_text("claims:\n  - {id: X, kind: tset, wordng: a}\n  - {id: Y, kind: test, alternative: fewer}\n")
    with pytest.raises(CatalogueError) as caught:
        claims(file)
    text = str(caught.value)
    for part in ("wordng", "Did you mean 'wording'", "kind", "region", "alternative", "claim 2"):
        assert part in text
    assert len(caught.value.problems) > 8


def test_a_file_that_is_no_register_says_so(tmp_path):
    file = tmp_path / "claims.yml"
    file.write_text("just: text\n")
    with pytest.raises(CatalogueError, match="list named 'claims'"):
        claims(file)


WHOLE = """
  - id: {id}
    wording: a
    kind: test
    tests: [rates.ratio]
    weapon: [drone]
    effect: ratio
    region: {{low: 0, high: 0.2}}
    alternative: less
    family: all
    date: {{value: "2021-05-11", chosen: fixed_before}}
    window: {{start: "2021-04-01", end: "2021-06-04"}}
    prediction: b
    next_look: c
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("tests: [rates.ratio]", "tests: [ratio]", "family.function"),
        ("low: 0, high: 0.2", "low: 0.3, high: 0.2", "low edge lies above"),
        ('end: "2021-06-04"', 'end: "2021-03-04"', "must end after it starts"),
        ("chosen: fixed_before", "chosen: later", "chosen must be one of"),
        ('value: "2021-05-11"', "value: sometime", "cannot be read"),
        ("family: all", "family: all\n    level: 95", "must lie between 0 and 1"),
        ("family: all", "family: all\n    hours: [18, 24]", "two hours of the clock"),
        ("family: all", "family: all\n    variants: [{weapon: rocket}]", "a variant may change"),
        ("id: X", "id: Y", "given twice"),
    ],
)
def test_every_rule_of_the_register_names_its_breach(tmp_path, old, new, told):
    text = "claims:" + WHOLE.format(id="Y") + WHOLE.format(id="X")
    file = tmp_path / "claims.yml"
    file.write_text(text)
    assert set(claims(file)) == {"X", "Y"}
    head, tail = text[: text.index("id: X")], text[text.index("id: X") :]
    assert old in tail
    file.write_text(head + tail.replace(old, new))
    with pytest.raises(CatalogueError, match=told) as caught:
        claims(file)
    assert [p["row"] for p in caught.value.problems] == [2]


def test_a_record_says_what_it_asserts(tmp_path):
    file = tmp_path / "claims.yml"
    file.write_text("claims:" + WHOLE.format(id="X").replace("kind: test", "kind: record"))
    with pytest.raises(CatalogueError, match="does not say what it asserts"):
        claims(file)


def test_all_claims_of_the_article_are_there_and_pay_for_each_other():
    register = claims()
    assert list(register) == ["C1", "C2", "C3a", "C3b", *(f"C{i}" for i in range(4, 13))]
    assert {c.family for c in register.values() if c.kind == "test"} == {"article"}
    assert {c.kind for c in register.values()} == {"record", "bound", "forecast", "test"}
