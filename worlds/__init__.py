"""Where agents live: towns of tiles (`town`). Knows the engine, not the agents."""
