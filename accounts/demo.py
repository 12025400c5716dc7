"""The logins of the demo. They exist only after `loaddemo`, and are shown only in demo mode."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEMO_PASSWORD = "kota-musik-2024"  # noqa: S105  printed on the demo's own sign-in page


@dataclass(frozen=True)
class DemoLogin:
    username: str
    role_label: str | Promise
    note: str | Promise


DEMO_LOGINS = (
    DemoLogin("sekretariat", _("Secretariat"), _("verifies, runs the meeting, makes the report")),
    DemoLogin(
        "opd.dinkes", _("Agency head"), _("Dinas Kesehatan; every agency has one: opd.<code>")
    ),
    DemoLogin("operator.dinkes", _("Agency operator"), _("fills in, the head submits")),
    DemoLogin("dewan1", _("Council member"), _("also dewan2 and dewan3")),
)
