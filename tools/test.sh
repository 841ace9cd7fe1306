#!/bin/sh
# Run the tests: `test.sh all`, `check` (all but the browser), `both` (all, and each page on both engines) or `fast`
# (those that need no database). Further words go to pytest. Its closing line is the last thing printed.
set -eu
cd "$(dirname "$0")/.."
kind=${1:?"say which tests: all, check, both or fast"}
shift
bin=.venv/bin
# The tests start dozens of processes. Where Python is told to keep no bytecode, each would compile the whole product again.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$PWD/.venv/bytecode"

have_postgresql() {
    command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1
}

have_chromium() {
    # On some systems the name is an empty shell that asks for another installer: it must answer.
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        "$name" --version >/dev/null 2>&1 && return 0
    done
    return 1
}

# The browser without windows does with two thirds of the work, and not every system has it.
windowless=chromium-headless-shell
offers_windowless() {
    command -v apt-cache >/dev/null && [ -n "$(apt-cache --names-only search "^$windowless\$" 2>/dev/null)" ]
}

have_font() {
    find /usr/share/fonts -name '*.ttf' -o -name '*.otf' 2>/dev/null | grep -q .
}

# The browser is driven through a program of Playwright's own, which needs one library that a bare system lacks.
have_driver() {
    $bin/python -m playwright --version >/dev/null 2>&1
}

# What is missing of the system's packages is installed where we may, without a question; else we say what to do.
install_missing() {
    missing=
    have_postgresql || missing="$missing postgresql"
    if [ "$kind" != check ]; then
        have_chromium || missing="$missing $(offers_windowless && echo $windowless || echo chromium)"
        have_font || missing="$missing fonts-liberation"
        have_driver || missing="$missing libatomic1"
    fi
    as_root=
    if [ "$(id -u)" != 0 ]; then as_root="sudo -n"; fi
    if [ -z "$missing" ]; then
        add_windowless
        return 0
    fi
    if command -v apt-get >/dev/null && $as_root true 2>/dev/null; then
        echo "Installing for the tests:$missing"
        $as_root apt-get update -qq </dev/null
        # shellcheck disable=SC2086  # several words are meant
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends $missing </dev/null >/dev/null
    else
        printf '\nThe tests need these packages of the system:%s\nInstall them and try again: sudo apt-get install%s\n\n' \
            "$missing" "$missing" >&2
        exit 1
    fi
}

# A machine with a whole browser goes on with it where the other cannot be had at once.
add_windowless() {
    if [ "$kind" = check ] || command -v $windowless >/dev/null || ! offers_windowless; then return 0; fi
    $as_root true 2>/dev/null || return 0
    echo "Installing for the tests: $windowless"
    $as_root env DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y -qq --no-install-recommends --no-remove \
        -o Acquire::Retries=0 -o Acquire::http::Timeout=10 $windowless </dev/null >/dev/null 2>&1 ||
        echo "It cannot be had: the tests use the browser that there is"
}

lint() {
    $bin/python -m ruff check --quiet .
    $bin/python -m ruff format --check --quiet . || {
        echo "Some files are not formatted: run .venv/bin/ruff format ." >&2
        return 1
    }
    $bin/python -m mypy --no-error-summary
    # Its report is shown only when a contract is broken.
    report=$($bin/lint-imports --no-cache 2>&1) || {
        printf '%s\n' "$report" >&2
        return 1
    }
    log=$(mktemp)
    # Never imported: the driver and the server are named in words, the time zones read as files.
    $bin/python -m deptry crm migrations --known-first-party crm \
        --requirements-files requirements/run.in --requirements-files-dev requirements/dev.in \
        --per-rule-ignores "DEP002=psycopg|gunicorn|tzdata|python-dateutil|brotli" >"$log" 2>&1 || {
        cat "$log" >&2
        rm -f "$log"
        return 1
    }
    rm -f "$log"
    echo "Linters, types, contracts and requirements: nothing found"
}

# Beside the tests: alone they would leave every core but one idle for the better part of a minute. What they say is shown
# when they have ended, and what they find once more at the end: it fails the run as a test would.
with_linters() {
    said=$(mktemp)
    # Not joined by && or ||, under which the shell would go on past a failure inside a function.
    (trap 'echo; cat "$said"' EXIT; lint >"$said" 2>&1) &
    linters=$!
    trap 'kill $linters 2>/dev/null || true; rm -f "$said"' EXIT
    tested=0
    "$@" || tested=$?
    linted=0
    wait $linters || linted=$?
    if [ $linted -ne 0 ]; then
        printf '\nThe linters found something:\n' >&2
        cat "$said" >&2
    fi
    exit $((tested ? tested : linted))
}

# Two workers keep two cores busy. Where there is a browser there is a third: the one that drives it mostly waits, for the
# browser, for the server and for letters.
case $kind in
    fast)
        exec $bin/python -m pytest -q -n 2 -m fast "$@"
        ;;
    check)
        install_missing
        with_linters $bin/python -m pytest -n 2 --pages-on-one-engine -m "not browser" "$@"
        ;;
    all)
        install_missing
        with_linters $bin/python -m pytest -n 3 --pages-on-one-engine "$@"
        ;;
    both)
        install_missing
        with_linters $bin/python -m pytest -n 3 "$@"
        ;;
    *)
        echo "No such tests: $kind" >&2
        exit 2
        ;;
esac
