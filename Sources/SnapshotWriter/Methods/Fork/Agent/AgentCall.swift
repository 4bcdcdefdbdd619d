import Glibc
import NodeProcess

/// Has a thread of the target call the agent, which is brought in where there is none.
struct AgentCall {
    let transport: any AgentTransport
    let host: any AgentHost
    let observe: DumpObserver
    /// Passes time, or throws.
    let sleep: (Duration) throws -> Void

    /// - Returns: an answer with a child.
    func fork(_ wanted: ForkOptions) throws -> AgentAnswer {
        let answer = try CalmFork(observe: observe, sleep: sleep).run(wanted) { options in
            guard let answer = AgentAnswer(try call(.fork(options))) else {
                throw Self.doesNotWork("no answer that can be understood")
            }
            return answer
        }
        guard answer.pid ?? 0 > 0 else { throw Self.failure(answer) }
        return answer
    }

    /// - Returns: nil where it does not say.
    func heapSizes() throws -> HeapSizes? { HeapSizes(text: try call(.heapSizes)) }

    private func call(_ request: AgentScript.Request) throws -> String {
        var script = AgentScript(source: .registry, request: request)
        var reply = try evaluate(script)
        tellOthers(reply)
        if reply.outcome == .missing, host.hasMappedAgent {
            script.source = .mapped
            reply = try evaluate(script)
        }
        return reply.outcome == .missing ? try load(script) : try answer(reply)
    }

    /// Through the first place that lets it in.
    private func load(_ script: AgentScript) throws -> String {
        observe(.detail("loading the agent"))
        var problems: [String] = []
        var refusals: [String] = []
        for place in host.places {
            do {
                let answer = try load(script, from: place)
                // Somebody may have put another file in its place.
                refusals.forEach { observe(.warning("it did not load the agent from \($0)")) }
                host.forgetRefusal()
                return answer
            } catch let problem as AgentPlace.Problem {
                problems.append("\(place): \(problem.reason)")
            } catch let refusal as Refused {
                problems.append("\(place): \(refusal.reason)")
                refusals.append("\(place): \(refusal.reason)")
            }
        }
        if let refusal = refusals.first { host.remember(refusal: refusal) }
        throw DumpFailure.refused(.fork, .agentRefused(problems: problems.joined(separator: "; ")))
    }

    /// A file of the agent that the process did not take.
    private struct Refused: Error {
        let reason: String
    }

    private func load(_ wanted: AgentScript, from place: String) throws -> String {
        let file = try host.putFile(in: place)
        // Whatever happens: nothing of it stays behind.
        defer { file.remove() }
        var script = wanted
        script.source = .file(file.path)
        let reply = try evaluate(script)
        if reply.outcome == .missing { throw Refused(reason: reply.problem ?? "no reason given") }
        return try answer(reply)
    }

    private func tellOthers(_ reply: AgentReply) {
        guard !reply.others.isEmpty else { return }
        let versions = reply.others.map(TerminalText.escaped).joined(separator: ", ")
        observe(.note("it has an agent of heapdump \(versions) loaded too, which is left alone"))
    }

    private static func failure(_ answer: AgentAnswer) -> DumpFailure {
        let step = answer.step ?? ""
        if answer.errno == ENOENT, step.hasPrefix("/proc/") {
            return .refused(.fork, .noProc)
        }
        return .refused(.fork, .forkRefused(step: step, errno: answer.errno))
    }

    private static func doesNotWork(_ reason: String) -> DumpFailure {
        .refused(.fork, .agentDoesNotWork(reason: reason))
    }

    private func answer(_ reply: AgentReply) throws -> String {
        guard case .answer(let text) = reply.outcome else {
            throw Self.doesNotWork(reply.problem ?? "its global `process` is not Node's")
        }
        return text
    }

    /// Once more with a `process` that Node's `require` gives, where the global one is gone.
    private func evaluate(_ script: AgentScript) throws -> AgentReply {
        let reply = try reply(to: script)
        guard reply.outcome == .noProcess else { return reply }
        var other = script
        other.hasRequire = true
        return try self.reply(to: other)
    }

    private func reply(to script: AgentScript) throws -> AgentReply {
        let reason: String?
        switch try transport.evaluate(script.text, hasRequire: script.hasRequire) {
        case .text(let text):
            if let reply = AgentReply(text) { return reply }
            reason = nil
        case .failure(let said): reason = said
        }
        throw Self.doesNotWork(reason ?? "no answer that can be understood")
    }
}

extension AgentCall {
    /// - Parameter worker: the session of a worker thread; nil for the main thread.
    init(_ dialogue: InspectorDialogue, worker: String?, _ target: TargetProcess) {
        self.init(
            transport: InspectorTransport(dialogue: dialogue, worker: worker), host: AgentTarget(target: target),
            observe: dialogue.context.observe
        ) { _ = try dialogue.context.waiter.wait(atMost: $0) }
    }
}
