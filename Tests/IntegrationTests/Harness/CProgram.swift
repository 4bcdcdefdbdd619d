import Foundation
import Testing

/// Small C programs that look like Node to some degree.
enum CProgram {
    /// Says `ready`, says `signalled` when SIGUSR1 comes, as R would save and quit then, and ends with its standard input.
    static let main = """
        #include <signal.h>
        #include <unistd.h>
        static void note(int number) { (void)!write(1, "signalled\\n", 10); (void)number; }
        static int run(void) {
            char byte;
            struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
            sigaction(SIGUSR1, &action, 0);
            (void)!write(1, "ready\\n", 6);
            return read(0, &byte, 1) < 0;
        }

        """

    /// What Node is known by.
    static let node = """
        const char version[] = "node.js/v18.19.1";
        int _ZN4node5StartEiPPc(int count, char **arguments) { return count && arguments ? version[0] : 0; }
        void *_ZN2v87Isolate10GetCurrentEv(void) { return 0; }

        """

    /// By `cc`, in the directory that the names are in.
    static func build(_ name: String, _ source: String, _ options: [String] = [], in directory: TemporaryDirectory)
        throws
    {
        try Data(source.utf8).write(to: URL(fileURLWithPath: directory(name + ".c")))
        let run = try Command(["cc", "-o", name, name + ".c"] + options, in: directory.path).run()
        // env(1) says so where there is no such program.
        if run.ending == .exited(127) { try Test.cancel("there is no C compiler (cc)") }
        if run.ending != .exited(0) { throw Failure("\(run)") }
    }

    static func with<Result>(
        _ name: String, _ arguments: [String] = [], in directory: TemporaryDirectory, _ body: (Child) throws -> Result
    ) throws -> Result {
        try Command([directory(name)] + arguments, in: directory.path).withChild { child in
            try eventually("\(name) runs: \(child.stderr.text)") { child.stdout.text == "ready\n" }
            return try body(child)
        }
    }
}
