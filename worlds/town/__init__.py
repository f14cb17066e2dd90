"""A town of tiles: its map, places, paths, sight and objects."""
