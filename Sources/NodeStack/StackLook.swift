import Linux
package import NodeProcess
import SystemPackage

/// Looks at what the threads of a Node process are doing, as often as one likes.
///
/// Each look is made on one thread, for the kernel binds a tracee to who seized it; the next one may be made on another. Two at once
/// may not.
package final class StackLook: @unchecked Sendable {
    private let handle: ProcessHandle
    private let reader: StackReader
    /// That did not stop in time: the kernel stops them when they come back, until this program ends, so they are left alone.
    private var stuck: Set<Int32> = []

    package init(_ target: TargetProcess) throws(StackFailure) {
        handle = target.handle
        do throws(StackReader.Failure) {
            reader = try StackReader(
                handle.pid, nodeVersion: target.executable.runtime == .node ? target.executable.version?.major : nil)
        } catch {
            throw Self.failure(error, handle)
        }
    }

    /// Why frames of JavaScript have no names; nil where they have.
    package var javascriptError: String? {
        reader.knowsJavaScript
            ? nil
            : "the executable does not say how V8 lays out its objects (v8dbg_ symbols), so JavaScript functions have no names"
    }

    /// The main thread, as it is now.
    package func main() throws(StackFailure) -> ThreadSample { try sample(handle.pid) }

    /// The main thread, then the others by their ids. One that ends meanwhile is left out.
    package func all() throws(StackFailure) -> [ThreadSample] {
        var samples = [try main()]
        for thread in ThreadSummary.all(of: handle.pid).map(\.id).sorted() where thread != handle.pid {
            do throws(StackFailure) {
                samples.append(try sample(thread))
            } catch .process(.exited) {
                continue
            }
        }
        return samples
    }

    private func sample(_ thread: Int32) throws(StackFailure) -> ThreadSample {
        let pid = handle.pid
        let state = (try? ProcessStat.read(pid, thread: thread))?.state
        let name =
            (try? ProcFile(pid, "task/\(thread)/comm").text())?.split(separator: "\n").first.map(String.init) ?? ""
        if stuck.contains(thread) { return standstill(thread, name, state) }
        let stack: ThreadStack
        do throws(LinuxError) {
            stack = try read(thread)
        } catch {
            guard error.call == "waitpid", error.errno == .timedOut else { throw Self.failure(.kernel(error), handle) }
            stuck.insert(thread)
            return standstill(thread, name, state)
        }
        let wait = ThreadWait(stack, of: pid, startsProgram: Activity.startsProgram(stack.frames))
        var activity = Activity(stack, wait: wait)
        if state == "T" || state == "t" {
            activity = Activity(
                kind: .stopped, text: "stopped by a signal (kill -CONT \(pid) lets it go on), \(activity.text)")
        }
        let kind = kind(of: thread, stack.frames)
        return ThreadSample(
            thread: thread, kind: kind, threadID: kind == .worker ? stack.workerID : nil, name: name,
            activity: activity, wait: wait,
            frames: stack.frames, isComplete: stack.isComplete, stoppedFor: stack.stoppedFor)
    }

    /// How long another tracer is waited for: a second heapdump is done in some milliseconds, a debugger is not.
    private static let tracerPatience = Duration.seconds(1)

    private func read(_ thread: Int32) throws(LinuxError) -> ThreadStack {
        let end = ContinuousClock.now + Self.tracerPatience
        var tries = 0
        while true {
            do throws(LinuxError) {
                return try reader.read(thread)
            } catch {
                tries += 1
                // It may have gone since.
                let isRefused = error.call == "ptrace" && error.errno == .notPermitted
                guard isRefused, tries < 3 || isTraced(thread), .now < end else { throw error }
                // Until the process ends, or for a moment.
                _ = Poll.wait(for: handle.descriptor, atMost: .milliseconds(2))
            }
        }
    }

    private func isTraced(_ thread: Int32) -> Bool {
        guard let status = try? ProcFile(handle.pid, "task/\(thread)/status").text() else { return false }
        return ProcessStatus(status).map { $0.tracer != 0 } ?? false
    }

    /// A thread that cannot be stopped, and so has no frames: what the kernel says of it.
    private func standstill(_ thread: Int32, _ name: String, _ state: Character?) -> ThreadSample {
        let isFrozen = (try? Freezer.isFrozen(handle)) ?? false
        let channel = (try? ProcFile(handle.pid, "task/\(thread)/wchan").text()).flatMap {
            $0.isEmpty || $0 == "0" ? nil : $0
        }
        let reason =
            isFrozen
            ? "frozen with its cgroup (docker unpause or systemctl thaw lets it go on)"
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
