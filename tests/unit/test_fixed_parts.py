"""What `{% fixed %}` keeps for everybody holds nothing of anybody."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine

from dashboard.templatetags.desk import fixed

TEMPLATES: Path = settings.BASE_DIR / "templates"
FIXED = sorted(
    {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r'{% fixed "([^"]+)"', file.read_text(encoding="utf-8"))
    }
)
OF_A_REQUEST = re.compile(r"csrf_token|request|account|preferences|messages|user|clock")


@pytest.mark.parametrize("name", FIXED)
def test_a_fixed_part_needs_no_context(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    tags = re.sub(r"{#.*?#}", "", source)
    assert not [tag for tag in re.findall(r"{[{%].*?[%}]}", tags) if OF_A_REQUEST.search(tag.split('"')[0])]
    engine = Engine(
        dirs=[str(TEMPLATES)],
        libraries={"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"},
        builtins=["dashboard.templatetags.desk"],
        string_if_invalid="MISSING %s",
    )
    assert "MISSING" not in engine.get_template(name).render(Context())


def test_a_fixed_part_is_made_once() -> None:
    assert fixed("partials/_help_keys.html") is fixed("partials/_help_keys.html")
