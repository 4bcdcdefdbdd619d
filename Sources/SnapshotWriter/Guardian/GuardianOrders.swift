import CLinux
import Glibc
import Linux
import SystemPackage

/// What heapdump tells its guardian through their socket pair, until it ends.
final class GuardianOrders {
    /// heapdump's end of it is another process's.
    private let control: Int32
    /// The last descriptor that came with the bytes.
    private var received: Descriptor?

    /// What heapdump had told when it ended.
    struct Duty {
        /// Of the inspector's listening socket; nil if heapdump ended before it had seen it.
        var inode: UInt64?
        /// Whether it has been open.
        var hasOpened = false
        /// Whether heapdump has closed it.
        var isClosed = false
        /// heapdump's connection to it; nil for none.
        var connection: HeldConnection?
    }

    init(_ control: Int32) { self.control = control }

    /// - Returns: false if heapdump is gone.
    func confirm() -> Bool {
        var ready = InspectorGuardian.Message.ready.rawValue
        return write(control, &ready, 1) == 1
    }

    /// - Returns: nil if there is nothing to do: heapdump said that all is well, or ended before the signal.
    func awaitDuty() -> Duty? {
        var duty: Duty?
        while let byte = readBytes(1)?.first {
            switch InspectorGuardian.Message(rawValue: byte) {
            case .signalling: duty = Duty()
            case .opened:
                guard let bytes = readBytes(MemoryLayout<UInt64>.size) else { return duty }
                duty?.inode = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
                duty?.hasOpened = true
            case .connected:
                if let socket = received.take() { duty?.connection = HeldConnection(socket) }
            // Another one may open, which nobody has seen yet.
            case .closed:
                duty?.inode = nil
                duty?.isClosed = true
            case .dismissed: return nil
            case .ready, nil: break
            }
        }
        return duty
    }

    /// - Returns: nil at heapdump's end.
    private func readBytes(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            var raw: Int32 = -1
            let result = bytes.withUnsafeMutableBytes { buffer in
                try? systemCall {
                    clinux_receive_with_descriptor(
                        control, buffer.baseAddress.map { $0 + filled }, count - filled, &raw)
                }
            }
            if raw >= 0 { received = Descriptor(owning: raw) }
            guard let result, result > 0 else { return nil }
            filled += result
        }
        return bytes
    }
}

/// heapdump's connection to the inspector, which a thread reads from too: closed when both are done with it.
final class HeldConnection: Sendable {
    private let socket: Descriptor

    init(_ socket: consuming Descriptor) { self.socket = socket }

    /// What the target still sends would pile up in it.
    func drain() {
        // Without a thread it has to keep what fits into the socket.
        try? Thread.detach { [self] in
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
            defer { buffer.deallocate() }
            while true {
                Poll.wait(for: socket.raw, atMost: nil)
                do throws(Errno) {
                    if try socket.read(into: buffer) == 0 { return }
                } catch .resourceTemporarilyUnavailable {
                } catch {
                    return
                }
            }
        }
    }

    /// Not close(2), for a thread reads from it: it notices the end, as the target does.
    func end() { shutdown(socket.raw, Int32(SHUT_RDWR)) }
}
