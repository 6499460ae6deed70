#!/usr/bin/env bash
# Prints those of Debian's packages for looking at files that are missing here: `viewer.sh small`, or `viewer.sh all` with
# LibreOffice and the letters of Korean documents. The programs' own paths, because the officer app runs no others.
set -euo pipefail

lacks() { [ -e "$1" ] || printf '%s\n' "${@:2}"; }

lacks /usr/bin/bwrap bubblewrap
lacks /usr/bin/pdftoppm poppler-utils
lacks /usr/share/poppler/cMap poppler-data
lacks /usr/bin/convert imagemagick
lacks /usr/bin/exiftool libimage-exiftool-perl
lacks /usr/share/perl5/Archive/Zip.pm libarchive-zip-perl
lacks /usr/bin/mat2 mat2
if [ "${1:-all}" = all ]; then
    lacks /usr/bin/soffice libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui
    lacks /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
fi
