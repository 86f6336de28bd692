"""What field crews photograph: doors, machines, meters, roofs, each in its own light and colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from dashboard.sandbox.canvas import Canvas
from dashboard.sandbox.scenes.climate import boiler, gauges, outdoor_unit, thermostat
from dashboard.sandbox.scenes.lifts import control_cabinet, lift_door, machine_room
from dashboard.sandbox.scenes.places import building, doorway, paper, van
from dashboard.sandbox.scenes.solar import breakers, field_panels, inverter, roof_panels

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
