public import Linux
import NIOCore
import NIOHTTP1
import NIOPosix

/// HTTP GET requests to an inspector over a socket that the caller has connected.
public enum InspectorHTTP {
    /// Asks `/json/version`.
    /// - Parameters:
    ///   - descriptor: a connected socket.
    ///   - host: the value of the Host header, an IP address with port: Node refuses names other than localhost.
    public static func version(
        descriptor: consuming Descriptor, host: String, timeoutMilliseconds: Int, on loop: InspectorEventLoop
    ) throws(InspectorError) -> PendingAnswer<InspectorVersion> {
        try get("/json/version", descriptor, host, timeoutMilliseconds, loop) { body throws(InspectorError) in
            try InspectorVersion.decode(body)
        }
    }

    /// Asks `/json/list` for the path of the main thread's WebSocket.
    public static func webSocketPath(
        descriptor: consuming Descriptor, host: String, timeoutMilliseconds: Int, on loop: InspectorEventLoop
    ) throws(InspectorError) -> PendingAnswer<String> {
        try get("/json/list", descriptor, host, timeoutMilliseconds, loop) { body throws(InspectorError) in
            try InspectorListEntry.webSocketPath(body)
        }
    }

    private static func get<Value: Sendable>(
        _ path: String, _ descriptor: consuming Descriptor, _ host: String, _ timeoutMilliseconds: Int,
        _ loop: InspectorEventLoop,
        decode: @escaping @Sendable ([UInt8]) throws(InspectorError) -> Value
    ) throws(InspectorError) -> PendingAnswer<Value> {
        let pending = try PendingAnswer<Value>()
        let eventLoop = loop.group.next()
        let body = eventLoop.makePromise(of: [UInt8].self)
        ClientBootstrap(group: eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(
                        HTTPAnswerHandler(path: path, host: host, body: body))
                }
            }
            .withConnectedSocket(descriptor.release())
            .cascadeFailure(to: body)
        let timer = eventLoop.scheduleTask(in: .milliseconds(Int64(timeoutMilliseconds))) {
            body.fail(InspectorError.noAnswer(milliseconds: timeoutMilliseconds))
        }
        body.futureResult.whenComplete { result in
            timer.cancel()
            pending.resolve(
                result.mapError {
                    $0 as? InspectorError ?? .notAnInspector(reason: "the answer to \(path) is not HTTP")
                }
                .flatMap { body in Result { () throws(InspectorError) in try decode(body) } })
        }
        return pending
    }
}

/// Sends one GET and collects the body of its answer, up to `InspectorLimits.httpBodyBytes`.
///
/// It may be an application's socket that was asked. So it closes its own direction only, and reads what comes until the
/// other side has closed too: closed with data unread, a connection ends in a reset, and programs that expect none die
/// of it.
private final class HTTPAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let path: String
    private let host: String
    private let promise: EventLoopPromise<[UInt8]>
    private var body: [UInt8] = []

    init(path: String, host: String, body: EventLoopPromise<[UInt8]>) {
        self.path = path
        self.host = host
        promise = body
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers = HTTPHeaders([("Host", host), ("Connection", "close")])
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let channel = context.channel
        promise.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if head.status != .ok {
                promise.fail(InspectorError.notAnInspector(reason: "\(path) answered with status \(head.status.code)"))
            }
        case .body(let part):
            guard body.count + part.readableBytes <= InspectorLimits.httpBodyBytes else {
                return promise.fail(InspectorError.notAnInspector(reason: "the answer to \(path) is too long"))
            }
            body.append(contentsOf: part.readableBytesView)
        case .end:
            promise.succeed(body)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(InspectorError.closed(reason: "before the answer to \(path) was complete"))
    }

    /// What is not HTTP is read on, and thrown away by the decoder.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(InspectorError.notAnInspector(reason: "the answer to \(path) is not HTTP"))
    }
}
