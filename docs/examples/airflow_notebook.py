"""Airflow plays one notebook through papermill, in a kernel of the project's own environment."""

import os
from datetime import UTC, datetime, timedelta

from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.sdk import DAG

PROJECT = os.environ.get("ATTACK_TIMING_PROJECT", "/srv/attack-timing")
PLAYED = os.environ.get("ATTACK_TIMING_PLAYED", "/srv/attack-timing-played")  # a folder that is there

with DAG(
    dag_id="attack_timing_record",
    schedule="0 6 * * *",
    start_date=datetime(2021, 1, 1, tzinfo=UTC),
    catchup=False,  # days gone by are played when a backfill asks for them
    max_active_runs=1,
) as dag:
    PapermillOperator(
        task_id="record",
        input_nb=f"{PROJECT}/notebooks/record.ipynb",
        output_nb=f"{PLAYED}/record_{{{{ ds }}}}.ipynb",
        parameters={"as_of": "{{ ds }}"},
        # The notebook's own python3 would be Airflow's Python, which does not have the package.
        kernel_name="attack-timing",
        language_name="python",
        execution_timeout=timedelta(minutes=15),
    )
