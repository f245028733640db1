"""Exact models: CP-SAT of the whole problem, the time-indexed MIP."""
