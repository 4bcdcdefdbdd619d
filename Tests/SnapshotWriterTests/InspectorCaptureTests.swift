import Glibc
import NodeProcess
import Testing

@testable import Inspector
@testable import SnapshotWriter

/// The snapshot in messages of the inspector, without one.
@Suite struct InspectorCaptureTests {
    private final class Scene {
        let run: FakeRun
        let process: FakeProcess
        let session: FakeSession
        /// What V8 says of its heap, in bytes; nil if it does not answer.
        var heap: Double? = 1e6
        /// What it does at an order for a snapshot.
        var onOrder: (_ method: String, _ number: Int) -> Void = { _, _ in }

        init() throws {
            run = try FakeRun()
            process = try FakeProcess()
            session = try FakeSession { _, _ in }
            run.context.waiter.watch(process)
            session.onCommand = { [unowned self] method, number in
                guard method == "Runtime.getHeapUsage" else { return onOrder(method, number) }
                if let heap { session.answer(number, #"{"usedSize":\#(heap)}"#) }
            }
        }

        func capture(_ version: String = "22.20.0", maxPause: Double? = 10) throws -> String {
            let sink = SnapshotSink(output: FakeOutput()) { 1 << 20 }
            let capture = InspectorCapture(
                dialogue: InspectorDialogue(
                    channel: session, target: process, patience: run.patience(), context: run.context),
                version: NodeVersion(version), maxPause: maxPause, reportsProgress: false, makeDirect: { nil },
                sink: sink)
            try capture.run()
            return sink.finish().name
        }

        func send(_ text: some StringProtocol) { session.arrive(.snapshotChunk(SnapshotChunk(text: String(text)))) }

        /// Two pieces, and the answer.
        func sendAll(_ number: Int) {
            send(SmallSnapshot.half)
            send(SmallSnapshot.text.dropFirst(SmallSnapshot.half.count))
            session.answer(number, "{}")
        }

        var orders: [String] { session.commands.filter { $0 != "Runtime.getHeapUsage" } }
    }

    private let take = "HeapProfiler.takeHeapSnapshot"
    private let takeAtOnce = "HeapProfiler.stopTrackingHeapObjects"

    @Test func takesWhatComesInMessages() throws {
        let scene = try Scene()
        scene.onOrder = { [unowned scene] in scene.sendAll($1) }
        #expect(try scene.capture() == "valid")
        #expect(scene.session.commands == ["Runtime.getHeapUsage", take])
        #expect(scene.run.context.waiter.bytes == UInt64(SmallSnapshot.text.utf8.count))
    }

    @Test func ordersNothingIfThePauseWouldBeTooLong() throws {
        let scene = try Scene()
        scene.heap = 1e12
        #expect(failure { _ = try scene.capture() }?.code == .pauseTooLong)
        #expect(scene.orders.isEmpty)
        // Whatever it says: no heap has so much.
        scene.heap = 1e14
        scene.onOrder = { [unowned scene] in scene.sendAll($1) }
        #expect(try scene.capture() == "valid")
    }

    /// A snapshot that stands in its queue could not be taken back.
    @Test func ordersNothingOfAProcessThatDoesNotAnswer() throws {
        let scene = try Scene()
        scene.heap = nil
        #expect(failure { _ = try scene.capture() }?.code == .stalled)
        #expect((.seconds(120)...(.seconds(121))).contains(scene.run.clock.passed))
        #expect(scene.orders.isEmpty)
    }

    /// From V8 11.4 on an event loop that never turns never comes to the first of them.
    @Test(arguments: [("22.20.0", true, 0), ("22.20.0", false, 1), ("20.18.0", true, 0), ("20.18.0", false, 0)])
    func ordersWhatIsNotPutOff(version: String, isIdle: Bool, order: Int) throws {
        let scene = try Scene()
        if !isIdle { scene.process.beBusy() }
        scene.onOrder = { [unowned scene] in scene.sendAll($1) }
        #expect(try scene.capture(version) == "valid")
        #expect(scene.orders == [[take, takeAtOnce][order]])
    }

    /// It was free when it was asked, and then not: that it answers questions shows that it has not begun.
    @Test func ordersAgainWhatWasPutOff() throws {
        let scene = try Scene()
        let takeAtOnce = takeAtOnce
        scene.onOrder = { [unowned scene] method, number in if method == takeAtOnce { scene.sendAll(number) } }
        #expect(try scene.capture() == "valid")
        #expect(scene.orders == [take, takeAtOnce])
        // Asked twice: what stood still may have found the first question together with the order.
        #expect(scene.session.commands.count == 5)
        #expect((.seconds(4)...(.seconds(5))).contains(scene.run.clock.passed))
    }

    @Test func needsNoAnswerAfterTheLastByte() throws {
        let scene = try Scene()
        scene.onOrder = { [unowned scene] _, _ in
            scene.send(SmallSnapshot.text)
            scene.session.hangUp()
        }
        #expect(try scene.capture() == "valid")
    }

    @Test func aSessionThatIsLostInMidWriteIsAFailure() throws {
        let scene = try Scene()
        scene.onOrder = { [unowned scene] _, _ in
            scene.send(SmallSnapshot.half)
            scene.session.hangUp()
        }
        guard case .inspectorLost(.writing, _)? = failure(of: { _ = try scene.capture() }) else {
            Issue.record("not told")
            return
        }
    }

    @Test func saysThatV8Refused() throws {
        let scene = try Scene()
        scene.onOrder = { [unowned scene] in scene.session.arrive(.answer(id: $1, .failure("no"))) }
        guard case .snapshotRefused("no")? = failure(of: { _ = try scene.capture() }) else {
            Issue.record("not told")
            return
        }
    }

    @Test func anAnswerWithoutASnapshotIsNone() throws {
        let scene = try Scene()
        scene.onOrder = { [unowned scene] in
            scene.send(SmallSnapshot.half)
            scene.session.answer($1, "{}")
        }
        #expect(try scene.capture() == "truncated")
    }

    @Test func anInterruptionEndsIt() throws {
        let scene = try Scene()
        scene.onOrder = { [unowned scene] _, _ in
            scene.send(SmallSnapshot.half)
            scene.run.signals.send(SIGTERM)
        }
        #expect(failure { _ = try scene.capture() }?.code == .interrupted)
    }
}
