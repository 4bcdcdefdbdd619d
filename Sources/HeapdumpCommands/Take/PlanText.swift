import SnapshotWriter

/// What `--dry-run` prints for people.
enum PlanText {
    /// Empty where no method works: the error says all then.
    static func text(_ report: PlanReport) -> String {
        if report.plan.isEmpty { return "" }
        var lines = [Printable.identity(report.target) + ":"]
        for (number, step) in report.plan.enumerated() {
            let name = step.method.rawValue + (step.signal.map { " " + $0 } ?? "")
            lines.append("  \(number + 1). \(name): \(step.reason)")
        }
        for refusal in report.refused { lines.append("  not \(refusal.method.rawValue): \(refusal.reason)") }
        if let pause = report.pauseAtMostSeconds {
            let time = pause < 1 ? Printable.milliseconds(pause * 1000) : "\(Int(pause.rounded(.up))) s"
            lines.append("  pause: JavaScript would stand still for at most about \(time)")
        }
        if let bytes = report.snapshotBytesAtMost, let seconds = report.secondsEstimated {
            lines.append("  snapshot: at most \(Printable.bytes(bytes)), in about \(Int(seconds.rounded(.up))) s")
        }
        if let memory = report.plan.first?.memory { lines.append("  memory: " + text(memory)) }
        if let output = report.output {
            let room = report.outputRoomBytes.map { ", room for \(Printable.bytes($0))" } ?? ""
            lines.append("  output: " + (output == "-" ? "standard output" : output + room))
        }
        return Printable.text(lines.joined(separator: "\n"))
    }

    private static func text(_ memory: MemoryReport) -> String {
        var text = "up to about \(Printable.bytes(memory.extraBytes)) more"
        if memory.ownControlGroup { text += ", in a control group of heapdump's own" }
        if memory.neededBytes != memory.extraBytes {
            text += "; of the process's own, up to \(Printable.bytes(memory.neededBytes))"
        }
        if let bound = memory.bound, let headroom = memory.headroomBytes {
            text += "; \(bound), \(Printable.bytes(headroom)) left"
        }
        if memory.asksForHeap {
            return text + ": V8 would be asked how large its heap is, and nothing done where it is too large"
        }
        return memory.fits ? text : text + ": too little, --force-memory goes on all the same"
    }
}
