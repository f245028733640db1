"""Breaks in people's days: fewest for given meetings (SAT), fewer at unchanged value (annealing)."""
