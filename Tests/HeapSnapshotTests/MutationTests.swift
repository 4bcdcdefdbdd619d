import Foundation
import Testing

@testable import HeapSnapshot

/// Changes each byte of the sample, and lets an independent reader judge what the validator accepts.
struct MutationTests {
    @Test func acceptedChangesLeaveASnapshot() {
        let bytes = Array(Sample.text.utf8)
        var accepted = 0
        var generator = SeededGenerator(state: 1)
        for index in bytes.indices {
            let old = bytes[index]
            for new in [old ^ 1, old ^ 0x20, old ^ 0x80, 0x30, 0x20, 0x22, 0x39, 0x2C, 0x5C, 0x5D] where new != old {
                var changed = bytes
                changed[index] = new
                let whole = verdict(on: changed)
                let cut = verdict(on: changed) { Int.random(in: 1...400, using: &generator) }
                #expect(whole == cut, "byte \(index) changed to \(new)")
                guard whole.kind == .valid else { continue }
                accepted += 1
                #expect(Self.isSnapshot(changed), "byte \(index) changed to \(new)")
            }
        }
        // Ids, self sizes and text may change without harm; most else may not.
        #expect(accepted > 100)
    }

    @Test func lostAndDoubledBytesAreJudgedRightly() {
        let bytes = Array(Sample.text.utf8)
        for index in bytes.indices {
            var lost = bytes
            lost.remove(at: index)
            var doubled = bytes
            doubled.insert(bytes[index], at: index)
            for changed in [lost, doubled] where verdict(on: changed).kind == .valid {
                #expect(Self.isSnapshot(changed), "around byte \(index)")
            }
        }
    }

    /// The invariants again, over the whole document in memory.
    private static func isSnapshot(_ bytes: [UInt8]) -> Bool {
        guard let root = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
            let header = root["snapshot"] as? [String: Any], let meta = header["meta"] as? [String: Any],
            let nodeFields = meta["node_fields"] as? [String], let edgeFields = meta["edge_fields"] as? [String],
            let nodes = numbers(root["nodes"]), let edges = numbers(root["edges"]),
            let strings = root["strings"] as? [String], let nodeCount = header["node_count"] as? Int,
            let edgeCount = header["edge_count"] as? Int,
            let nodeTypes = (meta["node_types"] as? [Any])?.first as? [String],
            let edgeTypes = (meta["edge_types"] as? [Any])?.first as? [String],
            let type = nodeFields.firstIndex(of: "type"), let name = nodeFields.firstIndex(of: "name"),
            let id = nodeFields.firstIndex(of: "id"), let count = nodeFields.firstIndex(of: "edge_count")
        else { return false }
        if let declared = header["trace_function_count"] as? Int, declared > 0 {
            guard let functions = numbers(root["trace_function_infos"]), functions.count <= declared * 6,
                functions.count % 6 == 0, let tree = root["trace_tree"] as? [Any], !tree.isEmpty,
                isTree(tree, functionCount: functions.count / 6)
            else { return false }
        }
        let width = nodeFields.count
        guard nodes.count == nodeCount * width, edges.count == edgeCount * 3, edgeFields.count == 3 else {
            return false
        }
        var ids: Set<UInt64> = []
        var edgeSum: UInt64 = 0
        for row in stride(from: 0, to: nodes.count, by: width) {
            guard nodes[row + type] < UInt64(nodeTypes.count) else { return false }
            guard nodes[row + name] < UInt64(strings.count) else { return false }
            guard ids.insert(nodes[row + id]).inserted else { return false }
            edgeSum += nodes[row + count]
        }
        for row in stride(from: 0, to: edges.count, by: 3) {
            guard edges[row] < UInt64(edgeTypes.count) else { return false }
            let isPlain = ["element", "hidden"].contains(edgeTypes[Int(edges[row])])
            guard isPlain || edges[row + 1] < UInt64(strings.count) else { return false }
            guard edges[row + 2] % UInt64(width) == 0, edges[row + 2] < UInt64(nodes.count) else { return false }
        }
        let isRoot = nodes[id] <= 1 && nodeTypes[Int(nodes[type])] == "synthetic" && strings[Int(nodes[name])].isEmpty
        return edgeSum == UInt64(edgeCount) && isRoot
    }

    private static func isTree(_ rows: [Any], functionCount: Int) -> Bool {
        guard rows.count % 5 == 0 else { return false }
        return stride(from: 0, to: rows.count, by: 5).allSatisfy { row in
            guard rows[row..<row + 4].allSatisfy({ $0 is NSNumber }), let function = rows[row + 1] as? Int,
                let children = rows[row + 4] as? [Any]
            else { return false }
            return function < functionCount && isTree(children, functionCount: functionCount)
        }
    }

    private static func numbers(_ section: Any?) -> [UInt64]? {
        guard let array = section as? [NSNumber] else { return nil }
        return array.map(\.uint64Value)
    }
}
