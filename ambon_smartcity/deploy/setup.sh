# Shared by ./run and ./test (sourced): brings a bare Debian to the point where the portal starts.
# `prepare run` installs what the portal needs, `prepare test` what its tests need as well.

say() {
    printf '%s\n' "$*" >&2
}

# Print the first Python that is new enough, or nothing.
find_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

# Print the Debian packages that are missing; each is asked for by what it gives, not by its name.
missing_packages() {
    missing=""
    python=$(find_python)
    if [ -z "$python" ]; then
        missing="python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    else
        "$python" -c 'import ensurepip, venv' 2>/dev/null || missing="python3-venv"
        for pair in pango-1.0:libpango-1.0-0 pangoft2-1.0:libpangoft2-1.0-0 \
            harfbuzz-subset:libharfbuzz-subset0; do
            "$python" -c '
import ctypes, ctypes.util, sys
try:
    ctypes.CDLL(f"lib{sys.argv[1]}.so.0")
except OSError:
    sys.exit(ctypes.util.find_library(sys.argv[1]) is None)
' "${pair%%:*}" 2>/dev/null || missing="$missing ${pair#*:}"
        done
    fi
    # Debian's own pip trusts this file and brings none along.
    if command -v apt-get >/dev/null && [ ! -e "${CA_FILE:-/etc/ssl/certs/ca-certificates.crt}" ]; then
        missing="$missing ca-certificates"
    fi
    # shellcheck disable=SC2086  # one word per package, without a leading blank
    echo $missing
}

install_packages() {
    line="apt-get update && apt-get install -y --no-install-recommends $*"
    if ! command -v apt-get >/dev/null; then
        say "Paket sistem berikut belum ada / missing system packages: $*"
        say "Pasang dengan pengelola paket Anda, lalu ulangi."
        exit 1
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root="env"
    elif sudo -n true 2>/dev/null; then
        as_root="sudo -n env"
    else
        say "Paket sistem berikut belum ada: $*"
        say "Jalankan sebagai root (run as root), lalu ulangi:"
        say "  $line"
        exit 1
    fi
    say "Memasang paket sistem: $*"
    {
        $as_root DEBIAN_FRONTEND=noninteractive apt-get update -q &&
            $as_root DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
    } >&2 || {
        say "Paket sistem gagal dipasang. Coba sebagai root:"
        say "  $line"
        exit 1
    }
}

# The stamp carries the locks and the Python it was made with; it is written last of all.
prepare() {
    locks="requirements.txt"
    [ "$1" = run ] || locks="requirements.txt requirements-dev.txt"
    # shellcheck disable=SC2086
    digest=$(cat $locks | sha256sum | cut -c1-16)
    stamp=".venv/ready-$1-$digest"
    if [ -e "$stamp" ] && .venv/bin/python -c 'import django' 2>/dev/null; then
        return
    fi

    packages=$(missing_packages)
    # shellcheck disable=SC2086
    [ -z "$packages" ] || install_packages $packages
    python=$(find_python)
    if [ -z "$python" ]; then
        say "Python 3.11 atau lebih baru tidak ditemukan (Debian 12 ke atas memilikinya)."
        exit 1
    fi

    # An environment without any stamp is half made, or not ours to trust.
    set -- .venv/ready-*
    if [ ! -e "$1" ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
        say "Menyiapkan lingkungan Python di .venv ..."
        rm -rf .venv
        "$python" -m venv .venv || exit 1
    else
        say "Memperbarui lingkungan Python di .venv ..."
    fi
    rm -f .venv/ready-*
    for lock in $locks; do
        .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
            -r "$lock" >&2 || {
            say "Pustaka Python gagal dipasang. Periksa sambungan internet, lalu ulangi."
            exit 1
        }
    done
    : >".venv/ready-run-$(sha256sum <requirements.txt | cut -c1-16)"
    : >"$stamp"
}
