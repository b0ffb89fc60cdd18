"""From files to tables to series: load, check, select, merge, and the record as of a day."""

from analysis.catalogue.claims import Claim, claims, rivals
from analysis.catalogue.codebook import Codebook, Column, codebook
from analysis.catalogue.coverage import coverage
from analysis.catalogue.each import (
    came_after,
    first_days,
    first_days_inside,
    poorly_each,
    select_each,
    select_groups,
    spells_each,
    weapon_groups,
)
from analysis.catalogue.files import project_root, resolve
from analysis.catalogue.grid import grid_changes
from analysis.catalogue.interventions import interventions, moments, spells
from analysis.catalogue.kinds import casualty_counts, site_counts, site_mix
from analysis.catalogue.load import check_file, load, read_table
from analysis.catalogue.merge import merge_nights
from analysis.catalogue.published import agreement, published_counts
from analysis.catalogue.quality import blanks, quality, thin_stretches
from analysis.catalogue.readings import readings
from analysis.catalogue.schema import schema
from analysis.catalogue.select import events, select
from analysis.catalogue.sources import poorly_watched
from analysis.catalogue.theatres import elsewhere, fire_days, gaza_anchors, gaza_fire, other_theatres, unknown_days
from analysis.catalogue.validate import problem_report
from analysis.catalogue.vintage import end_of_record, public_from

__all__ = [
    "Claim",
    "Codebook",
    "Column",
    "agreement",
    "blanks",
    "came_after",
    "casualty_counts",
    "check_file",
    "claims",
    "codebook",
    "coverage",
    "elsewhere",
    "end_of_record",
    "events",
    "fire_days",
    "first_days",
    "first_days_inside",
    "gaza_anchors",
    "gaza_fire",
    "grid_changes",
    "interventions",
    "load",
    "merge_nights",
    "moments",
    "other_theatres",
    "poorly_each",
    "poorly_watched",
    "problem_report",
    "project_root",
    "public_from",
    "published_counts",
    "quality",
    "read_table",
    "readings",
    "resolve",
    "rivals",
    "schema",
    "select",
    "select_each",
    "select_groups",
    "site_counts",
    "site_mix",
    "spells",
    "spells_each",
    "thin_stretches",
    "unknown_days",
    "weapon_groups",
]
