import NIOCore
import NIOWebSocket

/// Turns WebSocket frames into whole messages on the queue, answers pings, and holds reading back while the queue is
/// full.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let queue: MessageQueue
    private var fragments: ByteBuffer?
    private var hasReportedEnd = false

    init(queue: MessageQueue) {
        self.queue = queue
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary:
            if frame.fin {
                deliver(frame.unmaskedData, context)
            } else {
                fragments = frame.unmaskedData
            }
        case .continuation:
            guard var whole = fragments else {
                return end(context, .closed(reason: "a WebSocket continuation without a beginning"))
            }
            var part = frame.unmaskedData
            guard whole.readableBytes + part.readableBytes <= InspectorLimits.messageBytes else {
                return end(context, .closed(reason: "a message above \(InspectorLimits.messageBytes >> 20) MiB"))
            }
            fragments = nil
            whole.writeBuffer(&part)
            if frame.fin { deliver(whole, context) } else { fragments = whole }
        case .ping:
            // Who sends pings and takes no pong would fill our memory with them.
            guard context.channel.isWritable else { break }
            let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose:
            // Node's main thread stands still until its close is answered (RFC 6455, 5.5.1): the end of our descriptor does not
            // show where the guardian holds the connection too.
            let reply = WebSocketFrame(
                fin: true, opcode: .connectionClose, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(reply), promise: nil)
            end(context, .closed(reason: "by the target"))
        default:
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(context, .closed(reason: "by the target"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, .closed(reason: String(describing: error)))
    }

    private func deliver(_ message: ByteBuffer, _ context: ChannelHandlerContext) {
        if !queue.append(.message(message)) {
            // Set within this read, before the consumer can ask for reading to be resumed.
            try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        }
    }

    private func end(_ context: ChannelHandlerContext, _ error: InspectorError) {
        if !hasReportedEnd {
            hasReportedEnd = true
            _ = queue.append(.closed(error))
        }
        context.close(promise: nil)
    }
}
