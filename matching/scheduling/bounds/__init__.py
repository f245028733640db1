"""Upper bounds on every schedule: flows that forget one rule."""
