"""What `{% fixed %}` keeps for everybody holds nothing of anybody."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine

from checkins.heads import SortLevel
from dashboard.templatetags.desk import fixed

TEMPLATES: Path = settings.BASE_DIR / "templates"
USES = sorted(
    {
        use
        for file in TEMPLATES.rglob("*.html")
        for use in re.findall(r'{% fixed "([^"]+)" ?(.*?) ?%}', file.read_text(encoding="utf-8"))
    }
)
LEVELS = (
    SortLevel(
        field="comment",
        label="By comment",
        up_label="A to Z",
        down_label="Z to A",
        order="",
        ascending=False,
        descending=False,
        up="",
        down="",
        clear="",
    ),
)
OF_A_REQUEST = re.compile(r"csrf_token|request|account|preferences|messages|user|clock")


@pytest.mark.parametrize("name", [name for name, _ in USES])
def test_a_fixed_part_asks_for_nothing_of_the_request(name: str) -> None:
    source = re.sub(r"{#.*?#}", "", (TEMPLATES / name).read_text(encoding="utf-8"))
    tags = re.findall(r"{[{%].*?[%}]}", source)
    assert not [tag for tag in tags if OF_A_REQUEST.search(re.sub(r"'.*?'|\".*?\"", "", tag))]


@pytest.mark.parametrize("name", [name for name, values in USES if not values])
def test_a_fixed_part_without_values_needs_none(name: str) -> None:
    engine = Engine(
        dirs=[str(TEMPLATES)],
        libraries={"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"},
        builtins=["dashboard.templatetags.desk"],
        string_if_invalid="MISSING %s",
    )
    assert "MISSING" not in engine.get_template(name).render(Context())


def test_a_fixed_part_is_made_once() -> None:
    assert fixed("partials/_help_keys.html") is fixed("partials/_help_keys.html")


def test_other_values_make_another_part() -> None:
    shown = [fixed("listing/_sort_levels.html", levels=levels) for levels in (LEVELS, (), LEVELS)]
    assert shown[0] is shown[2]
    assert "By comment" in shown[0]
    assert "By comment" not in shown[1]
