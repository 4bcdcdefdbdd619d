import Foundation
import Testing

/// A .heapsnapshot file as a JSON reader sees it that has nothing to do with heapdump: Node's.
struct SnapshotText {
    let bytes: Int
    private let place: Place

    private enum Place {
        case file(String)
        case memory(Data)
    }

    init(_ path: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        bytes = try #require(attributes[.size] as? Int)
        place = .file(path)
    }

    init(_ data: Data) {
        bytes = data.count
        place = .memory(data)
    }

    var nodeCount: Int { get throws { try #require(try read()["nodes"] as? Int) } }
    var edgeCount: Int { get throws { try #require(try read()["edges"] as? Int) } }

    /// V8's ids of all objects of a class.
    func ids(ofClass name: String) throws -> Set<Int> {
        let ids = try #require(try read(name)["ids"] as? [Int])
        #expect(Set(ids).count == ids.count)
        return Set(ids)
    }

    private func read(_ name: String...) throws -> [String: Any] {
        switch place {
        case .file(let path): return try read(path, name)
        case .memory(let data):
            return try TemporaryDirectory.with { directory in
                let path = directory("a.heapsnapshot")
                try data.write(to: URL(fileURLWithPath: path))
                return try read(path, name)
            }
        }
    }

    private func read(_ path: String, _ name: [String]) throws -> [String: Any] {
        let script = "\(Package.targets)/support/read-snapshot.js"
        let run = try Command([try Node.v22.path(), "--max-old-space-size=4096", script, path] + name).run()
        run.expect(exit: 0)
        return try run.json()
    }
}
