"""Boilers, gauges, outdoor units and thermostats."""

from __future__ import annotations

import math
from random import Random

from dashboard.sandbox.canvas import Canvas, shade
from dashboard.sandbox.scenes.setting import (
    AMBER,
    BRAND,
    COPPER,
    DARK,
    GREEN,
    PAINTS,
    RED,
    STEEL,
    WALLS,
    WHITE,
    room,
)


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
        c.box(x - 18, pipe - 150, 36, 160, shade(metal, 0.8))
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
