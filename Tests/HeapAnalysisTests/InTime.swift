import Testing

/// Expects what would take hours, were its cost to grow with the square, to take minutes at most on any machine.
///
/// From its own beginning: a test's time limit counts from when it waits for a thread, and others may keep those for long.
func inTime<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    #expect(ContinuousClock.now - start < .seconds(300))
    return result
}
