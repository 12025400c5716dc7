"""A decimal number that no database rounds."""

from decimal import Decimal
from typing import Any

from django.db import models


class ExactDecimalField(models.CharField[Any, Any]):
    """Keep a Decimal digit by digit. SQLite would make a DecimalField a floating-point number."""

    _pyi_private_set_type: Decimal | int  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_args: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else format(Decimal(value), "f")
