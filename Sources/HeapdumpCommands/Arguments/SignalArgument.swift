import ArgumentParser
import Linux

/// A signal by name or number.
struct SignalArgument: ExpressibleByArgument {
    let number: Int32

    init?(argument: String) {
        guard let number = SignalName.number(of: argument) else { return nil }
        self.number = number
    }
}
