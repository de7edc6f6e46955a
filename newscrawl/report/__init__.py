"""The report: one HTML page of what dumps hold and how their runs went.

The libraries that draw it are an extra (requirements-report.txt).
"""
