"""Where work happens: doorways, houses, the van, the paper that gets signed."""

from __future__ import annotations

import math
from random import Random

from dashboard.sandbox.canvas import Canvas, shade
from dashboard.sandbox.scenes.setting import BRAND, DARK, PAINTS, STEEL, WALLS, WHITE, sky


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
