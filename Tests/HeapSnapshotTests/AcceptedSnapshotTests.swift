import Testing

@testable import HeapSnapshot

struct AcceptedSnapshotTests {
    @Test func sampleIsValid() {
        #expect(verdict(on: Sample.text) == .valid(Sample.counts))
    }

    @Test(arguments: [
        ("\n,", ","),
        ("],\n\"", "]\r\n,\t\""),
        (",", " , "),
    ])
    func whiteSpaceBetweenTokensIsFree(old: String, new: String) {
        // Strings in the sample hold neither of these.
        let text = " \n" + Sample.text.replacing(old, with: new) + " \n"
        #expect(verdict(on: text).name == "valid")
    }

    /// V8 writes the index of an array's element as a signed number: array[4294967294] is the element -2.
    @Test(arguments: [",4,99,0", ",1,-2,0", ",1,-2147483648,0", ",4,-1,0"])
    func indicesOfElementsMayBeNegative(edge: String) {
        let text = Sample.text.replacingFirst(",4,99,0", edge)
        #expect(verdict(on: text).name == "valid")
        // Also where it is cut between the sign and the number.
        #expect(verdict(on: Array(text.utf8)) { 1 }.name == "valid")
    }

    @Test(arguments: ["{\"a\":[1,-2.5e+3,true,null,{\"nodes\":\"x\"}]}", "[]", "-0.5", "0", "\"text\"", "false", "{}"])
    func unknownSectionsAreSkipped(value: String) {
        let afterHeader = Sample.text.replacingFirst(
            "\"nodes\":", "\"scopes\":\(value),\"other\" : \(value),\"nodes\":")
        let beforeStrings = Sample.text.replacingFirst("\"strings\":", "\"scope_uses\":\(value) ,\"strings\":")
        #expect(verdict(on: afterHeader).name == "valid")
        #expect(verdict(on: beforeStrings).name == "valid")
    }

    @Test func unknownHeaderMembersAreSkipped() {
        let text = Sample.text
            .replacingFirst("\"node_count\"", "\"extra_native_bytes\":-1.5,\"x\":{\"y\":[1,\"}\\\"\"]},\"node_count\"")
            .replacingFirst("{\"node_fields\"", "{\"future\":null,\"node_fields\"")
        #expect(verdict(on: text).name == "valid")
    }

    @Test(arguments: [
        #""\#u{E9}":1,"e\#u{301}":2"#, #""\uD800":1,"\uDC00":2,"\uDC00\uD800":3,"\uD800x":4"#,
        #""x":["\uDFFF"],"y":{"a":1,"a":2},"z":1e999"#, #""\n\t\b\f\r\/\"\\":1,"n":2"#,
    ])
    func oddKeysAndValuesAreSkipped(members: String) {
        let text = Sample.text.replacingFirst("\"node_count\"", "\(members),\"node_count\"")
            .replacingFirst("{\"node_fields\"", "{\(members),\"node_fields\"")
        #expect(verdict(on: text).name == "valid")
    }

    @Test(arguments: ["\u{E9}", "e\u{301}", "\\uD800", "\\u0074yp\\u0065s"])
    func typesAreComparedByTheirBytes(type: String) {
        let text = Sample.text.replacingFirst("[\"hidden\"", "[\"\(type)\"")
            .replacingFirst("\"synthetic\"", "\"synth\\u0065tic\"")
        #expect(verdict(on: text).name == "valid")
    }

    @Test func unreadTypesMayBeAnything() {
        let deep = String(repeating: "[", count: 900) + "\"\\uD800\"" + String(repeating: "]", count: 900)
        let text = Sample.text.replacingFirst("\"string\",\"number\"", "\(deep),{\"a\":-1e999}")
        #expect(verdict(on: text).name == "valid")
    }

    @Test func spaceBeforeTheHeaderIsNoted() {
        for (new, count) in [("\"snapshot\" \n:", 1), ("\"snapshot\": ", 0)] {
            for size in [1, 1 << 20] {
                var validator = SnapshotValidator()
                let bytes = Array(Sample.text.replacingFirst("\"snapshot\":", new).utf8)
                for start in stride(from: 0, to: bytes.count, by: size) {
                    bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { validator.feed($0) }
                }
                let verdict = validator.finish()
                #expect(verdict.name == "valid")
                #expect(validator.notes.count == count)
            }
        }
    }

    @Test func fieldsAreFoundByName() {
        let text = Sample.text
            .replacingFirst(#""type","name","id","self_size""#, #""self_size","name","id","type""#)
            .replacingFirst(#"[["hidden","array""#, #"["number","string","number",["hidden","array""#)
            .replacingFirst(#""synthetic"],"string","number","number""#, #""synthetic"]"#)
            .replacingFirst("[9,1,1,0,3", "[0,1,1,9,3")
            .replacingFirst(",3,2,3,16,", ",16,2,3,3,")
            .replacingFirst(",2,3,5,9007199254740993,", ",9007199254740993,3,5,2,")
            .replacingFirst(",8,4,2358473056,40,", ",40,4,2358473056,8,")
        #expect(verdict(on: text) == .valid(Sample.counts))
    }

    @Test func moreTypesThanFieldsAreAccepted() {
        let extra = Sample.text.replacingFirst(#""number"],"edge_fields""#, #""number","number",7],"edge_fields""#)
        let fewer = Sample.text.replacingFirst(
            #","string","number","number","number","number","number"]"#, "]")
        #expect(verdict(on: extra).name == "valid")
        #expect(verdict(on: fewer).name == "valid")
    }

    @Test func locationsMayHaveFiveFields() {
        let text = Sample.text.replacingFirst(#""line","column"]}"#, #""line","column","scope"]}"#)
            .replacingFirst("[7,2,10,4", "[7,2,10,4,1").replacingFirst(",14,2,11,0", ",14,2,11,0,2")
        #expect(verdict(on: text).name == "valid")
    }

    @Test func traceSectionsMayBeLeftOutWithoutTracking() {
        var text = Sample.text.replacingFirst(",\"trace_function_count\":2", "")
        text = text.replacingFirst("\"trace_tree\":[1,0,0,0,[2,1,3,48,[]]],", "")
        text = text.replacingFirst("\"trace_function_infos\":[0,0,0,0,0,0\n,1,4,5,2,3,4\n],", "")
        #expect(verdict(on: text).name == "valid")
    }

    @Test(arguments: ["0", "3", "18446744073709551615"])
    func otherTraceFunctionCountsAreAccepted(count: String) {
        let text = Sample.text.replacingFirst("\"trace_function_count\":2", "\"trace_function_count\":\(count)")
        #expect(verdict(on: text).name == "valid")
    }

    @Test func traceSectionsAreFreeWhereNoFunctionIsDeclared() {
        let text = Sample.text.replacingFirst("\"trace_function_count\":2", "\"trace_function_count\":0")
        for tree in ["[]", "[[],[ [1]],2]", "[9]"] {
            #expect(verdict(on: text.replacingFirst("[1,0,0,0,[2,1,3,48,[]]]", tree)).name == "valid")
        }
        let undescribed = text.replacingFirst("\"trace_function_info_fields\"", "\"x\"")
            .replacingFirst("\"trace_node_fields\"", "\"y\"")
        #expect(verdict(on: undescribed).name == "valid")
    }

    @Test(arguments: [
        "[1,0,0,0,[]]", "[ 1 , 0,0,18446744073709551615\n,[\t] ]", "[1,0,0,0,[2,1,3,48,[],3,0,1,8,[4,1,1,1,[]]]]",
    ])
    func traceTreesNestAtWill(tree: String) {
        let text = Sample.text.replacingFirst("[1,0,0,0,[2,1,3,48,[]]]", tree)
        #expect(verdict(on: text).name == "valid")
        #expect(verdict(on: Array(text.utf8), chunk: { 1 }) == verdict(on: text))
    }

    @Test func emptySectionsNeedNoFields() {
        let text = Sample.text.replacingFirst("\"sample_fields\"", "\"x\"")
            .replacingFirst("\"location_fields\"", "\"y\"").replacingFirst("[0,7\n,1000,9\n]", "[ ]")
            .replacingFirst("[7,2,10,4\n,14,2,11,0\n]", "[]")
        #expect(verdict(on: text).name == "valid")
    }

    /// V8 writes such files while it records allocations; DevTools waits for ever for them.
    @Test func surplusTraceFunctionsAreNoted() {
        let text = Sample.text.replacingFirst("\"trace_function_count\":2", "\"trace_function_count\":1")
        var validator = SnapshotValidator()
        Array(text.utf8).withUnsafeBytes { validator.feed($0) }
        #expect(validator.finish().name == "valid")
        let notes = validator.notes
        #expect(notes.count == 1 && notes[0].contains("trace_function_infos"))
    }

    @Test func shapeOfNode12IsAccepted() {
        let text = #"""
            {"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id"],\#
            "node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic",\#
            "concatenated string","sliced string","symbol","bigint"],"string","number","number","number","number",\#
            "number"],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["context","element","property",\#
            "internal","hidden","shortcut","weak"],"string_or_number","node"],"trace_function_info_fields":\#
            ["function_id","name","script_name","script_id","line","column"],"trace_node_fields":["id",\#
            "function_info_index","count","size","children"],"sample_fields":["timestamp_us","last_assigned_id"],\#
            "location_fields":["object_index","script_id","line","column"]},"node_count":2,"edge_count":1,\#
            "trace_function_count":0},
            "nodes":[9,0,1,0,1,0
            ,3,1,3,56,0,0
            ],
            "edges":[1,1,6
            ],
            "trace_function_infos":[],
            "trace_tree":[],
            "samples":[],
            "locations":[6,1,2,3
            ],
            "strings":["",
            "Object"]}
            """#
        #expect(verdict(on: text).counts?.totalSelfSize == 56)
    }

    @Test func selfSizesSaturate() {
        let text = Sample.text.replacingFirst("9007199254740993", "18446744073709551615")
        #expect(verdict(on: text).counts?.totalSelfSize == .max)
    }

    @Test func surrogatesAreAccepted() {
        var bytes = Array(Sample.text.utf8)
        let place = bytes.firstRange(of: "file.js".utf8)?.lowerBound ?? 0
        bytes.replaceSubrange(place..<place + 7, with: [0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xF4, 0x8F, 0xBF, 0xBF])
        #expect(verdict(on: bytes).name == "valid")
        #expect(verdict(on: Sample.text.replacingFirst("file.js", #"\uD800\/\b\f\n\r\t\uFFFf"#)).name == "valid")
    }
}
