"""How well a ranking answers: metrics, sets, comparison of two configurations, report.

`python -m matching.evaluation --help` is the tool.
"""

from matching.evaluation.judged import DEPTHS, FEW_QUERIES, JudgedTable, Precision, judged_table
from matching.evaluation.systems import Orders

__all__ = ["DEPTHS", "FEW_QUERIES", "JudgedTable", "Orders", "Precision", "judged_table"]
