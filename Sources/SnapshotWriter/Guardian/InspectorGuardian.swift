import CLinux
import Glibc
import Linux
import NodeProcess

/// The process that closes an inspector which this run opened, should heapdump be killed before it could.
///
/// It is started and ready before SIGUSR1 is sent, lives in a session of its own so that neither Ctrl-C nor a hang-up
/// reaches it, and learns of heapdump's end by the end of their socket pair.
final class InspectorGuardian: Guardian {
    private var control: Descriptor?
    private let pid: pid_t

    enum Message: UInt8 {
        /// From the guardian: it is watching.
        case ready = 0x52
        /// SIGUSR1 is about to be sent: from here on an end without `dismissed` means duty.
        case signalling = 0x53
        /// The inspector is open; the inode of its listening socket follows in eight bytes, as this machine orders them.
        case opened = 0x4F
        /// A connection to the inspector comes with it, which is to stay until the inspector is closed.
        case connected = 0x43
        /// The inspector is closed, but the event loop has not turned since the signal: it may open once more.
        case closed = 0x57
        /// The inspector is closed; nothing is left to do.
        case dismissed = 0x44
    }

    private init(_ control: consuming Descriptor, pid: pid_t) {
        self.control = consume control
        self.pid = pid
    }

    deinit { takeOver() }

    /// - Parameters:
    ///   - command: the program and arguments that run `GuardianDuty`; the facts about the target are appended.
    ///   - present: inodes of the sockets that the target listened on before; those are not the guardian's.
    ///   - port: where the inspector will open; nil where the kernel chooses.
    ///   - sleep: sleeps until the descriptor is readable, or throws.
    static func start(
        command: [String], target: TargetProcess, present: Set<UInt64>, port: UInt16?,
        sleep: (Int32) throws(DumpFailure) -> Void
    ) throws(DumpFailure) -> InspectorGuardian {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .cannotStart("no socket pair for the guardian process: \(errnoText(errno))")
        }
        let control = Descriptor(owning: ends[0])
        let theirs = Descriptor(owning: ends[1])
        let arguments =
            command + [
                "--pid", String(target.pid), "--start-time", String(target.handle.startTime),
                "--user-id", String(target.uid), "--port", String(port ?? 0),
            ]
            + (present.isEmpty ? [] : ["--present", present.map(String.init).joined(separator: ",")])
        OutOfMemoryOrder.stepBack()
        // The program is a path under /proc; what ps shows is a name that the operator knows.
        let pid = try? Spawn.daemon(
            arguments[0], ["heapdump"] + arguments.dropFirst(), standardInput: theirs.raw)
        _ = consume theirs
        OutOfMemoryOrder.goFirst()
        guard let pid else {
            throw .cannotStart("the guardian process that closes the inspector cannot be started, so it was not opened")
        }
        let guardian = InspectorGuardian(control, pid: pid)
        try sleep(ends[0])
        guard guardian.isReady() else {
            throw .cannotStart("the guardian process that closes the inspector did not start, so it was not opened")
        }
        return guardian
    }

    func announceSignal() { tell(.signalling) }

    func announceOpened(inode: UInt64) {
        tell(.opened, withUnsafeBytes(of: inode) { Array($0) })
    }

    func entrust(_ connection: Int32) {
        guard let control = raw else { return }
        _ = try? systemCall { clinux_send_descriptor(control, Message.connected.rawValue, connection) }
    }

    func dismiss() {
        guard raw != nil else { return }
        tell(.dismissed)
        takeOver()
        Spawn.reap(pid)
    }

    func announceClosed() { tell(.closed) }

    func takeOver() { control = nil }

    private var raw: Int32? {
        switch control {
        case .some(let control): control.raw
        case nil: nil
        }
    }

    private func tell(_ message: Message, _ content: [UInt8] = []) {
        // Less than a socket's buffer: written at once and whole.
        let bytes = [message.rawValue] + content
        bytes.withUnsafeBytes { try? control?.write($0) }
    }

    private func isReady() -> Bool {
        var byte: UInt8 = 0
        guard let control = raw else { return false }
        return read(control, &byte, 1) == 1 && byte == Message.ready.rawValue
    }
}
