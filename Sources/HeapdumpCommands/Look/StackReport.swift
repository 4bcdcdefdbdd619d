import Linux
import NodeProcess
import NodeStack
import SnapshotWriter

/// What `stack --json` prints of a process, documented in docs/stack.md.
struct StackReport: Encodable {
    var formatVersion = 1
    var target: SnapshotReport.Target
    /// Of the main thread; nil where it could not be looked at.
    var verdict: Finding?
    var threads: [Thread] = []
    /// Why functions of JavaScript have no names; nil where they have.
    var javascriptError: String?
    var error: String?
    /// Of `error`.
    var reasonCode: ReasonCode?

    struct Finding: Encodable {
        var kind: Activity.Kind
        var text: String
        /// In how many looks it was so, and how many there were.
        var samples: Int
        var ofSamples: Int
        /// From the first look to the last, if it was so in all of several.
        var seconds: Double?

        init(_ verdict: Verdict) {
            kind = verdict.kind
            text = verdict.text
            samples = verdict.count
            ofSamples = verdict.total
            seconds = verdict.duration.map { ($0.inSeconds * 1000).rounded() / 1000 }
        }
    }

    struct Thread: Encodable {
        var tid: Int32
        /// The worker's `threadId`; 0 for the main thread.
        var threadID: Int?
        var kind: ThreadSample.Kind
        var name: String
        var verdict: Finding
        /// The stack that was seen most often, and in how many looks.
        var samples: Int
        var wait: Wait?
        /// Innermost first.
        var frames: [Frame]
        /// Whether the last frame is the thread's first.
        var complete: Bool
        /// Those that were seen less often, if any.
        var otherStacks: [Stack]?
        /// How long the thread stood for a look, at most.
        var stoppedMilliseconds: Double
        var javascriptError: String?
    }

    struct Stack: Encodable {
        var samples: Int
        var wait: Wait?
        var frames: [Frame]
    }

    struct Wait: Encodable {
        /// Name of the system call.
        var call: String
        var text: String
        var fd: Int32?
        var path: String?
        var peer: String?
        var children: [Child]?

        struct Child: Encodable {
            var pid: Int32
            var command: String
        }

        init(_ wait: ThreadWait) {
            call = wait.call
            text = wait.text
            fd = wait.descriptor
            path = wait.target
            peer = wait.peer
            children = wait.children.isEmpty ? nil : wait.children.map { Child(pid: $0.pid, command: $0.command) }
        }
    }

    struct Frame: Encodable {
        var kind: StackFrame.Kind
        var function: String?
        var file: String?
        var line: Int?
        var column: Int?
        /// `now`: where the function is; `begin`: where it begins. Left out without a line.
        var position: String?
        var inlined: Bool
        /// The functions inlined into this one, if nothing tells in which of them the thread is.
        var mayBeIn: [String]?

        init(_ frame: StackFrame) {
            kind = frame.kind
            function = frame.function
            file = frame.file
            line = frame.line
            column = frame.column
            position = frame.line == nil ? nil : frame.isExact ? "now" : "begin"
            inlined = frame.isInlined
            mayBeIn = frame.mayBeIn.isEmpty ? nil : frame.mayBeIn
        }
    }
}

extension StackReport.Thread {
    init(_ looked: LookedThread, _ javascriptError: String?) {
        let stacks = looked.stacks
        let first = stacks.first
        tid = looked.tid
        threadID = looked.kind == .main ? 0 : looked.threadID
        kind = looked.kind
        name = looked.name
        verdict = .init(looked.verdict)
        samples = first?.count ?? 0
        wait = first?.sample.wait.map { StackReport.Wait($0) }
        frames = first?.sample.frames.map { StackReport.Frame($0) } ?? []
        complete = first?.sample.isComplete ?? false
        otherStacks =
            stacks.count > 1
            ? stacks.dropFirst().map { stack in
                StackReport.Stack(
                    samples: stack.count, wait: stack.sample.wait.map { StackReport.Wait($0) },
                    frames: stack.sample.frames.map { StackReport.Frame($0) })
            } : nil
        stoppedMilliseconds = (looked.longestStop.inSeconds * 100_000).rounded() / 100
        self.javascriptError = javascriptError
    }
}
