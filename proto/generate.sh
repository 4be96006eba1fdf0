#!/usr/bin/env bash
# Generates the wire code beside the .proto files; with --check, compares instead and fails on a difference.
set -euo pipefail
cd "$(dirname "$0")"
python=../.venv/bin/python
generate() { "$python" -m grpc_tools.protoc -I . --python_out="$1" --pyi_out="$1" --grpc_python_out="$1" yichuang/v1/*.proto; }
if [ "${1:-}" = "--check" ]; then
  fresh=$(mktemp -d)
  trap 'rm -rf "$fresh"' EXIT
  generate "$fresh"
  for file in "$fresh"/yichuang/v1/*; do
    cmp "$file" "yichuang/v1/$(basename "$file")"
  done
else
  generate .
fi
