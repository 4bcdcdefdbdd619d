import FoundationEssentials
public import Linux
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// A Chrome DevTools Protocol session with the main thread of a Node process.
///
/// Commands go out in order and V8 works through them in order. Answers and events are taken by `next()`, on the
/// caller's thread; `descriptor` is readable for poll(2) while there are some.
public final class InspectorSession: Sendable {
    private let channel: any Channel
    private let queue: MessageQueue
    private let lastCommand = NIOLockedValueBox(0)
    private let taken = NIOLockedValueBox<UInt64>(0)

    private init(channel: any Channel, queue: MessageQueue) {
        self.channel = channel
        self.queue = queue
    }

    /// Upgrades a connected socket to a WebSocket.
    /// - Parameters:
    ///   - descriptor: a connected socket.
    ///   - path: as from `InspectorHTTP.webSocketPath`.
    public static func open(
        descriptor: consuming Descriptor, host: String, path: String, timeoutMilliseconds: Int,
        on loop: InspectorEventLoop
    ) throws(InspectorError) -> PendingAnswer<InspectorSession> {
        let pending = try PendingAnswer<InspectorSession>()
        let queue = try MessageQueue()
        let eventLoop = loop.group.next()
        let upgraded = eventLoop.makePromise(of: (any Channel).self)
        let opened = ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try configureUpgrade(of: channel, host: host, path: path, queue: queue, upgraded: upgraded)
                }
            }
            .withConnectedSocket(descriptor.release())
        opened.cascadeFailure(to: upgraded)
        let timer = eventLoop.scheduleTask(in: .milliseconds(Int64(timeoutMilliseconds))) {
            upgraded.fail(InspectorError.noAnswer(milliseconds: timeoutMilliseconds))
        }
        upgraded.futureResult.whenComplete { result in
            timer.cancel()
            if case .failure = result { opened.whenSuccess { $0.close(promise: nil) } }
            pending.resolve(
                result.map { InspectorSession(channel: $0, queue: queue) }
                    .mapError { $0 as? InspectorError ?? .upgradeRefused(reason: String(describing: $0)) })
        }
        return pending
    }

    private static func configureUpgrade(
        of channel: any Channel, host: String, path: String, queue: MessageQueue,
        upgraded: EventLoopPromise<any Channel>
    ) throws {
        let upgrader = NIOTypedWebSocketClientUpgrader<Bool>(
            maxFrameSize: InspectorLimits.messageBytes,
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(WebSocketHandler(queue: queue))
                    return true
                }
            })
        let request = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: path, headers: HTTPHeaders([("Host", host), ("Content-Length", "0")]))
        let upgrade = NIOTypedHTTPClientUpgradeConfiguration<Bool>(
            upgradeRequestHead: request, upgraders: [upgrader],
            notUpgradingCompletionHandler: { $0.eventLoop.makeSucceededFuture(false) })
        try channel.pipeline.syncOperations
            .configureUpgradableHTTPClientPipeline(configuration: .init(upgradeConfiguration: upgrade))
            .whenComplete { result in
                switch result {
                case .success(true): upgraded.succeed(channel)
                case .success(false): upgraded.fail(InspectorError.upgradeRefused(reason: "it answered as plain HTTP"))
                case .failure(let error): upgraded.fail(error)
                }
            }
    }

    /// Readable while `next()` has something to give.
    public var descriptor: Int32 { queue.descriptor }

    /// What `next()` has taken so far, in bytes.
    public var bytesTaken: UInt64 { taken.withLockedValue { $0 } }

    /// How many messages that say nothing `next()` passes over at a time.
    private static let mostPassedOver = 64
    /// How long the target may take to accept the close frame.
    private static let patienceForClose = TimeAmount.seconds(1)

    /// The oldest message that has not been taken, nil if there is none now. Once it has thrown, the session is over.
    public func next() throws(InspectorError) -> InspectorMessage? {
        // Bounded, so that whoever calls comes to look at signals and the deadline: the descriptor stays readable.
        for _ in 0..<Self.mostPassedOver {
            guard let (event, resumeReading) = queue.next() else { return nil }
            if resumeReading { channel.setOption(.autoRead, value: true).whenFailure { _ in } }
            switch event {
            case .closed(let error): throw error
            case .message(let buffer):
                taken.withLockedValue { $0 += UInt64(buffer.readableBytes) }
                if let message = try InspectorMessage(buffer) { return message }
            }
        }
        return nil
    }

    /// Sends a command without waiting; its answer carries the number that is returned.
    /// - Parameter parameters: a JSON object.
    @discardableResult
    public func send(_ method: String, parameters: String = "{}") -> Int {
        let (number, text) = command(method, parameters)
        let frame = WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(string: text))
        channel.writeAndFlush(frame, promise: nil)
        return number
    }

    /// Sends `Runtime.evaluate`.
    /// - Parameters:
    ///   - worker: the session of a worker thread, which answers by `.fromWorker`; nil for the main thread.
    ///   - hasRequire: with the command line API, so that the expression has `require`, in programs written as ECMAScript
    ///     modules too. Node makes it by JavaScript of its own, which calls what the application may have patched.
    @discardableResult
    public func evaluate(
        _ expression: String, inWorker worker: String? = nil, hasRequire: Bool = true
    ) throws(InspectorError) -> Int {
        let parameters = try Self.json(EvaluateParameters(expression: expression, includeCommandLineAPI: hasRequire))
        guard let worker else { return send("Runtime.evaluate", parameters: parameters) }
        let (number, text) = command("Runtime.evaluate", parameters)
        let envelope = try Self.json(WorkerMessageParameters(sessionId: worker, message: text))
        send("NodeWorker.sendMessageToWorker", parameters: envelope)
        return number
    }

    private func command(_ method: String, _ parameters: String) -> (number: Int, text: String) {
        let number = lastCommand.withLockedValue { last in
            last += 1
            return last
        }
        return (number, "{\"id\":\(number),\"method\":\"\(method)\",\"params\":\(parameters)}")
    }

    private static func json(_ parameters: some Encodable) throws(InspectorError) -> String {
        guard let json = try? JSONEncoder().encode(parameters) else {
            throw .closed(reason: "the expression cannot be sent as JSON")
        }
        return String(decoding: json, as: UTF8.self)
    }

    /// Lets go of the connection without a word: whoever holds it as well keeps the session alive.
    public func abandon() {
        try? channel.close().wait()
    }

    /// Sends a close frame and ends the connection. What was sent before goes out first.
    public func close() {
        var code = ByteBuffer()
        code.write(webSocketErrorCode: .normalClosure)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: code)
        channel.writeAndFlush(frame).whenComplete { [channel] _ in channel.close(promise: nil) }
        // A target that reads nothing takes no close frame either.
        channel.eventLoop.scheduleTask(in: Self.patienceForClose) { [channel] in channel.close(promise: nil) }
        // The target may have closed it first: an error here is the same end.
        try? channel.closeFuture.wait()
    }
}

private struct WorkerMessageParameters: Encodable {
    let sessionId: String
    let message: String
}

private struct EvaluateParameters: Encodable {
    let expression: String
    let includeCommandLineAPI: Bool
    let silent = true
    let returnByValue = true
}
