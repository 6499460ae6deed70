#!/usr/bin/env bash
# Installs the named Debian packages as root on Debian; for anybody else it prints the line to type and stops with 1.
set -euo pipefail
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "installing from Debian: $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq install -y --no-install-recommends "$@" >/dev/null
    exit 0
fi
echo "Some parts are missing. Please have them installed, then run the same command again:" >&2
echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" >&2
exit 1
