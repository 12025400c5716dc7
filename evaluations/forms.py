"""What a council member said about one dimension."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ambon_smartcity.texts import PlainTextField
from evaluations.models import Criterion, DimensionEvaluation, RubricLevel
from evaluations.services import EvaluationContent


class EvaluationForm(forms.Form):
    """A score for each criterion of the rubric, a comment, a recommendation."""

    comment = PlainTextField(
        label=_("Comment"),
        required=False,
        rows=4,
        help_text=_("What did you see? What stands behind your scores?"),
    )
    recommendation = PlainTextField(
        label=_("Recommendation"),
        required=False,
        rows=4,
        help_text=_("What should be done, and by which agency?"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        criteria: Sequence[Criterion],
        levels: Sequence[RubricLevel],
        evaluation: DimensionEvaluation | None = None,
        must_be_complete: bool = False,
    ) -> None:
        super().__init__(data, initial=initial_of(evaluation))
        self.criteria = criteria
        for criterion in criteria:
            self.fields[score_name(criterion)] = forms.TypedChoiceField(
                label=criterion.title,
                help_text=criterion.question,
                choices=[(level.score, str(level)) for level in levels],
                coerce=int,
                empty_value=None,
                required=must_be_complete,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose a score for this criterion.")},
            )
        if must_be_complete:
            self.fields["recommendation"].required = True

    def score_fields(self) -> list[tuple[Criterion, forms.BoundField]]:
        return [(criterion, self[score_name(criterion)]) for criterion in self.criteria]

    def content(self) -> EvaluationContent:
        """Return the valid form as what the service takes; an unscored criterion is left out."""
        scores = {one.pk: self.cleaned_data[score_name(one)] for one in self.criteria}
        return EvaluationContent(
            scores={pk: score for pk, score in scores.items() if score is not None},
            comment=self.cleaned_data["comment"],
            recommendation=self.cleaned_data["recommendation"],
        )


def score_name(criterion: Criterion) -> str:
    return f"score_{criterion.pk}"


def initial_of(evaluation: DimensionEvaluation | None) -> dict[str, Any]:
    if evaluation is None:
        return {"version": 0}
    return {
        "version": evaluation.version,
        "comment": evaluation.comment,
        "recommendation": evaluation.recommendation,
        **{f"score_{one.criterion_id}": one.score for one in evaluation.scores.all()},
    }
