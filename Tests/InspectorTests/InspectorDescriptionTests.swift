import Testing

@testable import Inspector

@Suite struct InspectorDescriptionTests {
    @Test func readsNodesVersion() throws {
        let version = try InspectorVersion.decode(
            Array(#"{"Browser": "node.js/v20.18.0", "Protocol-Version": "1.1"}"#.utf8))
        #expect(version.browser == "node.js/v20.18.0")
        #expect(version.isNode)
    }

    @Test(arguments: [
        "", "<html>", "{}", #"{"Browser":"Chrome/120","Protocol-Version":"1.3"}"#, #"{"Browser":["node.js/v1"]}"#,
    ])
    func refusesOthers(body: String) {
        #expect(throws: InspectorError.self) { try InspectorVersion.decode(Array(body.utf8)) }
    }

    @Test func makesThePathFromTheIdAlone() throws {
        let body = #"[{"id":"0a1b-2c","webSocketDebuggerUrl":"ws://elsewhere:1/x"}]"#
        #expect(try InspectorListEntry.webSocketPath(Array(body.utf8)) == "/0a1b-2c")
    }

    @Test(arguments: ["[]", "{}", #"[{"id":""}]"#, #"[{"id":"../x"}]"#, #"[{"id":"a\r\nHost: x"}]"#])
    func refusesStrangeIds(body: String) {
        #expect(throws: InspectorError.self) { try InspectorListEntry.webSocketPath(Array(body.utf8)) }
    }
}
