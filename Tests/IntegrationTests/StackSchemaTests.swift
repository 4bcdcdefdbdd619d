import Foundation
import Testing

/// docs/stack.schema.json against what `stack --json` prints.
struct StackSchemaTests {
    private let root: [String: Any]

    init() throws {
        let text = try Data(contentsOf: URL(fileURLWithPath: "\(Package.root)/docs/stack.schema.json"))
        root = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    }

    /// What does not fit, by the part of JSON Schema that the file uses.
    private func faults(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            let definitions = root["$defs"] as? [String: Any]
            guard let target = definitions?[name] as? [String: Any] else { return ["\(path): no \(reference)"] }
            return faults(value, target, at: path)
        }
        if let allowed = schema["enum"] as? [Any] {
            let fits = allowed.contains { "\($0)" == "\(value)" }
            return fits ? [] : ["\(path): \(value) is none of \(allowed)"]
        }
        switch schema["type"] as? String {
        case "object":
            guard let object = value as? [String: Any] else { return ["\(path) is no object"] }
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }
            return missing.map { "\(path).\($0) is missing" }
                + object.flatMap { key, value in
                    properties[key].map { faults(value, $0, at: "\(path).\(key)") } ?? [
                        "\(path).\(key) is not in the schema"
                    ]
                }
        case "array":
            guard let array = value as? [Any], let items = schema["items"] as? [String: Any] else {
                return ["\(path) is no array"]
            }
            return array.flatMap { faults($0, items, at: "\(path)[]") }
        case "string": return value is String ? [] : ["\(path) is no string"]
        case "boolean": return value is Bool ? [] : ["\(path) is no boolean"]
        case "integer", "number":
            guard let number = value as? NSNumber else { return ["\(path) is no number"] }
            if schema["type"] as? String == "integer", number.doubleValue != number.doubleValue.rounded() {
                return ["\(path) is no integer"]
            }
            let least = (schema["minimum"] as? NSNumber)?.doubleValue ?? -.infinity
            return number.doubleValue >= least ? [] : ["\(path): \(number) is less than \(least)"]
        default: return ["\(path): the schema says no type"]
        }
    }

    private func expectToFit(_ run: Run) throws {
        let faults = faults(try run.json(), root, at: "stack")
        #expect(faults.isEmpty, "\(run)")
    }

    @Test func describesWhatIsPrinted() throws {
        try TemporaryDirectory.with { directory in
            let fifo = directory("fifo")
            try #require(mkfifo(fifo, 0o600) == 0)
            for place in ["read of a FIFO", "inlined", "regexp", "execSync", "idle", "webassembly"] {
                try Target.with("known-places.js", .v26, arguments: [place, fifo]) { target in
                    let run = try Heapdump.run(
                        ["stack", "\(target.pid)", "--json", "--threads", "--samples", "4", "--interval", "30ms"])
                    run.expect(exit: 0)
                    try expectToFit(run)
                }
            }
        }
    }

    @Test func describesFailures() throws {
        let run = try Heapdump.run(["stack", "999999999", "--json"])
        run.expect(exit: 66)
        try expectToFit(run)
    }

    @Test func noticesWhatDoesNotFit() {
        let faults = faults(["format_version": 2, "target": ["pid": "x"], "more": 1], root, at: "stack")
        #expect(faults.count == 4, "\(faults)")
    }
}
