"""Airflow wakes; the project's own schedule says which reports are due."""

import os
from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

PROJECT = os.environ.get("ATTACK_TIMING_PROJECT", "/srv/attack-timing")

with DAG(
    dag_id="attack_timing_due",
    schedule="*/15 * * * *",
    start_date=datetime(2021, 1, 1, tzinfo=UTC),
    catchup=False,  # slots that were missed are caught up by run-due, once
    max_active_runs=1,
) as dag:
    BashOperator(
        task_id="run_due",
        bash_command=".venv/bin/python -m analysis run-due",
        cwd=PROJECT,
        retries=0,  # run-due itself knows which failures may pass
        execution_timeout=timedelta(hours=6),
    )
