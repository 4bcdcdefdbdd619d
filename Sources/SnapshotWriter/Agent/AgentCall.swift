import Glibc
import Inspector
import NodeProcess

/// Has a thread of the target fork, by an agent that is brought in where there is none.
struct AgentCall {
    let session: InspectorSession
    /// The session of a worker thread; nil for the main thread.
    let worker: String?
    let dump: Dump

    /// Between two looks for a calm moment, and how many of them are in vain before any moment will do. A process that
    /// collects garbage all the time comes to one within 15 to 120 ms.
    private static let pause = Duration.milliseconds(10)
    private static let mostRefusals = 30

    /// - Returns: an answer with a child.
    func fork(_ wanted: ForkOptions) throws -> AgentAnswer {
        var options = wanted
        var refusals = 0
        var answer = try evaluate(AgentScript.fork(options))
        tellOthers(answer)
        if answer.missing == true {
            try load()
            answer = try evaluate(AgentScript.fork(options))
        }
        while answer.pid ?? 0 <= 0 {
            guard answer.errno == EBUSY, !options.force else { throw Self.failure(answer) }
            refusals += 1
            options.force = refusals >= Self.mostRefusals
            if options.force {
                dump.journal.observe(.detail("its thread \(answer.busy ?? "") never rests: forking all the same"))
            }
            _ = try dump.waiter.wait(atMost: Self.pause)
            answer = try evaluate(AgentScript.fork(options))
        }
        return answer
    }

    private func load() throws {
        dump.journal.observe(.detail("loading the agent"))
        let answer = try evaluate(AgentScript.load(Agent.base64))
        guard let problems = answer.problems else { return }
        throw DumpFailure.refused(
            .fork, "the agent cannot be loaded into it: " + problems.map(explain).joined(separator: "; "))
    }

    private func explain(_ problem: AgentAnswer.Problem) -> String {
        let place = try? TargetDirectory.named(problem.place, of: dump.target.handle).directory
        return "\(problem.place): \(problem.reason)"
            + (place?.forbidsExecution == true ? " (it is mounted noexec)" : "")
    }

    private func tellOthers(_ answer: AgentAnswer) {
        guard let others = answer.others, !others.isEmpty else { return }
        let versions = others.map(TerminalText.escaped).joined(separator: ", ")
        dump.journal.observe(.note("it has an agent of heapdump \(versions) loaded too, which is left alone"))
    }

    private static func failure(_ answer: AgentAnswer) -> DumpFailure {
        let step = answer.step ?? ""
        if answer.errno == ENOENT, step.hasPrefix("/proc/") {
            return .refused(.fork, "it sees no /proc in its container, which a fork needs; mount one there")
        }
        let reason = answer.errno.map { String(cString: strerror($0)) } ?? "no reason given"
        return .refused(.fork, "it cannot be forked: \(step.isEmpty ? "" : step + ": ")\(reason)")
    }

    private func evaluate(_ script: String) throws -> AgentAnswer {
        try Self.decode(dump.evaluate(script, in: session, worker: worker))
    }

    private static func decode(_ answer: InspectorAnswer) throws -> AgentAnswer {
        let reason: String
        switch answer {
        case .result(let result):
            if let answer = result.text.flatMap({ AgentAnswer($0) }) { return answer }
            // The first line: the others are where it was thrown.
            reason = result.exception.map { String($0.prefix { $0 != "\n" }) } ?? "no answer that can be understood"
        case .failure(let text): reason = text
        }
        throw DumpFailure.refused(.fork, "the agent does not work in it: \(reason)")
    }
}
