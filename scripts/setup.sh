#!/usr/bin/env bash
# Installs what a bare Debian 12 with Node 20, git and make lacks. Where it may not, it says the one command to run.
set -euo pipefail
cd "$(dirname "$0")/.."

major=$(node -p 'process.versions.node.split(".").map(Number).slice(0,2).reduce((a,b)=>a*1000+b)' 2>/dev/null || echo 0)
if [ "$major" -lt 20019 ]; then
  echo "setup: Node 20.19 or newer is needed, found $(node --version 2>/dev/null || echo none)" >&2
  exit 2
fi

need=()
if [ -z "${REDIS_URL:-}" ] && ! command -v redis-server >/dev/null && ! command -v valkey-server >/dev/null; then need+=(redis-server); fi
if [ "${WITH_BROWSER:-}" = 1 ] && ! command -v chromium >/dev/null; then need+=(chromium); fi
if [ "${WITH_SUMO:-}" = 1 ] && ! command -v sumo >/dev/null; then need+=(sumo); fi
if [ ${#need[@]} -gt 0 ]; then
  install="apt-get install -y --no-install-recommends ${need[*]}"
  if [ "$(id -u)" = 0 ]; then
    echo "setup: $install"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    echo "setup: sudo $install"
    sudo -n apt-get update -qq && sudo -n DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null
  else
    echo "setup: missing: ${need[*]}. Run this once, then try again:  sudo $install" >&2
    exit 2
  fi
fi

# Not `npm ci`: it refuses a lock that lacks the optional binaries of platforms its registry did not offer.
[ package-lock.json -nt node_modules/.package-lock.json ] && npm install --no-save --no-audit --no-fund --loglevel=error

# The route tests start GraphHopper's own server where there is a Java; they say so and are skipped where there is none.
jar=services/priority/graphhopper/graphhopper-web.jar
if [ "${WITH_GRAPHHOPPER:-}" = 1 ] && [ ! -f $jar ] && command -v java >/dev/null && command -v mvn >/dev/null; then
  sh services/priority/graphhopper/get.sh || echo "setup: GraphHopper's server could not be fetched, its tests are skipped" >&2
fi
exit 0
