"""Form fields for numbers as Indonesians write them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ambon_smartcity.numbers import NotANumber, parse_decimal
from ambon_smartcity.templatetags.portal import number


class NumberField(forms.CharField):
    """One number, read by the strict parser; empty means not reported, which is not zero."""

    minimum = Decimal(0)

    def __init__(
        self,
        *,
        places: int,
        maximum: Decimal | None = None,
        prefix: str = "",
        suffix: str = "",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        super().__init__(max_length=60, **kwargs)
        self.places = places
        self.maximum = maximum
        self.prefix = prefix
        self.suffix = suffix

    def prepare_value(self, value: Any) -> Any:
        return number(value) if isinstance(value, Decimal | int) else value

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            read = parse_decimal(text, prefix=self.prefix, suffix=self.suffix)
        except NotANumber as error:
            raise ValidationError(str(error)) from error
        if read < self.minimum:
            raise ValidationError(
                _("The number must be at least %(minimum)s.") % {"minimum": number(self.minimum)}
                if self.minimum
                else _("The number cannot be below zero.")
            )
        if self.maximum is not None and read > self.maximum:
            raise ValidationError(
                _("The number can be at most %(maximum)s.") % {"maximum": number(self.maximum)}
            )
        if read != round(read, self.places):
            raise ValidationError(
                _("At most %(places)d digits after the comma are kept here.")
                % {"places": self.places}
                if self.places
                else _("Write a whole number here, without a comma.")
            )
        return read


class PointsField(NumberField):
    """Whole points that something may lie below its target, from -100 to 0."""

    minimum = Decimal(-100)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", True)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(places=0, maximum=Decimal(0), **kwargs)

    def clean(self, value: Any) -> Any:
        points = super().clean(value)
        return None if points is None else int(points)
