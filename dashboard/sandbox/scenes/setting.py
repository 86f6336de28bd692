"""Colours, walls, skies and the board: what every scene stands in."""

from __future__ import annotations

from random import Random

from dashboard.sandbox.canvas import Canvas, Colour, shade

BRAND: Colour = (240, 120, 30)
DARK: Colour = (22, 26, 31)
WHITE: Colour = (246, 247, 245)
STEEL: Colour = (176, 184, 190)
COPPER: Colour = (184, 108, 66)
GREEN: Colour = (60, 190, 90)
RED: Colour = (214, 52, 46)
AMBER: Colour = (246, 180, 40)

WALLS: tuple[Colour, ...] = (
    (226, 220, 207),
    (206, 214, 216),
    (233, 226, 196),
    (199, 207, 190),
    (222, 205, 198),
    (187, 194, 205),
    (240, 238, 232),
)
FLOORS: tuple[Colour, ...] = ((122, 112, 101), (150, 140, 126), (98, 102, 106), (168, 146, 118), (84, 78, 74))
PAINTS: tuple[Colour, ...] = (
    (58, 92, 128),
    (140, 60, 52),
    (66, 110, 88),
    (188, 148, 70),
    (96, 84, 120),
    (70, 74, 80),
    (170, 176, 182),
)
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((82, 142, 210), (196, 222, 240)),
    ((120, 168, 214), (236, 236, 226)),
    ((150, 162, 172), (206, 210, 210)),
    ((58, 84, 140), (246, 184, 130)),
    ((18, 26, 54), (66, 78, 112)),
)
BOARD_HEIGHT = 96.0


def board(c: Canvas, lines: tuple[str, str]) -> None:
    """The strip a site camera writes below a picture: brand at the left, an upward arrow at the right."""
    top = c.h - BOARD_HEIGHT
    c.box(0, top, c.w, BOARD_HEIGHT, DARK)
    c.box(0, top, BOARD_HEIGHT, BOARD_HEIGHT, BRAND)
    c.text(BOARD_HEIGHT / 2, top + BOARD_HEIGHT / 2, "T", WHITE, 62, anchor="mm")
    room = c.w - 2 * BOARD_HEIGHT - 30
    c.text(BOARD_HEIGHT + 22, top + 42, lines[0], WHITE, 34, fit=room)
    c.text(BOARD_HEIGHT + 22, top + 80, lines[1], STEEL, 29, fit=room)
    middle, foot = c.w - BOARD_HEIGHT / 2, c.h - 18
    c.shape([(middle, top + 16), (middle + 28, top + 50), (middle - 28, top + 50)], BRAND)
    c.box(middle - 11, top + 48, 22, foot - top - 48, BRAND)


def room(c: Canvas, dice: Random, *, floor: float = 0.82) -> Colour:
    """A wall with a light falling on it and a floor; gives the wall's colour."""
    wall = dice.choice(WALLS)
    light = dice.uniform(0.7, 1.02)
    c.fade(0, 0, c.w, c.h * floor, shade(wall, light), shade(wall, light * 0.86))
    ground = dice.choice(FLOORS)
    c.fade(0, c.h * floor, c.w, c.h * (1 - floor), shade(ground, 0.75), ground)
    c.box(0, c.h * floor - 14, c.w, 16, shade(wall, 0.6))
    return shade(wall, light)


def sky(c: Canvas, dice: Random, down_to: float) -> bool:
    """Fills the upper part with a sky; true when it is dark."""
    at = dice.randrange(len(SKIES))
    c.fade(0, 0, c.w, down_to, *SKIES[at])
    if at in (0, 1):
        _clouds(c, dice, down_to)
    if at == 3:
        c.disc(dice.uniform(0.15, 0.85) * c.w, down_to * 0.8, 60, (255, 226, 160))
    return at == 4


def _clouds(c: Canvas, dice: Random, down_to: float) -> None:
    for _ in range(dice.randint(1, 3)):
        x, y = dice.uniform(0, c.w), dice.uniform(0.1, 0.6) * down_to
        for puff in range(4):
            c.disc(x + puff * 55, y - (puff % 2) * 16, 46, (244, 247, 249), squash=0.55)
