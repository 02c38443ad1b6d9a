"""Conditions in SQL over the columns of one record, worked out in Python as PostgreSQL does (decision 0611)."""
