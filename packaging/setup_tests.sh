#!/usr/bin/env bash
# What the tests need beyond Python: browsers; node for the other implementation of age and the rules of
# accessibility; gpg and its sandbox; what looks at files, LibreOffice with it; letters for Korean pages.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t missing < <(packaging/viewer.sh all)
command -v gpg >/dev/null || missing+=(gnupg)
command -v firefox-esr >/dev/null || missing+=(firefox-esr)
command -v chromium >/dev/null || missing+=(chromium)
command -v chromedriver >/dev/null || missing+=(chromium-driver)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
[ ${#missing[@]} -eq 0 ] || packaging/debian.sh "${missing[@]}"

stamp=tests/peers/node_modules/.stamp
need=$(cat tests/peers/package.json tests/peers/package-lock.json | sha256sum | cut -d' ' -f1)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$need" ]; then
    exit 0
fi
echo "installing the test peers into tests/peers/node_modules"
(cd tests/peers && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
echo "$need" >"$stamp"
