import ELF
public import Linux
import SystemPackage

/// Everything read of a Node process at first look. Reading changes nothing.
public struct TargetProcess: Sendable {
    public let handle: ProcessHandle
    /// What the process itself calls its pid, in files that it writes.
    public let pidInNamespace: Int32
    /// Effective.
    public let uid: UInt32
    /// Effective.
    public let gid: UInt32
    public let name: String
    /// As they are now; the title alone where one has overwritten them.
    public let arguments: [String]
    /// `process.title` or --title has overwritten the arguments: flags and script cannot be told from them.
    public let argumentsAreOverwritten: Bool
    /// NODE_OPTIONS of the environment it was started with, cut as Node cuts it.
    public let nodeOptions: [String]
    public let executable: NodeExecutable
    public let caughtSignals: SignalSet
    /// Of the main thread.
    public let blockedSignals: SignalSet
    public let ignoredSignals: SignalSet
    public let residentBytes: UInt64
    /// In memory of its own, resident or swapped out: V8's heap and all else that is not a file's.
    public let anonymousBytes: UInt64
    /// What RLIMIT_AS and RLIMIT_DATA count.
    public let virtualBytes: UInt64
    public let dataBytes: UInt64
    public let isInOtherNetworkNamespace: Bool
    public let isInOtherPidNamespace: Bool
    public let isInOtherMountNamespace: Bool
    private let program: ProgramIdentity

    public var pid: Int32 { handle.pid }

    /// The program that it runs, as given; `nil` for --eval, standard input, the prompt, and where the title hides it.
    public var scriptPath: String? { commandLine.script }

    var commandLine: NodeCommandLine {
        switch executable.runtime {
        case .deno: NodeCommandLine(denoArguments: arguments)
        case .node where executable.isSingleExecutable:
            NodeCommandLine(singleExecutable: executable.path, arguments: arguments)
        case .node: NodeCommandLine(arguments: argumentsAreOverwritten ? [] : arguments)
        }
    }

    /// What of the arguments Node takes for its own options, with the program's name first.
    private var nodeArguments: [String] { executable.isSingleExecutable ? Array(arguments.prefix(1)) : arguments }

    /// How long ago it was started.
    public var uptime: Duration { max(.zero, .sinceBoot - Duration(clockTicks: handle.startTime)) }

    public var inspectorHints: InspectorHints {
        switch executable.runtime {
        case .node: InspectorHints(arguments: nodeArguments, nodeOptions: nodeOptions)
        case .deno: InspectorHints(denoArguments: arguments)
        }
    }

    /// Why Node loads no add-on into it; nil where nothing forbids that.
    public var addonBarrier: AddonBarrier? { .find(arguments: nodeArguments, nodeOptions: nodeOptions) }

    public var signalDumpHints: SignalDumpHints {
        SignalDumpHints(arguments: nodeArguments, nodeOptions: nodeOptions)
    }

    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> TargetProcess {
        try handle.bracketing { () throws(ProcessError) in
            if let target = try TargetProcess(handle, cache: NodeImageCache()) { return target }
            let description = try ProcessError.ofLook(at: handle.pid) { () throws(LinuxError) in
                try NonNodeDescription(reading: handle.pid)
            }
            throw .notNode(description)
        }
    }

    /// `nil` where it is not Node; sparing with what it reads then.
    static func readIfNode(_ handle: ProcessHandle, cache: NodeImageCache) throws(ProcessError) -> TargetProcess? {
        try handle.bracketing { () throws(ProcessError) in try TargetProcess(handle, cache: cache) }
    }

    /// What has become of the program that was looked at.
    public enum ProgramState: Sendable {
        case runs
        /// exec: the same pid runs another program.
        case replaced
        /// It has ended, or is just ending.
        case ended
    }

    /// As it is now. A process that is ending has given its memory back before it shows as ended, and looks like another
    /// program until then.
    public func programState() -> ProgramState {
        let now: ProgramIdentity
        do throws(LinuxError) {
            now = try ProgramIdentity(pid)
        } catch {
            // A program that may not be looked into is another one.
            return error.isAbsence || !handle.isAlive ? .ended : .replaced
        }
        guard handle.isAlive, !now.isGone else { return .ended }
        return now == program ? .runs : .replaced
    }

    /// The node-heapdump add-on, where the process has loaded it.
    public func heapdumpAddon() throws(ProcessError) -> HeapdumpAddon? {
        try handle.bracketing { () throws(LinuxError) in try HeapdumpAddon.find(pid) }
    }

    /// Whether an idle main thread may be waiting for a child process (execSync), which looks like the event loop.
    public func mayWaitForChild() -> Bool { handle.mayWaitForChild() }

    /// Whether a path means the same for it as for us, as far as the root goes: chroot(2) changes that.
    public func hasOurRoot() -> Bool {
        guard let theirs = try? ProcFile(pid, "root").identity(), let ours = try? FileIdentity(path: "/") else {
            return false
        }
        return theirs == ours
    }

    /// What it runs in other processes, if that is all it is for: a package manager, a watcher, a test runner.
    public func wrappedProgram() -> WrappedProgram? {
        let own = ProcessNames(self)
        // Most processes show by their command lines that they are none: nothing else is read for these.
        guard Wrappers.mayBeOne(own) else { return nil }
        let cache = NodeImageCache()
        let wrappers = Wrappers(
            tree: .read(),
            names: { [pid] process in
                if process == pid { return own }
                guard let status = try? ProcessStatus.read(process), let stat = try? ProcessStat.read(process),
                    !ForkedChild.isOne(process, status, parent: stat.parent),
                    ((try? NodeExecutable.find(process, cache: cache)) ?? nil)?.runtime == .node
                else { return nil }
                return try? ProcessNames(reading: process, name: status.name)
            })
        return wrappers.program(of: pid)
    }

    /// `anonymousBytes` as they are at this moment; as they were, where the process has ended.
    public func currentAnonymousBytes() -> UInt64 {
        let status = try? handle.bracketing { () throws(LinuxError) in try ProcessStatus.read(pid) }
        return status?.anonymousBytes ?? anonymousBytes
    }

    /// What RLIMIT_AS and RLIMIT_DATA count, at this moment.
    public func currentSizes() throws(ProcessError) -> (virtualBytes: UInt64, dataBytes: UInt64) {
        let status = try handle.bracketing { () throws(LinuxError) in try ProcessStatus.read(pid) }
        return (status.virtualBytes, status.dataBytes)
    }

    /// The masks as they are at this moment: handlers come and go while a program starts.
    public func currentSignals() throws(ProcessError) -> SignalMasks { try SignalMasks.read(handle) }

    /// As far as can be told without asking.
    private static func hasInspector(
        _ handle: ProcessHandle, _ hints: InspectorHints
    ) throws(ProcessError) -> Bool {
        let own = try ListeningSockets.owned(by: handle)
        if hints.enabled, own.contains(where: { $0.port == hints.port }) { return true }
        return try ListeningSockets.inspector(among: own, of: handle) != nil
    }

    private init?(_ handle: ProcessHandle, cache: NodeImageCache) throws(ProcessError) {
        let pid = handle.pid
        let (status, stat) = try ProcessError.ofLook(at: pid) { () throws(LinuxError) in
            (try ProcessStatus.read(pid), try ProcessStat.read(pid))
        }
        if stat.isEnded { throw .exited(pid: pid) }
        if stat.isKernelThread { return nil }
        // A copy of a Node process that writes its snapshot: Node to look at, and not what anybody means.
        if ForkedChild.isOne(pid, status, parent: stat.parent) { return nil }
        let found = try ProcessError.ofLook(at: pid) {
            () throws(LinuxError) -> (ProgramIdentity, NodeExecutable, ProcessArguments)? in
            let program = try ProgramIdentity(pid)
            guard let executable = try NodeExecutable.find(pid, cache: cache) else { return nil }
            return (program, executable, try ProcessArguments.read(pid))
        }
        guard let (program, executable, arguments) = found else { return nil }
        // Nothing else is used to get into Deno.
        if executable.runtime == .deno, try !Self.hasInspector(handle, InspectorHints(denoArguments: arguments.texts)) {
            return nil
        }
        (nodeOptions, isInOtherNetworkNamespace, isInOtherPidNamespace, isInOtherMountNamespace) =
            try ProcessError.ofLook(at: pid) { () throws(LinuxError) in
                (
                    try NodeOptionsVariable.read(pid), try Namespace.network.isOther(than: pid),
                    try Namespace.pid.isOther(than: pid), try Namespace.mount.isOther(than: pid)
                )
            }
        self.handle = handle
        self.executable = executable
        self.program = program
        pidInNamespace = status.innermostPid
        uid = status.effectiveUser
        gid = status.effectiveGroup
        name = status.name
        argumentsAreOverwritten = arguments.areOverwritten
        self.arguments = arguments.texts
        caughtSignals = status.caught
        blockedSignals = status.blocked
        ignoredSignals = status.ignored
        residentBytes = status.residentBytes
        anonymousBytes = status.anonymousBytes
        virtualBytes = status.virtualBytes
        dataBytes = status.dataBytes
    }
}

extension NonNodeDescription {
    /// Looks for the Node process that the user may have meant: shells and package managers start it as their child.
    fileprivate init(reading pid: Int32) throws(LinuxError) {
        let name = try ProcessStatus.read(pid).name
        if try ProcessStat.read(pid).isKernelThread {
            self.init(pid: pid, name: name, executablePath: nil, isKernelThread: true)
            return
        }
        let cache = NodeImageCache()
        var found: [ProcessSummary] = []
        // A loop, not a lazy sequence: that one would ask the same process again, which may be gone by then.
        for child in ProcessTree.read().descendants(of: pid) where found.count < 8 {
            guard ((try? NodeExecutable.find(child, cache: cache)) ?? nil)?.runtime == .node else { continue }
            if let summary = ProcessSummary.read(child) { found.append(summary) }
        }
        self.init(
            pid: pid, name: name, executablePath: try ProcFile(pid, "exe").link(),
            runtime: try Self.otherRuntime(of: pid, cache),
            nodeDescendants: found, nodeLibrary: Self.nodeLibrary(of: pid, cache))
    }

    private static func otherRuntime(of pid: Int32, _ cache: NodeImageCache) throws(LinuxError) -> OtherRuntime.Found? {
        let link = ProcFile(pid, "exe")
        if case .other(let found, _) = try cache.role(of: link.open(), link) { return found }
        let isChromium = { () throws(Errno) in
            guard let image = try ELFImage(ImageFile(Descriptor(opening: link.path), .usual)) else { return false }
            return try OtherRuntime.isChromium(image)
        }
        return (try? isChromium()) == true ? OtherRuntime.Found(runtime: .chromium, version: nil) : nil
    }

    private static func nodeLibrary(of pid: Int32, _ cache: NodeImageCache) -> String? {
        guard let library = try? MappedLibrary.find(NodeImage.libraryName, in: pid), let file = library.open(pid),
            case .node? = try? cache.role(of: file, ProcFile(pid, "maps"))
        else { return nil }
        return library.path
    }
}
