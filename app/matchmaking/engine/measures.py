"""How well orders of proposals did, by what people said of them: the metric is the evaluation tool's."""

from matching.evaluation.judged import DEPTHS, FEW_QUERIES, JudgedTable, Precision, judged_table
from matching.evaluation.systems import Orders

__all__ = ["DEPTHS", "FEW_QUERIES", "JudgedTable", "Orders", "Precision", "judged_table"]
