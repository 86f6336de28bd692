"""Lift doors, machine rooms and what steers them."""

from __future__ import annotations

import math
from random import Random

from dashboard.sandbox.canvas import Canvas, shade
from dashboard.sandbox.scenes.setting import AMBER, DARK, GREEN, PAINTS, RED, STEEL, WHITE, room


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
