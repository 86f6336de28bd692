"""Panels on roofs and in fields, inverters and breakers."""

from __future__ import annotations

from random import Random

from dashboard.sandbox.canvas import Canvas, Colour, shade
from dashboard.sandbox.scenes.setting import AMBER, BOARD_HEIGHT, GREEN, RED, STEEL, WHITE, room, sky


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
    plain = shade(dice.choice(((150, 158, 128), (162, 152, 126), (132, 142, 140))), 0.3 if dark else 0.95)
    c.fade(0, horizon, c.w, c.h - horizon, plain, shade(plain, 0.8))
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
