import Glibc

/// Ends the run as a crash, for which libFuzzer keeps the input.
func report(_ violation: String) -> Never {
    let line = "fuzz: a property does not hold: \(violation)\n"
    _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    abort()
}
