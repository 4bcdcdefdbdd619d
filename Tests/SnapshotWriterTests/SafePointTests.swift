import Testing

@testable import NodeStack
@testable import SnapshotWriter

/// Where a thread may be made to fork, by its stack.
struct SafePointTests {
    private static let node = "/usr/bin/node"

    private static func native(_ name: String?, _ file: String = node) -> StackFrame {
        StackFrame(kind: .native, function: name, file: file)
    }
    private static let javascript = StackFrame(kind: .javascript, function: "main", file: "/app/a.js")
    private static func engine(_ name: String?) -> StackFrame { StackFrame(kind: .engine, function: name, file: node) }

    private static let idle = [
        native("epoll_pwait", "/lib/libc.so.6"), native("uv__io_poll"), native("uv_run"),
        native("node::SpinEventLoopInternal"), native("node::Start"), native("__libc_start_main", "/lib/libc.so.6"),
        native("_start"),
    ]

    private func judge(
        _ frames: [StackFrame], call: Int? = nil, isComplete: Bool = true
    ) -> SafePoint {
        SafePoint(
            ThreadStack(thread: 1, systemCall: call.map { ($0, []) }, frames: frames, isComplete: isComplete),
            isInCall: call != nil, executable: Self.node)
    }

    @Test func anIdleEventLoopMayBeForked() {
        #expect(judge(Self.idle, call: 281) == .safe)
        // Stripped: epoll_wait alone says it.
        #expect(judge(Self.idle.map { StackFrame(kind: $0.kind, function: nil, file: $0.file) }, call: 232) == .safe)
    }

    @Test func anUnfinishedStackMayNot() {
        #expect(judge(Self.idle, call: 281, isComplete: false) == .no("where its stack cannot be followed"))
    }

    @Test(arguments: ["CallApiCallbackGeneric", "HandleApiCallOrConstruct", "CEntry_Return1_ArgvOnStack_NoBuiltinExit"])
    func aReadThatJavaScriptMakesMayBeForked(boundary: String) {
        let frames = [
            Self.native("read", "/lib/libc.so.6"), Self.native("uv__fs_work"), Self.native("node::fs::Read"),
            Self.engine(boundary), Self.javascript,
        ]
        #expect(judge(frames, call: 0) == .safe)
    }

    /// The older way from JavaScript to Node goes through functions of V8's that are harmless.
    @Test func v8MayHaveCalledOut() {
        let frames = [
            Self.native("read", "/lib/libc.so.6"), Self.native("node::fs::Read"),
            Self.native("v8::internal::FunctionCallbackArguments::Call"),
            Self.native("v8::internal::{anonymous}::HandleApiCallHelper"),
            Self.native("v8::internal::Builtin_HandleApiCall"),
            Self.engine("CEntry_Return1_ArgvOnStack_BuiltinExit"), Self.javascript,
        ]
        #expect(judge(frames, call: 0) == .safe)
    }

    /// Long computations of Node's own, where every function has its name.
    @Test func nativeCodeOfNodesMayBeForkedWhereItIsKnown() {
        let frames = [
            Self.native("sha512_block_data_order"), Self.native("PKCS5_PBKDF2_HMAC"),
            Self.engine("CallApiCallbackGeneric"),
        ]
        #expect(judge(frames + [Self.javascript]) == .safe)
        #expect(judge([Self.native(nil)] + frames + [Self.javascript]) == .interruptible)
    }

    @Test(arguments: [
        "malloc", "operator new", "free", "pthread_mutex_lock", "__lll_lock_wait", "pthread_cond_wait", "dlopen",
        "_dl_map_object",
        "fork", "uv_spawn", "exit", "v8::internal::Heap::CollectGarbage", "cppgc::internal::Sweeper",
        "absl::Mutex::Lock",
        "v8::internal::JsonParser::Parse", "v8::Script::Compile",
    ])
    func lockedPlacesMayNot(function: String) {
        let frames = [Self.native("futex", "/lib/libc.so.6"), Self.native(function), Self.native("node::Start")]
        #expect(judge(frames, call: 202) == .no("in \(function)"))
        // JavaScript that has called it can be interrupted afterwards.
        #expect(judge(frames + [Self.javascript], call: 202) == .interruptible)
    }

    @Test(arguments: ["libjemalloc.so.2", "libtcmalloc_minimal.so.4", "libmimalloc.so.2.0"])
    func otherAllocatorsMayNot(file: String) {
        #expect(
            judge([Self.native(nil, "/usr/lib/\(file)"), Self.native("node::Start")], call: 28) == .no("in \(file)"))
    }

    @Test func theDynamicLinkerMayNot() {
        #expect(judge([Self.native(nil, "/lib64/ld-linux-x86-64.so.2")], call: 9) == .no("in the dynamic linker"))
    }

    @Test func javascriptIsInterrupted() {
        #expect(judge([Self.javascript]) == .interruptible)
        #expect(judge([StackFrame(kind: .regexp), Self.javascript]) == .interruptible)
        #expect(judge([Self.engine("Add"), Self.javascript]) == .interruptible)
    }

    /// Compiled JavaScript may call C without a frame that V8 could walk back over.
    @Test func aFastCallMayNotBeForked() {
        #expect(
            judge(
                [Self.native("read", "/lib/libc.so.6"), Self.native("node::fs::FastExists"), Self.javascript], call: 0)
                == .interruptible)
    }

    @Test func atomicsWaitIsInterrupted() {
        let frames = [
            Self.native("futex", "/lib/libc.so.6"), Self.native("v8::internal::FutexEmulation::WaitSync"),
            Self.engine("CEntry_Return1_ArgvOnStack_BuiltinExit"), Self.javascript,
        ]
        #expect(judge(frames, call: 202) == .interruptible)
    }

    private func isParked(_ frames: [StackFrame], call: Int?) -> Bool {
        SafePoint.isParked(ThreadStack(thread: 2, systemCall: call.map { ($0, []) }, frames: frames))
    }

    @Test func aThreadThatWaitsForWorkMayBeBorrowed() {
        let wait = [Self.native(nil, "/lib/libc.so.6"), Self.native("pthread_cond_wait", "/lib/libc.so.6")]
        let pool = [Self.native("uv_cond_wait"), Self.native("worker"), Self.native("start_thread", "/lib/libc.so.6")]
        #expect(isParked(wait + pool, call: 202))
        #expect(isParked(Self.idle, call: 281))
        // Who waits for a lock may hold another.
        #expect(!isParked([Self.native("pthread_mutex_lock", "/lib/libc.so.6"), Self.native("worker")], call: 202))
        #expect(!isParked(wait + [Self.native("uv_cond_wait"), Self.native("v8::internal::Heap::Wait")], call: 202))
        #expect(!isParked(pool, call: nil))
    }
}
