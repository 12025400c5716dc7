"""Walk the whole trail and say whether it is as the portal wrote it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ambon_smartcity.templatetags.portal import moment
from audit.models import AuditEntry
from audit.services import BrokenLink, Fault, broken_links

WORDS = {
    Fault.CHANGED: "isi baris ini diubah",
    Fault.UNLINKED: "baris sebelumnya hilang atau disisipkan",
    Fault.ADDED: "baris ini ditambahkan di luar portal",
    Fault.END_MISSING: "akhir jejak hilang",
}


class Command(BaseCommand):
    help = "Check that no row of the audit trail was changed, taken out or slipped in."

    def handle(self, *_args: Any, **_options: Any) -> None:
        broken = 0
        for link in broken_links():
            self.stdout.write(line_about(link))
            broken += 1
        if broken:
            message = f"Jejak audit tidak utuh: {broken} kerusakan."
            raise CommandError(message)
        self.stdout.write(f"Jejak audit utuh: {AuditEntry.objects.count()} baris.")


def line_about(link: BrokenLink) -> str:
    faults = "; ".join(WORDS[fault] for fault in link.faults)
    if link.entry is None:
        return f"Jejak audit kosong: {faults}."
    entry = link.entry
    return f"{entry.sequence} | {moment(entry.at)} | {entry.sentence()} | {faults}"
