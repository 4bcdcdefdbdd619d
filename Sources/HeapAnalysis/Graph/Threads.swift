import Glibc

/// Work on several cores at once. There are two kinds of work in an analysis that need nothing of each other, each a loop over
/// memory without a point to suspend at: threads of their own suit it better than a pool of tasks.
enum Threads {
    /// Carries out all of them, the last one on the calling thread, and returns when all have ended.
    static func run(_ jobs: (@Sendable () -> Void)...) {
        var threads: [pthread_t] = []
        for job in jobs.dropLast() {
            let box = Unmanaged.passRetained(Job(job))
            var thread = pthread_t()
            let error = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
                    return nil
                }, box.toOpaque())
            if error == 0 {
                threads.append(thread)
            } else {
                // Without another thread the work takes longer, and is done all the same.
                box.takeRetainedValue().body()
            }
        }
        jobs.last?()
        for thread in threads { pthread_join(thread, nil) }
    }

    private final class Job: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
