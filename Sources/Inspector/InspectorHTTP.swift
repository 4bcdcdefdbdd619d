import NIOCore
import NIOHTTP1
import NIOPosix

/// HTTP GET requests to an inspector over a socket that the caller has connected.
public enum InspectorHTTP {
    /// A request that is under way.
    public struct Question {
        fileprivate let path: String
        fileprivate let answer: EventLoopFuture<[UInt8]>
    }

    /// Sends a request without waiting.
    /// - Parameters:
    ///   - path: `/json/version` or `/json/list`.
    ///   - descriptor: a connected socket; it is closed in every case.
    ///   - host: the value of the Host header, an IP address with port: Node refuses names other than localhost.
    public static func ask(
        _ path: String, descriptor: Int32, host: String, timeoutMilliseconds: Int, on loop: InspectorEventLoop
    ) -> Question {
        let eventLoop = loop.group.next()
        let answer = eventLoop.makePromise(of: [UInt8].self)
        let opened = ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(
                        HTTPAnswerHandler(path: path, host: host, answer: answer))
                }
            }
            .withConnectedSocket(descriptor)
        opened.cascadeFailure(to: answer)
        let timer = eventLoop.scheduleTask(in: .milliseconds(Int64(timeoutMilliseconds))) {
            answer.fail(InspectorError.noAnswer(milliseconds: timeoutMilliseconds))
        }
        answer.futureResult.whenComplete { _ in
            timer.cancel()
            opened.whenSuccess { $0.close(promise: nil) }
        }
        return Question(path: path, answer: answer.futureResult)
    }
}

extension InspectorHTTP.Question {
    /// Waits for the answer to `/json/version`.
    public func version() throws(InspectorError) -> InspectorVersion {
        try .decode(body())
    }

    /// Waits for the answer to `/json/list`: the path of the main thread's WebSocket.
    public func webSocketPath() throws(InspectorError) -> String {
        try InspectorListEntry.webSocketPath(body())
    }

    private func body() throws(InspectorError) -> [UInt8] {
        do {
            return try answer.wait()
        } catch let error as InspectorError {
            throw error
        } catch {
            throw .notAnInspector(reason: "the answer to \(path) is not HTTP")
        }
    }
}

/// Sends one GET and collects the body of its answer, up to `InspectorLimits.httpBodyBytes`.
private final class HTTPAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let path: String
    private let host: String
    private let answer: EventLoopPromise<[UInt8]>
    private var body: [UInt8] = []

    init(path: String, host: String, answer: EventLoopPromise<[UInt8]>) {
        self.path = path
        self.host = host
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers = HTTPHeaders([("Host", host), ("Connection", "close")])
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if head.status != .ok {
                answer.fail(InspectorError.notAnInspector(reason: "\(path) answered with status \(head.status.code)"))
            }
        case .body(let part):
            body.append(contentsOf: part.readableBytesView)
            if body.count > InspectorLimits.httpBodyBytes {
                answer.fail(InspectorError.notAnInspector(reason: "the answer to \(path) is too long"))
                context.close(promise: nil)
            }
        case .end:
            answer.succeed(body)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(InspectorError.closed(reason: "before the answer to \(path) was complete"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }
}
