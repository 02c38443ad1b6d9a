#!/bin/sh
# Publishes the events of a JSON file (one object or a list) through the gateway. curl 7.71 or later:
#
#   GATEWAY_URL=https://gateway HAGIANG_API_KEY=... sh publish_events.sh government.dossier_status_changed events.json
#
# Exit status: 0 all taken, else not (the answer says which and why).
set -eu
# Made once, not for each try: a repeat gets the same event ids and counts once.
idempotency_key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
# curl tries again after network failures and 408, 429, 500, 502, 503, 504, and waits as long as Retry-After says.
# The key goes through standard input, since others can read command lines.
status=$(printf 'header = "Authorization: Bearer %s"\n' "$HAGIANG_API_KEY" | curl --config - --silent --show-error \
    --retry 8 --retry-connrefused --retry-max-time 300 --max-time 35 \
    --header 'Content-Type: application/json' --header "Idempotency-Key: $idempotency_key" \
    --data-binary "@$2" --output "$answer" --write-out '%{http_code}' "$GATEWAY_URL/events/$1")
# 202: all are durable. 207: `items` tells of each. Otherwise `detail` and `errors` tell how to mend it.
cat "$answer"
echo
[ "$status" = 202 ]
