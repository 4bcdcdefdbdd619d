import FoundationEssentials
import NIOCore

/// A message from the inspector, as far as taking a heap snapshot needs to tell them apart.
public enum InspectorMessage {
    /// The answer to the command of that number.
    case answer(id: Int, InspectorAnswer)
    /// `HeapProfiler.addHeapSnapshotChunk`: the next piece of the file.
    case snapshotChunk(SnapshotChunk)
    /// `HeapProfiler.reportHeapSnapshotProgress`, while V8 builds the snapshot: objects visited, objects in all.
    case snapshotProgress(done: UInt64, total: UInt64)
    /// `NodeWorker.attachedToWorker`: a worker thread can be spoken to.
    case workerAttached(InspectorWorker)
    /// `NodeWorker.receivedMessageFromWorker`: what a worker thread's own inspector answers.
    indirect case fromWorker(session: String, InspectorMessage)
    /// Any other event; it is not used.
    case event(String)
}

/// A worker thread as the inspector of the main thread tells of it.
public struct InspectorWorker: Sendable, Equatable {
    /// To address messages to it.
    public let session: String
    /// "Worker 3" in Node 18, "[worker 3] name" since.
    public let title: String

    public init(session: String, title: String) {
        self.session = session
        self.title = title
    }

    /// What `worker_threads` calls `threadId`; nil where the title does not tell.
    public var threadID: Int? {
        for prefix in ["[worker ", "Worker "] where title.hasPrefix(prefix) {
            return Int(title.dropFirst(prefix.count).prefix { $0.isASCII && $0.isNumber })
        }
        return nil
    }
}

/// What came of a command.
public enum InspectorAnswer: Sendable {
    case result(InspectorResult)
    case failure(String)
}

/// The fields of results that are used.
public struct InspectorResult: Sendable, Decodable {
    /// `Runtime.getHeapUsage`: bytes in use in V8's heap.
    public let usedSize: Double?
    /// `Runtime.evaluate`: what the expression came to.
    private let result: Value?
    private let exceptionDetails: Exception?

    /// Whether an expression came to `true`.
    public var isTrue: Bool { exceptionDetails == nil && result?.value == .bool(true) }

    /// The string that an expression came to.
    public var text: String? {
        guard exceptionDetails == nil, case .text(let text)? = result?.value else { return nil }
        return text
    }

    /// What an expression threw, in V8's words.
    public var exception: String? {
        exceptionDetails.map { InspectorLimits.cut($0.exception?.description ?? $0.text ?? "an exception") }
    }

    private struct Value: Sendable, Decodable {
        let value: Scalar?
    }

    private struct Exception: Sendable, Decodable {
        let text: String?
        let exception: Thrown?
    }

    private struct Thrown: Sendable, Decodable {
        let description: String?
    }

    /// What is neither true, false nor a string is of no interest.
    private enum Scalar: Sendable, Equatable, Decodable {
        case bool(Bool)
        case text(String)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(String.self) {
                self = .text(value)
            } else {
                self = .other
            }
        }
    }
}

private struct Envelope: Decodable {
    let id: Int?
    let method: String?
    let params: Parameters?
    let result: InspectorResult?
    let error: Failure?

    struct Parameters: Decodable {
        let chunk: String?
        let done: UInt64?
        let total: UInt64?
        let sessionId: String?
        let workerInfo: Worker?
        let message: String?
    }

    struct Worker: Decodable {
        let title: String?
    }

    struct Failure: Decodable {
        let message: String?
    }
}

extension InspectorMessage {
    /// - Returns: nil for a message that is neither an answer nor an event.
    init?(_ buffer: ByteBuffer) throws(InspectorError) {
        if let chunk = SnapshotChunk(escapedIn: buffer) {
            self = .snapshotChunk(chunk)
            return
        }
        try self.init(Data(buffer.readableBytesView))
    }

    private init?(_ json: Data) throws(InspectorError) {
        let envelope: Envelope
        do {
            envelope = try JSONDecoder().decode(Envelope.self, from: json)
        } catch {
            throw .closed(reason: "a message of \(json.count) bytes is not one of the inspector's")
        }
        if let id = envelope.id {
            if let error = envelope.error {
                self = .answer(id: id, .failure(InspectorLimits.cut(error.message ?? "no reason given")))
            } else if let result = envelope.result {
                self = .answer(id: id, .result(result))
            } else {
                return nil
            }
            return
        }
        switch envelope.method {
        case "HeapProfiler.addHeapSnapshotChunk":
            self = .snapshotChunk(SnapshotChunk(text: envelope.params?.chunk ?? ""))
        case "HeapProfiler.reportHeapSnapshotProgress":
            self = .snapshotProgress(done: envelope.params?.done ?? 0, total: envelope.params?.total ?? 0)
        case "NodeWorker.attachedToWorker":
            guard let session = envelope.params?.sessionId, session.utf8.count <= InspectorLimits.sessionBytes else {
                return nil
            }
            let title = envelope.params?.workerInfo?.title ?? ""
            self = .workerAttached(
                InspectorWorker(session: session, title: String(title.prefix(InspectorLimits.titleCharacters))))
        case "NodeWorker.receivedMessageFromWorker":
            guard let session = envelope.params?.sessionId, let text = envelope.params?.message,
                let message = try InspectorMessage(Data(text.utf8))
            else { return nil }
            self = .fromWorker(session: session, message)
        case .some(let method):
            self = .event(method)
        case nil:
            return nil
        }
    }
}
