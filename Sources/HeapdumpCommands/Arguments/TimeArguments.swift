import ArgumentParser

/// A positive number of seconds, or `unlimited`.
struct PauseArgument: ExpressibleByArgument {
    /// nil where any pause will do.
    let seconds: Double?

    init?(argument: String) {
        if argument == "unlimited" {
            seconds = nil
            return
        }
        guard let value = Seconds(argument: argument)?.value else { return nil }
        seconds = value
    }
}

/// A time, 0 included.
struct WaitingTime: ExpressibleByArgument {
    let seconds: Double

    init?(argument: String) {
        guard let value = TimeSpan.seconds(argument) else { return nil }
        seconds = value
    }
}

/// A time that is not 0.
struct Seconds: ExpressibleByArgument {
    let value: Double

    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        guard let value = TimeSpan.seconds(argument), value > 0 else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { String(Int(value)) }
}
