/// How long a search looks at each process, and at all of one user's: every user may run as many programs that take long to
/// look at as he likes, and the others' are still to be found.
struct SearchPatience {
    /// For one process. An executable of Node's from a slow disk takes some seconds.
    private static let mostForProcess = Duration.seconds(10)
    /// For all that take longer than is usual.
    private static let mostForUser = Duration.seconds(20)
    /// What a process may take without being counted.
    private static let usual = Duration.milliseconds(200)

    private var left: [UInt32: Duration] = [:]

    /// So many are still looked at, as long as most take, once a user's time is up: on a busy machine that is not his fault.
    private static let mostBriefLooks = 1000
    private var briefLooks: [UInt32: Int] = [:]

    /// - Returns: nil if nothing is left for that user.
    mutating func limit(forProcessOf user: UInt32) -> Duration? {
        let left = left[user, default: Self.mostForUser]
        if left > .zero { return min(Self.mostForProcess, left + Self.usual) }
        briefLooks[user, default: 0] += 1
        return briefLooks[user, default: 0] <= Self.mostBriefLooks ? Self.usual : nil
    }

    /// - Parameter duration: what one process of that user has taken.
    mutating func note(_ duration: Duration, ofUser user: UInt32) {
        guard duration > Self.usual else { return }
        left[user, default: Self.mostForUser] -= duration - Self.usual
    }
}
