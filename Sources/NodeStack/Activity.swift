/// What a thread is doing, by its stack.
package struct Activity: Sendable, Equatable {
    package enum Kind: String, Sendable, Encodable {
        /// In the event loop's wait, with nothing to do.
        case idle
        case javascript
        case regexp
        /// V8 collects garbage.
        case garbageCollection = "garbage-collection"
        /// V8 parses or compiles.
        case compiling
        case json
        case atomicsWait = "atomics-wait"
        /// For a program that it has started with spawnSync, execSync or execFileSync.
        case childProcess = "child-process"
        /// In a system call that has not returned.
        case blocked
        /// In C or C++.
        case native
        case wasm
        /// Stopped by a signal or a debugger.
        case stopped
        case unknown
    }

    package let kind: Kind
    /// A clause: `in a regular expression, called by validate (/srv/x.js:12)`.
    package let text: String

    package init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }
}

extension Activity {
    /// - Parameter wait: what the thread waits for in the kernel; nil if it runs.
    package init(_ stack: ThreadStack, wait: ThreadWait?) {
        self = ActivityJudge(frames: stack.frames).activity(wait)
    }

    /// Whether a stack runs a child process and waits for its end.
    package static func startsProgram(_ frames: [StackFrame]) -> Bool { ActivityJudge(frames: frames).startsProgram }
}

/// The rules, innermost frames first: what is closest to the processor says most.
private struct ActivityJudge {
    let frames: [StackFrame]

    /// Those before JavaScript, innermost first.
    private var inner: ArraySlice<StackFrame> {
        frames.prefix { $0.kind != .javascript && $0.kind != .builtin && $0.kind != .wasm }
    }
    private var hasJavaScript: Bool { frames.contains { $0.kind == .javascript || $0.kind == .builtin } }

    private func innerHas(_ parts: String...) -> Bool {
        inner.contains { frame in
            guard frame.kind == .native || frame.kind == .engine, let name = frame.function else { return false }
            return parts.contains { name.contains($0) }
        }
    }

    var startsProgram: Bool {
        if innerHas("node::SyncProcessRunner::") { return true }
        // Where the executable has no symbols, Node's own JavaScript tells.
        return frames.first { $0.kind == .javascript }
            .map { $0.function == "spawnSync" && ($0.file?.hasPrefix("node:") ?? false) } ?? false
    }

    func activity(_ wait: ThreadWait?) -> Activity {
        if innerHas(
            "::Heap::CollectGarbage", "::Heap::PerformGarbageCollection", "::MarkCompactCollector::",
            "::ScavengerCollector::",
            "::Heap::CollectAllGarbage", "::IncrementalMarking::", "::LocalHeap::PerformCollection", "cppgc::internal::"
        ) {
            return Activity(kind: .garbageCollection, text: "collecting garbage" + caller)
        }
        if inner.contains(where: { $0.kind == .regexp })
            || innerHas("::IrregexpInterpreter::", "::RegExpImpl::", "::RegExp::", "RegExpExecInternal")
        {
            return Activity(kind: .regexp, text: "in a regular expression" + caller)
        }
        if innerHas("::FutexEmulation::", "Builtin_AtomicsWait") {
            return Activity(kind: .atomicsWait, text: "blocked in Atomics.wait" + caller)
        }
        if innerHas("::NodeInspectorClient::", "::WaitForFrontend") {
            return Activity(kind: .blocked, text: "waits for a debugger" + caller)
        }
        if let wait { return waiting(wait) }
        if innerHas("::Compiler::", "::parsing::", "::Parser::", "::PreParser::", "::OptimizedCompilationJob::") {
            return Activity(kind: .compiling, text: "compiling JavaScript" + caller)
        }
        if innerHas("::JsonParse") { return Activity(kind: .json, text: "in JSON.parse" + caller) }
        if innerHas("::JsonStringif") { return Activity(kind: .json, text: "in JSON.stringify" + caller) }
        return running
    }

    private func waiting(_ wait: ThreadWait) -> Activity {
        if startsProgram {
            let what =
                wait.children.isEmpty
                ? "a child process that has ended, or whose output another process still has open" : wait.text
            return Activity(kind: .childProcess, text: "waits for \(what)" + caller)
        }
        if wait.call.hasPrefix("epoll_"), !hasJavaScript {
            return Activity(kind: .idle, text: "idle in \(wait.call)")
        }
        let isLock = wait.call.hasPrefix("futex")
        if isLock, waitsForWork { return Activity(kind: .idle, text: "idle, waits for work") }
        return Activity(
            kind: .blocked,
            text: (isLock ? "blocked in futex (a lock or a condition)" : "blocked in \(wait.text)") + caller)
    }

    /// Threads of Node's own that others give work to: V8's, those of libuv's pool, and the one that opens the inspector.
    private var waitsForWork: Bool {
        guard !hasJavaScript, innerHas("uv_cond_wait", "uv_sem_wait") else { return false }
        return innerHas("::PlatformWorkerThread", "::StartIoThreadMain") || inner.contains { $0.function == "worker" }
    }

    private var running: Activity {
        // V8's code between two frames is part of what it calls.
        guard let first = frames.first(where: { $0.kind != .engine }) else {
            return Activity(kind: .unknown, text: "where it is cannot be told")
        }
        switch first.kind {
        case .javascript:
            return Activity(kind: .javascript, text: "running JavaScript: \(first.place)")
        case .builtin:
            return Activity(kind: .javascript, text: "in \(first.function ?? "a function") of V8" + caller)
        case .wasm: return Activity(kind: .wasm, text: "running WebAssembly" + caller)
        case .native:
            return Activity(kind: .native, text: "in native code: \(nativeName ?? "without a name")" + caller)
        case .regexp, .engine, .unknown:
            return Activity(kind: .unknown, text: "in code that nothing names" + caller)
        }
    }

    /// What Node calls on JavaScript's behalf says more than the innermost of ten functions of a library.
    private var nativeName: String? {
        let named = inner.filter { $0.kind == .native && $0.function != nil }
        let ofNode = named.first { $0.function.map { $0.hasPrefix("node::") } ?? false }
        return (hasJavaScript ? ofNode : nil)?.function ?? named.first?.function ?? inner.first?.file
    }

    /// The program's own function that is nearest; Node's own where there is none.
    private var caller: String {
        let functions = frames.filter { $0.kind == .javascript }
        guard let nearest = functions.first(where: { !($0.file?.hasPrefix("node:") ?? false) }) ?? functions.first
        else {
            return ""
        }
        return ", called by \(nearest.place)"
    }
}

extension StackFrame {
    /// `validate (/srv/x.js:12)`; what is not known is not said to be.
    package var place: String {
        let name = (function ?? "a function without a name") + (mayBeIn.isEmpty ? "" : " or a function inlined into it")
        guard let file else { return name }
        return "\(name) (\(isExact || line == nil ? "" : "begins at ")\(file)\(line.map { ":\($0)" } ?? ""))"
    }
}
