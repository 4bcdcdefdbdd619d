import Foundation
import Glibc
import Inspector
import Linux
import Testing

@testable import SnapshotWriter

/// The inspector of a `FakeProcess`: it opens, answers and closes as the test has it.
final class FakeInspector: InspectorSearch {
    enum Answer {
        /// What the script comes to.
        case text(String)
        case exception(String)
        case failure(String)
        /// None, for as long as anybody waits.
        case nothing
        /// The connection ends.
        case hangUp
    }

    let process: FakeProcess
    let socket: ListeningSocket
    private let version: InspectorVersion
    /// To a script that is no attempt to close it.
    var answer: (String) -> Answer = { _ in .nothing }
    /// To attempts to close it, in turn; the last one again and again. `text("done")` closes it.
    var closing: [Answer] = [.text("done")]
    /// How long it takes to close.
    var closingTime = Duration.zero
    /// Refuses sessions with this.
    var refusal: InspectorError?
    private(set) var sessions: [FakeSession] = []
    private(set) var scripts: [String] = []
    private let clock: FakeClock

    init(
        of process: FakeProcess, port: UInt16 = 9229, inode: UInt64 = 77, version: String = "v22.20.0",
        _ clock: FakeClock
    )
        throws
    {
        self.process = process
        self.clock = clock
        socket = ListeningSocket(ipAddress: .loopbackV4, port: port, inode: inode)
        self.version = try JSONDecoder().decode(
            InspectorVersion.self,
            from: Data(#"{"Browser":"node.js/\#(version)","Protocol-Version":"1.1"}"#.utf8))
    }

    var isOpen: Bool { process.sockets.contains(socket) }

    func open() {
        if process.isAlive, !isOpen { process.sockets.append(socket) }
    }

    /// Ends its sessions as Node does.
    func close() {
        process.sockets.removeAll { $0 == socket }
        for session in sessions { session.hangUp() }
    }

    func find(among sockets: [ListeningSocket], likelyPort: UInt16?) throws -> FoundInspector? {
        sockets.contains(socket) ? FoundInspector(socket: socket, version: version) : nil
    }

    func openSession(with inspector: FoundInspector, connected: (Int32) -> Void) throws -> any InspectorChannel {
        if let refusal { throw refusal }
        let session = try FakeSession { [unowned self] script, session in evaluate(script, session) }
        connected(session.descriptor)
        sessions.append(session)
        return session
    }

    private func evaluate(_ script: String, _ session: FakeSession) {
        scripts.append(script)
        let isAttempt = script.contains("_debugEnd") || script.contains(".close()")
        let answer = !isAttempt ? answer(script) : closing.count > 1 ? closing.removeFirst() : closing[0]
        if isAttempt, case .text("done") = answer {
            clock.after(closingTime) { [weak self] in self?.close() }
        }
        session.take(answer)
    }
}

/// A session with a `FakeInspector`.
final class FakeSession: InspectorChannel {
    private let arrivals: TestPipe
    private let evaluate: (String, FakeSession) -> Void
    private var queue: [InspectorMessage] = []
    private var isOver = false
    private var lastCommand = 0
    var bytesTaken: UInt64 = 0
    private(set) var commands: [String] = []
    /// What a command makes it send; the number is the command's.
    var onCommand: (_ method: String, _ number: Int) -> Void = { _, _ in }
    private(set) var isClosed = false
    private(set) var isAbandoned = false

    init(_ evaluate: @escaping (String, FakeSession) -> Void) throws {
        arrivals = try TestPipe()
        self.evaluate = evaluate
    }

    var descriptor: Int32 { arrivals.reader }

    func next() throws(InspectorError) -> InspectorMessage? {
        _ = arrivals.read()
        if !queue.isEmpty { return queue.removeFirst() }
        if isOver { throw .closed(reason: "it hung up") }
        return nil
    }

    func send(_ method: String, parameters: String) -> Int {
        lastCommand += 1
        commands.append(method)
        onCommand(method, lastCommand)
        return lastCommand
    }

    func evaluate(_ expression: String, inWorker worker: String?, hasRequire: Bool) throws(InspectorError) -> Int {
        let command = send("Runtime.evaluate", parameters: "{}")
        evaluate(expression, self)
        return command
    }

    func abandon() { isAbandoned = true }
    func close() { isClosed = true }

    func arrive(_ message: InspectorMessage) {
        queue.append(message)
        arrivals.write("!")
    }

    func hangUp() {
        isOver = true
        arrivals.write("!")
    }

    /// Answers a command with a JSON object.
    func answer(_ number: Int, _ json: String) {
        do {
            let result = try JSONDecoder().decode(InspectorResult.self, from: Data(json.utf8))
            arrive(.answer(id: number, .result(result)))
        } catch {
            Issue.record(error)
        }
    }

    /// What comes of the last command.
    func take(_ answer: FakeInspector.Answer) {
        switch answer {
        case .text(let text): self.answer(lastCommand, #"{"result":{"value":"\#(text)"}}"#)
        case .exception(let text):
            self.answer(lastCommand, #"{"result":{},"exceptionDetails":{"exception":{"description":"\#(text)"}}}"#)
        case .failure(let text): arrive(.answer(id: lastCommand, .failure(text)))
        case .nothing: break
        case .hangUp: hangUp()
        }
    }
}
