import Glibc

/// Longer than anything takes on a machine with other work to do: a deadline is there to end a test that hangs.
let generousDeadline = Duration.seconds(120)

/// Looks at `condition` until it holds.
/// - Parameter what: completes "not in time: ".
func eventually(
    _ what: @autoclosure () -> String, within deadline: Duration = generousDeadline, _ condition: () throws -> Bool
) throws {
    let end = ContinuousClock.now + deadline
    var pause: UInt32 = 1_000
    while try !condition() {
        if ContinuousClock.now > end { throw Failure("not in time: " + what()) }
        usleep(pause)
        pause = min(pause * 2, 20_000)
    }
}

extension Duration {
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
