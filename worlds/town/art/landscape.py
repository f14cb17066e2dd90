from worlds.town.art.sketch import Sketch
from worlds.town.art.paint import noise
def lay_ground(s):
    for y in range(s.height):
        for x in range(s.width):
            s.tile("Ground","grass 0",x,y)
def decorate(s):
    for y in range(30,33): s.block((x,y) for x in range(52,57))
