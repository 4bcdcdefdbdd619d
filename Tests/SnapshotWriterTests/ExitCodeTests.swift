import Testing

@testable import SnapshotWriter

@Suite struct ExitCodeTests {
    @Test func numbersAreAPromise() {
        let numbers = ExitCode.allCases.map(\.rawValue)
        #expect(numbers == [0, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 81, 129, 130, 143])
        #expect(!numbers.contains(1))
    }

    @Test func signalsEndAsShellsSayIt() {
        #expect(ExitCode(endedBy: 2) == .interrupted)
        #expect(ExitCode(endedBy: 15) == .terminated)
        #expect(ExitCode(endedBy: 1) == .hungUp)
    }
}
