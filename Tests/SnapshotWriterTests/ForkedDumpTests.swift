import Foundation
import Glibc
import NodeProcess
import Testing

@testable import SnapshotWriter

/// How the snapshot comes out of forked copies, without one: pipes that the test writes into are all that there is.
@Suite struct ForkedDumpTests {
    /// A dump whose first copy is there, and has not begun.
    private final class Scene {
        let run: FakeRun
        let target: FakeProcess
        let agent: FakeAgent
        let copy: FakeCopy
        let path: String
        private let directory: String
        private let delivery: Delivery
        private let patience: Patience

        init(in directory: String, keepsPartial: Bool = false, most: Duration? = nil) throws {
            run = try FakeRun()
            target = try FakeProcess()
            agent = try FakeAgent()
            copy = try agent.makeCopy(7)
            self.directory = directory
            path = directory + "/a.heapsnapshot"
            delivery = Delivery(
                output: try SnapshotFile(path: path, overwrites: false, keepsPartial: keepsPartial),
                impossibleBytes: { 1 << 20 }, context: run.context)
            patience = run.patience(most: most)
        }

        var clock: FakeClock { run.clock }

        func make(calm: Int = 1, pause: String = "2500", to other: Delivery? = nil) throws -> ForkedDump {
            try ForkedDump(
                agent.answer(7, calm: calm, pause: pause), by: .fork, of: target, to: other ?? delivery, patience,
                run.context, news: AgentStatusPipe.open
            ) {
                [agent] pid throws(ProcessError) in try agent.find(pid)
            }
        }

        func dump() -> DumpFailure? { failure { _ = try make().run() } }

        var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() } }
        func content(_ suffix: String = "") throws -> String {
            try String(contentsOfFile: path + suffix, encoding: .utf8)
        }
    }

    private func withScene(
        keepsPartial: Bool = false, most: Duration? = nil, _ body: (Scene) throws -> Void
    ) throws {
        try withTemporaryDirectory { try body(Scene(in: $0, keepsPartial: keepsPartial, most: most)) }
    }

    private let whole = SmallSnapshot.text

    @Test func publishesWhatACopyWrites() throws {
        try withScene { (scene) throws in
            let dump = try scene.make()
            // Claimed, so that it ends with heapdump, and held until the inspector is closed.
            #expect(scene.copy.readWords() == 1)
            #expect(scene.copy.isLimited)
            scene.copy.output.write(whole)
            scene.copy.output.end()
            scene.agent.tellEnd(exitStatus: 0)
            #expect(try dump.run().path == scene.path)
            #expect(scene.copy.readWords() == 1)
            #expect(try scene.content() == whole)
            #expect(scene.copy.sent.isEmpty)
            let report = scene.run.report()
            #expect(report.forks == 1 && report.verdict == "valid" && report.bytes == UInt64(whole.utf8.count))
            #expect(report.forkPeakBytes == 2 << 20 && report.pauseMilliseconds == 2.5)
            #expect(scene.run.warnings.isEmpty)
        }
    }

    /// Bytes come when they come.
    @Test func waitsForBytes() throws {
        try withScene { (scene) throws in
            let (half, rest) = (SmallSnapshot.half, whole.dropFirst(SmallSnapshot.half.count))
            scene.clock.after(.seconds(60)) { scene.copy.output.write(half) }
            scene.clock.after(.seconds(110)) {
                scene.copy.output.write(rest)
                scene.copy.output.end()
            }
            scene.clock.after(.seconds(111)) { scene.agent.tellEnd(exitStatus: 0) }
            #expect(scene.dump() == nil)
            #expect(try scene.content() == whole)
            #expect(scene.clock.passed == .seconds(111))
            #expect(scene.run.report().milliseconds.building == 60_000)
        }
    }

    struct End: Sendable {
        var signal: Int32 = 0
        var exitStatus: Int32 = -1
        let code: ReasonCode
        let words: String
    }

    /// What a copy ends by says whether another method may do better.
    @Test(arguments: [
        End(signal: SIGKILL, code: .forkStarved, words: "was killed (SIGKILL)"),
        End(signal: SIGSEGV, code: .forkStarved, words: "crashed (SIGSEGV)"),
        End(signal: SIGABRT, code: .forkStarved, words: "crashed (SIGABRT)"),
        End(signal: SIGALRM, code: .forkStarved, words: "did not come to an end in time"),
        End(signal: SIGSYS, code: .forkFailed, words: "system call filter"),
        End(exitStatus: 70, code: .forkFailed, words: "V8 refused"),
        End(exitStatus: 71, code: .forkFailed, words: "could not be set up"),
        End(exitStatus: 75, code: .forkStarved, words: "waited too long"),
        End(exitStatus: 77, code: .forkFailed, words: "a thread that it does not have"),
        End(exitStatus: 3, code: .forkFailed, words: "ended with status 3"),
    ])
    func tellsWhatACopyDiedOf(end: End) throws {
        try withScene { (scene) throws in
            scene.copy.output.write(SmallSnapshot.half)
            scene.clock.after(.seconds(1)) {
                scene.copy.output.end()
                scene.agent.tellEnd(signal: end.signal, exitStatus: end.exitStatus)
            }
            let failure = try #require(scene.dump())
            #expect(failure.code == end.code)
            #expect(failure.message.contains(end.words), "\(failure.message)")
            #expect(failure.allowsNextMethod == (end.code == .forkFailed))
            #expect(try scene.names.isEmpty)
            // It has ended by itself.
            #expect(scene.copy.sent.isEmpty)
        }
    }

    @Test func triesAgainAfterACrash() throws {
        try withScene { (scene) throws in
            let second = try scene.agent.makeCopy(8)
            scene.copy.output.write(SmallSnapshot.half)
            scene.clock.after(.seconds(1)) {
                scene.copy.output.end()
                scene.agent.tellEnd(signal: SIGSEGV, retries: true)
            }
            scene.clock.after(.seconds(3)) {
                scene.agent.tellFork(8)
                second.output.write(whole)
                second.output.end()
                scene.agent.tellEnd(exitStatus: 0)
            }
            #expect(scene.dump() == nil)
            // Nothing of the first one's.
            #expect(try scene.content() == whole)
            #expect(second.readWords() == 2 && second.isLimited)
            #expect(scene.run.notes == ["a forked copy of it crashed (SIGSEGV) at 2 MiB; trying again"])
            let report = scene.run.report()
            #expect(report.forks == 2 && report.pauseMilliseconds == 4.5)
            #expect(report.bytes == UInt64(whole.utf8.count))
        }
    }

    /// What a reader has got.
    @Test func doesNotBeginAnewIfNothingCanBeTakenBack() throws {
        try withScene { (scene) throws in
            let second = try scene.agent.makeCopy(8)
            scene.copy.output.write(SmallSnapshot.half)
            scene.copy.output.end()
            scene.agent.tellEnd(signal: SIGSEGV, retries: true)
            scene.agent.tellFork(8)
            second.onSignal = { _ in scene.agent.end() }
            let output = FakeOutput()
            let delivery = Delivery(output: output, impossibleBytes: { 1 << 20 }, context: scene.run.context)
            let failure = failure { _ = try scene.make(to: delivery).run() }
            #expect(failure?.code == .cannotTakeBack)
            #expect(output.bytes == SmallSnapshot.half.utf8.count && !output.isPublished)
            // The copy that is there is not left to itself.
            #expect(second.sent == [SIGKILL])
        }
    }

    @Test func waitsForTheNextCopyOnlySoLong() throws {
        try withScene { (scene) throws in
            scene.copy.output.end()
            scene.agent.tellEnd(signal: SIGSEGV, retries: true)
            let failure = try #require(scene.dump())
            #expect(failure.code == .forkFailed)
            #expect(failure.message.contains("its event loop is too busy to make another"))
            #expect((.seconds(20)...(.seconds(25))).contains(scene.clock.passed))
        }
    }

    @Test func saysThatNoOtherCanBeMade() throws {
        try withScene { (scene) throws in
            scene.copy.output.end()
            scene.agent.tellEnd(signal: SIGSEGV, retries: true)
            scene.agent.tell(#"{"event":"failed","error":"fork: no memory"}"#)
            #expect(try #require(scene.dump()).message.contains("no other can be made: fork: no memory"))
        }
    }

    @Test func whatComesAfterTheEndIsNoSnapshot() throws {
        try withScene(keepsPartial: true) { (scene) throws in
            scene.copy.output.write(whole + "x")
            scene.agent.end()
            scene.copy.onSignal = { _ in scene.copy.output.end() }
            let failure = try #require(scene.dump())
            guard case .invalid(let verdict, let kept) = failure else {
                Issue.record("\(failure)")
                return
            }
            #expect(verdict.name != "valid")
            #expect(kept == scene.path + ".partial")
            #expect(try scene.content(".partial") == whole + "x")
            #expect(try scene.names == ["a.heapsnapshot.partial"])
            #expect(scene.copy.sent == [SIGKILL])
        }
    }

    @Test func takesNoMoreThanAHeapCanHave() throws {
        try withScene { (scene) throws in
            let spaces = String(repeating: " ", count: 60_000)
            scene.copy.output.write(#"{"snapshot":"#)
            for second in 0..<30 { scene.clock.after(.seconds(second)) { scene.copy.output.write(spaces) } }
            #expect(try #require(scene.dump()).code == .snapshotEndless)
            #expect(scene.copy.sent == [SIGKILL])
        }
    }

    /// Stopped by somebody: it does not even sleep.
    @Test func givesUpACopyThatStandsStill() throws {
        try withScene { (scene) throws in
            scene.copy.output.write(SmallSnapshot.half)
            let failure = try #require(scene.dump())
            #expect(failure.code == .stalled)
            #expect(failure.message.contains("its forked copy, process 7, is stopped or blocked"))
            #expect((.seconds(119)...(.seconds(125))).contains(scene.clock.passed))
            #expect(scene.copy.sent == [SIGKILL])
        }
    }

    /// It does something, and never comes to an end.
    @Test func givesUpACopyThatTakesTooLong() throws {
        try withScene(most: .seconds(300)) { (scene) throws in
            for second in 0..<400 {
                scene.clock.after(.seconds(second)) { scene.copy.cpuTime = .seconds(second) }
            }
            #expect(try #require(scene.dump()).code == .tooSlow)
            #expect((.seconds(300)...(.seconds(305))).contains(scene.clock.passed))
        }
    }

    /// One that sleeps without an end waits for a thread that it does not have. The agent makes another.
    @Test func endsACopyThatSleeps() throws {
        try withScene { (scene) throws in
            let second = try scene.agent.makeCopy(8)
            scene.copy.cpuTimeAsleep = .seconds(1)
            scene.copy.onSignal = { signal in
                scene.copy.output.end()
                scene.agent.tellEnd(signal: signal, retries: true)
                scene.agent.tellFork(8)
                second.output.write(whole)
                second.output.end()
                scene.agent.tellEnd(exitStatus: 0)
            }
            #expect(scene.dump() == nil)
            #expect(scene.copy.sent == [SIGTERM])
            #expect((.seconds(5)...(.seconds(6))).contains(scene.clock.passed))
            #expect(try scene.content() == whole)
        }
    }

    @Test func anInterruptionEndsTheCopy() throws {
        try withScene(keepsPartial: true) { (scene) throws in
            scene.copy.output.write(SmallSnapshot.half)
            scene.clock.after(.seconds(5)) { scene.run.signals.send(SIGINT) }
            // The agent reaps it, and is waited for.
            scene.copy.onSignal = { signal in
                scene.clock.after(.seconds(1)) { scene.agent.tellEnd(signal: signal) }
            }
            guard case .interrupted(SIGINT, .childWriting)? = scene.dump() else {
                Issue.record("goes on")
                return
            }
            #expect(scene.copy.sent == [SIGKILL])
            #expect(scene.clock.passed == .seconds(6))
            #expect(try scene.content(".partial") == SmallSnapshot.half)
        }
    }

    /// The agent's next copy would be there when heapdump is gone.
    @Test func anInterruptionEndsTheNextCopyToo() throws {
        try withScene { (scene) throws in
            let second = try scene.agent.makeCopy(8)
            scene.clock.after(.seconds(5)) { scene.run.signals.send(SIGTERM) }
            scene.copy.onSignal = { signal in
                scene.agent.tellEnd(signal: signal, retries: true)
                scene.agent.tellFork(8)
            }
            second.onSignal = { _ in scene.agent.end() }
            #expect(scene.dump()?.exitCode == ExitCode(endedBy: SIGTERM))
            #expect(second.sent == [SIGKILL])
        }
    }

    @Test func endsACopyThatTakesTooMuchMemory() throws {
        try withScene { (scene) throws in
            scene.copy.memoryLeft = 1000
            scene.copy.output.end()
            scene.agent.tellEnd(signal: SIGKILL)
            let failure = try #require(scene.dump())
            #expect(failure.code == .forkStarved)
            #expect(failure.message.contains("the machine had only 1.0 kB left"), "\(failure.message)")
        }
    }

    @Test func saysThatACopyCameToItsLimit() throws {
        try withScene { (scene) throws in
            scene.copy.whyTooLarge = "it needed more than it was allowed"
            scene.copy.output.end()
            scene.agent.tellEnd(signal: SIGKILL, retries: true)
            let failure = try #require(scene.dump())
            #expect(failure.code == .forkStarved && failure.message.contains("needed more than it was allowed"))
        }
    }

    /// An application may reap what it has not started. What was written has to speak for itself.
    @Test func believesTheBytesIfNobodyTellsOfTheEnd() throws {
        try withScene { (scene) throws in
            scene.copy.output.write(whole)
            scene.copy.output.end()
            #expect(scene.dump() == nil)
            #expect((.seconds(5)...(.seconds(7))).contains(scene.clock.passed))
            #expect(scene.run.warnings.isEmpty)
        }
        try withScene { (scene) throws in
            scene.copy.output.write(SmallSnapshot.half)
            scene.copy.output.end()
            let failure = try #require(scene.dump())
            #expect(failure.message.contains("nobody told how"), "\(failure.message)")
            #expect(try scene.names.isEmpty)
        }
    }

    @Test func aWholeSnapshotOutlivesTheTarget() throws {
        try withScene { (scene) throws in
            scene.copy.output.write(whole)
            scene.copy.output.end()
            scene.target.end()
            scene.agent.end()
            #expect(scene.dump() == nil)
            #expect(scene.run.warnings.count == 1 && scene.run.warnings[0].contains("it has ended meanwhile"))
        }
        try withScene { (scene) throws in
            scene.copy.output.write(SmallSnapshot.half)
            scene.copy.output.end()
            scene.target.end()
            scene.agent.end()
            #expect(scene.dump()?.code == .targetDied)
        }
    }

    @Test func warnsIfItWasForkedWhileThreadsRan() throws {
        try withScene { (scene) throws in
            let dump = try scene.make(calm: 0)
            scene.copy.output.write(whole)
            scene.copy.output.end()
            scene.agent.tellEnd(exitStatus: 0)
            _ = try dump.run()
            #expect(scene.run.warnings.count == 1 && scene.run.warnings[0].contains("its threads never rested"))
        }
    }

    /// The process says it.
    @Test(arguments: ["1e30", "-1e300", "1.7e308", "9007199254740993"])
    func aPauseThatNoneCanBeIsNotTold(microseconds: String) throws {
        try withScene { (scene) throws in
            let dump = try scene.make(pause: microseconds)
            scene.copy.output.write(whole)
            scene.copy.output.end()
            scene.agent.tellEnd(exitStatus: 0)
            _ = try dump.run()
            let report = scene.run.report()
            #expect(report.forks == 1 && report.pauseMilliseconds == nil)
        }
    }

    /// A process may tell of a child that is none of its own, or of descriptors that are no pipes.
    @Test(arguments: [#"{"pid":9,"output":3,"go":4,"status":5}"#, #"{"pid":7,"output":4,"go":4,"status":5}"#])
    func takesNothingElseForACopy(json: String) throws {
        try withScene { (scene) throws in
            let answer = try #require(AgentAnswer(json))
            let failure = failure {
                _ = try ForkedDump(
                    answer, by: .fork, of: scene.target,
                    to: Delivery(
                        output: try SnapshotFile(path: scene.path, overwrites: false, keepsPartial: false),
                        impossibleBytes: { 0 }, context: scene.run.context), scene.run.patience(), scene.run.context,
                    news: AgentStatusPipe.open
                ) { pid throws(ProcessError) in try scene.agent.find(pid) }
            }
            #expect(failure?.code == .copyOutOfReach)
            #expect(scene.copy.readWords() == 0)
        }
    }
}
