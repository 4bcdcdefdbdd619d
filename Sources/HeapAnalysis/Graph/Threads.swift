/// Work on several cores at once. There are two kinds of work in an analysis that need nothing of each other, each a loop over
/// memory without a point to suspend at: threads of their own suit it better than a pool of tasks.
enum Threads {
    /// Carries out all of them, the last one on the calling thread, and returns when all have ended.
    static func run(_ jobs: (@Sendable () -> Void)...) {
        let workers = jobs.dropLast().map(Worker.init)
        jobs.last?()
        for worker in workers { worker.wait() }
    }
}
