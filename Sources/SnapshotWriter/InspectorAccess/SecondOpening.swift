import Linux
import NodeProcess

/// Whether Node is done with SIGUSR1 after its inspector was closed.
///
/// The signal wakes a thread of Node's, which asks for the inspector three times over: of the event loop, of JavaScript by an interrupt,
/// and of the event loop again (RequestIoThreadStart in src/inspector_agent.cc). On a busy machine that thread may stand still between
/// two of these for longer than a whole dump takes. So first it has to be seen where it waits for signals; whatever it has asked
/// for then is carried out in the next turn of the event loop.
struct SecondOpening {
    private let threadsHaveReturned: () -> Bool
    private let turns: MainLoop.Turns?
    /// Whether all that the signal asks for has been asked for.
    private(set) var isAskedFor = false

    /// - Parameter threads: those that waited before the signal was sent.
    init(of target: ProcessHandle, threads: WaitingThreads) {
        var threads = threads
        self.init(turns: MainLoop.Turns(target)) { threads.haveReturned(in: target) }
    }

    /// - Parameter turns: nil where they cannot be counted.
    init(turns: MainLoop.Turns?, threadsHaveReturned: @escaping () -> Bool) {
        self.turns = turns
        self.threadsHaveReturned = threadsHaveReturned
    }

    /// - Parameter sight: an idle event loop has nothing of it left to do.
    /// - Returns: whether nothing opens any more. What the last turn has opened is there by then.
    mutating func isOver(_ sight: () throws -> LateOpening.Sight) rethrows -> Bool {
        if !isAskedFor {
            guard threadsHaveReturned() else { return false }
            isAskedFor = true
            turns?.begin()
        }
        return try hasTurned || sight().isIdle
    }

    /// A loop that is busy is idle for moments only: where its turns cannot be counted, these have to be met.
    var hasTurned: Bool { isAskedFor && turns?.isWhole == true }
}
