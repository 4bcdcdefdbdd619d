import NodeStack

/// Where a thread stands, as far as calling something in it goes. A pure function of its stack.
enum SafePoint: Equatable {
    /// It may fork here: it holds no lock, and V8 can walk its stack.
    case safe
    /// V8 will interrupt its JavaScript, if asked.
    case interruptible
    /// Neither; where it stands, as a clause.
    case no(String)

    /// - Parameters:
    ///   - isInCall: whether it waits in a system call, and not in code of its own.
    ///   - executable: its path.
    init(_ stack: ThreadStack, isInCall: Bool, executable: String) {
        let isNative = stack.frames.first?.kind == .native
        let runsJavaScript = stack.frames.contains { $0.kind != .native }
        let waitsForEvents = isInCall && stack.systemCall.map(Self.eventCalls.contains) ?? false
        var obstacle: String?
        var boundary: StackFrame?
        for frame in stack.frames {
            if frame.kind != .native {
                boundary = frame
                break
            }
            obstacle = Self.obstacle(
                frame, allowsNameless: waitsForEvents || isInCall && !Self.isNode(frame, executable))
            if obstacle != nil { break }
        }
        if obstacle == nil, isNative {
            if let boundary {
                if Self.isExit(boundary) {
                    self = .safe
                    return
                }
            } else if stack.isComplete, isInCall {
                self = .safe
                return
            }
        }
        if runsJavaScript || !isNative {
            self = .interruptible
        } else {
            self = .no(obstacle ?? (stack.isComplete ? "in native code" : "where its stack cannot be followed"))
        }
    }

    /// epoll_wait, epoll_pwait, epoll_pwait2: libuv makes them where nothing is held.
    private static let eventCalls: Set<Int> = [232, 281, 441]

    /// - Parameter allowsNameless: whether a function without a name is taken for a harmless one.
    private static func obstacle(_ frame: StackFrame, allowsNameless: Bool) -> String? {
        if let file = frame.file.map(fileName), let loader = unsafeFiles.first(where: { file.contains($0) }) {
            return "in \(loader == "ld-linux" ? "the dynamic linker" : file)"
        }
        guard let name = frame.function else { return allowsNameless ? nil : "in a function without a name" }
        if unsafeBeginnings.contains(where: { name.hasPrefix($0) }) { return "in \(name)" }
        // V8's own code may be in the middle of a collection, or keep addresses that one would change.
        let isEngine = engine.contains { name.hasPrefix($0) }
        return isEngine && !callsOut.contains(where: { name.hasSuffix($0) }) ? "in \(name)" : nil
    }

    private static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Whether the frame is in Node's own code.
    private static func isNode(_ frame: StackFrame, _ executable: String) -> Bool {
        frame.file == executable || frame.file.map { fileName($0).hasPrefix("libnode.") } ?? false
    }

    /// Allocators, and the dynamic linker, hold locks of their own.
    private static let unsafeFiles = [
        "jemalloc", "tcmalloc", "mimalloc", "snmalloc", "rpmalloc", "libhoard", "ld-linux",
    ]

    /// Functions that hold locks, wait for them, or are about to change what the process is: how their names begin (pthread_c: of conditions,
    /// create and cancel).
    private static let unsafeBeginnings = [
        "malloc", "free", "cfree", "calloc", "realloc", "memalign", "posix_memalign", "aligned_alloc", "valloc",
        "operator new", "operator delete", "_int_malloc", "_int_free", "sysmalloc", "__libc_malloc", "__libc_free",
        "__libc_calloc", "__libc_realloc", "je_", "tc_", "mi_", "dlopen", "dlsym", "dlclose", "dl_iterate_phdr", "_dl_",
        "pthread_mutex_lock", "pthread_rwlock_", "pthread_c", "pthread_join", "__pthread_",
        "___pthread_", "__lll_lock", "sem_wait", "uv_mutex_lock", "uv_rwlock_", "uv_cond_", "uv_sem_wait", "uv_spawn",
        "uv__spawn", "uv__fork", "fork", "vfork", "__libc_fork", "_Fork", "posix_spawn", "__spawn", "exit", "_exit",
        "abort", "raise", "__run_exit_handlers",
    ]

    private static let engine = ["v8::", "cppgc::", "absl::"]
    /// Those of V8's functions by which it calls Node's.
    private static let callsOut = [
        "HandleApiCall", "HandleApiCallHelper", "FunctionCallbackArguments::Call", "CallOrConstruct",
    ]

    /// Whether JavaScript has left for native code here in the way that V8 can walk back over.
    private static func isExit(_ frame: StackFrame) -> Bool {
        frame.kind == .engine
            && ["CallApi", "HandleApi", "CEntry"].contains { frame.function?.hasPrefix($0) ?? false }
    }

    /// Whether a thread waits for work, holding nothing: it may be borrowed for a call.
    static func isParked(_ stack: ThreadStack) -> Bool {
        guard let call = stack.systemCall else { return false }
        let functions = stack.frames.map { $0.function ?? "" }
        let start: Int
        if eventCalls.contains(call) {
            start = 0
        } else if let waits = functions.firstIndex(where: { waitsForWork.contains($0) }), waits <= mostWaitFrames {
            start = waits + 1
        } else {
            return false
        }
        return stack.frames[start...].allSatisfy { frame in obstacle(frame, allowsNameless: true) == nil }
    }

    private static let waitsForWork = ["uv_cond_wait", "uv_cond_timedwait", "uv_sem_wait"]
    /// Of the C library's, above those.
    private static let mostWaitFrames = 6
}
