/// Carries a script into a thread of the target, and what it comes to out again.
protocol AgentTransport {
    /// - Parameter hasRequire: the script asks Node's `require` for what it needs.
    func evaluate(_ script: String, hasRequire: Bool) throws -> ScriptResult
}

enum ScriptResult: Equatable {
    case text(String)
    /// Why it came to nothing, where the target says.
    case failure(String?)
}

/// By the inspector.
struct InspectorTransport: AgentTransport {
    let dialogue: InspectorDialogue
    /// The session of a worker thread; nil for the main thread.
    let worker: String?

    func evaluate(_ script: String, hasRequire: Bool) throws -> ScriptResult {
        switch try dialogue.evaluate(script, inWorker: worker, hasRequire: hasRequire) {
        case .result(let result): result.text.map(ScriptResult.text) ?? .failure(result.exception)
        case .failure(let text): .failure(text)
        }
    }
}
