"""Serves the Data Docs beside the Airflow UI."""
