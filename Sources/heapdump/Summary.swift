import ArgumentParser
import HeapAnalysis
import HeapSnapshot
import SnapshotWriter
import Glibc

struct Summary: ParsableCommand {
    @Argument var file: String
    @Flag var json = false
    @Flag var all = false

    func run() throws {
        var t = ContinuousClock.now
        func phase(_ n: String) { let x = ContinuousClock.now; StandardStreams.error.write(line: "\(n) \(x - t)"); t = x }
        let loaded = try LoadSnapshot.load(SnapshotInput(name: file, path: Array(file.utf8CString)))
        phase("load")
        let a = try HeapAnalysis(loaded.columns)
        phase("analyze")
        let (c, h) = a.classes()
        phase("classes")
        struct C: Encodable { let name: String; let script_id: UInt32?; let line: UInt32?; let column: UInt32?; let count, shallow_size, retained_size: UInt64; let distance: Int32 }
        struct R: Encodable { let classes: [C]; let hidden: Int; let statistics: HeapStatistics }
        if json { print(JSONLine.text(R(classes: c.map { C(name: String(decoding: $0.name, as: UTF8.self), script_id: $0.location?.scriptID, line: $0.location?.line, column: $0.location?.column, count: $0.count, shallow_size: $0.shallowSize, retained_size: $0.retainedSize, distance: $0.distance) }, hidden: h.count, statistics: a.statistics))) }
    }
}
