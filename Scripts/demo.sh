#!/usr/bin/env bash
# Dumps the heap of a live server that leaks (Demo/leaking-server.js), checks the file, shows what leaks, writes a report, and
# shows that the server goes on.
# Run by `make demo`, which builds heapdump first.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
heapdump=.build/release/heapdump
results=.build/demo
snapshot=$results/leaking-server.heapsnapshot
report=$results/leaking-server.html
enough_sessions=2000
deadline=$((SECONDS + 60))

fail() {
    echo "demo: $*" >&2
    exit 1
}

# Node of the system, or else the one that Scripts/setup.sh got.
node=$(command -v node || echo .build/node/24/bin/node)
[[ -x $node ]] || fail "no node on PATH: run Scripts/setup.sh"
[[ -x $heapdump ]] || fail "$heapdump is missing: run make build"

get() { "$node" -e 'require("http").get(process.argv[1], (answer) => answer.pipe(process.stdout))' "$url$1"; }
json() { "$node" -p 'JSON.parse(process.argv[1])[process.argv[2]]' "$1" "$2"; }
run() {
    echo "\$ $*"
    "$@"
    echo
}

mkdir -p "$results"
# So that all that is read below is this run's.
rm -f "$snapshot" "$report" "$results"/server.*

"$node" Demo/leaking-server.js >"$results/server.out" 2>"$results/server.err" </dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

until [[ -s $results/server.out ]]; do
    kill -0 "$server" 2>/dev/null || fail "the server ended: $(cat "$results/server.err")"
    [[ $SECONDS -lt $deadline ]] || fail "the server did not start"
    sleep 0.1
done
url=http://127.0.0.1:$(json "$(cat "$results/server.out")" port)
echo "Demo/leaking-server.js runs as process $server (Node $("$node" --version)) at $url, and leaks a Session per request."
until sessions=$(json "$(get /stats)" sessions) && [[ $sessions -ge $enough_sessions ]]; do
    [[ $SECONDS -lt $deadline ]] || fail "the server leaks too slowly: $sessions sessions"
    sleep 0.2
done
echo "It holds $sessions of them now."
echo

# On a terminal it would say what leaks by itself, in short: the whole summary comes below.
run "$heapdump" "$server" -o "$snapshot" --no-summary
run "$heapdump" check "$snapshot"
run "$heapdump" summary "$snapshot"
run "$heapdump" report "$snapshot" -o "$report"

now=$(json "$(get /stats)" sessions)
echo "The server still answers: $now sessions."
echo "The leak is the class Session, all of it in the Map sessions: the first suspect above."
echo "Open $report in a browser for the same with a map of the heap and paths to click through;"
echo "or $snapshot in Chrome: DevTools > Memory > Load profile."
