import Foundation

/// A heap as Julia's `Profile.take_heap_snapshot` writes it: a type for each type of the program, addresses for ids, and a root
/// with the id 0.
struct JuliaSnapshot {
    static let typeCount = 400
    /// Objects of each type, 24 bytes large.
    static let objectCount = 3
    static let moduleID = base

    private static let base = 139_637_976_727_552

    static var text: String {
        let ownTypes = ["synthetic", "jl_module_t", "String", "jl_array_t"]
        let types = ownTypes + (0..<typeCount).map { "Base.Type{\($0)}" }
        var strings = ["", "GC roots", "GC finalizer list roots", "Main", "Array{Any, 1}", "a text", "value"]
        var nodes: [(type: Int, name: Int, id: Int, size: Int, edges: [(type: Int, name: Int, node: Int)])] = [
            (0, 0, 0, 0, [(0, 1, 1), (0, 2, 2)]), (0, 1, 1, 0, [(0, 3, 3)]), (0, 2, 2, 0, []),
            (1, 3, moduleID, 400, [(2, 6, 4)]), (3, 4, base + 64, 48, [(3, 0, 5)]), (2, 5, base + 128, 14, []),
        ]
        for type in 0..<typeCount {
            strings.append("Base.Type{\(type)}")
            for number in 0..<objectCount {
                nodes[4].edges.append((3, type * objectCount + number + 1, nodes.count))
                nodes.append((type + ownTypes.count, strings.count - 1, base + 4096 + nodes.count * 32, 24, []))
            }
        }
        func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ",") }
        let nodeRows = nodes.map { "\($0.type),\($0.name),\($0.id),\($0.size),\($0.edges.count),0,0" }
        let edgeRows = nodes.flatMap(\.edges).map { "\n\($0.type),\($0.name),\($0.node * 7)" }
        return """
            {"snapshot":{
              "meta":{
                "node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],
                "node_types":[[\(list(types))],"string", "number", "number", "number", "number", "number"],
                "edge_fields":["type","name_or_index","to_node"],
                "edge_types":[["internal","hidden","property","element"],"string_or_number","from_node"],
                "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
                "trace_node_fields":["id","function_info_index","count","size","children"],
                "sample_fields":["timestamp_us","last_assigned_id"],
                "location_fields":["object_index","script_id","line","column"]
              },
              "node_count":\(nodes.count),
              "edge_count":\(edgeRows.count),
              "trace_function_count":0
            }
            ,
            "nodes":[
            \(nodeRows.joined(separator: ",\n"))],
            "edges":[\(edgeRows.joined(separator: ","))
            ],
            "trace_function_infos":[],
            "trace_tree":[],
            "samples":[],
            "locations":[],
            "strings":[
            \(strings.map { "\"\($0)\"" }.joined(separator: ",\n"))]}
            """
    }

    static let totalSize = 400 + 48 + 14 + typeCount * objectCount * 24
}
