#!/usr/bin/env bash
# Makes the seeds in Fuzz/Seeds that come from real snapshots, of which a few dozen nodes are kept.
#
# Needs .build/node (Scripts/node-versions.sh). Two runs make different files: V8's heap is never the same twice.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/dump.js" <<'JS'
// Usage: node dump.js FILE [--track]
const { Session } = require('inspector');
const fs = require('fs');
const file = fs.openSync(process.argv[2], 'w');
const session = new Session();
session.connect();
session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => fs.writeSync(file, params.chunk));
class Leaf { constructor(n) { this.n = n; this.text = 'leaf \u00e9 \u{1F600} ' + n; } }
function grow(n) { return Array.from({ length: n }, (_, i) => new Leaf(i)); }
if (process.argv[3] === '--track') {
  session.post('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true });
  globalThis.kept = grow(50);
  session.post('HeapProfiler.stopTrackingHeapObjects', { reportProgress: false });
} else {
  globalThis.kept = grow(50);
  session.post('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
}
JS

for major in 16 18 20 22 24; do
    ".build/node/$major/bin/node" "$work/dump.js" "$work/$major"
    Scripts/shrink-snapshot.py 24 "$work/$major" "Fuzz/Seeds/validator/node$major.json"
done
for major in 18 24; do
    ".build/node/$major/bin/node" "$work/dump.js" "$work/$major-tracking" --track
    Scripts/shrink-snapshot.py 24 "$work/$major-tracking" "Fuzz/Seeds/validator/node$major-tracking.json"
done
