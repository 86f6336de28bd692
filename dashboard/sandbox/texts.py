"""What field people write: plausible comments by line of work, and texts that try a reader's patience."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

LIFTS = "lifts"
CLIMATE = "climate"
SOLAR = "solar"

_DONE: Mapping[str, Sequence[str]] = {
    LIFTS: (
        "Quarterly lift maintenance done",
        "Door operator adjusted on floor {n}",
        "Replaced guide shoes, cabin runs quietly now",
        "Emergency phone tested, answered in {n} seconds",
        "Brake wear measured: {n}.{m} mm, within limits",
        "Cabin light tube replaced",
        "Levelling on floor {n} corrected, was {m} mm low",
        "Rope tension checked, all six even",
        "Controller reset after fault E{n}{m}, ran 20 trips without a stop",
        "Pit cleaned, {n} litres of water pumped out",
        "Photocell curtain cleaned and realigned",
        "Governor rope greased, overspeed test passed",
        "Passenger freed from between floors {n} and {m}, nobody hurt",
        "Landing button on floor {n} replaced",
    ),
    CLIMATE: (
        "Filters changed, airflow back to normal",
        "Boiler pressure topped up to 1.{n} bar",
        "Annual gas boiler service, CO {n} ppm at the flue",
        "Refrigerant leak found at the flare nut, repaired and recharged {n}.{m} kg",
        "Condensate drain unblocked",
        "Outdoor unit {n} cleaned, fan bearing is noisy, order a spare",
        "Thermostat replaced, schedule set with the tenant",
        "Expansion vessel recharged",
        "Heat pump defrosts every {n}0 minutes, sensor replaced",
        "Chiller {m} back in service at 7 °C supply",
        "Radiators bled on floors 1 to {n}",
        "Circulation pump {n} swapped for the spare",
    ),
    SOLAR: (
        "String {n} back on line, connector was burnt",
        "Panels washed, production up by {n} %",
        "Inverter {m} firmware updated",
        "Insulation test passed on all {n} strings",
        "Two cracked modules in row {n}, photos attached",
        "Bird netting repaired on the south side",
        "Meter reading {n}{m}4 {n}8{m} kWh",
        "Torque check of the mounting rails finished",
        "Surge arrester replaced in combiner box {n}",
        "Thermal camera round done, one hot spot in row {m}",
        "Optimiser {n}{m} does not answer, replaced under warranty",
    ),
}
_THEN = (
    "",
    "",
    "",
    ". Customer informed.",
    ". Next visit in three months.",
    ". Spare part ordered.",
    ". Key left with the concierge.",
    ". Access through the garage.",
    ". Photos attached.",
    ". Need two people next time.",
    ". Customer was not there, neighbour opened.",
    ", all fine",
    ". Waiting for approval of the quote.",
)
_SPANISH = (
    "Revisión trimestral hecha, todo correcto",
    "Cambiada la botonera de la planta {n}",
    "El cliente pide presupuesto para una segunda unidad",
    "No hay nadie en la finca, vuelvo mañana a las {n}",
    "Caldera en marcha, presión 1,{n} bar",
    "Falta la llave del cuarto de máquinas",
    "Limpieza de módulos terminada, {n}{m} paneles",
    "Ascensor parado por fuga de aceite, aviso al almacén",
    "Señal firmada por el conserje",
)
_EMERGENCY = (
    "Emergency call-out: passenger stuck, freed after {n} minutes",
    "Emergency call-out: lift stopped with doors open on floor {n}",
    "Emergency call-out: no heating, boiler restarted",
    "Emergency call-out: water in the pit, lift secured",
    "Emergency call-out: smoke smell in the inverter room, isolated",
    "Emergency call-out: server room at {n}8 °C, second unit started",
    "Night call: alarm bell stuck, switched off",
    "Weekend call: no hot water, ignition electrode replaced",
)

AWKWARD: tuple[str, ...] = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil","x")',
    "+1",
    "@cmd",
    "-2+3+cmd|' /C calc'!A0",
    "=1+1",
    'He said: "come back on Monday", but it\'s closed',
    "First line\nSecond line\n\n\tIndented fourth line",
    "تم إصلاح المصعد، العميل راضٍ",
    "המעלית תקינה, לחזור בעוד חודש",
    "Mixed العربية and English 123 in one line",
    "All good 👍🏽 🛗🔧 ☀️ 👨‍👩‍👧",
    "<img src=x onerror=alert(1)> & &amp; &lt;b&gt;",
    "100 % done; 50 % paid, a/b \\ c | d",
    "{{ 7*7 }} ${7*7} {% debug %} %s %(name)s",
    "' OR 1=1 --",
    "Ünïcödé ñandú ﬁne zero\u200bwidth",
    "   spaces before and after   ",
    "Very_long_word_without_a_break_" + "abcdefghij" * 20,
    ("A long story of a short visit. " * 70)[:2000],
)

CUSTOMERS: tuple[str, ...] = (
    "Hotel {place}",
    "Comunidad {place}",
    "Clínica {place}",
    "Colegio {place}",
    "Residencia {place}",
    "Oficinas {place}",
    "Centro Comercial {place}",
    "Polideportivo {place}",
    "Bodega {place}",
    "Finca {place}",
    "Biblioteca {place}",
    "Aparcamiento {place}",
)
CUSTOMER_NAMES: tuple[str, ...] = (
    "Alborada",
    "Las Palmeras",
    "Miramar",
    "San Rafael",
    "Los Arcos",
    "El Mirador",
    "La Encina",
    "Vista Alegre",
    "Torre Blanca",
    "Santa Lucía",
    "El Pinar",
    "Los Almendros",
    "La Estrella",
    "Monteverde",
    "Aurora",
    "Las Acacias",
)


def comment(dice: Random, line: str, *, emergency: bool = False) -> str | None:
    """A comment for a visit of this line of work; about one visit in six has none."""
    chance = dice.random()
    if emergency:
        return _filled(dice, dice.choice(_EMERGENCY))
    if chance < 0.16:
        return None
    if chance < 0.175:
        return dice.choice(AWKWARD)
    if chance < 0.26:
        return _filled(dice, dice.choice(_SPANISH))
    return _filled(dice, dice.choice(_DONE[line])) + dice.choice(_THEN)


def _filled(dice: Random, text: str) -> str:
    return text.replace("{n}", str(dice.randint(2, 9))).replace("{m}", str(dice.randint(1, 6)))
