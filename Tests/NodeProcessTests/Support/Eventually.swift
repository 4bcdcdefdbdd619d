import Glibc

/// Asks until the answer is true or the time is up.
func eventually(within limit: Duration = .seconds(10), _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        _ = Glibc.poll(nil, 0, 2)
    }
    return try condition()
}
