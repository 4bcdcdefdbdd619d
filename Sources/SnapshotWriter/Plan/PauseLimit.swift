/// What --max-pause says to a snapshot that is taken in the process itself.
enum PauseLimit {
    /// - Parameters: in seconds.
    static func refusal(seconds: Double, limit: Double) -> String {
        "JavaScript would stand still for about \(Int(seconds.rounded(.up))) s, longer than --max-pause \(text(limit)) allows; "
            + "--max-pause unlimited accepts it"
    }

    private static func text(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }
}
