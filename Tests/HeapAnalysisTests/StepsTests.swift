import Glibc
import Linux
import Synchronization
import Testing

@testable import HeapAnalysis

/// Work on two threads.
struct StepsTests {
    @Test func carriesOutEachStepAfterWhatItNeeds() throws {
        // Each needs some of those before it, by chance but the same in each run.
        for seed in 0..<20 {
            let steps = Steps()
            var all: [Step<Int>] = []
            for number in 0..<40 {
                let needed = all.enumerated().filter { ($0.offset * 7 + number * 13 + seed) % 5 == 0 }.map(\.element)
                let step = steps.add(after: needed) { () -> Int? in
                    // Of one that is not done there is no value yet.
                    needed.allSatisfy { $0.value != nil } ? 1 + (needed.compactMap(\.value).max() ?? 0) : nil
                }
                all.append(step)
            }
            steps.run()
            for step in all { try #require(step.value != nil && step.isDone) }
        }
    }

    /// The first waits for the second, which one thread alone would carry out after it.
    @Test func takesTwoThreads() {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        end.tv_sec += 60
        let limit = end
        let steps = Steps()
        let monitor = Monitor()
        let isSet = Mutex(false)
        let first = steps.add {
            monitor.locked {
                while !isSet.withLock({ $0 }), monitor.wait(until: limit) {}
                return isSet.withLock { $0 }
            }
        }
        let second = steps.add {
            monitor.locked {
                isSet.withLock { $0 = true }
                monitor.notifyAll()
                return true
            }
        }
        steps.run()
        #expect(first.value == true && second.value == true)
    }

    @Test func tellsOfWhatFailed() {
        let steps = Steps()
        let failed = steps.add { () -> Int? in nil }
        let after = steps.add(after: [failed]) { failed.value.map { $0 + 1 } }
        let other = steps.add { 3 }
        steps.run()
        #expect(failed.value == nil && failed.isDone && after.value == nil && other.value == 3)
    }

    @Test func givesAValueAwayOnce() {
        let steps = Steps()
        let number = steps.add { 5 }
        let taken = steps.add(after: [number]) { number.take() }
        steps.run()
        #expect(taken.value == 5 && number.value == nil && number.isDone)
    }
}
