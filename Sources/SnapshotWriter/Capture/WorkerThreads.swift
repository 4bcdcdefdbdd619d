import Inspector
import NodeProcess

/// The worker threads of the target, as its inspector tells.
struct WorkerThreads {
    private let workers: [InspectorWorker]

    /// How long to sleep at most before the target is looked at again.
    private static let step = Duration.milliseconds(200)

    static func read(from session: InspectorSession, _ dump: Dump) throws -> WorkerThreads {
        var watch = StallWatch(limit: dump.request.stallTimeout, now: .now)
        var sign = StallWatch.Sign()
        var workers: [InspectorWorker] = []
        let command = session.send("NodeWorker.enable", parameters: "{\"waitForDebuggerOnStart\":false}")
        while true {
            while let message = try dump.next(of: session) {
                switch message {
                case .workerAttached(let worker): workers.append(worker)
                // All that are there have been told of before the answer.
                case .answer(command, .result): return WorkerThreads(workers: workers)
                case .answer(command, .failure(let reason)):
                    throw DumpFailure.refused(.fork, "its worker threads cannot be reached: \(reason)")
                default: break
                }
            }
            let activity = try? MainThreadActivity.read(dump.target.handle)
            if let activity { sign.cpuTime = activity.cpuTime }
            try dump.checkStall(&watch, sign, activity)
            _ = try dump.waiter.wait(for: session.descriptor, atMost: Self.step)
        }
    }

    var threadIDs: [Int] { workers.compactMap(\.threadID).sorted() }

    /// The session of one of them.
    func session(of threadID: Int) throws(DumpFailure) -> String {
        if let worker = workers.first(where: { $0.threadID == threadID }) { return worker.session }
        let known = threadIDs.map(String.init).joined(separator: ", ")
        throw .refused(
            .fork,
            "it has no worker thread \(threadID)"
                + (known.isEmpty ? ", nor any other" : "; its worker threads are \(known)"))
    }
}
