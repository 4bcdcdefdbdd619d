import Inspector

/// The worker threads of the target, as its inspector tells.
struct WorkerThreads {
    private let workers: [InspectorWorker]

    /// A process has some, and a hostile one could tell of them without end.
    private static let mostWorkers = 4096

    static func read(by dialogue: InspectorDialogue) throws -> WorkerThreads {
        var workers: [InspectorWorker] = []
        let command = dialogue.channel.send("NodeWorker.enable", parameters: "{\"waitForDebuggerOnStart\":false}")
        return try dialogue.awaitMessage { message in
            switch message {
            case .workerAttached(let worker):
                guard workers.count < mostWorkers else {
                    throw DumpFailure.refused(.fork, .tooManyWorkers(most: mostWorkers))
                }
                workers.append(worker)
            // All that are there have been told of before the answer.
            case .answer(command, .result): return WorkerThreads(workers: workers)
            case .answer(command, .failure(let reason)):
                throw DumpFailure.refused(.fork, .workersOutOfReach(reason: reason))
            default: break
            }
            return nil
        }
    }

    var threadIDs: [Int] { workers.compactMap(\.threadID).sorted() }

    /// The session of one of them.
    func session(of threadID: Int) throws(DumpFailure) -> String {
        if let worker = workers.first(where: { $0.threadID == threadID }) { return worker.session }
        throw .refused(.fork, .noSuchWorker(threadID, known: threadIDs))
    }
}
