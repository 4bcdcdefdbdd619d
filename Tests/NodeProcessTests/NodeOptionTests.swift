import Glibc
import Testing

@testable import NodeProcess

@Suite struct NodeOptionTests {
    @Test(arguments: [
        ("", []),
        ("   ", []),
        ("--inspect", ["--inspect"]),
        ("  --a   --b ", ["--a", "--b"]),
        (#"--require "./a b.js""#, ["--require", "./a b.js"]),
        (#"--require="./a b.js" --c"#, ["--require=./a b.js", "--c"]),
        (#""--x=\"y\\z""#, [#"--x="y\z"#]),
        (#"--x=a\b"#, [#"--x=a\b"#]),
        (#"a"b"c"#, ["abc"]),
        (#""" --a"#, ["--a"]),
        (#""unfinished x"#, ["unfinished x"]),
        (#""unfinished\"#, ["unfinished"]),
        ("a\tb\nc", ["a\tb\nc"]),
    ])
    func splitting(_ value: String, _ expected: [String]) {
        #expect(NodeOptionsVariable.split(value) == expected)
    }

    @Test func scriptArguments() {
        func arguments(_ line: String) -> [String] {
            NodeCommandLine(arguments: line.split(separator: " ").map(String.init)).scriptArguments
        }
        #expect(arguments("node --watch app.js -r b") == ["-r", "b"])
        #expect(arguments("node app.js") == [])
        #expect(arguments("node -e code a b") == [])
    }

    @Test(arguments: [
        ("node app.js", "app.js"),
        ("node", nil),
        ("node -", nil),
        ("node --inspect app.js", "app.js"),
        ("node --inspect 9300", "9300"),
        ("node -r dotenv/config app.js", "app.js"),
        ("node --require x --import y --loader z app.js -r w", "app.js"),
        ("node --require=x app.js", "app.js"),
        ("node --inspect-port 9300 app.js", "app.js"),
        ("node --inspect_port 9300 app.js", "app.js"),
        ("node --debug-port 9300 app.js", "app.js"),
        ("node --max-old-space-size=4096 app.js", "app.js"),
        ("node --max_old_space_size=4096 --expose-gc app.js", "app.js"),
        ("node -C development app.js", "app.js"),
        ("node -- app.js --inspect", "app.js"),
        ("node -- --odd.js", "--odd.js"),
        ("node -e code", nil),
        ("node -e code app.js", nil),
        ("node --eval=code app.js", nil),
        ("node -p 1", nil),
        ("node -pe 1 x", nil),
        ("node --print 1", nil),
        ("node --run start", nil),
        ("node -i", nil),
        ("node --check app.js", "app.js"),
        ("node --title my app.js", "app.js"),
        ("node --env-file .env --watch-path src app.js", "app.js"),
        ("node --heapsnapshot-signal SIGUSR2 app.js", "app.js"),
        ("node --experimental-package-map map.json app.js", "app.js"),
        ("node --permission-audit app.js", "app.js"),
        ("node --require --inspect app.js", "app.js"),
        ("/opt/tool/server", nil),
    ])
    func scripts(_ line: String, _ expected: String?) {
        let arguments = line.split(separator: " ").map(String.init)
        #expect(NodeCommandLine(arguments: arguments).script == expected)
    }

    @Test func noArgumentsAtAll() {
        #expect(NodeCommandLine(arguments: []).script == nil)
        #expect(NodeCommandLine(arguments: ["node", ""]).script == nil)
    }

    @Test func escapedDash() {
        let line = NodeCommandLine(arguments: ["node", "--title", "\\-x", "app.js"])
        #expect(line.options == [NodeCommandLine.Option(name: "--title", value: "-x")])
        #expect(line.script == "app.js")
    }

    struct HintCase: Sendable, CustomTestStringConvertible {
        let line: String
        var variable = ""
        var enabled = false
        var host: String?
        var port: UInt16? = 9229
        var bySignal = true
        var byAnything = true
        var testDescription: String { "\(variable) \(line)" }
    }

    @Test(arguments: [
        HintCase(line: "node app.js"),
        HintCase(line: "node app.js --inspect --disable-sigusr1"),
        HintCase(line: "node -- app.js --inspect"),
        HintCase(line: "node --inspect app.js", enabled: true),
        HintCase(line: "node --inspect-brk app.js", enabled: true),
        HintCase(line: "node --inspect_brk app.js", enabled: true),
        HintCase(line: "node --inspect-wait app.js", enabled: true),
        HintCase(line: "node --inspect --no-inspect app.js"),
        HintCase(line: "node --inspect=9300 app.js", enabled: true, port: 9300),
        HintCase(line: "node --inspect=9300 --inspect app.js", enabled: true, port: 9300),
        HintCase(line: "node --inspect-wait=0.0.0.0:9300 app.js", enabled: true, host: "0.0.0.0", port: 9300),
        HintCase(line: "node --inspect=0 app.js", enabled: true, port: nil),
        HintCase(line: "node --inspect=localhost app.js", enabled: true, host: "localhost"),
        HintCase(line: "node --inspect=[::1] app.js", enabled: true, host: "::1"),
        HintCase(line: "node --inspect=[::1]:9300 app.js", enabled: true, host: "::1", port: 9300),
        HintCase(line: "node --inspect=:9300 app.js", enabled: true, port: 9300),
        HintCase(line: "node --inspect-port=9300 app.js", port: 9300),
        HintCase(line: "node --inspect-port 9300 app.js", port: 9300),
        HintCase(line: "node --inspect-port 0 app.js", port: nil),
        HintCase(line: "node --debug-port=9300 app.js", port: 9300),
        HintCase(line: "node --debug-port 127.0.0.1:9300 app.js", host: "127.0.0.1", port: 9300),
        HintCase(line: "node --inspect-port=9300 --inspect=localhost app.js", enabled: true, host: "localhost"),
        HintCase(line: "node --inspect=::1:9300 --inspect-port=9400 a", enabled: true, host: "::1", port: 9400),
        HintCase(line: "node --inspect=99999 app.js", enabled: true),
        HintCase(line: "node --disable-sigusr1 app.js", bySignal: false),
        HintCase(line: "node --disable-sigusr1 --inspect app.js", enabled: true, bySignal: false),
        HintCase(line: "node --permission app.js", bySignal: false, byAnything: false),
        HintCase(line: "node --experimental-permission app.js", bySignal: false, byAnything: false),
        HintCase(line: "node --permission-audit app.js", bySignal: false, byAnything: false),
        HintCase(line: "node --permission-audit --allow-inspector app.js"),
        HintCase(line: "node --permission --allow-inspector app.js"),
        HintCase(line: "node -r --inspect app.js", enabled: true),
        HintCase(line: "node -r x --inspect app.js", enabled: true),
        HintCase(line: "node app.js", variable: "--inspect=9300", enabled: true, port: 9300),
        HintCase(line: "node --inspect-port=9400 app.js", variable: "--inspect=9300", enabled: true, port: 9400),
        HintCase(line: "node --no-inspect app.js", variable: "--inspect=9300", port: 9300),
        HintCase(line: "node app.js", variable: "--disable-sigusr1", bySignal: false),
        HintCase(line: "node app.js", variable: "--inspect-port 9300 --title x", port: 9300),
    ])
    func inspectorHints(_ hint: HintCase) {
        let hints = InspectorHints(
            arguments: hint.line.split(separator: " ").map(String.init),
            nodeOptions: NodeOptionsVariable.split(hint.variable))
        #expect(hints.enabled == hint.enabled)
        #expect(hints.host == hint.host)
        #expect(hints.port == hint.port)
        #expect(hints.preventsInspectorBySignal == !hint.bySignal)
        #expect(hints.preventsInspector == !hint.byAnything)
    }

    @Test(
        arguments: [
            ("node app.js", "", nil, nil),
            ("node --heapsnapshot-signal=SIGUSR2 app.js", "", SIGUSR2, nil),
            ("node --heapsnapshot_signal SIGUSR2 --diagnostic-dir /tmp/x app.js", "", SIGUSR2, "/tmp/x"),
            ("node --heapsnapshot-signal=SIGUSR9 app.js", "", nil, nil),
            ("node app.js --heapsnapshot-signal=SIGUSR2", "", nil, nil),
            ("node --diagnostic-dir=/b app.js", "--heapsnapshot-signal=SIGHUP --diagnostic-dir=/a", SIGHUP, "/b"),
        ] as [(String, String, Int32?, String?)])
    func signalDumpHints(_ line: String, _ variable: String, _ signal: Int32?, _ directory: String?) {
        let hints = SignalDumpHints(
            arguments: line.split(separator: " ").map(String.init), nodeOptions: NodeOptionsVariable.split(variable))
        #expect(hints.signal == signal)
        #expect(hints.diagnosticDirectory == directory)
    }

    @Test(
        arguments: [
            ("deno run --inspect=127.0.0.1:9300 main.ts --port 1", "main.ts", 9300, true),
            ("deno run --config c.json --inspect=:9301 main.ts", "main.ts", 9301, true),
            ("deno serve --host 127.0.0.1 --port 80 main.ts", "main.ts", 9229, false),
            ("deno main.ts", "main.ts", 9229, false),
            ("deno eval --inspect 1", nil, 9229, true), ("deno", nil, 9229, false), ("app -A", nil, 9229, false),
        ] as [(String, String?, UInt16, Bool)])
    func denosCommandLine(line: String, script: String?, port: UInt16, isEnabled: Bool) {
        let arguments = line.split(separator: " ").map(String.init)
        #expect(NodeCommandLine(denoArguments: arguments).script == script)
        #expect(InspectorHints(denoArguments: arguments).port == port)
        #expect(InspectorHints(denoArguments: arguments).enabled == isEnabled)
    }
}
