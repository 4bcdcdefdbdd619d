@testable import HeapSnapshot

/// A snapshot of five nodes with every section filled, written by hand in the layout of Node 20.
enum Sample {
    static let meta = #"""
        {"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],\#
        "node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic"],\#
        "string","number","number","number","number","number"],\#
        "edge_fields":["type","name_or_index","to_node"],\#
        "edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"string_or_number","node"],\#
        "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],\#
        "trace_node_fields":["id","function_info_index","count","size","children"],\#
        "sample_fields":["timestamp_us","last_assigned_id"],\#
        "location_fields":["object_index","script_id","line","column"]}
        """#

    static let text = #"""
        {"snapshot":{"meta":\#(meta),"node_count":5,"edge_count":6,"trace_function_count":2},
        "nodes":[9,1,1,0,3,0,0
        ,3,2,3,16,2,1,0
        ,2,3,5,9007199254740993,0,0,0
        ,8,4,2358473056,40,1,0,2
        ,0,0,7,0,0,0,0
        ],
        "edges":[1,1,7
        ,5,2,14
        ,6,4,21
        ,2,4,28
        ,4,99,0
        ,0,5,7
        ],
        "trace_function_infos":[0,0,0,0,0,0
        ,1,4,5,2,3,4
        ],
        "trace_tree":[1,0,0,0,[2,1,3,48,[]]],
        "samples":[0,7
        ,1000,9
        ],
        "locations":[7,2,10,4
        ,14,2,11,0
        ],
        "strings":["<dummy>",
        "",
        "Window",
        "a\"b\\\u00e9é",
        "a name longer than one machine word",
        "file.js"]}
        """#

    static let counts = SnapshotCounts(
        bytes: UInt64(text.utf8.count), nodes: 5, edges: 6, strings: 6, totalSelfSize: 9_007_199_254_741_049)

    /// The sample with one occurrence of `old` replaced by `new`, where `@` in `new` marks the offending byte.
    static func broken(_ old: String, _ new: String) -> (bytes: [UInt8], offset: UInt64) {
        guard let range = text.firstRange(of: old) else { return ([], 0) }
        let bytes = Array(text.replacingCharacters(in: range, with: new).utf8)
        let marker = bytes.firstIndex(of: UInt8(ascii: "@")) ?? bytes.endIndex
        return (bytes.filter { $0 != UInt8(ascii: "@") }, UInt64(marker))
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with new: String) -> String {
        String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
    }

    /// The text with the first occurrence of `old` replaced, unchanged where there is none.
    func replacingFirst(_ old: String, _ new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return replacingCharacters(in: range, with: new)
    }
}

/// The verdict on the bytes fed in chunks of the sizes that `chunk` gives.
func verdict(on bytes: [UInt8], chunk: () -> Int) -> SnapshotVerdict {
    var validator = SnapshotValidator()
    bytes.withUnsafeBytes { all in
        var start = 0
        while start < all.count {
            let end = min(start + max(chunk(), 1), all.count)
            validator.feed(UnsafeRawBufferPointer(rebasing: all[start..<end]))
            start = end
        }
    }
    return validator.finish()
}

func verdict(on bytes: [UInt8]) -> SnapshotVerdict {
    verdict(on: bytes) { bytes.count }
}

func verdict(on text: String) -> SnapshotVerdict {
    verdict(on: Array(text.utf8))
}

extension SnapshotVerdict {
    var inconsistency: SnapshotInconsistency? {
        if case .inconsistent(let found) = self { found } else { nil }
    }

    var counts: SnapshotCounts? {
        if case .valid(let counts) = self { counts } else { nil }
    }
}

/// A generator of the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
