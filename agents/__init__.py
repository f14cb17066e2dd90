"""Who lives in a world: personas, their memory and their cognition. Knows the engine, not the worlds."""
