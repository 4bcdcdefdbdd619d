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
        if let output = report.output {
            lines.append("  output: " + (output == "-" ? "standard output" : output))
        }
        return Printable.text(lines.joined(separator: "\n"))
    }
}
