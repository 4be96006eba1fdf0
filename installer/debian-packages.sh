#!/usr/bin/env bash
# Installs the Debian packages of a list (debian-packages.txt) that are missing; asks nothing.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
while read -r package _; do
  [[ -z $package || $package == \#* ]] && continue
  # named after the system's Python: libpython3.11 on Debian 12
  [[ $package == libpython3 ]] && package=libpython$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [[ $status == "install ok installed" ]] || missing+=("$package")
done < "${1:-debian-packages.txt}"
(( ${#missing[@]} == 0 )) && exit 0

as_root=()
if (( $(id -u) != 0 )); then
  command -v sudo >/dev/null || { echo "Please install as root: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq </dev/null
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
