"""The audit trail: one row per change of state, chained by hash, never edited."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.templatetags.portal import NOTHING, long_date, moment, number

GENESIS = "0" * 64

SENTENCES = {
    "add": _("%(actor)s added “%(record)s”."),
    "change": _("%(actor)s changed “%(record)s”."),
    "delete": _("%(actor)s deleted “%(record)s”."),
    "save_draft": _("%(actor)s saved a draft of “%(record)s”."),
    "add_evidence": _("%(actor)s attached evidence to “%(record)s”."),
    "remove_evidence": _("%(actor)s removed evidence from “%(record)s”."),
    "submit": _("%(actor)s handed in “%(record)s”."),
    "return": _("%(actor)s returned “%(record)s”."),
    "verify": _("%(actor)s verified “%(record)s”."),
    "save_evaluation": _("%(actor)s saved a draft evaluation of “%(record)s”."),
    "submit_evaluation": _("%(actor)s handed in an evaluation of “%(record)s”."),
    "finalise_meeting": _("%(actor)s finalised “%(record)s”."),
    "request_report": _("%(actor)s asked for the report “%(record)s”."),
    "make_report": _("The portal made the report “%(record)s” for %(actor)s."),
    "report_failed": _("The report “%(record)s” failed."),
    "publish_report": _("%(actor)s published the report “%(record)s”."),
    "archive": _("%(actor)s archived “%(record)s”."),
    "restore": _("%(actor)s took “%(record)s” out of the archive."),
    "rename": _("%(actor)s gave “%(record)s” a new name."),
    "revise_target": _("%(actor)s revised the target of “%(record)s”."),
    "set_target": _("%(actor)s set the target of “%(record)s”."),
    "move_activity": _("%(actor)s moved “%(record)s” to another programme."),
    "set_weights": _("%(actor)s set the weights of “%(record)s”."),
    "set_method": _("%(actor)s set the scoring method of “%(record)s”."),
    "close_program": _("%(actor)s recorded how “%(record)s” ended."),
    "mark_quick_win": _("%(actor)s changed the quick-win mark of “%(record)s”."),
    "set_plan": _("%(actor)s set the planned curve of “%(record)s”."),
    "set_budget": _("%(actor)s set the budget of “%(record)s”."),
    "add_revision": _("%(actor)s recorded a revision of “%(record)s”."),
    "recount": _("%(actor)s counted the stored figures anew."),
    "loaddemo": _("%(actor)s loaded the demo data."),
    "purgedemo": _("%(actor)s removed the demo data."),
}


class AppendOnly(Exception):
    """Somebody tried to change or delete what may only be added."""


@dataclass(frozen=True)
class ChangeLine:
    """One field before and after, in the reader's words."""

    label: str
    before: str
    after: str


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, thing: models.Model) -> "AuditQuerySet":
        """Return what happened to one record, newest first."""
        kind = thing._meta.label_lower  # noqa: SLF001  Django documents it
        return self.filter(object_type=kind, object_id=str(thing.pk)).order_by("-sequence")

    def update(self, **kwargs: Any) -> int:  # noqa: ARG002
        raise AppendOnly

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly


class AuditEntry(models.Model):
    """Who did what to which record, in the order it happened."""

    sequence = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    actor_label = models.CharField(_("name at the time"), max_length=200)
    verb = models.CharField(_("act"), max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    object_label = models.CharField(_("record"), max_length=300)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["sequence"]
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return self.sentence()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        raise AppendOnly

    @admin.display(description=_("what happened"))
    def sentence(self) -> str:
        """Say what happened in one sentence, in the reader's language.

        A verb nobody knows was written past the code; the row is still to be read.
        """
        if self.verb not in SENTENCES:
            return f"{self.actor_label}: {self.verb} “{self.object_label}”."
        return SENTENCES[self.verb] % {"actor": self.actor_label, "record": self.object_label}

    @property
    def reason(self) -> str:
        return str(self.details.get("reason", ""))

    def lines(self) -> list[ChangeLine]:
        """Say what changed, field by field."""
        changes: dict[str, list[str | None]] = self.details.get("changes", {})
        return [self._line(name, before, after) for name, (before, after) in changes.items()]

    def _line(self, name: str, before: str | None, after: str | None) -> ChangeLine:
        field = _field_of(self.object_type, name)
        label = name if field is None else str(field.verbose_name)
        return ChangeLine(label, _in_words(before, field), _in_words(after, field))

    def expected_hash(self) -> str:
        """Return the SHA-256 over the previous hash and everything this row says."""
        body = json.dumps(
            [
                self.previous_hash,
                self.at.isoformat(),
                self.actor_label,
                self.verb,
                self.object_type,
                self.object_id,
                self.object_label,
                self.details,
            ],
            cls=DjangoJSONEncoder,
            sort_keys=True,
            ensure_ascii=False,
        )
        return hashlib.sha256(body.encode()).hexdigest()


class ChainHead(models.Model):
    """The one row that writers queue at, so that the chain never forks."""

    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = [
            models.CheckConstraint(name="audit_chain_has_one_head", condition=models.Q(pk=1))
        ]

    def __str__(self) -> str:
        return self.hash


def _field_of(object_type: str, name: str) -> models.Field[Any, Any] | None:
    """Return the field the trail names, or None where a later version no longer has it."""
    try:
        field = apps.get_model(object_type)._meta.get_field(name)  # noqa: SLF001
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return field if isinstance(field, models.Field) else None


def _in_words(text: str | None, field: models.Field[Any, Any] | None) -> str:
    """Write a kept text the way the portal writes such values elsewhere."""
    if text is None:
        return NOTHING
    match _value_of(text, field):
        case bool(value):
            return gettext("Yes") if value else gettext("No")
        case Decimal() | int() as value if not _is_year(value):
            return number(value)
        case datetime() as value:
            return moment(value)
        case date() as value:
            return long_date(value)
        case value:
            return str(value)


def _is_year(value: Decimal | int) -> bool:
    """Tell what is written without grouping: 2025, where 2.500 is an amount."""
    return isinstance(value, int) and 1900 <= value < 2200


def _value_of(text: str, field: models.Field[Any, Any] | None) -> Any:
    """Return what the text stood for; a text that no longer fits its field stays a text."""
    if field is None or field.is_relation:
        return {"True": True, "False": False}.get(text, text)
    labels = {str(value): label for value, label in field.flatchoices}
    try:
        return labels[text] if text in labels else field.to_python(text)
    except (ValidationError, ValueError, ArithmeticError):
        return text
