"""How well a ranking answers: metrics, sets, comparison of two configurations, report.

`python -m matching.evaluation --help` is the tool.
"""
