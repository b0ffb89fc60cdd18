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
