"""Parts of pages that are kept as they were written until the data they show change."""

import hashlib
from collections.abc import Callable

from django.core.cache import caches
from django.utils.safestring import SafeString


def kept_part(state: tuple[str, ...], write: Callable[[], SafeString]) -> SafeString:
    """Return the part as it was last written for this state, or write it.

    `state` names everything the part depends on. Read it before the data: a change in between
    then only makes the part newer than its name. Kept per process, so no cache server is asked.
    """
    key = hashlib.sha256("\0".join(state).encode()).hexdigest()
    cache = caches["pages"]
    part = cache.get(key)
    if part is None:
        part = write()
        cache.set(key, part)
    return SafeString(part)  # nosec B703  what `write` made was safe
