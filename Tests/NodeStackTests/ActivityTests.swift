import Testing

@testable import NodeStack

struct ActivityTests {
    private static func native(_ name: String) -> StackFrame {
        StackFrame(kind: .native, function: name, file: "/bin/node")
    }
    private static func script(_ name: String, _ file: String = "/srv/x.js", _ line: Int = 7) -> StackFrame {
        StackFrame(kind: .javascript, function: name, file: file, line: line, column: 3, isExact: true)
    }
    private static func engine(_ name: String) -> StackFrame { StackFrame(kind: .engine, function: name) }

    private static func activity(_ frames: [StackFrame], _ wait: ThreadWait? = nil) -> Activity {
        Activity(ThreadStack(thread: 1, systemCall: nil, frames: frames), wait: wait)
    }

    @Test func anEventLoopThatWaitsIsIdle() {
        let frames = [Self.native("epoll_pwait"), Self.native("uv__io_poll"), Self.native("uv_run")]
        let activity = Self.activity(frames, ThreadWait(call: "epoll_pwait"))
        #expect(activity == Activity(kind: .idle, text: "idle in epoll_pwait"))
    }

    @Test func namesTheFunctionThatRuns() {
        let activity = Self.activity([Self.script("spin"), Self.script("outer")])
        #expect(activity == Activity(kind: .javascript, text: "running JavaScript: spin (/srv/x.js:7)"))
    }

    /// A bytecode handler or a stub of V8's is part of the function that it works for.
    @Test func v8sOwnCodeBelongsToTheFunctionBelow() {
        #expect(Self.activity([Self.engine("AddHandler"), Self.script("spin")]).kind == .javascript)
    }

    @Test(arguments: [
        [native("v8::internal::IrregexpInterpreter::Match"), engine("CEntry")],
        [StackFrame(kind: .regexp), engine("RegExpExecInternal")],
    ])
    func aRegularExpressionIsOneInWhateverWayItRuns(_ frames: [StackFrame]) {
        let test = StackFrame(kind: .builtin, function: "test")
        let activity = Self.activity(frames + [test, Self.script("validate")])
        #expect(
            activity == Activity(kind: .regexp, text: "in a regular expression, called by validate (/srv/x.js:7)"))
    }

    @Test func saysWhichChildItWaitsFor() {
        let frames = [
            Self.native("epoll_wait"), Self.native("uv_run"), Self.native("node::SyncProcessRunner::Spawn"),
            Self.script("spawnSync", "node:child_process"), Self.script("deploy"),
        ]
        #expect(Activity.startsProgram(frames))
        let wait = ThreadWait(call: "epoll_wait", children: [.init(pid: 812, command: "git fetch")])
        #expect(Self.activity(frames, wait).kind == .childProcess)
        #expect(Self.activity(frames, wait).text == "waits for child 812: git fetch, called by deploy (/srv/x.js:7)")
    }

    /// As `execSync("sleep 98 & exit 0")` does: no child is there any more, and the output has another reader.
    @Test func saysThatTheChildHasEnded() {
        let frames = [Self.native("epoll_wait"), Self.native("node::SyncProcessRunner::Spawn"), Self.script("deploy")]
        #expect(
            Self.activity(frames, ThreadWait(call: "epoll_wait")).text
                == "waits for a child process that has ended, or whose output another process still has open, "
                + "called by deploy (/srv/x.js:7)")
    }

    @Test func aPausedDebuggerIsNoLock() {
        let frames = [
            Self.native("uv_cond_wait"), Self.native("node::inspector::MainThreadInterface::WaitForFrontendEvent"),
            Self.script("start"),
        ]
        #expect(
            Self.activity(frames, ThreadWait(call: "futex")).text
                == "waits for a debugger, called by start (/srv/x.js:7)")
    }

    /// Where a function begins is not where it is, and what is inlined may be where it is.
    @Test func saysWhatItDoesNotKnow() {
        var frame = Self.script("mid")
        frame.isExact = false
        #expect(frame.place == "mid (begins at /srv/x.js:7)")
        frame.mayBeIn = ["leaf"]
        #expect(frame.place == "mid or a function inlined into it (begins at /srv/x.js:7)")
    }

    /// An executable without symbols has no names of C++.
    @Test func knowsSpawnSyncByNodesOwnJavaScriptToo() {
        #expect(Activity.startsProgram([Self.script("spawnSync", "node:internal/child_process")]))
        #expect(!Activity.startsProgram([Self.script("spawnSync", "/srv/x.js")]))
    }

    @Test func blockedCallsSayWhatTheyWaitFor() {
        let frames = [
            Self.native("read"), Self.native("uv_fs_read"), Self.script("readSync", "node:fs"), Self.script("load"),
        ]
        let wait = ThreadWait(call: "read", descriptor: 7, target: "/srv/x")
        #expect(
            Self.activity(frames, wait)
                == Activity(kind: .blocked, text: "blocked in read(fd 7 → /srv/x), called by load (/srv/x.js:7)"))
    }

    @Test func aLoopThatJavaScriptWaitsInIsNotIdle() {
        let frames = [Self.native("epoll_wait"), Self.script("wait")]
        #expect(Self.activity(frames, ThreadWait(call: "epoll_wait")).kind == .blocked)
    }

    @Test func tellsAtomicsWaitFromOtherLocks() {
        let futex = ThreadWait(call: "futex")
        let atomics = [
            Self.native("futex_wait"), Self.native("v8::internal::FutexEmulation::WaitSync"), Self.script("f"),
        ]
        #expect(Self.activity(atomics, futex).kind == .atomicsWait)
        #expect(Self.activity([Self.native("pthread_cond_wait")], futex).kind == .blocked)
    }

    @Test(arguments: [
        "node::{anonymous}::PlatformWorkerThread", "worker", "node::inspector::{anonymous}::StartIoThreadMain",
    ])
    func threadsOfAPoolAreIdle(function: String) {
        let frames = [Self.native("pthread_cond_wait"), Self.native("uv_cond_wait"), Self.native(function)]
        let activity = Self.activity(frames, ThreadWait(call: "futex"))
        #expect(activity == Activity(kind: .idle, text: "idle, waits for work"))
        // One that JavaScript waits for is not.
        #expect(Self.activity(frames + [Self.script("f")], ThreadWait(call: "futex")).kind == .blocked)
    }

    @Test func garbageCollectionGoesBeforeWhatItInterrupted() {
        let frames = [Self.native("v8::internal::Heap::CollectGarbage"), Self.engine("CEntry"), Self.script("fill")]
        #expect(
            Self.activity(frames)
                == Activity(kind: .garbageCollection, text: "collecting garbage, called by fill (/srv/x.js:7)"))
        // One far below the function that runs is another function's.
        #expect(Self.activity([Self.script("fill")] + frames).kind == .javascript)
    }

    @Test func namesWhatNodeDoesForTheProgram() {
        let frames = [
            Self.native("sha512_block"), Self.native("node::crypto::PBKDF2Traits::DeriveBits"),
            Self.script("pbkdf2Sync", "node:internal/crypto/pbkdf2"), Self.script("hash"),
        ]
        #expect(
            Self.activity(frames).text
                == "in native code: node::crypto::PBKDF2Traits::DeriveBits, called by hash (/srv/x.js:7)")
    }
}
