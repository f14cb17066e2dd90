"""How the shipped town was made: `python -m worlds.town.art.draw_thorp` draws its tiles and writes its map."""
