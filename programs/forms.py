"""What the browser said about a progress entry."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.rounding import round_half_up
from ambon_smartcity.texts import PlainTextField
from programs.fields import NumberField
from programs.models import Indicator, ProgressEntry
from programs.services import Attached, EntryContent
from programs.uploads import CheckedFile, check_upload, too_large

MAX_FILES = 10


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of evidence files, each checked and cleaned."""

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:  # noqa: ARG002
        uploads: list[UploadedFile[bytes]] = [one for one in (data or []) if one]
        if len(uploads) > MAX_FILES:
            raise forms.ValidationError(
                gettext("At most %(number)d files at a time.") % {"number": MAX_FILES}
            )
        return [check_upload(upload) for upload in uploads]


class EntryForm(forms.Form):
    """One entry of one activity. Everything may still be empty: a draft is kept as it is."""

    physical_progress_pct = NumberField(
        label=_("Physical progress since January (%)"), places=2, maximum=Decimal(100), suffix="%"
    )
    budget_spent = NumberField(
        label=_("Money spent since January (Rp)"),
        places=0,
        prefix="Rp",
        maximum=Decimal("99999999999999"),
    )
    is_nil = forms.BooleanField(
        label=_("Nihil: nothing happened in this quarter"),
        required=False,
        help_text=_("Tick this instead of typing zeros. The figures then stay empty."),
    )
    nil_reason = PlainTextField(label=_("Why nothing happened"), required=False, rows=2)
    obstacles = PlainTextField(
        label=_("Obstacles"),
        required=False,
        rows=3,
        help_text=_("What held the work up? Leave empty if nothing did."),
    )
    follow_up = PlainTextField(
        label=_("Follow-up"),
        required=False,
        rows=3,
        help_text=_("What will be done about it, by whom and by when?"),
    )
    evidence = SeveralFilesField(
        label=_("Photos or PDF files"),
        required=False,
        widget=SeveralFilesInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf"}),
        help_text=_("At most 10 MB each. Place and owner data of photos are removed."),
    )
    evidence_is_shareable = forms.BooleanField(
        label=_("Council members may see these files once verified"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        indicators: Sequence[Indicator],
        entry: ProgressEntry | None = None,
        dropped_files: Iterable[str] = (),
    ) -> None:
        super().__init__(data, files, initial=initial_of(entry))
        self.indicators = indicators
        self.dropped_files = list(dropped_files)
        for indicator in indicators:
            for name, label, unit in value_inputs(indicator):
                self.fields[name] = NumberField(label=label, places=4, help_text=unit)

    def clean(self) -> None:
        super().clean()
        for name in self.dropped_files:
            self.add_error("evidence", too_large(name))
        self._clean_ratios()
        self._clean_nihil()

    def _clean_ratios(self) -> None:
        for indicator in self.indicators:
            if not indicator.is_ratio:
                continue
            above, below = (self.cleaned_data.get(name) for name in ratio_names(indicator))
            if (above is None) is not (below is None):
                missing = ratio_names(indicator)[0 if above is None else 1]
                self.add_error(missing, gettext("A ratio needs both its numbers."))
            elif below == 0:
                self.add_error(
                    ratio_names(indicator)[1], gettext("The denominator must be above 0.")
                )

    def _clean_nihil(self) -> None:
        is_nil, reason = self.cleaned_data.get("is_nil"), self.cleaned_data.get("nil_reason")
        if is_nil and not reason:
            self.add_error("nil_reason", gettext("Say why nothing happened."))
        if is_nil and any(self.cleaned_data.get(name) is not None for name in self._figure_names()):
            self.add_error(
                "is_nil",
                gettext("Nihil carries no figures: empty them, or take the tick away."),
            )
        if reason and not is_nil:
            self.add_error("is_nil", gettext("Tick nihil, or empty its reason."))

    def _figure_names(self) -> list[str]:
        inputs = [name for one in self.indicators for name, _label, _unit in value_inputs(one)]
        return ["physical_progress_pct", "budget_spent", *inputs]

    def value_fields(self) -> list[tuple[Indicator, list[forms.BoundField]]]:
        return [
            (indicator, [self[name] for name, _label, _unit in value_inputs(indicator)])
            for indicator in self.indicators
        ]

    def content(self) -> EntryContent:
        """Return the valid form as what the service takes."""
        spent = self.cleaned_data["budget_spent"]
        return EntryContent(
            physical_progress_pct=self.cleaned_data["physical_progress_pct"],
            budget_spent=None if spent is None else int(spent),
            obstacles=self.cleaned_data["obstacles"],
            follow_up=self.cleaned_data["follow_up"],
            values={one.pk: self._value_of(one) for one in self.indicators},
            ratios={
                one.pk: ratio
                for one in self.indicators
                if (ratio := self._ratio_of(one)) is not None
            },
            is_nil=self.cleaned_data["is_nil"],
            nil_reason=self.cleaned_data["nil_reason"],
        )

    def _ratio_of(self, indicator: Indicator) -> tuple[Decimal, Decimal] | None:
        if not indicator.is_ratio:
            return None
        above, below = (self.cleaned_data[name] for name in ratio_names(indicator))
        return None if above is None else (above, below)

    def _value_of(self, indicator: Indicator) -> Decimal | None:
        if not indicator.is_ratio:
            value: Decimal | None = self.cleaned_data[value_name(indicator)]
            return value
        ratio = self._ratio_of(indicator)
        return None if ratio is None else ratio_value(indicator, *ratio)

    def attached(self) -> Attached:
        return Attached(
            files=tuple(self.cleaned_data["evidence"]),
            shareable=self.cleaned_data["evidence_is_shareable"],
        )


def value_name(indicator: Indicator) -> str:
    return f"value_{indicator.pk}"


def ratio_names(indicator: Indicator) -> tuple[str, str]:
    return f"numerator_{indicator.pk}", f"denominator_{indicator.pk}"


def value_inputs(indicator: Indicator) -> list[tuple[str, str, str]]:
    """Return (name, label, unit) of what is typed: one number, or the two of a ratio."""
    if not indicator.is_ratio:
        return [(value_name(indicator), indicator.name, indicator.unit)]
    above, below = ratio_names(indicator)
    return [
        (above, f"{indicator.name}: {indicator.numerator_label}", ""),
        (below, f"{indicator.name}: {indicator.denominator_label}", ""),
    ]


def ratio_value(indicator: Indicator, above: Decimal, below: Decimal) -> Decimal:
    """Return the percentage that a ratio's two numbers make, with the indicator's decimals."""
    return round_half_up(above / below * 100, indicator.decimal_places)


def initial_of(entry: ProgressEntry | None) -> dict[str, Any]:
    """Return what the form shows of an entry, or of none yet."""
    if entry is None:
        return {"version": 0}
    return {
        "version": entry.version,
        "physical_progress_pct": entry.physical_progress_pct,
        "budget_spent": entry.budget_spent,
        "obstacles": entry.obstacles,
        "follow_up": entry.follow_up,
        "is_nil": entry.is_nil,
        "nil_reason": entry.nil_reason,
        **{f"value_{value.indicator_id}": value.actual_value for value in entry.values.all()},
        **{f"numerator_{value.indicator_id}": value.numerator for value in entry.values.all()},
        **{f"denominator_{value.indicator_id}": value.denominator for value in entry.values.all()},
    }


class SeenVersionForm(forms.Form):
    """Which version of the entry the person was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReturnForm(SeenVersionForm):
    reason = PlainTextField(
        label=_("Reason for the return"),
        max_length=2_000,
        rows=3,
        help_text=_("The agency reads this. Say what is missing and where."),
        error_messages={"required": _("Say why the entry is returned.")},
    )
