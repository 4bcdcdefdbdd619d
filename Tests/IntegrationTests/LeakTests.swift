import Foundation
import Testing

/// What heapdump says first of programs that leak, each in a way of its own: `Tests/Leaks`.
struct LeakTests {
    struct Leak: CustomTestStringConvertible, Sendable {
        let program: String
        /// Of what becomes more, or larger.
        let className: String
        /// How the path to what holds it ends.
        let holder: String

        /// The variable, as people are told of it: `bus in listeners.js`.
        var variable: String? {
            guard holder.hasPrefix("->"), program != "timers.js" else { return nil }
            let name = holder.dropFirst(2).prefix { $0.isLetter }
            return "\(name) in \(name == "hits" ? "counter.js" : program)"
        }

        var testDescription: String { program }

        init(_ program: String, _ className: String, _ holder: String) {
            (self.program, self.className, self.holder) = (program, className, holder)
        }
    }

    static let leaks = [
        Leak("abort-signal.js", "Listener", "->signal[\"<symbol kEvents>\"]{table}"),
        Leak("array-of-arrays.js", "Array", "->table.rows"),
        Leak("async-local-storage.js", "Promise", "->kept"),
        Leak("audit-trail.js", "{action, by}", "->auditTrail"),
        Leak("buffers.js", "Buffer", "->packets"),
        Leak("closures.js", "Function", "->handlers"),
        Leak("dates.js", "Date", "->audit.entries"),
        Leak("dictionary.js", "{text}", "->cache"),
        Leak("errors.js", "Error", "->failures"),
        Leak("global-set.js", "(string)", ".seen"),
        Leak("http-agents.js", "Agent", "->agents"),
        Leak("linked-list.js", "Link", "->history"),
        Leak("listeners.js", "Function", "->bus._events.price"),
        Leak("log-string.js", "(concatenated string)", "->log"),
        Leak("map-of-maps.js", "Object", "->byUser{table}"),
        Leak("module-export.mjs", "{page}", "{value}"),
        Leak("module-state.js", "(string)", "->hits"),
        Leak("numbers.js", "Array", "->samples"),
        Leak("private-field.js", "{sku}", "->cart.#items"),
        Leak("promise-race.js", "system / PromiseReaction", "->stopped"),
        Leak("regexps.js", "RegExp", "->filters"),
        Leak("sessions-in-map.js", "Session", "->sessions"),
        Leak("slices.js", "(sliced string)", "->titles"),
        Leak("static-field.js", "Registry", "->Registry.all"),
        Leak("stream-backlog.js", "Buffer", "->upload._readableState.buffer"),
        Leak("symbol-property.js", "{url, headers}", "->service[\"<symbol log>\"]"),
        Leak("timers.js", "Timeout", "->timerListMap"),
        Leak("tree.js", "TreeNode", "->root"),
        Leak("typed-array.js", "ArrayBuffer", "->series{buffer}"),
        Leak("vm-contexts.js", "{<symbol node:contextify", "->sandboxes"),
        Leak("weak-map.js", "{info, more}", "->details"),
    ]

    /// Two forked dumps, whose objects are numbered independently. What grew is the leak, and no table of Node's own.
    @Test(arguments: leaks)
    func diffNamesIt(leak: Leak) throws {
        try TemporaryDirectory.with { directory in
            let row = [try Node.v26.path(), "--inspect-port=0", Package.root + "/Tests/Leaks/" + leak.program]
            try Target.with(Command(row)) { target in
                func leaked() -> Int { target.child.stdout.text.split(separator: "\n").count { $0 == "grown" } }
                for file in ["older", "newer"] {
                    if file == "newer" {
                        let before = leaked()
                        try eventually("it has leaked for a while") { leaked() >= before + 2 }
                    }
                    let dump = ["\(target.pid)", "-q", "-m", "fork", "-o", file + ".heapsnapshot"]
                    try Heapdump.run(dump, in: directory).expect(exit: 0)
                }
            }
            let run = try Heapdump.run(["diff", "older.heapsnapshot", "newer.heapsnapshot", "--json"], in: directory)
            run.expect(exit: 0)
            let growth = try run.rows("growth")
            let said = growth.map { "\($0["class"] ?? "") at \(expression($0["path"]))" }
            let first = try #require(growth.first, "\(run)")
            #expect((first["class"] as? String)?.hasPrefix(leak.className) == true, "\(said)")
            #expect(expression(first["path"]).replacing(/[\[{]\d+[\]}]$/, with: "").hasSuffix(leak.holder), "\(said)")
            if let variable = leak.variable {
                let text = try Heapdump.run(["diff", "older.heapsnapshot", "newer.heapsnapshot"], in: directory)
                #expect(text.stdout.split(separator: "\n").dropFirst(3).first?.contains(variable) == true, "\(text)")
            }
            // Whatever is told beside it hangs where the program keeps it, too.
            #expect(growth.count <= 3, "\(said)")
        }
    }
}
