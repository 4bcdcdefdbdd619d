/// The smallest heap that V8 could write: a root, and nothing else.
enum SmallSnapshot {
    static let text = #"""
        {"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],\#
        "node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic"],\#
        "string","number","number","number","number","number"],\#
        "edge_fields":["type","name_or_index","to_node"],\#
        "edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"string_or_number","node"],\#
        "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],\#
        "trace_node_fields":["id","function_info_index","count","size","children"],\#
        "sample_fields":["timestamp_us","last_assigned_id"],\#
        "location_fields":["object_index","script_id","line","column"]},\#
        "node_count":1,"edge_count":0,"trace_function_count":0},
        "nodes":[9,0,1,0,0,0,0
        ],
        "edges":[],
        "trace_function_infos":[],
        "trace_tree":[],
        "samples":[],
        "locations":[],
        "strings":[""]}
        """#

    static var half: Substring { text.prefix(text.count / 2) }
}
