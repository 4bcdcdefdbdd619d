import Foundation

/// The C compiler of the machine: Swift needs its linker and libraries, so there is one.
enum CCompiler {
    static func makeLibrary(_ library: String, of source: String) throws {
        try make(library, of: source, ["-shared", "-fPIC"])
    }

    /// - Parameter source: of Tests/Targets.
    static func makeProgram(_ program: String, of source: String) throws {
        try make(program, of: "\(Package.targets)/\(source)", ["-O1"])
    }

    private static func make(_ output: String, of source: String, _ options: [String]) throws {
        let names = ["cc", "gcc", "clang"]
        for name in names {
            let run = try? Command([name] + options + ["-o", output, source]).run()
            if run?.ending == .exited(127) { continue }
            if run?.ending == .exited(0) { return }
            throw Failure("\(name) failed: \(run.map { "\($0)" } ?? "")")
        }
        throw Failure("there is none of \(names)")
    }
}
