from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard import connect


class RegionForm(forms.Form):
    """What every way of signing in asks when there is more than one region."""

    region = forms.CharField(required=False, max_length=40)

    def clean_region(self) -> connect.Region:
        return connect.region_named(self.cleaned_data["region"])


class PasswordForm(RegionForm):
    login = forms.CharField(max_length=200, error_messages={"required": _("Enter your login.")})
    password = forms.CharField(
        max_length=200, strip=False, error_messages={"required": _("Enter your password.")}
    )


class ApiKeyForm(RegionForm):
    api_key = forms.RegexField(
        r"^[0-9A-Fa-f]{32}$",
        error_messages={
            "required": _("Enter an API key."),
            "invalid": _("An API key is 32 characters, digits and the letters a to f."),
        },
    )


class CodeForm(forms.Form):
    code = forms.CharField(max_length=20, error_messages={"required": _("Enter the code from the e-mail.")})


class DemoForm(forms.Form):
    person = forms.CharField(max_length=40)


class PreferencesForm(forms.Form):
    theme = forms.ChoiceField(choices=[("auto", ""), ("light", ""), ("dark", "")])
    shortcuts = forms.BooleanField(required=False)
