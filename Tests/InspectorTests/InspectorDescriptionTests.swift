import Testing

@testable import Inspector

@Suite struct InspectorDescriptionTests {
    @Test(
        arguments: [
            ("node.js/v20.18.0", .node, "v20.18.0"), ("Deno/2.9.8", .deno, "2.9.8"),
        ] as [(String, InspectorVersion.Runtime, String)])
    func readsWhatItCallsItself(browser: String, runtime: InspectorVersion.Runtime, text: String) throws {
        let version = try InspectorVersion.decode(
            Array(#"{"Browser": "\#(browser)", "Protocol-Version": "1.1"}"#.utf8))
        #expect(version.browser == browser)
        #expect(version.runtime == runtime)
        #expect(version.runtimeVersion == text)
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
