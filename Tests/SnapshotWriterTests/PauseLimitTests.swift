import Testing

@testable import SnapshotWriter

@Suite struct PauseLimitTests {
    @Test(arguments: [
        (12.2, 10.0, "about 13 s", "--max-pause 10 allows"), (0.4, 0.25, "about 1 s", "--max-pause 0.25 allows"),
        (100, 99.5, "about 100 s", "--max-pause 99.5 allows"),
    ])
    func saysBothAndTheWayOut(seconds: Double, limit: Double, expected: String, allowed: String) {
        let text = PauseLimit.refusal(seconds: seconds, limit: limit)
        for part in [expected, allowed, "--max-pause unlimited"] { #expect(text.contains(part), "\(text)") }
        let failure = DumpFailure.pauseTooLong(seconds: seconds, limit: limit)
        #expect(failure.message == text)
        #expect(failure.exitCode == .noMethod && failure.allowsNextMethod)
    }

    /// As large as the command line takes them.
    @Test func largeFiguresDoNoHarm() {
        #expect(PauseLimit.refusal(seconds: 1e15, limit: 1e9).contains("--max-pause 1000000000 allows"))
    }
}
