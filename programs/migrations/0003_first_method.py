"""Give what is there already its programme of each year, its first revision and its method."""

from django.db import migrations

BANDS = [
    ("very_high", "ST", "Sangat Tinggi", 91, None, "good"),
    ("high", "T", "Tinggi", 76, 90, "good"),
    ("medium", "S", "Sedang", 66, 75, "middling"),
    ("low", "R", "Rendah", 51, 65, "bad"),
    ("very_low", "SR", "Sangat Rendah", 0, 50, "bad"),
]


def forwards(apps, schema_editor):
    Masterplan = apps.get_model("dimensions", "Masterplan")
    Revision = apps.get_model("dimensions", "MasterplanRevision")
    ActivityYear = apps.get_model("programs", "ActivityYear")
    Scale = apps.get_model("programs", "PerformanceScale")
    Band = apps.get_model("programs", "PerformanceBand")
    Method = apps.get_model("programs", "ScoringMethod")

    for row in ActivityYear.objects.select_related("activity").iterator():
        if row.program_id is None and row.activity.program_id is not None:
            row.program_id = row.activity.program_id
            row.save(update_fields=["program"])

    for masterplan in Masterplan.objects.all():
        scale, made = Scale.objects.get_or_create(
            name="Permendagri 86/2017",
            version=1,
            defaults={"source": "Permendagri 86/2017, skala nilai peringkat kinerja"},
        )
        if made:
            for code, letter, label, lower, upper, tone in BANDS:
                Band.objects.create(
                    scale=scale,
                    code=code,
                    letter=letter,
                    label=label,
                    lower=lower,
                    upper=upper,
                    tone=tone,
                )
        Method.objects.get_or_create(
            masterplan=masterplan,
            from_year=masterplan.start_year,
            defaults={"scale": scale, "source": "Bawaan portal, belum ditetapkan kota"},
        )
        for number in range(1, masterplan.version + 1):
            Revision.objects.get_or_create(
                masterplan=masterplan,
                number=number,
                defaults={
                    "valid_from": None if number == 1 else f"{masterplan.start_year}-01-01",
                    "reason": "" if number == 1 else "Dicatat sebelum riwayat revisi ada",
                },
            )


class Migration(migrations.Migration):
    dependencies = [
        ("dimensions", "0002_frame_over_time"),
        ("programs", "0002_frame_over_time"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
