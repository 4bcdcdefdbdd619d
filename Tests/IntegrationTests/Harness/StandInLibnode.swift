/// A program and a libnode.so.109 that look to heapdump as Debian's do.
enum StandInLibnode {
    private static let program = """
        int _ZN4node5StartEiPPc(int count, char **arguments);
        int main(int count, char **arguments) {
            _ZN4node5StartEiPPc(count, arguments);
            char byte;
            (void)!write(1, "ready\\n", 6);
            return read(0, &byte, 1) < 0;
        }
        """

    static func build(in directory: TemporaryDirectory) throws {
        try CProgram.build("libnode.so.109", CProgram.node, ["-shared", "-fPIC"], in: directory)
        try CProgram.build("stand-in", "#include <unistd.h>\n" + program, ["./libnode.so.109"], in: directory)
    }
}
