import Testing

@testable import NodeStack

struct VerdictTests {
    private static func sample(_ function: String, line: Int = 1, inner: String? = nil, below: [String] = [])
        -> ThreadSample
    {
        let native = inner.map { StackFrame(kind: .native, function: $0) }
        let frames =
            [native].compactMap { $0 }
            + ([function] + below).map {
                StackFrame(kind: .javascript, function: $0, file: "/srv/x.js", line: line, isExact: true)
            }
        let stack = ThreadStack(thread: 1, systemCall: nil, frames: frames)
        return ThreadSample(
            thread: 1, kind: .main, threadID: nil, name: "node", activity: Activity(stack, wait: nil), wait: nil,
            frames: frames,
            isComplete: true, stoppedFor: .zero)
    }

    @Test func oneLookSaysNothingOfTime() {
        let verdict = Verdict([Self.sample("spin")], lasting: .zero)
        #expect(verdict.text == "running JavaScript: spin (/srv/x.js:1)")
        #expect(verdict.duration == nil)
    }

    @Test func sameFunctionOnAnotherLineIsTheSame() {
        let verdict = Verdict(
            [Self.sample("spin", line: 1), Self.sample("spin", line: 3)], lasting: .milliseconds(810))
        #expect(verdict.text == "running JavaScript: spin (/srv/x.js:3) (2 of 2 samples, 0.8 s)")
        #expect(verdict.duration == .milliseconds(810))
    }

    @Test func whatDiffersHasNoDuration() {
        let samples = [
            Self.sample("a", below: ["loop"]), Self.sample("b", below: ["loop"]), Self.sample("b", below: ["loop"]),
        ]
        let verdict = Verdict(samples, lasting: .seconds(1))
        #expect(
            verdict.text
                == "running JavaScript: b (/srv/x.js:1) (2 of 3 samples; loop (/srv/x.js) is on the stack in all)")
        #expect(verdict.duration == nil)
        #expect(verdict.count == 2)
    }

    /// Half of the looks found another activity in the same function.
    @Test func doesNotNameTheFunctionTwice() {
        let collecting = Self.sample("a", inner: "v8::internal::Heap::CollectGarbage")
        let verdict = Verdict([Self.sample("a"), collecting, Self.sample("a")], lasting: .seconds(1))
        #expect(verdict.text == "running JavaScript: a (/srv/x.js:1) (2 of 3 samples)")
    }

    @Test func aShortTimeIsNotNone() {
        let verdict = Verdict([Self.sample("a"), Self.sample("a")], lasting: .milliseconds(1))
        #expect(verdict.text.hasSuffix("(2 of 2 samples, 0.1 s)"))
    }
}
