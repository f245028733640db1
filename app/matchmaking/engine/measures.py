"""How well orders of proposals did, by what people said of them: the metric is the evaluation tool's."""

from matching.evaluation import DEPTHS, FEW_QUERIES, JudgedTable, Orders, Precision, judged_table

__all__ = ["DEPTHS", "FEW_QUERIES", "JudgedTable", "Orders", "Precision", "judged_table"]
