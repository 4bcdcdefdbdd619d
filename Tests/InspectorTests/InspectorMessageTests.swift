import NIOCore
import Testing

@testable import Inspector

@Suite struct InspectorMessageTests {
    private func message(_ text: String) throws -> InspectorMessage? {
        try InspectorMessage(ByteBuffer(string: text))
    }

    private func chunk(_ text: String) throws -> String? {
        guard case .snapshotChunk(var chunk) = try message(text) else { return nil }
        var bytes: [UInt8] = []
        // Smaller than the chunks, so that they come in portions.
        var buffer = [UInt8](repeating: 0, count: 8)
        while true {
            let count = try buffer.withUnsafeMutableBytes { room throws(InspectorError) in try chunk.decode(into: room)
            }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    @Test(arguments: [
        // As V8 writes it, and in other forms of the same JSON.
        #"{"method":"HeapProfiler.addHeapSnapshotChunk","params":{"chunk":"{\"a\":[1\n,2]}"}}"#,
        #"{ "method": "HeapProfiler.addHeapSnapshotChunk", "params": { "chunk": "{\"a\":[1\n,2]}" } }"#,
        #"{"params":{"chunk":"{\"a\":[1\n,2]}"},"method":"HeapProfiler.addHeapSnapshotChunk"}"#,
    ])
    func takesChunksInAnyForm(text: String) throws {
        #expect(try chunk(text) == "{\"a\":[1\n,2]}")
    }

    @Test(arguments: [
        (#"{"id":1,"result":{"result":{"type":"boolean","value":true}}}"#, true, nil),
        (#"{"id":1,"result":{"result":{"type":"boolean","value":false}}}"#, false, nil),
        (#"{"id":1,"result":{"result":{"type":"number","value":1}}}"#, false, nil),
        (#"{"id":1,"result":{"result":{"type":"object","value":{"a":[true]}}}}"#, false, nil),
        (#"{"id":1,"result":{"result":{"type":"undefined"}}}"#, false, nil),
        (#"{"id":1,"result":{}}"#, false, nil),
        (
            #"{"id":1,"result":{"result":{"type":"boolean","value":true},"exceptionDetails":{"text":"Uncaught","#
                + #""exception":{"description":"Error: EACCES\n    at x"}}}}"#, false, "Error: EACCES\n    at x"
        ),
        (#"{"id":1,"result":{"result":{},"exceptionDetails":{"text":"Uncaught"}}}"#, false, "Uncaught"),
    ])
    func whatExpressionsComeTo(text: String, isTrue: Bool, exception: String?) throws {
        let message = try InspectorMessage(ByteBuffer(string: text))
        guard case .answer(1, .result(let result)) = try #require(message) else {
            Issue.record("\(text)")
            return
        }
        #expect(result.isTrue == isTrue)
        #expect(result.exception == exception)
    }

    @Test(arguments: [
        (#"{"id":1,"result":{"result":{"type":"string","value":"{\"pid\":1}"}}}"#, #"{"pid":1}"#),
        (#"{"id":1,"result":{"result":{"type":"string","value":""}}}"#, ""),
        (#"{"id":1,"result":{"result":{"type":"boolean","value":true}}}"#, nil),
        (#"{"id":1,"result":{"result":{"type":"number","value":1}}}"#, nil),
        (#"{"id":1,"result":{"result":{"type":"object","value":{"value":"text"}}}}"#, nil),
        (#"{"id":1,"result":{"result":{"type":"undefined"}}}"#, nil),
        (#"{"id":1,"result":{}}"#, nil),
        // What was thrown is no answer, whatever it is.
        (
            #"{"id":1,"result":{"result":{"type":"string","value":"thrown"},"#
                + #""exceptionDetails":{"text":"Uncaught thrown"}}}"#, nil
        ),
    ])
    func textsThatExpressionsComeTo(text: String, expected: String?) throws {
        guard case .answer(1, .result(let result)) = try #require(try message(text)) else {
            Issue.record("\(text)")
            return
        }
        #expect(result.text == expected)
        #expect(!result.isTrue || text.contains(":true"))
    }

    @Test func takesProgress() throws {
        let text = #"{"method":"HeapProfiler.reportHeapSnapshotProgress","params":{"done":5,"total":20}}"#
        guard case .snapshotProgress(5, 20) = try message(text) else {
            Issue.record("not read as progress")
            return
        }
    }

    @Test func takesAnswers() throws {
        guard
            case .answer(7, .result(let result)) = try message(
                #"{"id":7,"result":{"usedSize":4096.0,"totalSize":8192}}"#)
        else {
            Issue.record("not read as a result")
            return
        }
        #expect(result.usedSize == 4096)
        guard case .answer(8, .failure("no")) = try message(#"{"id":8,"error":{"code":-32000,"message":"no"}}"#) else {
            Issue.record("not read as a failure")
            return
        }
    }

    @Test(arguments: ["", "[]", "{", "null", #"{"id":"one"}"#, #"{"method":5}"#])
    func rejectsWhatIsNoMessage(text: String) {
        #expect(throws: InspectorError.self) { try message(text) }
    }

    @Test func rejectsABrokenChunk() throws {
        let text = #"{"method":"HeapProfiler.addHeapSnapshotChunk","params":{"chunk":"a"b"}}"#
        #expect(throws: InspectorError.self) { try chunk(text) }
    }

    /// 4,096 workers with names of 16 MiB would fill the memory.
    @Test func littleIsKeptOfAWorker() throws {
        func attached(session: String, title: String) throws -> InspectorMessage? {
            try message(
                #"{"method":"NodeWorker.attachedToWorker","params":{"sessionId":"\#(session)","workerInfo":{"title":"\#(title)"}}}"#
            )
        }
        guard
            case .workerAttached(let worker)? = try attached(
                session: "1", title: "[worker 7] " + String(repeating: "a", count: 1 << 20))
        else {
            Issue.record("no worker")
            return
        }
        #expect(worker.threadID == 7)
        #expect(worker.title.utf8.count <= 100)
        #expect(try attached(session: String(repeating: "1", count: 1 << 20), title: "[worker 7]") == nil)
    }
}
