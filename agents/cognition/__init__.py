"""From percepts to actions: planning, reacting, conversing and reflecting."""
