import Inspector
import NodeProcess

/// Opens the inspector for what needs it, and closes it again right after: every moment that the port is open counts.
struct InspectorUse {
    let opener: InspectorOpener
    let target: any LiveProcess
    let patience: Patience
    let context: RunContext

    /// - Parameter body: gets Node's version too; nil if it is Deno.
    func run<Result>(_ body: (InspectorDialogue, NodeVersion?) throws -> Result) throws -> Result {
        let access = try open()
        let dialogue = InspectorDialogue(
            channel: access.session, target: target, patience: patience, context: context)
        let result: Result
        do {
            result = try body(dialogue, access.version)
        } catch {
            release(access, patience: .seconds(1))
            throw error
        }
        release(access, patience: .seconds(5))
        return result
    }

    private func open() throws -> InspectorAccess {
        context.enter(.openingInspector)
        let access: InspectorAccess
        do {
            access = try opener.open()
        } catch  where !(error is DumpFailure) {
            // A connection that is refused is often the first sign of another program, or of the end.
            try target.checkLoss(context.waiter)
            throw error
        }
        if let version = access.runtimeVersion { context.note(.runtimeVersion(version)) }
        return access
    }

    private func release(_ access: InspectorAccess, patience: Duration) {
        defer { context.note(.strangers(access.strangers())) }
        switch access.release(patience: patience) {
        case .leftOpen: break
        case .closed(let after, var watched):
            let isOver = watched.end(within: .milliseconds(50))
            context.note(.inspectorClosed(after: after, isOver ? nil : watched))
        case .stillOpen(let open): context.note(.inspectorLeftOpen(open))
        }
    }
}
