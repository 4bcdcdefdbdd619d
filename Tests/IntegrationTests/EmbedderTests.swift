import Foundation
import Testing

/// Programs that have Node's library in their memory and are not Node. SIGUSR1 ends some, such as R.
struct EmbedderTests {
    /// As R with V8 does.
    @Test func aProgramThatLoadsNodeIsNotNode() throws {
        let program = """
            #include <dlfcn.h>
            int main(void) { return dlopen("./libnode.so.109", RTLD_NOW) ? run() : 1; }
            """
        try expectNoNode(CProgram.main + program, ["-ldl"])
    }

    /// It calls V8 and never node::Start.
    @Test func aProgramThatIsLinkedWithNodeIsNotNode() throws {
        let program = """
            void *_ZN2v87Isolate10GetCurrentEv(void);
            int main(void) { return _ZN2v87Isolate10GetCurrentEv() ? 1 : run(); }
            """
        try expectNoNode(CProgram.main + program, ["./libnode.so.109"])
    }

    private func expectNoNode(_ source: String, _ options: [String]) throws {
        try TemporaryDirectory.with { directory in
            try CProgram.build("libnode.so.109", CProgram.node, ["-shared", "-fPIC"], in: directory)
            let name = uniqueName()
            try CProgram.build(name, source, options, in: directory)
            try CProgram.with(name, in: directory) { child in
                let run = try Heapdump.run(["\(child.pid)"])
                run.expect(exit: 67)
                run.expect(saying: "is not a Node process", directory("libnode.so.109"), "nothing was sent")
                try Heapdump.run(["-n", name]).expect(exit: 66)
                #expect(try Listing()[child.pid] == nil)
                #expect(child.poll() == nil)
                #expect(child.stdout.text == "ready\n")
            }
        }
    }
}
