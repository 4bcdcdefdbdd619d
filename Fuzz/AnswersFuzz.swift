import Glibc
import Linux
import NIOCore

@testable import Answers

/// What a process answers through its inspector and its agent: the first byte chooses who reads the rest.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAnswers(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let all = UnsafeBufferPointer(start: start, count: count)
    guard let first = all.first else { return 0 }
    let bytes = Array(all.dropFirst())
    switch first % 4 {
    case 0: readMessage(bytes)
    case 1: readAnswer(String(decoding: bytes, as: UTF8.self))
    case 2: readStatus(bytes)
    default:
        _ = try? InspectorVersion.decode(bytes)
        if let path = try? InspectorListEntry.webSocketPath(bytes) {
            if path.contains(where: { $0 != "/" && $0 != "-" && !$0.isHexDigit }) { report("a path that is no UUID") }
        }
    }
    return 0
}

private func readMessage(_ bytes: [UInt8]) {
    guard let message = try? InspectorMessage(ByteBuffer(bytes: bytes)) else { return }
    look(at: message)
}

private func look(at message: InspectorMessage) {
    switch message {
    case .snapshotChunk(var chunk):
        // The output never exceeds its room, and each step makes progress.
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 16)
        defer { room.deallocate() }
        while let count = try? chunk.decode(into: room), count > 0 {
            if count > room.count { report("\(count) bytes in a room of \(room.count)") }
        }
    case .answer(_, .result(let result)): _ = (result.isTrue, result.text, result.exception, result.usedSize)
    case .answer(_, .failure(let text)):
        if text.count > 1000 { report("a failure of \(text.count) characters") }
    case .workerAttached(let worker): _ = worker.threadID
    case .fromWorker(_, let message): look(at: message)
    case .snapshotProgress, .event: break
    }
}

private func readAnswer(_ text: String) {
    if let reply = AgentReply(text), case .answer(let answer) = reply.outcome { _ = AgentAnswer(answer) }
    _ = AgentAnswer(text)
    if let sizes = HeapSizes(text: text), sizes.total >= 1 << 49 { report("a heap of \(sizes.total) bytes") }
    let quoted = JavaScriptText.quoted(text)
    if quoted.utf8.contains(where: { $0 < 0x20 || $0 > 0x7E }) { report("a literal with bytes that are not plain") }
}

/// Through a pipe, as it comes.
private func readStatus(_ bytes: [UInt8]) {
    var ends: [CInt] = [0, 0]
    guard pipe(&ends) == 0, fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 else { report("no pipe") }
    let status = AgentStatusPipe(Descriptor(owning: ends[0]))
    var rest = bytes[...]
    while !rest.isEmpty {
        let portion = rest.prefix(4096)
        _ = portion.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
        rest = rest.dropFirst(portion.count)
        while let line = status.next() { _ = (line.tellsFailure, line.peakKilobytes) }
    }
    close(ends[1])
    while status.next() != nil {}
    if !status.isClosed { report("the pipe's end is not seen") }
}
