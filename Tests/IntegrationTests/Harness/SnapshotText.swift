import Foundation
import Testing

/// A .heapsnapshot file as any JSON reader sees it.
struct SnapshotText {
    let bytes: Int
    let nodeCount: Int
    let edgeCount: Int
    private let nodes: [Int]
    private let fields: [String]
    private let types: [String]
    private let strings: [String]

    init(_ path: String) throws { try self.init(Data(contentsOf: URL(fileURLWithPath: path))) }

    init(_ data: Data) throws {
        let whole = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let header = try #require(whole["snapshot"] as? [String: Any])
        let meta = try #require(header["meta"] as? [String: Any])
        bytes = data.count
        nodeCount = try #require(header["node_count"] as? Int)
        edgeCount = try #require(header["edge_count"] as? Int)
        nodes = try #require(whole["nodes"] as? [Int])
        strings = try #require(whole["strings"] as? [String])
        fields = try #require(meta["node_fields"] as? [String])
        types = try #require((meta["node_types"] as? [Any])?.first as? [String])
        #expect(nodes.count == nodeCount * fields.count)
    }

    /// V8's ids of all objects of a class.
    func ids(ofClass name: String) throws -> Set<Int> {
        let type = try #require(fields.firstIndex(of: "type"))
        let nameField = try #require(fields.firstIndex(of: "name"))
        let id = try #require(fields.firstIndex(of: "id"))
        let object = try #require(types.firstIndex(of: "object"))
        let names = Set(strings.indices.filter { strings[$0] == name })
        let rows = stride(from: 0, to: nodes.count, by: fields.count)
            .filter { nodes[$0 + type] == object && names.contains(nodes[$0 + nameField]) }
        return Set(rows.map { nodes[$0 + id] })
    }
}
