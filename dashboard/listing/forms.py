from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.listing.models import SavedView


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=SavedView._meta.get_field("name").max_length,
        error_messages={
            "required": _("Give the view a name."),
            "max_length": _("A name has at most 60 characters."),
        },
    )


class SaveForm(NameForm):
    """`query` is the list's own query string; it is read through the list's form before it is kept."""

    query = forms.CharField(
        max_length=20_000,
        required=False,
        error_messages={"max_length": _("These filters are too long to be kept; take some away.")},
    )
