import Linux
import NodeProcess
import NodeStack
import SnapshotWriter

/// Looks at a process's threads several times.
struct StackSampler {
    private let handle: ProcessHandle
    private let look: StackLook

    /// Proves that the process is Node before any of its threads is stopped.
    /// - Parameter target: takes over what that showed, also where it fails.
    init(_ chosen: ChosenTarget, target: inout SnapshotReport.Target) throws(StackFailure) {
        let process = try Self.bounded(chosen.pid) {
            try TargetProcess.read(ProcessHandle(pid: chosen.pid, startTime: chosen.startTime))
        }
        target.fill(from: process)
        handle = process.handle
        look = try Self.bounded(chosen.pid) { try StackLook(process) }
    }

    /// Runs a look on a thread of its own, which is left behind if what it reads of the process never comes.
    private static func bounded<Value: Sendable>(
        _ pid: Int32, _ look: @escaping @Sendable () throws -> Value
    ) throws(StackFailure) -> Value {
        do {
            return try BoundedLook.run(at: pid, look)
        } catch let failure as StackFailure {
            throw failure
        } catch let error as ProcessError {
            throw .process(error)
        } catch {
            throw .process(.failed(what: "look at process \(pid)", errno: 0))
        }
    }

    var javascriptError: String? { look.javascriptError }

    /// - Returns: the main thread, then the others by their ids.
    func look(times: Int, every interval: Duration, allThreads: Bool) throws(StackFailure) -> [LookedThread] {
        var byThread: [Int32: [ThreadSample]] = [:]
        let start = ContinuousClock.now
        var last = start
        for index in 0..<times {
            if index > 0, Poll.wait(for: handle.descriptor, atMost: interval) {
                throw .process(.exited(pid: handle.pid))
            }
            last = .now
            for thread in allThreads ? look.threads : [handle.pid] {
                do throws(StackFailure) {
                    let sample = try Self.bounded(handle.pid) { [look] in try look.sample(thread) }
                    byThread[thread, default: []].append(sample)
                } catch .process(.exited) where thread != handle.pid {
                    continue
                }
            }
        }
        let lasting = start.duration(to: last)
        let others = byThread.keys.filter { $0 != handle.pid }.sorted()
        return ([handle.pid] + others).compactMap { thread in
            byThread[thread].map { LookedThread($0, lasting: lasting) }
        }
    }
}
