"""What field crews photograph: doors, machines, meters, roofs, each in its own light and colours."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
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


def lift_door(c: Canvas, dice: Random) -> None:
    room(c, dice)
    tall, wide = c.h * 0.60, min(c.w * 0.46, 520)
    x, y = c.w * dice.uniform(0.4, 0.55) - wide / 2, c.h * 0.82 - tall
    frame = dice.choice(PAINTS)
    c.box(x - 40, y - 40, wide + 80, tall + 40, shade(frame, 0.8))
    c.box(x, y, wide, tall, (40, 42, 46))
    gap = dice.choice((0.0, 0.0, 0.16, 0.7)) * wide
    _cabin(c, x, y, wide, tall)
    leaf = (wide - gap) / 2
    for left in (x, x + wide - leaf):
        c.fade(left, y, leaf, tall, shade(STEEL, 1.12), shade(STEEL, 0.74))
        c.box(left + leaf * 0.2, y, leaf * 0.08, tall, shade(STEEL, 1.25))
        c.box(left, y, 4, tall, shade(STEEL, 0.5))
    c.box(x + wide / 2 - 70, y - 112, 140, 56, DARK, round_=8)
    floor = dice.choice(("0", "1", "2", "3", "4", "5", "P", "-1"))
    c.text(x + wide / 2, y - 84, floor, dice.choice((RED, AMBER, GREEN)), 44, anchor="mm")
    plate = x + wide + 80
    c.box(plate, y + tall * 0.42, 60, 150, STEEL, round_=8)
    for at, lit in enumerate((AMBER, WHITE)):
        c.disc(plate + 30, y + tall * 0.42 + 45 + at * 62, 20, DARK)
        c.disc(plate + 30, y + tall * 0.42 + 45 + at * 62, 15, lit)


def _cabin(c: Canvas, x: float, y: float, wide: float, tall: float) -> None:
    c.fade(x, y, wide, tall, (236, 222, 186), (150, 134, 108))
    c.shape(
        [
            (x, y + tall),
            (x + wide, y + tall),
            (x + wide * 0.8, y + tall * 0.86),
            (x + wide * 0.2, y + tall * 0.86),
        ],
        (88, 82, 76),
    )
    c.box(x + wide * 0.2, y + tall * 0.5, wide * 0.6, 12, STEEL)


def machine_room(c: Canvas, dice: Random) -> None:
    room(c, dice, floor=0.72)
    paint = dice.choice(PAINTS)
    x, y, r = c.w * dice.uniform(0.36, 0.46), c.h * 0.5, 210
    c.box(x - 300, y + 190, 760, 60, shade(paint, 0.55))
    c.fade(x + 60, y - 120, 340, 290, shade(paint, 1.2), shade(paint, 0.7))
    for fin in range(9):
        c.box(x + 110 + fin * 32, y - 120, 10, 290, shade(paint, 0.55))
    c.box(x + 400, y - 60, 70, 170, shade(STEEL, 0.7), round_=14)
    for at in range(5):
        c.box(x - r + 6 + at * 13, y, 7, c.h - y, (62, 60, 58))
        c.box(x + r - 64 + at * 13, y, 7, c.h - y, (62, 60, 58))
    c.disc(x, y, r, shade(STEEL, 0.55))
    c.disc(x, y, r - 22, AMBER if dice.random() < 0.5 else shade(paint, 1.1))
    c.disc(x, y, r - 70, shade(STEEL, 0.8))
    turn = dice.uniform(0, 2)
    for at in range(6):
        angle = turn + at * math.pi / 3
        c.disc(x + math.cos(angle) * 92, y + math.sin(angle) * 92, 26, shade(STEEL, 0.35))
    c.disc(x, y, 44, DARK)
    _warning(c, c.w * 0.84, c.h * 0.2)


def _warning(c: Canvas, x: float, y: float) -> None:
    c.shape([(x, y - 70), (x + 80, y + 66), (x - 80, y + 66)], DARK)
    c.shape([(x, y - 54), (x + 66, y + 57), (x - 66, y + 57)], AMBER)
    c.shape(
        [(x + 10, y - 24), (x - 20, y + 16), (x + 2, y + 14), (x - 8, y + 48), (x + 22, y + 4), (x, y + 6)],
        DARK,
    )


def control_cabinet(c: Canvas, dice: Random) -> None:
    wall = room(c, dice, floor=0.95)
    x, y, wide, tall = c.w * 0.14, c.h * 0.07, c.w * 0.72, c.h * 0.78
    c.box(x - 20, y - 16, wide + 40, tall + 36, shade(wall, 0.5), round_=10)
    c.box(x, y, wide, tall, (198, 202, 200))
    step = tall / 4
    for row in range(4):
        _relays(c, dice, x + 30, y + row * step + 24, wide - 60, step - 46)
    c.box(x + wide + 24, y - 6, 30, tall + 12, shade(STEEL, 0.85))


def _relays(c: Canvas, dice: Random, x: float, y: float, wide: float, tall: float) -> None:
    c.box(x, y + tall * 0.44, wide, 18, shade(STEEL, 0.72))
    at = x
    while at < x + wide - 60:
        size = dice.choice((46, 46, 62, 96))
        body = dice.choice(((52, 56, 62), (232, 232, 224), (70, 96, 120), (44, 90, 70)))
        c.box(at, y, size - 8, tall * 0.82, body, round_=6)
        c.box(at + 7, y + 12, size - 22, tall * 0.2, shade(body, 1.35))
        c.disc(at + 13, y + tall * 0.66, 7, dice.choice((GREEN, GREEN, AMBER, RED, shade(body, 0.6))))
        wire = dice.choice(((200, 40, 40), (40, 70, 170), (30, 30, 30), (216, 190, 60)))
        c.line(
            [(at + size / 2, y + tall * 0.82), (at + size / 2, y + tall), (at + size, y + tall + 16)], wire, 6
        )
        at += size


def boiler(c: Canvas, dice: Random) -> None:
    room(c, dice, floor=0.86)
    wide, tall = 380, c.h * 0.52
    x, y = c.w * dice.uniform(0.42, 0.56) - wide / 2, c.h * 0.12
    c.box(x + wide / 2 - 46, 0, 92, y + 4, STEEL)
    for at, colour in enumerate((COPPER, COPPER, AMBER, STEEL)):
        pipe = x + 70 + at * 80
        c.box(pipe, y + tall, 26, c.h * 0.86 - y - tall, colour)
        c.box(pipe - 8, y + tall + 60 + (at % 2) * 46, 42, 30, shade(colour, 0.7), round_=6)
    body = dice.choice((WHITE, (228, 230, 228), (210, 216, 220)))
    c.box(x + 12, y + 14, wide, tall, (120, 118, 112), round_=26)
    c.box(x, y, wide, tall, body, round_=26)
    c.box(x, y + tall * 0.66, wide, 4, shade(body, 0.75))
    c.box(x + 40, y + tall * 0.72, wide - 80, tall * 0.2, DARK, round_=12)
    c.text(
        x + 60,
        y + tall * 0.82,
        f"{dice.randint(38, 74)}",
        dice.choice((GREEN, AMBER, WHITE)),
        60,
        anchor="lm",
    )
    dial = x + wide - 100, y + tall * 0.82
    _gauge(c, dice, *dial, 46)
    c.box(x + wide / 2 - 60, y + tall * 0.3, 120, 20, dice.choice(PAINTS), round_=8)
    c.box(x + wide / 2 - 44, y + tall * 0.42, 88, 70, (46, 54, 66), round_=8)
    flame = x + wide / 2, y + tall * 0.42 + 56
    c.shape([(flame[0], flame[1] - 44), (flame[0] + 20, flame[1]), (flame[0] - 20, flame[1])], (80, 150, 240))


def _gauge(c: Canvas, dice: Random, x: float, y: float, r: float) -> None:
    c.disc(x, y, r, shade(STEEL, 0.45))
    c.disc(x, y, r * 0.88, WHITE)
    c.arc(x, y, r * 0.76, 135, 300, GREEN, r * 0.09)
    c.arc(x, y, r * 0.76, 300, 405, RED, r * 0.09)
    for at in range(11):
        angle = math.radians(135 + at * 27)
        near, far = r * 0.56, r * 0.66
        tick = [(x + math.cos(angle) * one, y + math.sin(angle) * one) for one in (near, far)]
        c.line(tick, DARK, r * 0.03)
    angle = math.radians(135 + dice.uniform(20, 200))
    c.line([(x, y), (x + math.cos(angle) * r * 0.6, y + math.sin(angle) * r * 0.6)], RED, r * 0.06)
    c.disc(x, y, r * 0.1, DARK)


def gauges(c: Canvas, dice: Random) -> None:
    room(c, dice, floor=0.98)
    metal = dice.choice((COPPER, STEEL, (150, 60, 50), (70, 100, 130)))
    pipe = c.h * 0.62
    c.fade(0, pipe, c.w, 40, shade(metal, 1.25), metal)
    c.fade(0, pipe + 40, c.w, 46, metal, shade(metal, 0.6))
    count = 2 if c.w < 1100 else 3
    for at in range(count):
        x = c.w * (at + 0.5) / count + dice.uniform(-20, 20)
        c.box(x - 18, pipe - 110, 36, 120, shade(metal, 0.8))
        c.box(x - 40, pipe - 12, 80, 112, shade(metal, 0.72), round_=10)
        _gauge(c, dice, x, pipe - 250, dice.uniform(130, 165))
        c.text(x, pipe - 168, dice.choice(("bar", "kPa", "psi", "C")), DARK, 26, anchor="mm")
    x = dice.uniform(0.2, 0.8) * c.w
    c.line([(x - 80, pipe + 130), (x + 80, pipe + 130)], RED, 26)
    c.box(x - 10, pipe + 60, 20, 70, shade(STEEL, 0.6))


def outdoor_unit(c: Canvas, dice: Random) -> None:
    wall = dice.choice(WALLS)
    light = dice.uniform(0.55, 1.0)
    c.fade(0, 0, c.w, c.h, shade(wall, light), shade(wall, light * 0.8))
    for row in range(14):
        y = row * c.h / 14
        c.box(0, y, c.w, 3, shade(wall, light * 0.8))
        for at in range(9):
            c.box((at + (row % 2) / 2) * c.w / 8, y, 3, c.h / 14, shade(wall, light * 0.8))
    wide, tall = min(c.w * 0.66, 820), 520
    x, y = (c.w - wide) / 2 + dice.uniform(-60, 60), c.h * 0.2
    for foot in (0.16, 0.76):
        c.box(x + wide * foot, y + tall, 34, 130, shade(STEEL, 0.5))
    c.box(x + 18, y + 22, wide, tall, shade(wall, light * 0.5), round_=16)
    c.box(x, y, wide, tall, (232, 233, 228), round_=16)
    fan, middle = 210, (x + wide * 0.38, y + tall / 2)
    c.disc(*middle, fan, (70, 74, 78))
    turn = dice.uniform(0, 6)
    for blade in range(5):
        angle = turn + blade * math.tau / 5
        points = [
            (middle[0] + math.cos(angle + by) * far, middle[1] + math.sin(angle + by) * far)
            for by, far in ((0, 30), (0.25, 190), (0.75, 180))
        ]
        c.shape(points, (120, 126, 130))
    for ring in range(5):
        c.arc(*middle, fan - ring * 40, 0, 360, (206, 208, 204), 6)
    c.disc(*middle, 34, dice.choice(PAINTS))
    for slit in range(9):
        c.box(x + wide * 0.76, y + 70 + slit * 44, wide * 0.18, 16, (170, 174, 172), round_=6)
    c.line(
        [(x + wide, y + tall * 0.7), (x + wide + 70, y + tall * 0.7), (x + wide + 70, 0)], (236, 236, 230), 40
    )
    c.line([(x + wide, y + tall * 0.84), (x + wide + 120, y + tall * 0.84), (x + wide + 120, 0)], COPPER, 16)


def thermostat(c: Canvas, dice: Random) -> None:
    room(c, dice, floor=1.0)
    x, y = c.w * dice.uniform(0.42, 0.58), c.h * 0.42
    c.disc(x + 12, y + 18, 270, (150, 146, 138))
    c.disc(x, y, 270, WHITE)
    c.disc(x, y, 236, DARK)
    warm = dice.random() < 0.5
    c.arc(x, y, 210, 130, 130 + dice.randint(80, 260), BRAND if warm else (70, 160, 230), 22)
    c.text(x, y - 6, f"{dice.randint(17, 27)}.{dice.choice((0, 5))}", WHITE, 150, anchor="mm")
    c.text(x, y + 110, "HEAT" if warm else "COOL", BRAND if warm else (120, 190, 240), 40, anchor="mm")
    c.box(c.w * 0.08, c.h * 0.66, 150, 150, WHITE, round_=14)
    c.box(c.w * 0.08 + 34, c.h * 0.66 + 26, 82, 98, (226, 226, 220), round_=8)


def _panel(c: Canvas, corners: list[tuple[float, float]], blue: Colour, cells: int = 5) -> None:
    c.shape(corners, (214, 218, 222))
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners

    def at(u: float, v: float) -> tuple[float, float]:
        top = ax + (bx - ax) * u, ay + (by - ay) * u
        low = dx + (cx - dx) * u, dy + (cy - dy) * u
        return top[0] + (low[0] - top[0]) * v, top[1] + (low[1] - top[1]) * v

    c.shape([at(0.03, 0.03), at(0.97, 0.03), at(0.97, 0.97), at(0.03, 0.97)], blue)
    c.shape([at(0.03, 0.03), at(0.5, 0.03), at(0.2, 0.97), at(0.03, 0.97)], shade(blue, 1.25))
    for step in range(1, cells):
        share = step / cells
        c.line([at(share, 0.03), at(share, 0.97)], shade(blue, 1.6), 2.5)
        c.line([at(0.03, share), at(0.97, share)], shade(blue, 1.6), 2.5)


def roof_panels(c: Canvas, dice: Random) -> None:
    horizon = c.h * 0.3
    dark = sky(c, dice, horizon + 10)
    tile = shade(
        dice.choice(((172, 96, 66), (150, 84, 62), (120, 112, 106), (186, 120, 84))), 0.5 if dark else 1
    )
    lean = dice.uniform(-0.12, 0.12) * c.w
    c.shape(
        [
            (c.w * 0.1 + lean, horizon - 40),
            (c.w * 0.9 + lean, horizon - 40),
            (c.w * 1.2, c.h),
            (-c.w * 0.2, c.h),
        ],
        tile,
    )
    for row in range(16):
        down = (row / 16) ** 1.15
        y = horizon - 40 + (c.h - horizon + 40) * down
        left, right = (0.1 - 0.3 * down) * c.w, (0.9 + 0.3 * down) * c.w
        c.line([(left + lean * (1 - down), y), (right + lean * (1 - down), y)], shade(tile, 0.82), 5)
    blue = shade(dice.choice(((22, 44, 92), (18, 28, 52), (34, 60, 110), (26, 30, 40))), 0.6 if dark else 1)
    rows, cols = dice.choice((2, 3)), dice.choice((3, 4))
    for row in range(rows):
        for col in range(cols):
            _panel(c, _roof_corners(c, horizon, lean, row / rows, col / cols, 1 / rows, 1 / cols), blue)


def _roof_corners(
    c: Canvas, horizon: float, lean: float, v: float, u: float, tall: float, wide: float
) -> list[tuple[float, float]]:
    top, low = horizon + 20, c.h - BOARD_HEIGHT - 60

    def at(u: float, v: float) -> tuple[float, float]:
        half = c.w * (0.32 + 0.12 * v)
        middle = c.w / 2 + lean * (1 - v)
        return middle + (u - 0.5) * 2 * half, top + (low - top) * (0.75 * v + 0.25 * v * v)

    gap_u, gap_v = wide * 0.03, tall * 0.04
    return [
        at(u + gap_u, v + gap_v),
        at(u + wide - gap_u, v + gap_v),
        at(u + wide - gap_u, v + tall - gap_v),
        at(u + gap_u, v + tall - gap_v),
    ]


def field_panels(c: Canvas, dice: Random) -> None:
    horizon = c.h * 0.4
    dark = sky(c, dice, horizon + 10)
    hill = shade((96, 124, 90), 0.5 if dark else 1)
    c.shape(
        [
            (0, horizon),
            (c.w * 0.3, horizon - 60),
            (c.w * 0.65, horizon - 20),
            (c.w, horizon - 80),
            (c.w, c.h),
            (0, c.h),
        ],
        hill,
    )
    grass = shade(dice.choice(((134, 142, 74), (170, 150, 92), (104, 134, 70))), 0.55 if dark else 1)
    c.fade(0, horizon, c.w, c.h - horizon, shade(grass, 0.85), grass)
    blue = shade((24, 46, 96), 0.7 if dark else 1)
    for row in range(4):
        near = (row + 1) / 4
        y, tall = horizon + (c.h - horizon - 150) * near**1.5, 60 + 150 * near
        for col in range(4 if row > 1 else 6):
            wide = tall * 1.5
            x = col * wide * 1.04 - 60 * near
            c.box(x + wide / 2 - 5 * near, y - 8, 12 * near, tall * 0.45, shade(STEEL, 0.6))
            lean = tall * 0.22
            _panel(c, [(x + lean, y - tall), (x + wide + lean, y - tall), (x + wide, y), (x, y)], blue, 4)


def inverter(c: Canvas, dice: Random) -> None:
    room(c, dice, floor=0.9)
    count = 1 if c.w < 1100 else dice.choice((1, 2))
    for at in range(count):
        wide, tall = 420, 500
        x, y = c.w * (at + 0.5) / count - wide / 2, c.h * 0.14
        body = dice.choice(((228, 72, 56), WHITE, (90, 98, 106), (238, 196, 60)))
        c.box(x + 14, y + 18, wide, tall, (110, 108, 104), round_=30)
        c.box(x, y, wide, tall, body, round_=30)
        c.box(x, y + tall * 0.62, wide, tall * 0.38, (52, 56, 62), round_=30)
        c.box(x + 60, y + 70, wide - 120, 150, (28, 42, 40), round_=10)
        c.text(x + 80, y + 118, f"{dice.uniform(0.4, 9.8):.2f} kW", (150, 240, 180), 46, anchor="lm")
        c.text(
            x + 80,
            y + 178,
            f"{dice.randint(4, 61)}.{dice.randint(0, 9)} kWh",
            (150, 240, 180),
            34,
            anchor="lm",
        )
        for lamp, colour in enumerate((GREEN, AMBER, RED)):
            on = colour if lamp == dice.choice((0, 0, 0, 1, 2)) else shade(colour, 0.35)
            c.disc(x + 90 + lamp * 60, y + 264, 14, on)
        for cable in range(5):
            bottom = x + 60 + cable * 72
            c.box(bottom, y + tall, 20, c.h * 0.9 - y - tall, (30, 30, 32) if cable % 2 else RED)


def breakers(c: Canvas, dice: Random) -> None:
    wall = room(c, dice, floor=0.97)
    x, y, wide, tall = c.w * 0.1, c.h * 0.09, c.w * 0.8, c.h * 0.72
    c.box(x - 24, y - 24, wide + 48, tall + 48, shade(wall, 0.62), round_=20)
    c.box(x, y, wide, tall, (240, 240, 236), round_=12)
    rows = 2 if c.w > 1100 else 3
    for row in range(rows):
        top = y + tall * (row + 0.5) / rows - 120
        c.box(x + 40, top, wide - 80, 220, (206, 208, 206), round_=8)
        for at in range(int((wide - 100) // 74)):
            left, tripped = x + 52 + at * 74, dice.random() < 0.06
            c.box(left, top + 14, 66, 192, (250, 250, 248), round_=6)
            c.box(left + 18, top + 68, 30, 78, (60, 62, 66), round_=5)
            c.box(
                left + 18, top + (112 if tripped else 70), 30, 34, RED if tripped else (30, 32, 36), round_=5
            )
            c.box(left + 20, top + 28, 26, 14, RED if tripped else GREEN)
        c.text(x + 52, top + 252, "F1   F2   F3   lights   pump   lift", (90, 92, 96), 24, fit=wide - 120)


def doorway(c: Canvas, dice: Random) -> None:
    wall = dice.choice(WALLS)
    light = dice.uniform(0.6, 1.0)
    c.fade(0, 0, c.w, c.h, shade(wall, light), shade(wall, light * 0.9))
    c.fade(0, c.h * 0.84, c.w, c.h * 0.16, (128, 126, 120), (96, 94, 90))
    wide, tall = 400, c.h * 0.64
    x, y = c.w * dice.uniform(0.36, 0.5) - wide / 2, c.h * 0.84 - tall
    stone, paint = shade(wall, light * 0.72), dice.choice(PAINTS)
    c.box(x - 50, y - 50, wide + 100, tall + 50, stone)
    c.box(x, y, wide, tall, shade(paint, 0.9))
    for row in range(3):
        for col in range(2):
            left, top = x + 36 + col * wide / 2, y + 40 + row * tall / 3.1
            c.box(left, top, wide / 2 - 72, tall / 3.1 - 56, shade(paint, 0.68))
            c.box(left + 10, top + 10, wide / 2 - 92, tall / 3.1 - 76, shade(paint, 1.12))
    c.disc(x + wide - 34, y + tall * 0.52, 18, (216, 180, 90))
    c.box(x - 90, c.h * 0.84 - 18, wide + 180, 36, shade(stone, 0.85))
    plate = x + wide + 110
    c.box(plate, y + 60, 130, 104, (40, 70, 130), round_=10)
    c.text(plate + 65, y + 112, str(dice.randint(1, 98)), WHITE, 66, anchor="mm")
    c.box(plate + 20, y + 220, 90, 190, STEEL, round_=8)
    for bell in range(8):
        c.disc(plate + 46 + (bell % 2) * 40, y + 258 + (bell // 2) * 40, 11, DARK)
    _plant(c, dice, max(70.0, x - 190), c.h * 0.84)


def _plant(c: Canvas, dice: Random, x: float, ground: float) -> None:
    for leaf in range(9):
        angle = math.radians(200 + leaf * 17.5)
        far = dice.uniform(130, 200)
        tip = x + math.cos(angle) * far, ground - 120 + math.sin(angle) * far
        c.line([(x, ground - 100), tip], (52, 104 + leaf * 5, 58), 20)
    c.shape(
        [(x - 66, ground - 120), (x + 66, ground - 120), (x + 48, ground + 10), (x - 48, ground + 10)],
        (176, 92, 60),
    )


def building(c: Canvas, dice: Random) -> None:
    dark = sky(c, dice, c.h)
    wall = shade(dice.choice(WALLS), 0.45 if dark else dice.uniform(0.85, 1.0))
    wide, top = min(c.w * 0.74, 900), c.h * dice.uniform(0.1, 0.2)
    x, ground = (c.w - wide) / 2 + dice.uniform(-80, 80), c.h * 0.84
    c.box(x, top, wide, ground - top, wall)
    c.box(x - 20, top - 20, wide + 40, 34, shade(wall, 0.75))
    floors, cols = 4 if c.w > 1100 else 6, 5
    step = (ground - top - 60) / floors
    for floor in range(floors):
        for col in range(cols):
            left, upper = x + (col + 0.5) * wide / cols - 48, top + 40 + floor * step
            lit = dice.random() < (0.4 if dark else 0.05)
            glass = (255, 222, 150) if lit else shade((120, 150, 176), 0.5 if dark else 1)
            c.box(left - 8, upper - 8, 112, step * 0.66 + 16, shade(wall, 1.12))
            c.box(left, upper, 96, step * 0.66, glass)
            c.box(left + 46, upper, 5, step * 0.66, shade(wall, 1.12))
            c.box(left - 16, upper + step * 0.62, 128, 14, shade(wall, 0.62))
    door = x + wide / 2 - 60
    c.box(door, ground - 170, 120, 170, shade(dice.choice(PAINTS), 0.5 if dark else 0.9))
    c.fade(0, ground, c.w, c.h - ground, (112, 114, 116), (76, 78, 80))
    c.box(0, ground, c.w, 18, (170, 170, 164))


def paper(c: Canvas, dice: Random) -> None:
    wood = dice.choice(((150, 108, 70), (120, 84, 56), (176, 140, 100), (70, 74, 80)))
    c.fade(0, 0, c.w, c.h, wood, shade(wood, 0.85))
    for plank in range(6):
        c.box(0, plank * c.h / 6, c.w, 4, shade(wood, 0.75))
    wide, tall = min(640, c.w * 0.62), min(820, c.h * 0.76)
    x, y = c.w * 0.48 - wide / 2, 40
    c.box(x - 26, y - 10, wide + 52, tall + 40, (92, 62, 44), round_=18)
    c.box(x, y + 24, wide, tall, (250, 249, 244))
    c.box(x + wide / 2 - 110, y - 26, 220, 70, STEEL, round_=14)
    c.text(x + 50, y + 130, "DELIVERY NOTE", DARK, 42)
    c.box(x + 50, y + 150, wide - 100, 4, BRAND)
    for row in range(9):
        left, top = x + 50, y + 190 + row * (tall - 360) / 9
        c.box(left, top, dice.uniform(0.4, 0.75) * (wide - 160), 14, (170, 172, 176))
        c.box(x + wide - 110, top, 60, 14, (150, 152, 156))
    _scribble(c, dice, x + 70, y + tall - 70, wide * 0.5)
    pen = x + wide + 60, y + tall * 0.4
    c.line([pen, (pen[0] + 60, pen[1] + 330)], dice.choice(PAINTS), 24)


def _scribble(c: Canvas, dice: Random, x: float, y: float, wide: float) -> None:
    points = [(x + wide * at / 26, y + math.sin(at * 1.3) * dice.uniform(10, 44)) for at in range(27)]
    c.line(points, (30, 48, 140), 6)


def van(c: Canvas, dice: Random) -> None:
    ground = c.h * 0.7
    dark = sky(c, dice, ground)
    for at in range(9):
        tall = dice.uniform(120, 380)
        tint = shade((146, 150, 160), 0.4 if dark else dice.uniform(0.85, 1.1))
        c.box(at * c.w / 9, ground - tall, c.w / 9 + 2, tall, tint)
    c.fade(0, ground, c.w, c.h - ground, (104, 106, 108), (72, 74, 76))
    body = shade(dice.choice((WHITE, WHITE, (236, 200, 70), (70, 110, 160))), 0.6 if dark else 1)
    wide = min(860, c.w * 0.8)
    x, y = (c.w - wide) / 2, ground - 240
    c.disc(x + wide / 2, y + 392, wide * 0.5, (58, 58, 60), squash=0.06)
    c.box(x, y, wide * 0.74, 340, body, round_=30)
    c.shape(
        [
            (x + wide * 0.7, y),
            (x + wide * 0.84, y + 20),
            (x + wide * 0.93, y + 160),
            (x + wide, y + 190),
            (x + wide, y + 340),
            (x + wide * 0.7, y + 340),
        ],
        body,
    )
    c.shape(
        [
            (x + wide * 0.73, y + 40),
            (x + wide * 0.82, y + 48),
            (x + wide * 0.89, y + 158),
            (x + wide * 0.73, y + 158),
        ],
        (60, 80, 98),
    )
    c.box(x, y + 210, wide * 0.99, 34, BRAND)
    c.text(x + 60, y + 150, "TALAIA", shade(BRAND, 0.9), 110, fit=wide * 0.5)
    for wheel in (0.2, 0.8):
        c.disc(x + wide * wheel, y + 336, 74, (30, 30, 32))
        c.disc(x + wide * wheel, y + 336, 40, STEEL)
    c.box(x + wide - 26, y + 220, 26, 40, (255, 236, 170))
    c.line([(x + 40, y - 16), (x + wide * 0.66, y - 16)], shade(STEEL, 0.8), 16)


SCENES: Mapping[str, Callable[[Canvas, Random], object]] = {
    scene.__name__: scene
    for scene in (
        lift_door,
        machine_room,
        control_cabinet,
        boiler,
        gauges,
        outdoor_unit,
        thermostat,
        roof_panels,
        field_panels,
        inverter,
        breakers,
        doorway,
        building,
        paper,
        van,
    )
}
