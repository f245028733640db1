"""The solver: one run through flow, construction, neighbourhoods and exact models."""
