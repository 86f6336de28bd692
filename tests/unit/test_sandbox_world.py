"""The demo company: repeatable, plausible, and as awkward as it promises."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from dashboard.sandbox import awkward, company, schedule, templates
from dashboard.sandbox.gazetteer import distance_km, nearest_address, search_places, streets
from dashboard.sandbox.model import Checkin
from dashboard.sandbox.people import DEMO_PEOPLE
from dashboard.sandbox.towns import TOWNS
from dashboard.sandbox.world import World, build_world

NOW = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)  # a Thursday
NIGHTS = (
    datetime(2026, 3, 15, 3, 10, tzinfo=UTC),
    datetime(2026, 3, 14, 23, 20, tzinfo=UTC),
    datetime(2026, 7, 5, 22, 6, tzinfo=UTC),
    datetime(2026, 1, 1, 5, 5, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(seed=7, checkins=12_000, now=NOW)


@pytest.fixture
def small() -> World:
    return build_world(seed=7, checkins=400, now=NOW)


def ordinary(world: World) -> list[Checkin]:
    return [one for one in world.checkins if one.id > awkward.LAST_ID]


def test_the_same_seed_gives_the_same_world(small: World) -> None:
    again = build_world(seed=7, checkins=400, now=NOW)
    assert [asdict(one) for one in again.checkins] == [asdict(one) for one in small.checkins]
    assert [again.files_of(one) for one in again.checkins] == [small.files_of(one) for one in small.checkins]


def test_another_seed_gives_another_world(small: World) -> None:
    other = build_world(seed=8, checkins=400, now=NOW)
    assert [one.comment for one in other.checkins] != [one.comment for one in small.checkins]


@pytest.mark.parametrize("count", [60, 400, 1_500])
def test_the_number_of_checkins_is_exact(count: int) -> None:
    assert len(build_world(seed=1, checkins=count, now=NOW).checkins) == count


def test_the_company_has_its_size(world: World) -> None:
    assert len(world.trackers) == 40
    assert sum(tracker.blocked for tracker in world.trackers.values()) == 2
    assert len(world.employees) == 45
    assert len(world.departments) == 5
    assert len(world.templates) == 6


def test_every_tenth_tracker_or_so_has_nobody(world: World) -> None:
    driven = {one.tracker_id for one in world.employees.values()}
    assert set(world.trackers) - driven == set(company.WITHOUT_EMPLOYEE)
    assert None in driven


def test_checkins_come_in_order_and_end_now(world: World) -> None:
    times = [one.marker_time for one in world.checkins]
    assert times == sorted(times)
    assert NOW - timedelta(minutes=5) < times[-1] <= NOW
    assert NOW - timedelta(days=121) < min(one.marker_time for one in ordinary(world))


def test_ids_follow_the_order_of_arrival(world: World) -> None:
    by_id = sorted(ordinary(world), key=lambda one: one.id)
    arrivals = [one.received for one in by_id]
    assert arrivals == sorted(arrivals)


def test_some_checkins_arrive_late_but_none_from_the_future(world: World) -> None:
    late = [one for one in world.checkins if one.received - one.marker_time > timedelta(minutes=30)]
    assert 200 < len(late) < 600
    assert all(one.marker_time <= one.received <= NOW for one in world.checkins)


def test_crews_work_by_their_own_clock(world: World) -> None:
    at_work = [
        schedule.in_working_hours(world.crews[one.tracker_id], one.marker_time) for one in ordinary(world)
    ]
    assert sum(at_work) / len(at_work) > 0.93


def test_canary_crews_start_an_hour_later_by_madrid_time(world: World) -> None:
    def first_hour(zone: ZoneInfo) -> float:
        starts = [
            local.hour + local.minute / 60
            for one in ordinary(world)
            if world.crews[one.tracker_id].zone is zone
            and (local := one.marker_time.astimezone(company.PENINSULA)).weekday() < 5
        ]
        return sorted(starts)[len(starts) // 20]

    assert 0.6 < first_hour(company.CANARIES) - first_hour(company.PENINSULA) < 1.4


def test_weekends_are_quiet(world: World) -> None:
    days = Counter(one.marker_time.astimezone(company.PENINSULA).weekday() for one in ordinary(world))
    assert days[6] < days[5] < days[4] < days[1]


@pytest.mark.parametrize("now", [NOW, *NIGHTS])
@pytest.mark.parametrize("key", ["owner", "dispatcher", "viewer"])
def test_today_and_yesterday_have_rows_at_any_hour(now: datetime, key: str) -> None:
    world = build_world(seed=3, checkins=400, now=now)
    zone = ZoneInfo(next(one.zone for one in DEMO_PEOPLE if one.key == key))
    scope = world.scopes[key] or frozenset(world.trackers)
    days = Counter(
        one.marker_time.astimezone(zone).date() for one in world.checkins if one.tracker_id in scope
    )
    today = now.astimezone(zone).date()
    assert days[today] > 0
    assert days[today - timedelta(days=1)] > 0


def test_nobody_checks_in_with_a_blocked_tracker_lately(world: World) -> None:
    newest = max(one.marker_time for one in world.checkins if one.tracker_id in company.BLOCKED)
    assert newest < NOW - timedelta(days=schedule.BLOCKED_SINCE_DAYS - 1)


def test_crews_return_to_the_same_doors(world: World) -> None:
    one = ordinary(world)[-1]
    near = [other for other in world.checkins if distance_km(one.lat, one.lng, other.lat, other.lng) < 0.1]
    assert len(near) > 5


def test_a_crew_does_not_fly(world: World) -> None:
    for number in (3001, 3020, 3038):
        mine = [one for one in ordinary(world) if one.tracker_id == number]
        hops = [
            distance_km(a.lat, a.lng, b.lat, b.lng)
            for a, b in pairwise(mine)
            if b.marker_time - a.marker_time < timedelta(hours=4)
        ]
        assert max(hops) < 70
        assert sum(hop < 15 for hop in hops) > 0.7 * len(hops)


def test_precision_is_mostly_good(world: World) -> None:
    values = [one.precision for one in ordinary(world)]
    assert 0.95 < sum(value is not None and 3 <= value <= 80 for value in values) / len(values) < 0.99
    assert 1500 in values
    assert None in values


def test_about_two_photos_a_checkin_and_a_form_on_two_of_five(world: World) -> None:
    some = ordinary(world)
    assert 24_000 < sum(len(one.file_ids) for one in some) < 27_000
    assert 0.38 < sum(one.form_id is not None for one in some) / len(some) < 0.42


def test_members_are_missing_here_and_there(world: World) -> None:
    some = ordinary(world)
    assert any(one.employee_id is None for one in some)
    assert any(one.address is None for one in some)
    assert any(one.comment is None for one in some)


def test_files_are_in_every_state(world: World) -> None:
    states = Counter(file.state for one in world.checkins[-3000:] for file in world.files_of(one))
    assert set(states) == {"created", "in_progress", "uploaded", "deleted"}
    assert states["uploaded"] / states.total() > 0.95


def test_files_that_never_arrived_have_no_arrival_time(world: World) -> None:
    for one in world.checkins[-1500:]:
        for file in world.files_of(one):
            assert (file.uploaded is None) == (file.state in {"created", "in_progress"})


def test_file_keys_differ_and_depend_on_the_seed(small: World) -> None:
    other = build_world(seed=8, checkins=400, now=NOW)
    file_id = awkward.describe()["rotation_1"].file_id
    mine, theirs = small.file(file_id), other.file(file_id)
    assert mine is not None
    assert theirs is not None
    assert mine.key != theirs.key
    keys = [file.key for one in small.checkins for file in small.files_of(one)]
    assert len(keys) == len(set(keys))


def test_ids_of_nothing_give_nothing(small: World) -> None:
    last = small.checkins[-1]
    assert small.file(last.id * 128 + 15) is None
    assert small.file(5) is None
    assert small.form(5) is None


def test_every_field_type_is_used_and_answered(world: World) -> None:
    used = {field["type"] for template in world.templates.values() for field in template.fields}
    assert used == {*templates.FIELD_TYPES, "temperature_probe"}
    lift = world.templates[templates.LIFT_VISIT]
    assert {field["type"] for field in lift.fields} == set(templates.FIELD_TYPES)
    assert answered_types(world) == used - {"separator"}


def answered_types(world: World) -> set[str]:
    forms = [world.form(one.form_id) for one in world.checkins[-2000:] if one.form_id]
    return {
        field["type"]
        for form in filter(None, forms)
        for field in form.fields
        if field["id"] in (form.values or {})
    }


def test_required_fields_are_answered_and_optional_ones_sometimes_not(world: World) -> None:
    left_out = 0
    for one in (one for one in world.checkins[-1500:] if one.form_id):
        form = world.form(one.form_id or 0)
        assert form is not None
        values = form.values or {}
        for field in form.fields:
            assert not field["required"] or field["id"] in values
            left_out += field["id"] not in values and field["type"] != "separator"
    assert left_out > 100


@pytest.mark.parametrize("number", sorted(awkward.COMPLETE))
def test_one_form_of_a_kind_is_filled_to_the_last_field(small: World, number: int) -> None:
    checkin = small.checkin(number)
    assert checkin is not None
    form = small.form(checkin.form_id or 0)
    assert form is not None
    assert set(form.values or {}) == {field["id"] for field in form.fields if field["type"] != "separator"}


def test_files_named_in_forms_exist(world: World) -> None:
    for one in (one for one in world.checkins[-800:] if one.form_id):
        form = world.form(one.form_id or 0)
        assert form is not None
        for value in (form.values or {}).values():
            ids = [*value.get("file_ids", []), *([value["file_id"]] if "file_id" in value else [])]
            assert all(world.file(file_id) is not None for file_id in ids)


def test_forms_are_made_after_they_were_submitted(world: World) -> None:
    made = [world.form(one.form_id) for one in world.checkins[-300:] if one.form_id]
    assert all(form and form.submitted and form.created > form.submitted for form in made)


def test_forms_outlive_their_template(world: World) -> None:
    orphan = next(one for one in ordinary(world) if one.form_id and one.template_id is None)
    form = world.form(orphan.form_id or 0)
    assert form is not None
    assert form.template_id is None
    assert form.label == orphan.form_label == "Winter readiness (old)"


def test_an_arrival_is_the_newest_and_makes_its_own_evidence(small: World) -> None:
    later = NOW + timedelta(minutes=2)
    known = len(small.checkins)
    new = [small.arrive(later) for _ in range(20)]
    assert small.checkins[-20:] == new
    assert len(small.checkins) == known + 20
    assert {one.marker_time for one in new} == {later}
    assert all(len(small.files_of(one)) == len(one.file_ids) for one in new)


def test_an_id_asked_for_too_early_is_not_remembered_as_missing(small: World) -> None:
    coming = max(one.id for one in small.checkins) + 1
    first_file = coming * 128
    assert small.file(first_file) is None
    arrived = [small.arrive(NOW) for _ in range(30)]
    one = next(one for one in arrived if one.file_ids)
    assert small.file(one.file_ids[0]) is not None


def test_a_fork_keeps_its_writing_to_itself(small: World) -> None:
    copy = small.fork()
    gone = copy.checkins[0]
    copy.arrive(NOW)
    copy.remove([gone.id])
    assert copy.checkin(gone.id) is None
    assert small.checkin(gone.id) is gone
    assert len(copy.checkins) == len(small.checkins)


def test_odd_checkins_are_found_yesterday_and_this_morning(small: World) -> None:
    days = Counter(
        one.marker_time.astimezone(company.PENINSULA).date()
        for one in small.checkins
        if one.id <= awkward.LAST_ID
    )
    assert set(days) == {NOW.date(), NOW.date() - timedelta(days=1)}


def test_every_odd_text_stands_in_a_checkin(small: World) -> None:
    comments = {one.comment for one in small.checkins}
    assert {"<script>alert(1)</script>", '=HYPERLINK("http://evil","x")', "+1", "@cmd"} <= comments
    assert max(len(text or "") for text in comments) == 2000


def test_what_is_missing_is_missing(small: World) -> None:
    bare = small.checkin(awkward.BARE)
    assert bare is not None
    assert (bare.employee_id, bare.address, bare.comment, bare.file_ids) == (None, None, None, ())


def test_odd_files_are_found_by_kind(small: World) -> None:
    for kind, found in awkward.describe().items():
        file = small.file(found.file_id)
        checkin = small.checkin(found.checkin_id)
        assert file is not None, kind
        assert checkin is not None, kind
        assert file.name == found.name
        assert file.id in checkin.file_ids


def test_names_try_the_reader(world: World) -> None:
    people = list(world.employees.values())
    assert any(not one.last_name for one in people)
    assert any("<img" in one.last_name for one in people)
    assert any(one.first_name.startswith("=") for one in people)
    assert any("ا" in one.last_name or "א" <= one.last_name[:1] <= "ת" for one in people)
    assert 60 < max(len(one.first_name) for one in people) <= 100


def test_scopes_leave_the_dispatcher_24_trackers(world: World) -> None:
    dispatcher, viewer = world.scopes["dispatcher"], world.scopes["viewer"]
    assert dispatcher is not None
    assert viewer is not None
    assert len(dispatcher) == 24
    assert viewer < dispatcher <= set(world.trackers)


def test_a_tracker_that_just_reported_is_active(small: World) -> None:
    newest = small.checkins[-1]
    state = small.state_of(newest.tracker_id, NOW)
    assert state["connection_status"] == "active"
    assert state["gps"]["location"] == {"lat": newest.lat, "lng": newest.lng}
    assert small.state_of(newest.tracker_id, NOW + timedelta(days=1))["connection_status"] == "offline"


def test_an_address_is_found_both_ways() -> None:
    place = search_places("Calle Mayor 12, Toledo")[0]
    assert (place.street, place.house, place.locality) == ("Calle Mayor", "12", "Toledo")
    assert nearest_address(place.lat, place.lng) == place


def test_search_prefers_the_bounds() -> None:
    islands = {"nw": {"lat": 29.5, "lng": -18.5}, "se": {"lat": 27.5, "lng": -13.0}}
    assert search_places("Calle Mayor", islands)[0].lat < 30


def test_search_ignores_accents_and_finishes_words() -> None:
    assert search_places("malag")[0].locality == "Málaga"
    assert search_places("nowhere at all") == []


def test_far_from_everything_there_is_no_address() -> None:
    assert nearest_address(0, 0) is None
    outside = nearest_address(40.0, -3.2)
    assert outside is not None
    assert outside.street == ""


def test_streets_stay_in_town() -> None:
    for town in TOWNS:
        for street in streets(town):
            assert distance_km(town.lat, town.lng, street.lat, street.lng) <= town.spread
