import Foundation
import Glibc
import Testing

@testable import SnapshotWriter

/// What the end of a forked copy means: for the user's eyes, and for what may be tried next.
@Suite struct ForkFailureTests {
    private func end(_ fields: String) throws -> AgentStatus {
        try JSONDecoder().decode(AgentStatus.self, from: Data(#"{"event":"ended",\#(fields)}"#.utf8))
    }

    private func ended(by signal: Int32, peakKilobytes: UInt64 = 0) throws -> AgentStatus {
        try end(#""exit_status":-1,"signal":\#(signal),"peak_kb":\#(peakKilobytes)"#)
    }

    private func exited(_ status: Int32, error: String = "") throws -> AgentStatus {
        try end(#""exit_status":\#(status),"signal":0,"error":"\#(error)""#)
    }

    @Test func endsThatAnotherMethodMayDoBetterThan() throws {
        let ends = [
            (try exited(70, error: "Error: EMFILE"), "V8 refused to take a snapshot in a forked copy: Error: EMFILE"),
            (try exited(71, error: "RLIMIT_DATA: no"), "could not be set up: RLIMIT_DATA: no"),
            (try exited(77), "a thread that it does not have"),
            (try exited(3), "ended with status 3"),
            (try ended(by: SIGSYS), "ended by the process's system call filter (SIGSYS"),
        ]
        for (last, text) in ends {
            #expect(ForkFailure.reason(last).contains(text))
            let failure = ForkFailure.failure(last)
            #expect(failure.allowsNextMethod, "\(failure)")
            #expect(failure.exitCode == .noMethod, "\(failure)")
            #expect(failure.message.contains(text) && failure.message.hasSuffix("the process itself goes on"))
        }
    }

    /// What ended the copy would end the process.
    @Test func whatMightEndTheProcessIsNotTriedInIt() throws {
        let ends = [
            (try ended(by: SIGKILL, peakKilobytes: 2 << 20), "for lack of memory most likely at 2048 MiB"),
            (try ended(by: SIGALRM), "did not come to an end in time"),
            (try ended(by: SIGABRT, peakKilobytes: 100 << 10), "crashed (SIGABRT) at 100 MiB"),
            (try ended(by: SIGSEGV), "might end it in the same way"),
            (try exited(75), "waited too long for the word to begin"),
            (nil, "nobody told how"),
        ]
        for (last, text) in ends {
            let failure = ForkFailure.failure(last)
            #expect(!failure.allowsNextMethod, "\(failure)")
            #expect(failure.exitCode == .outOfMemory, "\(failure)")
            #expect(failure.message.contains(text), "\(failure.message)")
            #expect(failure.message.hasSuffix("the process itself goes on"))
        }
    }

    @Test func whatTheCopySaidIsSafeOnceEscaped() throws {
        // The agent sends plain ASCII; whoever takes its place may send anything.
        let last = try exited(70, error: #"\u001b[2J"#)
        #expect(ForkFailure.reason(last).contains("\u{1B}[2J"))
    }
}
