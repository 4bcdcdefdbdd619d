package import Linux
package import NodeProcess
import SystemPackage

/// Looks at what the threads of a Node process are doing, as often as one likes.
///
/// Each look is made on one thread, because the kernel binds a tracee to the thread that seized it. The next look may be made on
/// another thread, but never two looks at once.
package final class StackLook: @unchecked Sendable {
    private let target: TargetProcess
    private var handle: ProcessHandle { target.handle }
    private let reader: StackReader
    /// Those that did not stop in time before.
    private var slow: Set<Int32> = []

    /// How long a thread may take to stop; it takes longer only where it waits for a device, or is frozen.
    private static let patience = Duration.seconds(1)
    /// The same for one that has not stopped in time before.
    private static let littlePatience = Duration.milliseconds(20)

    package init(_ target: TargetProcess) throws(StackFailure) {
        self.target = target
        do throws(StackReader.Failure) {
            reader = try StackReader(
                target.pid, nodeVersion: target.executable.runtime == .node ? target.executable.version?.major : nil)
        } catch {
            throw Self.failure(error, target.handle)
        }
    }

    /// Why frames of JavaScript have no names; nil where they have.
    package var javascriptError: String? {
        reader.knowsJavaScript
            ? nil
            : "the executable does not say how V8 lays out its objects (v8dbg_ symbols), so JavaScript functions have no names"
    }

    /// The main thread's id, then those of the others in their order.
    package var threads: [Int32] {
        let all = ThreadSummary.all(of: handle.pid).map(\.id).sorted()
        return [handle.pid] + all.filter { $0 != handle.pid }
    }

    /// One thread, as it is now.
    ///
    /// Each call is made on a thread of its own, which ends soon afterwards: with it the kernel lets go of a tracee that did not stop in
    /// time, and would stop later.
    /// - Throws: `.process(.exited)` if the thread has ended.
    package func sample(_ thread: Int32) throws(StackFailure) -> ThreadSample {
        let pid = handle.pid
        let state = (try? ProcessStat.read(pid, thread: thread))?.state
        let name =
            (try? ProcFile(pid, "task/\(thread)/comm").text())?.split(separator: "\n").first.map(String.init) ?? ""
        // The main thread is looked at first, so the others need not ask again.
        if thread == pid, target.programState() == .replaced {
            throw .process(.failed(what: "look further: process \(pid) runs another program by now", errno: 0))
        }
        let stack: ThreadStack
        do throws(LinuxError) {
            stack = try read(thread)
        } catch {
            guard error.call == "waitpid", error.errno == .timedOut else {
                // What is about to end may not be traced any more.
                let stat = try? ProcessStat.read(pid, thread: thread)
                if stat?.isEnded ?? true || !handle.isAlive { throw .process(.exited(pid: pid)) }
                throw Self.failure(.kernel(error), handle)
            }
            slow.insert(thread)
            return standstill(thread, name, state)
        }
        let wait = ThreadWait(stack, of: pid, startsProgram: Activity.startsProgram(stack.frames))
        var activity = Activity(stack, wait: wait)
        // In the second version of cgroups a frozen thread can be stopped all the same.
        if thread == pid, (try? Freezer.isFrozen(handle)) == true {
            activity = Activity(kind: .stopped, text: "\(Self.frozen), \(activity.text)")
        } else if state == "T" {
            // Not t: whoever traced it then has let go of it since.
            activity = Activity(
                kind: .stopped, text: "stopped by a signal (kill -CONT \(pid) lets it go on), \(activity.text)")
        }
        let kind = kind(of: thread, stack.frames)
        return ThreadSample(
            thread: thread, kind: kind, threadID: kind == .worker ? stack.workerID : nil, name: name,
            activity: activity, wait: wait, frames: stack.frames, isComplete: stack.isComplete,
            stoppedFor: stack.stoppedFor)
    }

    /// One thread, which stands as long as what is returned lives. To be used on one kernel thread: see `Tracee`.
    /// - Throws: of the calls ptrace and waitpid.
    package func stop(_ thread: Int32) throws(LinuxError) -> StoppedThread {
        try reader.stop(thread, patience: Self.patience)
    }

    /// How long another tracer is waited for: a second heapdump is done in some milliseconds, a debugger is not.
    private static let tracerPatience = Duration.seconds(1)
    /// The same if no tracer has been seen.
    private static let refusalPatience = Duration.milliseconds(50)

    private func read(_ thread: Int32) throws(LinuxError) -> ThreadStack {
        let end = ContinuousClock.now + Self.tracerPatience
        // The other may have let go between the refusal and the look at who traces.
        let surely = ContinuousClock.now + Self.refusalPatience
        var wasTraced = false
        while true {
            do throws(LinuxError) {
                return try reader.read(thread, patience: slow.contains(thread) ? Self.littlePatience : Self.patience)
            } catch {
                guard error.call == "ptrace", error.errno == .notPermitted else { throw error }
                wasTraced = wasTraced || isTraced(thread)
                guard .now < (wasTraced ? end : surely) else { throw error }
                // Until the process ends, or for a moment.
                _ = Poll.wait(for: handle.descriptor, atMost: .milliseconds(2))
            }
        }
    }

    private func isTraced(_ thread: Int32) -> Bool {
        guard let status = try? ProcFile(handle.pid, "task/\(thread)/status").text() else { return false }
        return ProcessStatus(status).map { $0.tracer != 0 } ?? false
    }

    private static let frozen = "frozen with its cgroup (docker unpause or systemctl thaw lets it go on)"

    /// A thread that cannot be stopped, and so has no frames: what the kernel says of it.
    private func standstill(_ thread: Int32, _ name: String, _ state: Character?) -> ThreadSample {
        let isFrozen = (try? Freezer.isFrozen(handle)) ?? false
        let channel = (try? ProcFile(handle.pid, "task/\(thread)/wchan").text()).flatMap {
            $0.isEmpty || $0 == "0" ? nil : $0
        }
        let reason =
            isFrozen
            ? Self.frozen
            : "cannot be stopped to be looked at: state \(state.map(String.init) ?? "unknown")"
                + (channel.map { ", in the kernel's \($0)" } ?? "")
        return ThreadSample(
            thread: thread, kind: thread == handle.pid ? .main : .other, threadID: nil, name: name,
            activity: Activity(kind: isFrozen ? .stopped : .blocked, text: reason), wait: nil, frames: [],
            isComplete: false, stoppedFor: .zero)
    }

    private func kind(of thread: Int32, _ frames: [StackFrame]) -> ThreadSample.Kind {
        if thread == handle.pid { return .main }
        let isWorker = frames.contains { frame in
            frame.function?.hasPrefix("node::worker::Worker::") ?? false || frame.kind == .javascript
        }
        return isWorker ? .worker : .other
    }

    private static func failure(_ failure: StackReader.Failure, _ handle: ProcessHandle) -> StackFailure {
        guard case .kernel(let error) = failure else { return .unsupported }
        if error.errno == .notPermitted, let tracer = try? Tracer.of(handle) {
            return .traced(pid: handle.pid, by: tracer)
        }
        return .process(ProcessError(error, pid: handle.pid))
    }
}
