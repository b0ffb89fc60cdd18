"""From files to tables to series: load, check, select, merge, and the record as of a day."""

from analysis.catalogue.claims import Claim, claims, rivals
from analysis.catalogue.codebook import Codebook, Column, codebook
from analysis.catalogue.coverage import coverage
from analysis.catalogue.each import came_after, came_in_grid, first_days, select_each, select_groups, weapon_groups
from analysis.catalogue.files import project_root, resolve
from analysis.catalogue.grid import grid_changes
from analysis.catalogue.interventions import interventions, moments, spells
from analysis.catalogue.load import check_file, load, read_table
from analysis.catalogue.merge import merge_nights
from analysis.catalogue.readings import readings
from analysis.catalogue.schema import schema
from analysis.catalogue.select import events, select
from analysis.catalogue.sources import poorly_watched
from analysis.catalogue.theatres import gaza_anchors, gaza_fire, other_theatres
from analysis.catalogue.validate import problem_report
from analysis.catalogue.vintage import end_of_record, public_from

__all__ = [
    "Claim",
    "Codebook",
    "Column",
    "came_after",
    "came_in_grid",
    "check_file",
    "claims",
    "codebook",
    "coverage",
    "end_of_record",
    "events",
    "first_days",
    "gaza_anchors",
    "gaza_fire",
    "grid_changes",
    "interventions",
    "load",
    "merge_nights",
    "moments",
    "other_theatres",
    "poorly_watched",
    "problem_report",
    "project_root",
    "public_from",
    "read_table",
    "readings",
    "resolve",
    "rivals",
    "schema",
    "select",
    "select_each",
    "select_groups",
    "spells",
    "weapon_groups",
]
