import Foundation

/// The C compiler of the machine: Swift needs its linker and libraries, so there is one.
enum CCompiler {
    static func makeLibrary(_ library: String, of source: String) throws {
        let names = ["cc", "gcc", "clang"]
        for name in names {
            let run = try? Command([name, "-shared", "-fPIC", "-o", library, source]).run()
            if run?.ending == .exited(127) { continue }
            if run?.ending == .exited(0) { return }
            throw Failure("\(name) failed: \(run.map { "\($0)" } ?? "")")
        }
        throw Failure("there is none of \(names)")
    }
}
