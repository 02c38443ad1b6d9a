"""The figures of `mart.kpi` counted from simulated events in plain Python, one module for each subject.

Each module has `FIGURES`: functions by the figure's key. They share nothing with the warehouse's SQL.
"""
