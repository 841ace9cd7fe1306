#!/bin/sh
# Make .venv and install a pinned, hash-checked set of packages in it: `setup.sh run` or `setup.sh dev`.
set -eu
cd "$(dirname "$0")/.."
set_wanted=${1:?"say which set: run or dev"}

fail() {
    printf '\n%s\n\n' "$*" >&2
    exit 1
}

# Those that would do, the best first. A distribution builds its Python with profile-guided optimisation; one compiled on the
# spot rarely is, and takes a third longer over the same work.
find_pythons() {
    for name in ${PYTHON:-/usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
        fi
    done
}

# Debian and those after it keep what makes an environment in a package of its own.
add_venv() {
    [ "$1" = /usr/bin/python3 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "python3-venv is missing: installing it"
    apt-get update -qq </dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv </dev/null >/dev/null
}

# A half-made environment, or one whose Python has gone, is made again.
make_environment() {
    pythons=$(find_pythons)
    [ -n "$pythons" ] || fail "This needs Python 3.11 or later as python3. Install it (on Debian 12, Ubuntu 24.04 or later:
apt-get install python3 python3-venv) or name another one: make setup PYTHON=/path/to/python3.11"
    for python in $pythons; do
        if "$python" -m venv --clear .venv >.venv.log 2>&1 ||
            { add_venv "$python" && "$python" -m venv --clear .venv >.venv.log 2>&1; }; then
            rm -f .venv.log
            return
        fi
    done
    cat .venv.log >&2
    rm -rf .venv.log .venv
    fail "Python could not make a virtual environment. Install what it lacks and try again:
    sudo apt-get install python3-venv"
}

# Certificates are the system's, as pip's are: a network may have an authority of its own.
install() {
    case $set_wanted in
        # The run set is added to, never pruned: it may stand in an environment that holds the dev set too.
        run) .venv/bin/python -m uv pip install --quiet --system-certs --python .venv/bin/python --require-hashes \
                -r requirements/run.txt ;;
        dev) .venv/bin/python -m uv pip sync --quiet --system-certs --python .venv/bin/python --require-hashes \
                requirements/tools.txt requirements/dev.txt ;;
        *) fail "No such set: $set_wanted" ;;
    esac
}

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    make_environment
fi
echo "Installing the $set_wanted set in .venv"
# uv installs several times faster than pip and is wanted, not needed.
if .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
    -r requirements/tools.txt && install; then
    :
else
    echo "uv could not install it: going on with pip, which is slower"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
        -r "requirements/$set_wanted.txt"
fi
touch ".venv/.$set_wanted-is-installed"
