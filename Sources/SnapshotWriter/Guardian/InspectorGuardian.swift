import CLinux
import Glibc
import NodeProcess

/// The process that closes an inspector which this run opened, should heapdump be killed before it could.
///
/// It is started and ready before SIGUSR1 is sent, lives in a session of its own so that neither Ctrl-C nor a hang-up
/// reaches it, and learns of heapdump's end by the end of their socket pair.
final class InspectorGuardian {
    private var control: Int32
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

    private init(control: Int32, pid: pid_t) {
        self.control = control
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
            throw .cannotStart("no socket pair for the guardian process: " + String(cString: strerror(errno)))
        }
        let arguments =
            command + [
                "--pid", String(target.pid), "--start-time", String(target.handle.startTime),
                "--user-id", String(target.uid), "--port", String(port ?? 0),
            ]
            + (present.isEmpty ? [] : ["--present", present.map(String.init).joined(separator: ",")])
        OutOfMemoryOrder.stepBack()
        let result = spawn(arguments, standardInput: ends[1])
        OutOfMemoryOrder.goFirst()
        close(ends[1])
        guard case .success(let pid) = result else {
            close(ends[0])
            throw .cannotStart("the guardian process that closes the inspector cannot be started, so it was not opened")
        }
        let guardian = InspectorGuardian(control: ends[0], pid: pid)
        try sleep(guardian.control)
        guard guardian.isReady() else {
            throw .cannotStart("the guardian process that closes the inspector did not start, so it was not opened")
        }
        return guardian
    }

    /// To be called right before the signal is sent.
    func announceSignal() { tell(.signalling) }

    /// From here on the guardian's work is done once this socket is gone, whoever closed it.
    func announceOpened(inode: UInt64) {
        tell(.opened, withUnsafeBytes(of: inode) { Array($0) })
    }

    /// Has the guardian hold a connection to the inspector as well: a session that ends right before the inspector is closed has
    /// crashed Node 18 to 24, and this one would end with heapdump.
    func entrust(_ connection: Int32) {
        while clinux_send_descriptor(control, Message.connected.rawValue, connection) < 0, errno == EINTR {}
    }

    /// The inspector is closed: the guardian ends at once.
    func dismiss() {
        guard control >= 0 else { return }
        tell(.dismissed)
        closeControl()
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }

    /// The inspector is closed. Node has SIGUSR1 open it twice, by an interrupt of JavaScript and in the event loop
    /// (RequestIoThreadStart in src/inspector_agent.cc); in a process that was busy, the second is still to come.
    func announceClosed() { tell(.closed) }

    /// From here on closing the inspector is the guardian's alone.
    func takeOver() { closeControl() }

    private func closeControl() {
        guard control >= 0 else { return }
        close(control)
        control = -1
    }

    private func tell(_ message: Message, _ content: [UInt8] = []) {
        // Less than a socket's buffer: written at once and whole.
        let bytes = [message.rawValue] + content
        while write(control, bytes, bytes.count) < 0, errno == EINTR {}
    }

    private func isReady() -> Bool {
        var byte: UInt8 = 0
        return read(control, &byte, 1) == 1 && byte == Message.ready.rawValue
    }

    /// /dev/null. Not every root has it: writing to a pipe that is open for reading fails, which nobody misses.
    private static func nowhere() -> Int32 {
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        var ends: [Int32] = [-1, -1]
        guard null < 0, pipe(&ends) == 0 else { return null }
        close(ends[1])
        return ends[0]
    }

    private static func spawn(_ arguments: [String], standardInput: Int32) -> Result<pid_t, DumpFailure> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, standardInput, STDIN_FILENO)
        // A shell that reads heapdump's output must not wait for the guardian's end as well.
        let nowhere = nowhere()
        defer { close(nowhere) }
        posix_spawn_file_actions_adddup2(&actions, nowhere, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, nowhere, STDERR_FILENO)
        // The file system that heapdump was started in stays free to be unmounted.
        clinux_spawn_add_chdir(&actions, "/")
        clinux_spawn_add_closefrom(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // heapdump blocks signals to poll for them; the guardian's are as usual, so that whoever wants can end it.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(CLINUX_SPAWN_SETSID) | Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        // The program is a path under /proc; what ps shows is a name that the operator knows.
        let shown = ["heapdump"] + arguments.dropFirst()
        var vector: [UnsafeMutablePointer<CChar>?] = shown.map { strdup($0) } + [nil]
        defer { vector.forEach { free($0) } }
        let result = posix_spawn(&pid, arguments[0], &actions, &attributes, &vector, environ)
        return result == 0 ? .success(pid) : .failure(.cannotStart(String(cString: strerror(result))))
    }
}
