"""The sentences of the demo. Each says that it is one."""

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

COMMENTS = {
    "SG": "Layanan daring bertambah, tetapi waktu terbit izin belum memenuhi target (data contoh).",
    "SB": "Kegiatan musik hidup kembali; inkubasi masih menjangkau sedikit peserta (data contoh).",
    "SE": "Pemakaian QRIS melampaui target, koperasi aktif justru menurun (data contoh).",
    "SS": "Penanganan kasus membaik; pojok baca digital belum ramai (data contoh).",
    "SL": "Rekam medis elektronik sudah merata, lalu lintas cerdas tertinggal (data contoh).",
    "EN": "Bank sampah melampaui target, titik tumpukan liar masih banyak (data contoh).",
}
RECOMMENDATIONS = {
    "SG": "DPMPTSP menyederhanakan alur izin dan menghubungkannya dengan ASA (data contoh).",
    "SB": "AMO memperluas inkubasi ke sekolah kejuruan di setiap kecamatan (data contoh).",
    "SE": "Diskop mendampingi koperasi tidak aktif sebelum menambah yang baru (data contoh).",
    "SS": "Dispusip memindahkan pojok baca ke tempat yang ramai dikunjungi (data contoh).",
    "SL": "Dishub menyelesaikan sambungan APILL di empat simpang tersisa (data contoh).",
    "EN": "DLHP menambah jadwal angkut di titik tumpukan liar bersama negeri (data contoh).",
}
SECOND_RECOMMENDATION = "Laporkan kemajuan rekomendasi ini pada rapat berikutnya (data contoh)."

# dimension -> each member's scores for the rubric's criteria, in their order
SCORES = {
    "dewan1": {"SG": (3, 3, 3), "SB": (3, 4, 2), "SE": (3, 3, 3), "SS": (2, 3, 3), "EN": (2, 3, 2)},
    "dewan2": {
        "SG": (3, 2, 4),
        "SB": (3, 3, 3),
        "SE": (2, 3, 4),
        "SS": (3, 3, 2),
        "SL": (3, 3, 4),
        "EN": (3, 2, 2),
    },
}
