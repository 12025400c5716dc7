"""The sentences of the demo. Each says that it is one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

OBSTACLES = (
    "Pengadaan terlambat karena dokumen lelang diperbaiki dua kali (data contoh).",
    "Jaringan internet di lokasi kegiatan sering terputus (data contoh).",
    "Petugas terlatih belum cukup untuk semua lokasi (data contoh).",
    "Data dari instansi lain terlambat diterima (data contoh).",
)
FOLLOW_UPS = (
    "Jadwal pengadaan dimajukan dan diawasi setiap minggu (data contoh).",
    "Jalur cadangan dipasang bersama Diskominfosandi (data contoh).",
    "Pelatihan petugas dijadwalkan pada triwulan berikutnya (data contoh).",
    "Nota kesepahaman pertukaran data disiapkan (data contoh).",
)
RETURN_REASON = (
    "Realisasi anggaran tidak sama dengan laporan keuangan; mohon diperiksa (data contoh)."
)
DEFINITION = "{name}, dihitung dalam {unit} pada akhir periode (definisi contoh)."
DATA_SOURCE = "Catatan OPD pemilik program (data contoh)"
NIL_REASON = "Belum ada pekerjaan pada triwulan ini; lokasi masih disiapkan (data contoh)."
# One ceiling that was raised in the middle of the evaluated year, and one target that was lowered.
REVISED_BUDGET = ("SL-04.A", 2023)
REVISED_BY = 50_000_000
BUDGET_REVISED_ON = date(2023, 10, 2)
REVISED_TARGET = ("SB-01.1", 2024)
FIRST_TARGET = Decimal(150)
TARGET_REVISED_ON = date(2024, 3, 15)
TARGET_REASON = "Jadwal kapal pesiar 2024 berkurang (data contoh)"
QUICK_WINS = {
    "SG-02": [(date(2022, 1, 1), True, "Dipilih sebagai program percepatan (data contoh)")],
    "EN-01": [
        (date(2020, 1, 1), True, "Dipilih sebagai program percepatan (data contoh)"),
        (date(2023, 1, 1), False, "Sudah menjadi program rutin (data contoh)"),
    ],
}
NO_FRAME = "Kerangka portal belum ada. Jalankan dahulu: manage.py loaddata frame"
CLASH = (
    "Data contoh bertabrakan dengan data yang sudah ada (kode, periode, atau nama pengguna yang"
    " sama). Tidak ada yang dimuat."
)


@dataclass(frozen=True)
class Answer:
    """What one member says of one dimension; the scores in the order of the rubric's criteria."""

    scores: tuple[int, ...]
    comment: str
    recommendation: str


# member -> dimension -> answer; Smart Living is left for dewan1 to evaluate, all for dewan3
ANSWERS: dict[str, dict[str, Answer]] = {
    "dewan1": {
        "SG": Answer(
            (3, 3, 3),
            "Warga merasakan layanan adminduk yang lebih cepat (data contoh).",
            "Waktu tanggap aduan ditampilkan terbuka di laman kota (data contoh).",
        ),
        "SB": Answer(
            (3, 4, 2),
            "Musisi dan pelaku kuliner terlibat nyata (data contoh).",
            "Jadwal acara musik disatukan dalam satu kalender daring (data contoh).",
        ),
        "SE": Answer(
            (3, 3, 3),
            "Pedagang pasar cepat menerima pembayaran nontunai (data contoh).",
            "Usaha mikro didampingi sampai berjualan di kanal daring (data contoh).",
        ),
        "SS": Answer(
            (2, 3, 3),
            "Data kesejahteraan sosial makin rapi, internet sekolah belum merata (data contoh).",
            "Sekolah di luar pusat kota didahulukan untuk jaringan internet (data contoh).",
        ),
        "EN": Answer(
            (2, 3, 2),
            "Warga aktif menabung di bank sampah, pantauan air belum lengkap (data contoh).",
            "Laporan warga atas tumpukan sampah dihubungkan ke pusat kendali (data contoh).",
        ),
    },
    "dewan2": {
        "SG": Answer(
            (3, 2, 4),
            "Layanan daring bertambah, tetapi penerbitan izin belum memenuhi target (data contoh).",
            "DPMPTSP menyederhanakan alur izin dan menghubungkannya dengan ASA (data contoh).",
        ),
        "SB": Answer(
            (3, 3, 3),
            "Kegiatan musik hidup kembali; inkubasi baru menjangkau sedikit orang (data contoh).",
            "AMO memperluas inkubasi ke sekolah kejuruan di setiap kecamatan (data contoh).",
        ),
        "SE": Answer(
            (2, 3, 4),
            "Pemakaian QRIS melampaui target, koperasi aktif justru menurun (data contoh).",
            "Diskop mendampingi koperasi tidak aktif sebelum menambah yang baru (data contoh).",
        ),
        "SS": Answer(
            (3, 3, 2),
            "Penanganan kasus membaik; pojok baca digital belum ramai (data contoh).",
            "Dispusip memindahkan pojok baca ke tempat yang ramai dikunjungi (data contoh).",
        ),
        "SL": Answer(
            (3, 3, 4),
            "Rekam medis elektronik sudah merata, lalu lintas cerdas tertinggal (data contoh).",
            "Dishub menyelesaikan sambungan APILL di empat simpang tersisa (data contoh).",
        ),
        "EN": Answer(
            (3, 2, 2),
            "Bank sampah melampaui target, titik tumpukan liar masih banyak (data contoh).",
            "DLHP menambah jadwal angkut di titik tumpukan liar bersama negeri (data contoh).",
        ),
    },
}
