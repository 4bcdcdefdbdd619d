import CLinux
import Glibc
import Linux
import SystemPackage

/// What ends a run from outside.
protocol RunSignals {
    /// Readable once a signal has come.
    var descriptor: Int32 { get }
    /// The signal that came, nil if none did.
    func take() -> Int32?
}

/// SIGINT, SIGTERM and SIGHUP as something to poll for: the run then ends in an orderly way, at a place of its choice.
public final class Interruption: RunSignals, Sendable {
    /// A signalfd.
    private let signals: Descriptor
    var descriptor: Int32 { signals.raw }

    /// Blocks the signals in the calling thread and in those it starts from here on: call it before any other thread.
    /// - Parameter ignoresStop: whether Ctrl-Z does nothing.
    public init(ignoresStop: Bool = true) throws(DumpFailure) {
        var set = Self.signalSet
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A reader that leaves and a file size limit are errors of write(2), not ends of the process.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // Stopped by Ctrl-Z, heapdump would leave the debug port open and the snapshot piling up in the target.
        if ignoresStop { signal(SIGTSTP, SIG_IGN) }
        do throws(Errno) {
            signals = Descriptor(owning: try systemCall { clinux_signalfd(&set, 0) })
        } catch {
            throw .cannotStart("no descriptor for signals: \(error)")
        }
    }

    /// Lets the signals end the process again, in the calling thread and in those it starts from here on.
    static func unblock() {
        var set = signalSet
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    private static var signalSet: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(signal) { sigaddset(&set, signal) }
        return set
    }

    /// nohup and shells without job control have signals ignored; a blocked one would be seen all the same.
    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(signal, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    func take() -> Int32? {
        let number = clinux_read_signal(descriptor)
        return number > 0 ? number : nil
    }
}
