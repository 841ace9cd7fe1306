#!/bin/sh
# Compile requirements/*.in into *.txt: exact versions with hashes, and no registry's address.
set -eu
cd "$(dirname "$0")/.."
for set in run dev tools; do
    .venv/bin/python -m uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
        "requirements/$set.in" --output-file "requirements/$set.txt" "$@"
done
