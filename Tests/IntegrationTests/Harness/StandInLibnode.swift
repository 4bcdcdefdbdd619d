import Foundation
import Testing

/// A program and a libnode.so.109 that look to heapdump as Debian's do.
enum StandInLibnode {
    private static let library = """
        const char version[] = "node.js/v18.19.1";
        int _ZN4node5StartEiPPc(int count, char **arguments) { return count && arguments ? version[0] : 0; }
        void *_ZN2v87Isolate10GetCurrentEv(void) { return 0; }
        """
    private static let program = """
        #include <unistd.h>
        int _ZN4node5StartEiPPc(int count, char **arguments);
        int main(int count, char **arguments) {
            char byte;
            _ZN4node5StartEiPPc(count, arguments);
            (void)!write(1, "ready\\n", 6);
            return read(0, &byte, 1) < 0;
        }
        """

    static func build(in directory: TemporaryDirectory) throws {
        try Data(library.utf8).write(to: URL(fileURLWithPath: directory("library.c")))
        try Data(program.utf8).write(to: URL(fileURLWithPath: directory("program.c")))
        let rows = [
            ["cc", "-shared", "-fPIC", "-o", "libnode.so.109", "library.c"],
            ["cc", "-o", "stand-in", "program.c", "./libnode.so.109"],
        ]
        for row in rows {
            let run = try Command(row, in: directory.path).run()
            // env(1) says so where there is no such program.
            if run.ending == .exited(127) { try Test.cancel("no C compiler (cc) to build the stand-in with") }
            if run.ending != .exited(0) { throw Failure("\(run)") }
        }
    }
}
