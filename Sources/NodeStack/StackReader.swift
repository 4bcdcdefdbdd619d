import ELF
import Linux
import V8Metadata

/// Reads the stacks of a process's threads. A thread stands for the few milliseconds that its stack takes to read; nothing is run in
/// the process, and nothing is changed.
final class StackReader {
    private let pid: Int32
    private let memory: ProcessMemory
    private let code: CodeMap
    private let unwinder: Unwinder
    private let functions: FunctionReader?
    private let names: NativeNames

    /// How long a thread is kept from running at most, whatever its memory says. Usually it takes 1 to 10 ms.
    private static let longestStop = Duration.milliseconds(200)

    enum Failure: Error, Equatable {
        /// Not made for this architecture.
        case unsupported
        case kernel(LinuxError)
    }

    /// Prepares all that needs no thread to stand.
    /// - Parameter nodeVersion: the major one; nil if it is not known.
    init(_ pid: Int32, nodeVersion: Int?) throws(Failure) {
        self.pid = pid
        let memory: ProcessMemory
        let code: CodeMap
        do throws(LinuxError) {
            memory = try ProcessMemory(pid)
            code = try CodeMap(pid, memory)
        } catch {
            throw .kernel(error)
        }
        self.memory = memory
        self.code = code
        guard let unwinder = Unwinder(code, memory) else { throw .unsupported }
        self.unwinder = unwinder
        names = NativeNames(pid)
        functions = Self.metadata(pid, code, nodeVersion).map { metadata in
            FunctionReader(HeapObjects(memory: memory, metadata: metadata)) { address in
                code.mapping(at: address).map { $0.isExecutable && !$0.isOfFile } ?? false
            }
        }
    }

    /// Whether JavaScript can be told from V8's other code: false where neither executable nor library says how.
    var knowsJavaScript: Bool { functions != nil }

    /// Node is one file, or a small one with libnode.so.
    private static func metadata(_ pid: Int32, _ code: CodeMap, _ nodeVersion: Int?) -> V8Metadata? {
        let executable = try? ProcFile(pid, "exe").open()
        if let executable, let image = try? ELFImage(ImageFile(executable)),
            let found = try? V8Metadata(image, nodeVersion: nodeVersion)
        {
            return found
        }
        for mapping in code.nodeLibraries {
            if let file = mapping.open(in: pid), let image = try? ELFImage(ImageFile(file)),
                let found = try? V8Metadata(image, nodeVersion: nodeVersion)
            {
                return found
            }
        }
        return nil
    }

    /// What a thread is doing now.
    /// - Parameter patience: how long the thread may take to stop.
    func read(_ thread: Int32, patience: Duration) throws(LinuxError) -> ThreadStack {
        memory.forget()
        try code.refresh()
        return stack(of: thread, try look(thread, patience))
    }

    /// What is read while the thread stands, and named afterwards.
    private struct Found {
        let frames: [(frame: Unwinder.Frame, content: FunctionReader.Content?)]
        let call: (number: Int, arguments: [UInt64])?
        /// That the system call was given; nil if it takes none.
        let path: String?
        /// As a worker would have it; of other threads it means nothing.
        let threadID: Int?
        let isComplete: Bool
        let duration: Duration
    }

    private func look(_ thread: Int32, _ patience: Duration) throws(LinuxError) -> Found {
        let start = ContinuousClock.now
        let tracee = try Tracee(stopping: thread, patience: patience)
        let found = try find(tracee, start)
        _ = consume tracee
        return found(.now)
    }

    /// What a stopped thread is doing. It takes the moment at which the thread goes on.
    private func find(
        _ tracee: borrowing Tracee, _ start: ContinuousClock.Instant
    ) throws(LinuxError) -> (ContinuousClock.Instant) -> Found {
        let end = ContinuousClock.now + Self.longestStop
        let registers = try tracee.registers()
        let (frames, isComplete) = unwinder.frames(from: registers, until: end)
        let contents = frames.map { frame in
            let isReadable = !frame.isNative && ContinuousClock.now < end
            return (frame, isReadable ? functions?.content(of: frame, isCompiled: !isInFile(frame.code)) : nil)
        }
        let path = registers.systemCall.flatMap(path)
        let threadID =
            isComplete && tracee.thread != pid ? WorkerIdentity(code: code, memory: memory).threadID(frames) : nil
        return { now in
            Found(
                frames: contents, call: registers.systemCall, path: path, threadID: threadID, isComplete: isComplete,
                duration: now - start)
        }
    }

    /// A thread that stands until what is returned ends, and what it is doing. Its functions are named while it stands: by the files that
    /// an earlier look has read.
    func stop(_ thread: Int32, patience: Duration) throws(LinuxError) -> StoppedThread {
        memory.forget()
        try code.refresh()
        let start = ContinuousClock.now
        let tracee = try Tracee(stopping: thread, patience: patience)
        let stack = stack(of: thread, try find(tracee, start)(.now))
        return StoppedThread(tracee: tracee, stack: stack)
    }

    private func stack(of thread: Int32, _ found: Found) -> ThreadStack {
        memory.forget()
        return ThreadStack(
            thread: thread, systemCall: found.call, path: found.path, workerID: found.threadID,
            frames: found.frames.flatMap(frames), isComplete: found.isComplete, stoppedFor: found.duration)
    }

    /// The path among a system call's arguments.
    private func path(_ call: (number: Int, arguments: [UInt64])) -> String? {
        guard let place = Self.pathArguments[SystemCallName.of(call.number)],
            let bytes = memory.text(at: call.arguments[place], most: 4096)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Of the calls that may wait for a slow file system or for a FIFO's other end.
    private static let pathArguments = [
        "open": 0, "openat": 1, "stat": 0, "lstat": 0, "newfstatat": 1, "statx": 1, "access": 0, "faccessat": 1,
        "unlink": 0, "mkdir": 0, "rename": 0, "readlink": 0,
    ]

    private func isInFile(_ address: UInt64) -> Bool { code.mapping(at: address)?.isOfFile ?? false }

    private func frames(_ frame: Unwinder.Frame, _ content: FunctionReader.Content?) -> [StackFrame] {
        switch content {
        case .functions(let functions)?: return functions
        case .regularExpression?: return [StackFrame(kind: .regexp)]
        case .webAssembly?: return [StackFrame(kind: .wasm)]
        case .plumbing?, nil: break
        }
        guard let mapping = code.mapping(at: frame.code) else { return [StackFrame(kind: .unknown)] }
        let symbol = names.symbol(at: frame.code, of: mapping)
        let isBuiltin = symbol?.hasPrefix(Self.builtinPrefix) ?? false
        let kind: StackFrame.Kind = frame.isNative ? .native : content == nil && !isBuiltin ? .unknown : .engine
        let name =
            isBuiltin ? symbol.map { String($0.dropFirst(Self.builtinPrefix.count)) } : symbol.map(SymbolName.readable)
        return [StackFrame(kind: kind, function: name, file: mapping.path.isEmpty ? nil : mapping.path)]
    }

    /// Of the functions that V8 keeps in the executable.
    private static let builtinPrefix = "Builtins_"
}
