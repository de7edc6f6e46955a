"""The report: one HTML page with the figures of dumps and of their runs.

The libraries that draw the charts are an extra (requirements-report.txt).
"""
