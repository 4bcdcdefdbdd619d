public enum ProcessError: Error, Sendable, Equatable {
    case noSuchProcess(pid: Int32)
    /// It was there, and has ended: a zombie counts as ended.
    case exited(pid: Int32)
    /// The number is a thread's, not a process's.
    case isThread(Int32, of: Int32)
    case notNode(NonNodeDescription)
    case notPermitted(PermissionRefusal)
    /// Nothing listens where we wanted to connect, or it did not answer in time.
    case notConnected(address: String, port: UInt16, errno: Int32)
    /// What was to be read of it was too much, or did not come.
    case tookTooLong(pid: Int32, seconds: Int)
    /// Any other refusal of the kernel; `errno` is 0 where its answer made no sense to us.
    case failed(what: String, errno: Int32)
}

/// What a process that is not Node is instead.
public struct NonNodeDescription: Sendable, Equatable {
    public let pid: Int32
    public let name: String
    /// `nil` for kernel threads.
    public let executablePath: String?
    public let isKernelThread: Bool
    /// Another program that runs JavaScript.
    let runtime: OtherRuntime.Found?
    /// Node processes among its descendants, nearest first: the ones that are probably meant.
    public let nodeDescendants: [ProcessSummary]
    /// Path of a library that is Node and that it has mapped, as R with V8 does; nil if there is none.
    public let nodeLibrary: String?

    init(
        pid: Int32, name: String, executablePath: String?, isKernelThread: Bool = false,
        runtime: OtherRuntime.Found? = nil, nodeDescendants: [ProcessSummary] = [], nodeLibrary: String? = nil
    ) {
        self.pid = pid
        self.name = name
        self.executablePath = executablePath
        self.isKernelThread = isKernelThread
        self.runtime = runtime
        self.nodeDescendants = nodeDescendants
        self.nodeLibrary = nodeLibrary
    }
}
