"""Figures for dashboards: one SQL file a mart, built from core."""
