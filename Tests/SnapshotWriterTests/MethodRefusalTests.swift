import Testing

@testable import SnapshotWriter

@Suite struct MethodRefusalTests {
    private func groups(_ refusals: (SnapshotRequest.Method, String)...) -> [String] {
        refusals.map { MethodRefusal(method: $0, .memoryTooTight(reason: $1)) }.grouped.map {
            "\($0.methods): \($0.reason)"
        }
    }

    @Test func eachReasonIsToldOnce() {
        #expect(groups().isEmpty)
        #expect(groups((.fork, "a")) == ["fork: a"])
        #expect(groups((.fork, "a"), (.inspector, "a"), (.signal, "b")) == ["fork, inspector: a", "signal: b"])
        #expect(groups((.fork, "a"), (.inspector, "b"), (.signal, "a")) == ["fork, signal: a", "inspector: b"])
        #expect(groups((.fork, "a"), (.inspector, "b"), (.signal, "c")) == ["fork: a", "inspector: b", "signal: c"])
    }

    @Test func theFailureShowsTheGroups() {
        let failure = DumpFailure.noMethod([
            MethodRefusal(method: .fork, .frozen), MethodRefusal(method: .inspector, .frozen),
            MethodRefusal(method: .signal, .excludedBySignal),
        ])
        #expect(
            failure.message
                == "no method works\n  fork, inspector: \(Refusal.frozen.reason)\n  signal: ruled out by --signal")
    }
}
