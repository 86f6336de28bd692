"""Checkpoints (ref 7.6): the stops of routes. The record is `stops.Stop`."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from dashboard.navixy import values
from dashboard.navixy.client import Client
from dashboard.navixy.errors import NotSendable
from dashboard.navixy.stops import (
    FormChange,
    Stop,
    StopDraft,
    Written,
    form_switch,
    stop_from,
    updated,
    written,
)

AT_ONCE = 500  # the most stops of one route
_pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="checkpoints")


def list_checkpoints(client: Client, checkpoint_ids: Sequence[int]) -> dict[int, Stop]:
    """`task/checkpoint/list` by id, 500 a call, side by side. What is gone or not visible is absent."""
    wanted = list(dict.fromkeys(checkpoint_ids))
    parts = [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
    if len(parts) < 2:
        return {stop.id: stop for part in parts for stop in _part(client, part)}
    return {stop.id: stop for found in _pool.map(lambda part: _part(client, part), parts) for stop in found}


def _part(client: Client, ids: Sequence[int]) -> tuple[Stop, ...]:
    reply = client.read("task/checkpoint/list", {"checkpoint_ids": list(ids)})
    return values.read_all(
        reply.records(), lambda item: stop_from(item, client.zone), what="task/checkpoint/list"
    )


def read(client: Client, checkpoint_id: int) -> Stop:
    """`task/checkpoint/read`: with its form. Raises NotFound (201)."""
    reply = client.read("task/checkpoint/read", {"checkpoint_id": checkpoint_id})
    return reply.read_as(lambda record: stop_from(record, client.zone))


def create(client: Client, draft: StopDraft, *, create_form: bool = False) -> Written:
    """`task/checkpoint/create`: into the route `parent_id` at `order`, the later ones move on.

    Raises NotFound (201: route), InvalidRequest (7), NotAllowed (236).
    """
    if draft.parent_id is None or draft.order is None:
        raise NotSendable("A checkpoint needs its route and its place in it.")
    return written(
        client.write("task/checkpoint/create", {"checkpoint": draft.to_wire(), "create_form": create_form})
    )


def update(client: Client, draft: StopDraft, *, form: FormChange = "keep") -> Written:
    """`task/checkpoint/update`: the whole checkpoint; another `order` moves it in its route.

    Raises NotFound (201), WrongState (255), InvalidRequest (7).
    """
    params = {"checkpoint": updated(draft, form), **form_switch(form)}
    return written(client.write("task/checkpoint/update", params))


def delete(client: Client, checkpoint_id: int) -> None:
    """`task/checkpoint/delete`: for good; the rest close the gap. Raises NotFound (201), WrongState (255)."""
    client.write("task/checkpoint/delete", {"checkpoint_id": checkpoint_id})


def transmute(client: Client, checkpoint_id: int) -> None:
    """`task/checkpoint/transmute`: becomes a task of its own; the last one takes its route with it.

    Raises NotFound (201), WrongState (255: any checkpoint of the route cannot be changed).
    """
    client.write("task/checkpoint/transmute", {"checkpoint_id": checkpoint_id})
