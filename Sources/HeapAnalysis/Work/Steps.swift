import Linux

/// Work in steps, of which some need what others find out, on two threads: each takes the first step whose needs are met.
///
/// The steps are long loops over memory, without a point to suspend at, and two keep the memory busy: threads suit them better than
/// a pool of tasks. What others wait for longest is to be added first. Where there is no second thread, the order in which steps were
/// added is the one in which they are carried out.
final class Steps: @unchecked Sendable {
    private let monitor = Monitor()
    /// Not begun yet.
    private var waiting: [any AnyStep] = []

    /// - Parameters:
    ///   - needs: of this work, which are done before it begins.
    ///   - body: returns nil where there is no memory.
    func add<Value>(after needs: [any AnyStep] = [], body: @escaping @Sendable () -> Value?) -> Step<Value> {
        let step = Step(needs, body)
        waiting.append(step)
        return step
    }

    /// Returns when all are done.
    func run() {
        let other = Worker { self.work() }
        work()
        other.wait()
    }

    private func work() {
        while let step = next() {
            step.run()
            monitor.locked {
                step.end()
                monitor.notifyAll()
            }
        }
    }

    /// - Returns: nil where all have begun.
    private func next() -> (any AnyStep)? {
        monitor.locked {
            while !waiting.isEmpty {
                if let index = waiting.firstIndex(where: \.isReady) { return waiting.remove(at: index) }
                monitor.wait()
            }
            return nil
        }
    }
}

protocol AnyStep: AnyObject, Sendable {
    var isReady: Bool { get }
    var isDone: Bool { get }
    func run()
    func end()
}

/// One of several `Steps`, and what it found out.
final class Step<Value>: AnyStep, @unchecked Sendable {
    private var needs: [any AnyStep]
    private var body: (@Sendable () -> Value?)?
    private(set) var isDone = false
    /// For steps that need this one, and when all are done; nil where there was no memory.
    private(set) var value: Value?

    init(_ needs: [any AnyStep], _ body: @escaping @Sendable () -> Value?) {
        self.needs = needs
        self.body = body
    }

    var isReady: Bool { needs.allSatisfy(\.isDone) }

    func run() {
        value = body?()
        // With what it keeps.
        body = nil
    }

    func end() {
        isDone = true
        needs = []
    }

    /// The value, which is given away: what is left keeps no memory. For the only step that needs it.
    func take() -> Value? {
        defer { value = nil }
        return value
    }
}
