"""What a schedule leaves to say: reasons, bottlenecks, conflicts, relaxations, fairness."""
