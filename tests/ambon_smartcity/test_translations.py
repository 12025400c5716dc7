"""Everything a person reads exists in Indonesian."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

APPS = ("accounts", "ambon_smartcity", "audit", "dimensions", "evaluations", "programs", "reports")
FOLDER = settings.BASE_DIR / "locale" / "id" / "LC_MESSAGES"
IN_TEMPLATES = re.compile(r'{% translate "((?:[^"\\]|\\.)*)"')


def catalogue() -> dict[str, str]:
    with (FOLDER / "django.mo").open("rb") as file:
        found: dict[object, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key[0] if isinstance(key, tuple) else str(key): text for key, text in found.items()}


def sentences_in_code() -> Iterator[str]:
    """Yield the text of every `_("…")`, joined where it runs over lines."""
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in {"_", "gettext"}
                    and isinstance(node.args[0], ast.Constant)
                ):
                    yield str(node.args[0].value)


def sentences_in_templates() -> Iterator[str]:
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        for sentence in IN_TEMPLATES.findall(path.read_text()):
            yield sentence.replace("%", "%%")  # as Django looks it up


def test_every_sentence_of_code_and_templates_is_in_the_indonesian_catalogue() -> None:
    known = catalogue()
    wanted = {*sentences_in_code(), *sentences_in_templates()}

    assert len(wanted) > 300
    assert sorted(sentence for sentence in wanted if not known.get(sentence)) == []


def test_no_entry_of_the_catalogue_is_empty_or_guessed() -> None:
    text = Path(FOLDER / "django.po").read_text()
    entries = text.split("\n\n")[1:]

    assert "#, fuzzy" not in text
    assert [entry for entry in entries if re.search(r'msgstr(\[0\])? ""\n?$', entry)] == []
