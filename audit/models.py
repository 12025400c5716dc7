"""The audit trail: one row per change of state, chained by hash, never edited."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

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
    "loaddemo": _("%(actor)s loaded the demo data."),
    "purgedemo": _("%(actor)s removed the demo data."),
}


class AppendOnly(Exception):
    """Somebody tried to change or delete what may only be added."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
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
        """Say what happened in one sentence, in the reader's language."""
        return SENTENCES[self.verb] % {"actor": self.actor_label, "record": self.object_label}

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
