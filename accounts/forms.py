"""The sign-in form."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Without the offer to mail a new password: the secretariat sets one on request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.label = _("Password")
        password.help_text = _("Forgotten? The secretariat sets a new one.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
